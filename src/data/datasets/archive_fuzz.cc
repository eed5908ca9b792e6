// Any file is an archive, a compressed stream, bytes as they are, or an input error.
#include "data/datasets/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include "host/fuzz_testing.h"

namespace {

using AddFilter = int (*)(struct archive*);

// Two small files; `zip_as`: how a zip holds them, null for a tar.
std::string packed(const char* zip_as, AddFilter filter) {
  struct archive* a = archive_write_new();
  if (zip_as) {
    archive_write_set_format_zip(a);
    archive_write_set_format_option(a, "zip", "compression", zip_as);
  } else {
    archive_write_set_format_ustar(a);
  }
  if (filter) filter(a);
  archive_write_set_bytes_in_last_block(a, 1);
  std::string bytes(1 << 16, '\0');
  size_t used = 0;
  archive_write_open_memory(a, bytes.data(), bytes.size(), &used);
  for (const char* name : {"a/b.txt", "c.csv"}) {
    struct archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, 9);
    archive_write_header(a, entry);
    archive_write_data(a, "a,b\n1,22\n", 9);
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  bytes.resize(used);
  return bytes;
}

}  // namespace

std::vector<std::string> dimple::fuzz::seeds() {
  std::vector<std::string> all = {packed("store", nullptr), packed("deflate", nullptr), packed(nullptr, nullptr)};
  for (const AddFilter filter : {archive_write_add_filter_gzip, archive_write_add_filter_bzip2,
                                 archive_write_add_filter_xz, archive_write_add_filter_zstd})
    all.push_back(packed(nullptr, filter));
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const fuzz::File file(data, size);
  size_t taken = 0;
  fuzz::expect_refusal(host::Exit::input, [&] {
    data::EntryFilter filter;
    filter.wanted = [](const std::string&) { return true; };
    data::read_entries(file.path(), filter, [&](const std::string&, std::string_view bytes) { taken += bytes.size(); });
  });
  fuzz::expect_refusal(host::Exit::input,
                       [&] { data::read_stream(file.path(), [&](std::string_view chunk) { taken += chunk.size(); }); });
  return 0;
}

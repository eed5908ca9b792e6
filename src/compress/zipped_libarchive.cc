#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <vector>

#include "compress/zipped.h"
#include "host/error.h"

namespace dimple::compress {

int64_t zipped_bytes(std::span<const uint8_t> bytes) {
  const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  std::vector<uint8_t> zipped(bytes.size() + bytes.size() / 8 + (1 << 16));
  size_t used = 0;
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  const auto done = [](int status) { return status == ARCHIVE_OK; };
  const bool written = writer && entry && done(archive_write_add_filter_gzip(writer.get())) &&
                       done(archive_write_set_format_raw(writer.get())) &&
                       done(archive_write_open_memory(writer.get(), zipped.data(), zipped.size(), &used)) &&
                       done(archive_write_header(writer.get(), entry.get())) &&
                       archive_write_data(writer.get(), bytes.data(), bytes.size()) >= 0 &&
                       done(archive_write_close(writer.get()));
  if (!written) throw host::Error(host::Exit::failed, "the program could not be zipped");
  return static_cast<int64_t>(used);
}

}  // namespace dimple::compress

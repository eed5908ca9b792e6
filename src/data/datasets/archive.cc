#include "data/datasets/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "host/error.h"
#include "host/files.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlock = 1 << 18;

struct Closer {
  void operator()(struct archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<struct archive, Closer>;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw host::Error(host::Exit::input, fmt::format("cannot read {}: {}", path, why));
}

std::string reason(struct archive* a) {
  const char* text = archive_error_string(a);
  return text ? text : "damaged or cut short";
}

Archive open_archive(const std::string& path, bool raw) {
  Archive a(archive_read_new());
  if (!a) throw host::Error(host::Exit::resources, "out of memory");
  archive_read_support_filter_all(a.get());
  if (raw) {
    archive_read_support_format_raw(a.get());
  } else {
    archive_read_support_format_tar(a.get());
    archive_read_support_format_zip(a.get());
  }
  archive_read_support_format_empty(a.get());
  if (archive_read_open_filename(a.get(), path.c_str(), kBlock) != ARCHIVE_OK) refuse(path, reason(a.get()));
  return a;
}

// True when `take` wants more; false: it has enough.
template <class Take>
void read_blocks(const std::string& path, Take&& take) {
  const Archive a = open_archive(path, true);
  struct archive_entry* entry = nullptr;
  const int first = archive_read_next_header(a.get(), &entry);
  if (first == ARCHIVE_EOF) return;
  if (first != ARCHIVE_OK) refuse(path, reason(a.get()));
  while (true) {
    const void* data = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int got = archive_read_data_block(a.get(), &data, &size, &offset);
    if (got == ARCHIVE_EOF) return;
    if (got != ARCHIVE_OK) refuse(path, reason(a.get()));
    if (!take(std::string_view(static_cast<const char*>(data), size), archive_filter_bytes(a.get(), -1))) return;
  }
}

std::string read_entry(struct archive* a, const std::string& path, const std::string& name, size_t largest) {
  std::string bytes;
  const void* data = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  int got = ARCHIVE_OK;
  while ((got = archive_read_data_block(a, &data, &size, &offset)) == ARCHIVE_OK) {
    if (offset != static_cast<la_int64_t>(bytes.size())) refuse(path, fmt::format("{} has holes", name));
    if (size > largest - bytes.size()) refuse(path, fmt::format("{} is larger than {} bytes", name, largest));
    bytes.append(static_cast<const char*>(data), size);
  }
  if (got != ARCHIVE_EOF) refuse(path, reason(a));
  return bytes;
}

void read_folder(const std::string& path, const EntryFilter& filter,
                 const std::function<void(const std::string&, std::string_view)>& take) {
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(path, error); !error && it != fs::recursive_directory_iterator();
       it.increment(error)) {
    const std::string name = it->path().lexically_relative(path).generic_string();
    if (!it->is_regular_file(error) || !filter.wanted(name)) continue;
    try {
      const std::vector<uint8_t> bytes = host::read_file(it->path(), {.limit_bytes = filter.largest});
      take(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    } catch (const host::Error& problem) {
      if (!filter.bad) throw;
      filter.bad(name, problem.what());
    }
  }
  if (error) refuse(path, error.message());
}

}  // namespace

void read_stream(const std::string& path, const std::function<void(std::string_view)>& take, host::Progress* progress) {
  std::error_code error;
  const auto total = static_cast<int64_t>(fs::file_size(path, error));
  if (error) refuse(path, error.message());
  if (progress) progress->start(total, fmt::format("reading {}", fs::path(path).filename().string()));
  int64_t told = 0;
  read_blocks(path, [&](std::string_view chunk, int64_t done) {
    take(chunk);
    if (progress) progress->advance(done - told);
    told = done;
    return true;
  });
  if (progress) progress->finish();
}

std::string read_beginning(const std::string& path, size_t most) {
  std::string bytes;
  try {
    read_blocks(path, [&](std::string_view chunk, int64_t) {
      bytes.append(chunk.substr(0, most - bytes.size()));
      return bytes.size() < most;
    });
  } catch (const host::Error&) {
    return {};
  }
  return bytes;
}

void read_entries(const std::string& path, const EntryFilter& filter,
                  const std::function<void(const std::string&, std::string_view)>& take) {
  if (fs::is_directory(path)) return read_folder(path, filter, take);
  const Archive a = open_archive(path, false);
  struct archive_entry* entry = nullptr;
  while (true) {
    const int got = archive_read_next_header(a.get(), &entry);
    if (got == ARCHIVE_EOF) return;
    if (got != ARCHIVE_OK && got != ARCHIVE_WARN) refuse(path, reason(a.get()));
    const char* name = archive_entry_pathname(entry);
    if (!name || archive_entry_filetype(entry) != AE_IFREG || !filter.wanted(name)) continue;
    if (filter.bad && archive_entry_size(entry) > static_cast<la_int64_t>(filter.largest))
      filter.bad(name, fmt::format("larger than {} bytes", filter.largest));
    else
      take(name, read_entry(a.get(), path, name, filter.largest));
  }
}

std::vector<std::string> first_names(const std::string& path, const std::function<bool(const std::string&)>& wanted,
                                     size_t most) {
  std::vector<std::string> names;
  const auto full = [&] { return names.size() >= most; };
  if (fs::is_directory(path)) {
    std::error_code error;
    for (auto it = fs::recursive_directory_iterator(path, error);
         !error && !full() && it != fs::recursive_directory_iterator(); it.increment(error)) {
      const std::string name = it->path().lexically_relative(path).generic_string();
      if (it->is_regular_file(error) && wanted(name)) names.push_back(name);
    }
    return names;
  }
  try {
    const Archive a = open_archive(path, false);
    struct archive_entry* entry = nullptr;
    while (!full() && archive_read_next_header(a.get(), &entry) == ARCHIVE_OK)
      if (const char* name = archive_entry_pathname(entry);
          name && archive_entry_filetype(entry) == AE_IFREG && wanted(name))
        names.emplace_back(name);
  } catch (const host::Error&) {  // no archive
  }
  return names;
}

std::optional<std::string> find_text(const std::string& path, const std::string& ending, size_t largest) {
  const auto is_it = [&](const std::string& name) {
    return name.ends_with(ending) && (name.size() == ending.size() || name[name.size() - ending.size() - 1] == '/');
  };
  std::optional<std::string> text;
  if (first_names(path, is_it, 1).empty()) {
    const fs::path beside = fs::path(path).parent_path() / ending;
    if (fs::is_regular_file(beside)) text = host::read_text(beside, {.limit_bytes = largest});
    return text;
  }
  const EntryFilter filter{[&](const std::string& name) { return !text && is_it(name); }, largest};
  read_entries(path, filter, [&](const std::string&, std::string_view bytes) { text = std::string(bytes); });
  return text;
}

}  // namespace dimple::data

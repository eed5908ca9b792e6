#include "data/datasets/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "data/datasets/open_archive.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;

// True when `take` wants more; false: it has enough.
template <class Take>
void read_blocks(const std::string& path, const host::Task& task, Take&& take) {
  const Archive a = open_archive(path, true);
  Growth growth(path);
  struct archive_entry* entry = nullptr;
  const int first = ask_archive(path, [&] { return archive_read_next_header(a.get(), &entry); });
  if (first == ARCHIVE_EOF) return;
  if (first != ARCHIVE_OK) refuse_archive(path, a.get());
  while (true) {
    const void* data = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int got = ask_archive(path, [&] { return archive_read_data_block(a.get(), &data, &size, &offset); });
    if (got == ARCHIVE_EOF) return;
    if (got != ARCHIVE_OK) refuse_archive(path, a.get());
    task.stop_if_cancelled();
    growth.add(static_cast<int64_t>(size));
    if (!take(std::string_view(static_cast<const char*>(data), size), archive_filter_bytes(a.get(), -1))) return;
  }
}

// The members of an archive. What is passed over is unpacked as well, so it counts.
class Members {
 public:
  explicit Members(const std::string& path) : path_(path), archive_(open_archive(path, false)), growth_(path) {}

  struct archive* get() const {
    return archive_.get();
  }
  const std::string& path() const { return path_; }

  // False at the end; throws for what is damaged. `taken`: how many were read so far.
  bool next(size_t taken = 0) {
    const int got = ask_archive(path_, [&] { return archive_read_next_header(get(), &entry_); });
    if (got == ARCHIVE_EOF) return false;
    if (got != ARCHIVE_OK && got != ARCHIVE_WARN) {
      refuse_failing_machine(path_, get());
      refuse(archive_problem(get()), taken);
    }
    if (archive_format(get()) == ARCHIVE_FORMAT_ZIP && archive_filter_count(get()) > 1)
      refuse("a zip that is compressed once more", taken);
    growth_.add(archive_entry_size(entry_));
    const char* name = archive_entry_pathname(entry_);
    if (name && ::strnlen(name, kLongestName + 1) > kLongestName)
      refuse(fmt::format("a name in it is longer than {} bytes", kLongestName), taken);
    return true;
  }
  // What is read counts again: the size that a header tells may be a lie.
  void count(size_t bytes) { growth_.add(static_cast<int64_t>(bytes)); }
  [[noreturn]] void refuse(const std::string& why, size_t taken) const {
    refuse_archive(path_, taken ? fmt::format("{}; files read before that: {}", why, taken) : why);
  }
  struct archive_entry* entry() const {
    return entry_;
  }
  // "" for what is no plain file, or has no name.
  std::string name() const {
    const char* name = archive_entry_pathname(entry_);
    return name && archive_entry_filetype(entry_) == AE_IFREG ? name : "";
  }

 private:
  const std::string& path_;
  Archive archive_;
  Growth growth_;
  struct archive_entry* entry_ = nullptr;
};

struct Member {
  std::string bytes = {}, why_bad = {};
  bool is_end = false;  // nothing that comes after it can be reached
};

Member read_member(Members& members, size_t largest) {
  struct archive* a = members.get();
  const std::string too_large = fmt::format("larger than {} bytes", largest);
  if (archive_entry_size(members.entry()) > static_cast<la_int64_t>(largest)) return {.why_bad = too_large};
  Member member;
  const void* data = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  int got = ARCHIVE_OK;
  const auto read_block = [&] { return archive_read_data_block(a, &data, &size, &offset); };
  while ((got = ask_archive(members.path(), read_block)) == ARCHIVE_OK) {
    if (offset != static_cast<la_int64_t>(member.bytes.size())) return {.why_bad = "it has holes"};
    members.count(size);
    if (size > largest - member.bytes.size()) return {.why_bad = too_large};
    member.bytes.append(static_cast<const char*>(data), size);
  }
  if (got == ARCHIVE_EOF) return member;
  // libarchive calls a broken deflate stream fatal as well, but a zip has a directory by which the others are found.
  return {.why_bad = archive_problem(a), .is_end = got == ARCHIVE_FATAL && archive_format(a) != ARCHIVE_FORMAT_ZIP};
}

void read_folder(const std::string& path, const EntryFilter& filter,
                 const std::function<void(const std::string&, std::string_view)>& take) {
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(path, error); !error && it != fs::recursive_directory_iterator();
       it.increment(error)) {
    const std::string name = it->path().lexically_relative(path).generic_string();
    if (!it->is_regular_file(error) || !filter.wanted(name)) continue;
    filter.task.stop_if_cancelled();
    std::vector<uint8_t> bytes;
    try {
      bytes = host::read_file(it->path(), {.limit_bytes = filter.largest});
    } catch (const host::Error& problem) {
      if (!filter.bad || problem.exit() != host::Exit::input) throw;
      filter.bad(name, problem.what());
      continue;
    }
    take(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  if (error) refuse_archive(path, error.value());
}

}  // namespace

void read_stream(const std::string& path, const std::function<void(std::string_view)>& take, const host::Task& task) {
  std::error_code error;
  const auto total = static_cast<int64_t>(fs::file_size(path, error));
  if (error) refuse_archive(path, error.value());
  task.progress().start(total, fmt::format("reading {}", fs::path(path).filename().string()));
  int64_t told = 0;
  read_blocks(path, task, [&](std::string_view chunk, int64_t done) {
    take(chunk);
    task.progress().advance(done - told);
    told = done;
    return true;
  });
  task.progress().finish();
}

std::string read_beginning(const std::string& path, size_t most) {
  std::string bytes;
  try {
    read_blocks(path, {}, [&](std::string_view chunk, int64_t) {
      bytes.append(chunk.substr(0, most - bytes.size()));
      return bytes.size() < most;
    });
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::input) throw;
    return {};
  }
  return bytes;
}

void read_entries(const std::string& path, const EntryFilter& filter,
                  const std::function<void(const std::string&, std::string_view)>& take) {
  if (fs::is_directory(path)) return read_folder(path, filter, take);
  Members members(path);
  size_t taken = 0;
  while (members.next(taken)) {
    const std::string name = members.name();
    if (name.empty() || !filter.wanted(name)) continue;
    filter.task.stop_if_cancelled();
    const Member member = read_member(members, filter.largest);
    if (member.why_bad.empty())
      take(name, member.bytes), ++taken;
    else if (filter.bad && !member.is_end)
      filter.bad(name, member.why_bad);
    else
      members.refuse(fmt::format("{}: {}", name, member.why_bad), taken);
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
    if (error) refuse_archive(path, error.value());
    return names;
  }
  try {
    Members members(path);
    while (!full() && members.next())
      if (const std::string name = members.name(); !name.empty() && wanted(name)) names.push_back(name);
  } catch (const host::Error& error) {  // no archive
    if (error.exit() != host::Exit::input) throw;
  }
  return names;
}

std::optional<std::string> find_text(const std::string& path, const std::string& ending, const host::Task& task,
                                     size_t largest) {
  const auto is_it = [&](const std::string& name) {
    return name.ends_with(ending) && (name.size() == ending.size() || name[name.size() - ending.size() - 1] == '/');
  };
  std::optional<std::string> text;
  if (first_names(path, is_it, 1).empty()) {
    const fs::path beside = fs::path(path).parent_path() / ending;
    if (fs::is_regular_file(beside)) text = host::read_text(beside, {.limit_bytes = largest});
    return text;
  }
  EntryFilter filter{[&](const std::string& name) { return !text && is_it(name); }, largest};
  filter.task = task;
  read_entries(path, filter, [&](const std::string&, std::string_view bytes) { text = std::string(bytes); });
  return text;
}

}  // namespace dimple::data

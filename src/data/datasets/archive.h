// Files that may be compressed or packed, read as a stream: what comes out is never held whole, and no file starts a
// program. Compressed twice, or unpacking to more than 256 MB and 200 times its size, a file is refused.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/platform.h"
#include "host/task.h"

namespace dimple::data {

// The bytes of one file, decompressed when it is xz, gz, bz2 or zstd. Throws host::Error(Exit::input).
void read_stream(const std::string& path, const std::function<void(std::string_view chunk)>& take,
                 const host::Task& task = {});

// Up to `most` bytes from the beginning of the decompressed file; empty when it cannot be read.
std::string read_beginning(const std::string& path, size_t most);

inline constexpr size_t kLongestName = 4096;  // no file system takes more; tables look for it once for each folder

// Every plain file of an archive (tar, zip; compressed or not), or below a folder, with its path inside, sorted order
// not promised. `wanted` looks at the name first. A wanted file that cannot be read or is larger than `largest` goes to
// `bad`; without it, or when what follows cannot be reached, the whole is refused.
struct EntryFilter {
  std::function<bool(const std::string& name)> wanted;
  size_t largest = size_t{1} << 20;
  std::function<void(const std::string& name, const std::string& why)> bad = {};
  host::Task task = {};
};
void read_entries(const std::string& path, const EntryFilter& filter,
                  const std::function<void(const std::string& name, std::string_view bytes)>& take);

// The names of the first entries that are wanted, in the order in which they are met; fewer when it cannot be read on.
std::vector<std::string> first_names(const std::string& path, const std::function<bool(const std::string&)>& wanted,
                                     size_t most);

// The text of the first entry whose name ends so ("labels.csv"); nothing when there is none. Folders are searched, and
// so is the folder beside an archive.
std::optional<std::string> find_text(const std::string& path, const std::string& ending, const host::Task& task = {},
                                     size_t largest = size_t{64} << 20);

}  // namespace dimple::data

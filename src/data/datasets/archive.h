// Files that may be compressed or packed, read as a stream: what comes out is never held whole.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/platform.h"
#include "host/progress.h"

namespace dimple::data {

// The bytes of one file, decompressed when it is xz, gz, bz2 or zstd. Throws host::Error(Exit::input).
void read_stream(const std::string& path, const std::function<void(std::string_view chunk)>& take,
                 host::Progress* progress = nullptr);

// Up to `most` bytes from the beginning of the decompressed file; empty when it cannot be read.
std::string read_beginning(const std::string& path, size_t most);

// Every plain file of an archive (tar, zip; compressed or not), or below a folder, with its path inside, sorted order
// not promised. `wanted` looks at the name first; a wanted file above `largest` bytes is refused.
struct EntryFilter {
  std::function<bool(const std::string& name)> wanted;
  size_t largest = size_t{1} << 20;
};
void read_entries(const std::string& path, const EntryFilter& filter,
                  const std::function<void(const std::string& name, std::string_view bytes)>& take);

}  // namespace dimple::data

#include "host/sha256.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "host/files.h"

namespace dimple::host {

std::string sha256(std::span<const uint8_t> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

std::string sha256(std::string_view text) {
  return sha256(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

std::string sha256_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file)
    throw Error(exit_of_errno(errno, Exit::input),
                fmt::format("cannot read {}: {}", path.string(), describe_errno(errno)));
  Sha256 hash;
  std::vector<uint8_t> piece(1 << 18);
  while (const size_t got = std::fread(piece.data(), 1, piece.size(), file.get())) hash.update({piece.data(), got});
  if (std::ferror(file.get())) {
    throw Error(exit_of_errno(errno, Exit::input),
                fmt::format("cannot read {}: {}", path.string(), describe_errno(errno)));
  }
  return hash.finish();
}

}  // namespace dimple::host

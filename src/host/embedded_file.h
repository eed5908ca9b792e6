// A file that travels inside the program (cmake/embed.cmake).
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace dimple::host {

struct EmbeddedFile {
  std::string_view path;  // "dimple-nano/MODEL_CARD.md"
  std::span<const std::byte> bytes;

  std::string_view text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

}  // namespace dimple::host

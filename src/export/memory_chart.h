// The arena of a planned program as a picture: which tensor lies where during which steps, and how much is in use.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace dimple::exports {

// SVG. The program is a checked one; `name` stands in the title.
std::string memory_chart(std::span<const uint8_t> program, const std::string& name);

}  // namespace dimple::exports

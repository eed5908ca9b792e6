// A program as people read it: what runs in which order, on which bytes of the arena.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace dimple::compile {

// One line per step, tensors as type and arena range; then what the file is made of. Throws host::Error(Exit::model)
// for bytes that are no valid program.
std::string dump_program(std::span<const uint8_t> program);

}  // namespace dimple::compile

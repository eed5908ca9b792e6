// The safetensors file: named tensors and a map of strings, nothing that could be executed.
//
//   u64 header bytes | JSON {"__metadata__": {...}, "name": {"dtype": "F32", "shape": [..], "data_offsets": [from,
//   to]}} | data
//
// The reader takes files from strangers: every length is checked before it is used, tensors must cover the data
// exactly, without overlap or gap, and no name stands twice. A header has at most 8 MB and 100,000 tensors, and reading
// it takes time by its length.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "ir/tensor.h"

namespace dimple::model {

using Tensors = std::map<std::string, ir::Tensor>;

struct SafeTensors {
  Tensors tensors;  // f32, s32, s8, u8
  std::map<std::string, std::string> metadata;

  bool operator==(const SafeTensors&) const = default;
};

inline constexpr uint64_t kMaxHeaderBytes = uint64_t{8} << 20;
inline constexpr size_t kMaxTensors = 100'000;

std::vector<uint8_t> write_safetensors(const SafeTensors& file);

struct SafeTensorsOptions {
  bool foreign = false;  // types of other programs (F16, BF16, F64, I64, ...) are read too, and become ours
};

// `source` names the file in errors. Throws host::Error(Exit::model).
SafeTensors read_safetensors(std::span<const uint8_t> bytes, const std::string& source,
                             const SafeTensorsOptions& options = {});

}  // namespace dimple::model

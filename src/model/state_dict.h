// Weights by name, as another program left them: what .pth and safetensors files from elsewhere are read into.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ir/tensor.h"

namespace dimple::model {

struct NamedTensor {
  std::string name;
  ir::Tensor tensor;  // f32, s32, s8, u8

  bool operator==(const NamedTensor&) const = default;
};

struct StateDict {
  std::string source;                // the file, for messages
  std::vector<NamedTensor> tensors;  // in the file's order
  bool in_order = false;  // the file keeps the order in which the network was defined (.pth does, safetensors sorts)
  bool ours = false;      // written by Dimple: our names, our layouts
};

// A safetensors file or a .pth, told apart by what is in it. Throw host::Error(Exit::model).
StateDict load_state_dict(const std::string& path);
StateDict read_state_dict(std::span<const uint8_t> bytes, const std::string& source);

}  // namespace dimple::model

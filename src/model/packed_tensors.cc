#include "model/packed_tensors.h"

#include <fmt/format.h>

#include "host/error.h"
#include "host/json.h"

namespace dimple::model {
namespace {

constexpr const char* kPackedKey = "dimple.packed";

[[noreturn]] void refuse_packed(const std::string& source, const std::string& why) {
  throw host::Error(host::Exit::model, fmt::format("cannot use {}: {}", source, why));
}

DType packed_type(const std::string& name, const std::string& source) {
  for (const DType type : {DType::b1, DType::c4, DType::c5})
    if (name == name_of(type)) return type;
  refuse_packed(source, "there is no packed type '" + name + "'");
}

}  // namespace

void store_packed(SafeTensors& file) {
  host::Json packed = host::Json::object();
  for (auto& [name, tensor] : file.tensors) {
    if (bit_width(tensor.dtype) >= 8) continue;
    packed[name] = {name_of(tensor.dtype), tensor.dims};
    tensor.dtype = DType::u8, tensor.dims = {static_cast<int64_t>(tensor.data.size())};
  }
  if (!packed.empty()) file.metadata[kPackedKey] = packed.dump();
}

void restore_packed(SafeTensors& file, const std::string& source) {
  const auto said = file.metadata.find(kPackedKey);
  if (said == file.metadata.end()) return;
  const host::Json packed = host::parse_json(said->second, "the packed tensors of " + source, host::Exit::model);
  if (!packed.is_object()) refuse_packed(source, "its packed tensors are no map");
  for (const auto& [name, what] : packed.items()) {
    const auto it = file.tensors.find(name);
    if (it == file.tensors.end()) refuse_packed(source, "its packed tensor " + name + " is missing");
    ir::Tensor& tensor = it->second;
    const bool fits = tensor.dtype == DType::u8 && what.is_array() && what.size() == 2 && what[0].is_string() &&
                      what[1].is_array() && !what[1].empty() && what[1].size() <= 4;
    if (!fits) refuse_packed(source, "its packed tensor " + name + " is described wrongly");
    const DType type = packed_type(what[0].get<std::string>(), source);
    int64_t elements = 1;
    std::vector<int64_t> dims;
    for (const auto& dim : what[1]) {
      constexpr int64_t kMost = int64_t{1} << 31;
      const int64_t extent = dim.is_number_integer() ? dim.get<int64_t>() : 0;
      if (extent < 1 || extent > kMost / elements)
        refuse_packed(source, "its packed tensor " + name + " has impossible sizes");
      dims.push_back(extent), elements *= extent;
    }
    if (tensor.data.size() != static_cast<size_t>(bytes_of(type, elements)))
      refuse_packed(source, "its packed tensor " + name + " is cut short");
    tensor.dtype = type, tensor.dims = std::move(dims);
  }
  file.metadata.erase(said);
}

}  // namespace dimple::model

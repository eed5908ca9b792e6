#include "model/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "host/error.h"
#include "host/json.h"
#include "model/foreign_dtype.h"

namespace dimple::model {
namespace {

using nlohmann::json;

constexpr size_t kAlign = 8;

struct DTypeName {
  DType dtype;
  const char* name;
};
constexpr DTypeName kDTypeNames[] = {{DType::f32, "F32"}, {DType::s32, "I32"}, {DType::s8, "I8"}, {DType::u8, "U8"}};

const char* name_in_file(DType dtype) {
  for (const auto& known : kDTypeNames)
    if (known.dtype == dtype) return known.name;
  throw host::Error(host::Exit::failed,
                    fmt::format("safetensors has no form for tensors of {}", dimple::name_of(dtype)));
}

// Those that stand in a file of ours as they stand in memory.
bool is_ours(const ForeignType& type) {
  return std::ranges::any_of(kDTypeNames, [&](const DTypeName& d) { return type.safetensors == d.name; });
}

// Wider elements first: then every tensor is aligned to its element without padding, which the format forbids.
std::vector<const Tensors::value_type*> in_file_order(const Tensors& tensors) {
  std::vector<const Tensors::value_type*> order;
  for (const auto& item : tensors) order.push_back(&item);
  std::ranges::stable_sort(order, std::greater{}, [](const auto* item) { return bit_width(item->second.dtype); });
  return order;
}

struct Placed {
  std::string name;
  const ForeignType* type = nullptr;
  std::vector<int64_t> dims;
  uint64_t from = 0, to = 0;
};

class HeaderReader {
 public:
  HeaderReader(std::string source, uint64_t data_bytes, bool foreign = false)
      : source_(std::move(source)), data_bytes_(data_bytes), foreign_(foreign) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw host::Error(host::Exit::model, fmt::format("cannot read {}: {}", source_, why));
  }

  json parse(std::string_view text) const {
    constexpr host::JsonLimits kLimits{.deepest = 3, .names = kMaxTensors};
    if (const std::string problem = host::json_problem(text, kLimits); !problem.empty())
      refuse("its safetensors header: " + problem);
    json header = json::parse(text);
    if (!header.is_object()) refuse("its safetensors header: not an object");
    return header;
  }

  Placed tensor(const std::string& name, const json& entry) const {
    const auto wrong = [&](const char* why) { refuse(fmt::format("tensor {}: {}", name, why)); };
    if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets"))
      wrong("needs dtype, shape and data_offsets, and nothing else");
    Placed placed;
    placed.name = name;
    for (const ForeignType& type : foreign_types())
      if (entry["dtype"] == type.safetensors && (foreign_ || is_ours(type))) placed.type = &type;
    if (placed.type == nullptr) wrong(foreign_ ? "its dtype is unknown" : "its dtype is not F32, I32, I8 or U8");
    const json& shape = entry["shape"];
    if (!shape.is_array() || shape.size() > kMaxDims) wrong("its shape is no list of at most 8 numbers");
    int64_t elements = 1;
    for (const json& dim : shape) {
      if (!dim.is_number_unsigned() || dim.get<uint64_t>() > static_cast<uint64_t>(kMaxElements))
        wrong("an impossible shape");
      const auto extent = dim.get<int64_t>();
      if (extent != 0 && elements > kMaxElements / extent) wrong("an impossible shape");
      elements *= extent;
      placed.dims.push_back(extent);
    }
    const json& offsets = entry["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      wrong("its data_offsets are no pair of numbers");
    placed.from = offsets[0].get<uint64_t>();
    placed.to = offsets[1].get<uint64_t>();
    if (placed.from > placed.to || placed.to > data_bytes_) wrong("lies outside of the file; is it cut short?");
    if (placed.to - placed.from != static_cast<uint64_t>(elements) * placed.type->bytes)
      wrong("its size contradicts its shape");
    return placed;
  }

  // Sorted by place, they must follow each other from the first byte to the last.
  void check_cover(std::vector<Placed>& tensors) const {
    std::ranges::sort(tensors, {}, [](const Placed& t) { return std::pair(t.from, t.to); });
    uint64_t at = 0;
    for (const Placed& t : tensors) {
      if (t.from != at)
        refuse(fmt::format("tensor {}: {}", t.name, t.from < at ? "overlaps another" : "a gap in front of it"));
      at = t.to;
    }
    if (at != data_bytes_) refuse(fmt::format("{} bytes at its end belong to no tensor", data_bytes_ - at));
  }

 private:
  std::string source_;
  uint64_t data_bytes_;
  bool foreign_;
};

ir::Tensor tensor_of(const Placed& placed, std::span<const uint8_t> data, const HeaderReader& reader) {
  ir::Tensor tensor = ir::make_tensor(placed.type->becomes, placed.dims);
  const auto* from = reinterpret_cast<const std::byte*>(data.data() + placed.from);
  if (is_ours(*placed.type)) {
    if (!tensor.data.empty()) std::memcpy(tensor.data.data(), from, tensor.data.size());
    return tensor;
  }
  const size_t size = static_cast<size_t>(bit_width(tensor.dtype)) / 8, count = tensor.data.size() / size;
  for (size_t i = 0; i < count; ++i)
    if (!placed.type->convert(from + i * placed.type->bytes, tensor.data.data() + i * size))
      reader.refuse(fmt::format("tensor {}: a number in it is beyond 32 bits", placed.name));
  return tensor;
}

}  // namespace

std::vector<uint8_t> write_safetensors(const SafeTensors& file) {
  // Put together as text: an object that keeps the order of its names looks for each from the front.
  std::string text = "{";
  const auto add = [&](const std::string& name, const nlohmann::ordered_json& value) {
    const auto print = [](const nlohmann::ordered_json& j) {
      return j.dump(-1, ' ', false, json::error_handler_t::replace);
    };
    text += (text.size() > 1 ? "," : "") + print(name) + ":" + print(value);
  };
  if (!file.metadata.empty()) add("__metadata__", file.metadata);
  int64_t at = 0;
  const auto order = in_file_order(file.tensors);
  for (const auto* item : order) {
    const auto& [name, tensor] = *item;
    const auto bytes = static_cast<int64_t>(tensor.data.size());
    add(name, {{"dtype", name_in_file(tensor.dtype)}, {"shape", tensor.dims}, {"data_offsets", {at, at + bytes}}});
    at += bytes;
  }
  text += "}";
  text.resize((text.size() + kAlign - 1) / kAlign * kAlign, ' ');
  const uint64_t length = text.size();
  std::vector<uint8_t> out(sizeof length + text.size());
  std::memcpy(out.data(), &length, sizeof length);
  std::memcpy(out.data() + sizeof length, text.data(), text.size());
  out.reserve(out.size() + static_cast<size_t>(at));
  for (const auto* item : order) {
    const auto* data = reinterpret_cast<const uint8_t*>(item->second.data.data());
    out.insert(out.end(), data, data + item->second.data.size());
  }
  return out;
}

SafeTensors read_safetensors(std::span<const uint8_t> bytes, const std::string& source,
                             const SafeTensorsOptions& options) {
  const HeaderReader early(source, 0);
  uint64_t length = 0;
  if (bytes.empty()) early.refuse("the file is empty");
  if (bytes.size() < sizeof length) early.refuse("too short for a safetensors file");
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > kMaxHeaderBytes) early.refuse("not a safetensors file (or its header is larger than 8 MB)");
  if (length > bytes.size() - sizeof length) early.refuse("cut short in its header");
  const auto text = bytes.subspan(sizeof length, length);
  const auto data = bytes.subspan(sizeof length + length);
  if (text.empty() || text[0] != '{') early.refuse("not a safetensors file");

  const HeaderReader reader(source, data.size(), options.foreign);
  const json header = reader.parse({reinterpret_cast<const char*>(text.data()), text.size()});
  SafeTensors file;
  std::vector<Placed> tensors;
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") {
      tensors.push_back(reader.tensor(name, entry));
      continue;
    }
    if (!entry.is_object()) reader.refuse("__metadata__ is no object");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) reader.refuse(fmt::format("__metadata__: {} is no text", key));
      file.metadata[key] = value.get<std::string>();
    }
  }
  reader.check_cover(tensors);
  for (const Placed& t : tensors) file.tensors.emplace(t.name, tensor_of(t, data, reader));
  return file;
}

}  // namespace dimple::model

#include "model/pth.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "host/error.h"
#include "model/foreign_dtype.h"
#include "model/pickle.h"
#include "model/safetensors.h"
#include "model/zip.h"

namespace dimple::model {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view kTensor = "torch._utils _rebuild_tensor_v2", kParameter = "torch._utils _rebuild_parameter",
                           kOrderedDict = "collections OrderedDict", kTorch = "torch ";
constexpr size_t kLongestKey = 64;  // of a storage: a number as text
constexpr uint64_t kMaxGrowth = 4;  // halves become floats, and two names may share a storage

std::vector<std::string> make_allowed() {
  std::vector<std::string> names{std::string(kTensor), std::string(kParameter), std::string(kOrderedDict)};
  for (const ForeignType& type : foreign_types()) names.push_back(fmt::format("{}{}", kTorch, type.torch));
  return names;
}

class PthReader {
 public:
  PthReader(std::span<const uint8_t> bytes, const std::string& source)
      : source_(source), entries_(read_stored_zip(bytes, source)), room_(kMaxGrowth * bytes.size()) {}

  StateDict read() {
    const auto pickle_bytes = find_pickle();
    const std::vector<std::string> names = make_allowed();
    const std::vector<std::string_view> allowed(names.begin(), names.end());
    const Pickle pickle(pickle_bytes, allowed, source_);
    StateDict found{.source = source_, .in_order = true};
    std::set<std::string> names_seen;
    for (const auto& [key, value] : *unwrapped(pickle.root())) {
      if (key.kind != Kind::text || value.kind != Kind::call || is_dict(value)) continue;
      if (found.tensors.size() == kMaxTensors) refuse(fmt::format("more than {} tensors", kMaxTensors));
      const std::string name(key.text);
      if (!names_seen.insert(name).second) refuse(fmt::format("tensor {} stands in it twice", name));
      found.tensors.push_back({name, tensor(name, value)});
    }
    if (found.tensors.empty()) refuse("it holds no tensors");
    return found;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw host::Error(host::Exit::model, fmt::format("cannot read {}: {}", source_, why),
                      "a state dict is needed: torch.save(net.state_dict(), \"weights.pth\")");
  }

  // The archive holds one folder, whose name is free.
  std::span<const uint8_t> find_pickle() {
    constexpr std::string_view kPickle = "/data.pkl";
    for (const auto& [name, data] : entries_)
      if (name.ends_with(kPickle) && name.find('/') == name.size() - kPickle.size()) {
        folder_ = name.substr(0, name.size() - kPickle.size() + 1);
        const auto order = entries_.find(folder_ + "byteorder");
        if (order != entries_.end() && !std::ranges::equal(order->second, std::string_view("little")))
          refuse("it was written on a big-endian machine");
        return data;
      }
    refuse("an archive, but not one that torch.save wrote: it has no data.pkl");
  }

  static bool is_dict(const PickleValue& value) {
    if (value.kind == Kind::dict) return true;
    return value.kind == Kind::call && value.object->items[0].text == kOrderedDict &&
           value.object->items[1].object->items.empty();
  }
  const std::vector<std::pair<PickleValue, PickleValue>>* unwrapped(const PickleValue& root) const {
    if (!is_dict(root)) refuse("its content is no dict of tensors");
    for (const std::string_view wrapper : {"state_dict", "model"})
      for (const auto& [key, value] : root.object->entries)
        if (key.kind == Kind::text && key.text == wrapper && is_dict(value)) return &value.object->entries;
    return &root.object->entries;
  }

  struct Storage {
    const ForeignType* type = nullptr;
    std::span<const uint8_t> data;
    int64_t elements = 0;
  };
  // ("storage", its class, its key, a device, how many elements)
  Storage storage(const std::string& name, const PickleValue& value) const {
    const auto wrong = [&](const char* why) { refuse(fmt::format("tensor {}: {}", name, why)); };
    if (value.kind != Kind::reference || value.object->items[0].kind != Kind::tuple) wrong("it has no storage");
    const auto& id = value.object->items[0].object->items;
    if (id.size() != 5 || id[0].text != "storage" || id[1].kind != Kind::global || id[2].kind != Kind::text ||
        id[2].text.size() > kLongestKey || id[4].kind != Kind::integer)
      wrong("its storage is not described as torch.save does");
    Storage found;
    for (const ForeignType& type : foreign_types())
      if (id[1].text.starts_with(kTorch) && id[1].text.substr(kTorch.size()) == type.torch) found.type = &type;
    if (found.type == nullptr) wrong("its storage is of no number type");
    const auto entry = entries_.find(fmt::format("{}data/{}", folder_, id[2].text));
    if (entry == entries_.end()) wrong("its storage is not in the archive");
    found.data = entry->second, found.elements = id[4].integer;
    if (found.elements < 0 || static_cast<uint64_t>(found.elements) > found.data.size() / found.type->bytes)
      wrong("its storage is cut short");
    return found;
  }

  std::vector<int64_t> extents(const std::string& name, const PickleValue& value) const {
    if (value.kind != Kind::tuple || value.object->items.size() > kMaxDims)
      refuse(fmt::format("tensor {}: its shape is no list of at most {} numbers", name, kMaxDims));
    std::vector<int64_t> found;
    for (const PickleValue& v : value.object->items) {
      if (v.kind != Kind::integer || v.integer < 0 || v.integer > kMaxElements)
        refuse(fmt::format("tensor {}: an impossible shape", name));
      found.push_back(v.integer);
    }
    return found;
  }

  ir::Tensor tensor(const std::string& name, const PickleValue& value);

  const std::string& source_;
  std::map<std::string, std::span<const uint8_t>, std::less<>> entries_;
  uint64_t room_;  // bytes that may still be made
  std::string folder_;
};

// _rebuild_tensor_v2(storage, first element, shape, strides, ...), or a parameter around one.
ir::Tensor PthReader::tensor(const std::string& name, const PickleValue& value) {
  const auto wrong = [&](const char* why) { refuse(fmt::format("tensor {}: {}", name, why)); };
  const std::vector<PickleValue>* args = &value.object->items[1].object->items;
  std::string_view callee = value.object->items[0].text;
  if (callee == kParameter && !args->empty() && (*args)[0].kind == Kind::call) {
    const PickleObject& inner = *(*args)[0].object;
    callee = inner.items[0].text, args = &inner.items[1].object->items;
  }
  if (callee != kTensor || args->size() < 4 || (*args)[1].kind != Kind::integer) wrong("it is not put together as one");
  const Storage from = storage(name, (*args)[0]);
  const int64_t first = (*args)[1].integer;
  const std::vector<int64_t> dims = extents(name, (*args)[2]), strides = extents(name, (*args)[3]);
  if (dims.size() != strides.size()) wrong("its shape and its strides differ in length");

  int64_t elements = 1, last = first;
  for (size_t d = 0; d < dims.size(); ++d) {
    elements = dims[d] != 0 && elements > kMaxElements / dims[d] ? kMaxElements + 1 : elements * dims[d];
    if (elements > kMaxElements) wrong("an impossible shape");
  }
  for (size_t d = 0; d < dims.size() && elements > 0; ++d) {
    if (dims[d] > 1 && strides[d] > kMaxElements / (dims[d] - 1)) wrong("it lies outside of its storage");
    last += (dims[d] - 1) * strides[d];
  }
  // No tensor is larger than its storage: strides of zero could unpack a kilobyte into a terabyte.
  if (first < 0 || first > from.elements || (elements > 0 && last >= from.elements) || elements > from.elements)
    wrong("it lies outside of its storage");
  const auto bytes = static_cast<uint64_t>(bytes_of(from.type->becomes, elements));
  if (bytes > room_) wrong("with it, the file unpacks to far more than its size");
  room_ -= bytes;

  ir::Tensor tensor = ir::make_tensor(from.type->becomes, dims);
  const auto* data = reinterpret_cast<const std::byte*>(from.data.data());
  const size_t size = static_cast<size_t>(bit_width(from.type->becomes)) / 8;
  std::vector<int64_t> index(dims.size(), 0);
  int64_t at = first;
  for (int64_t i = 0; i < elements; ++i) {
    if (!from.type->convert(data + static_cast<size_t>(at) * from.type->bytes,
                            tensor.data.data() + static_cast<size_t>(i) * size))
      wrong("a number in it is beyond 32 bits");
    for (size_t d = dims.size(); d-- > 0;) {  // the next index, last dimension first
      at += strides[d];
      if (++index[d] < dims[d]) break;
      at -= dims[d] * strides[d], index[d] = 0;
    }
  }
  return tensor;
}

}  // namespace

StateDict read_pth(std::span<const uint8_t> bytes, const std::string& source) {
  if (bytes.size() > 2 && bytes[0] == 0x80 && bytes[1] <= 5)
    throw host::Error(host::Exit::model,
                      fmt::format("cannot read {}: a checkpoint in the format before PyTorch 1.6", source),
                      "load it in Python where you trust it and save it again: torch.save(net.state_dict(), "
                      "\"weights.pth\")");
  return PthReader(bytes, source).read();
}

}  // namespace dimple::model

#include "model/state_dict.h"

#include "host/files.h"
#include "model/model.h"
#include "model/pth.h"
#include "model/safetensors.h"

namespace dimple::model {
namespace {

bool looks_like_safetensors(std::span<const uint8_t> bytes) { return bytes.size() > 8 && bytes[8] == '{'; }

}  // namespace

StateDict read_state_dict(std::span<const uint8_t> bytes, const std::string& source) {
  if (!looks_like_safetensors(bytes)) return read_pth(bytes, source);
  SafeTensors file = read_safetensors(bytes, source, {.foreign = true});
  StateDict found{.source = source, .ours = file.metadata.contains(kGraphKey)};
  for (auto& [name, tensor] : file.tensors)
    if (!found.ours || !name.starts_with(kExtraPrefix)) found.tensors.push_back({name, std::move(tensor)});
  return found;
}

StateDict load_state_dict(const std::string& path) {
  return read_state_dict(host::read_file(path, {.limit_bytes = kMaxModelBytes, .exit = host::Exit::model}), path);
}

}  // namespace dimple::model

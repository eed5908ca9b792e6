#include "model/model.h"

#include <fmt/format.h>

#include <set>

#include "base/crc32.h"
#include "host/files.h"
#include "host/json.h"
#include "host/sha256.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "model/labels.h"
#include "model/packed_tensors.h"
#include "model/preprocessing.h"

namespace dimple::model {
namespace {

constexpr const char* kVersionKey = "dimple.version";
constexpr const char* kLabelsKey = "dimple.labels";
constexpr const char* kPreprocessKey = "dimple.preprocess";
constexpr const char* kCrcKey = "dimple.crc32";
constexpr const char* kShaKey = "dimple.sha256";
constexpr const char* kOurs = "dimple.";

[[noreturn]] void refuse(const std::string& source, const std::string& why) {
  throw host::Error(host::Exit::model, fmt::format("cannot use {}: {}", source, why));
}

// Both hashes see every tensor and every piece of metadata but the hashes themselves, with lengths in between, so that
// nothing can move from one piece to the next unseen.
struct Digests {
  std::string crc32, sha256;
};
Digests digest(const SafeTensors& file) {
  host::Sha256 sha;
  uint32_t crc = 0;
  const auto add = [&](const void* data, size_t size) {
    const std::span bytes(static_cast<const uint8_t*>(data), size);
    sha.update(bytes);
    crc = crc32({bytes.data(), bytes.size()}, crc);
  };
  const auto add_number = [&](uint64_t number) { add(&number, sizeof number); };
  const auto add_text = [&](const std::string& text) {
    add_number(text.size());
    add(text.data(), text.size());
  };
  for (const auto& [key, value] : file.metadata) {
    if (key == kCrcKey || key == kShaKey) continue;
    add_text(key);
    add_text(value);
  }
  for (const auto& [name, tensor] : file.tensors) {
    add_text(name);
    add_number(static_cast<uint64_t>(tensor.dtype));
    add_number(tensor.dims.size());
    for (const int64_t dim : tensor.dims) add_number(static_cast<uint64_t>(dim));
    add(tensor.data.data(), tensor.data.size());
  }
  return {fmt::format("{:08x}", crc), sha.finish()};
}

const std::string& need(const SafeTensors& file, const char* key, const std::string& source) {
  const auto it = file.metadata.find(key);
  if (it == file.metadata.end())
    throw host::Error(host::Exit::model, fmt::format("cannot use {}: it holds no {}", source, key),
                      "a safetensors file from elsewhere has weights, but not the graph that Dimple needs");
  return it->second;
}

void check_version(const SafeTensors& file, const std::string& source) {
  const std::string& text = need(file, kVersionKey, source);
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
    refuse(source, "its version is no number");
  const int version = std::stoi(text);
  if (version > kModelVersion)
    refuse(source, fmt::format("it was written by a later version of Dimple (format {}, this build reads {})", version,
                               kModelVersion));
  if (version < 1) refuse(source, fmt::format("there never was a format {}", version));
}

void check_digests(const SafeTensors& file, const std::string& source) {
  const Digests now = digest(file);
  const auto sha = file.metadata.find(kShaKey);
  const bool same_sha =
      sha == file.metadata.end() || sha->second.empty() || now.sha256.empty() || sha->second == now.sha256;
  if (need(file, kCrcKey, source) != now.crc32 || !same_sha)
    refuse(source, "it is damaged: its checksum does not match");
}

std::vector<std::string> parse_labels(const std::string& text, const std::string& source) {
  const std::string what = "the labels of " + source;
  const host::Json json = host::parse_json(text, what, host::Exit::model);
  if (!json.is_array()) refuse(source, "its labels are no list");
  std::vector<std::string> labels;
  for (const auto& label : json) {
    if (!label.is_string()) refuse(source, "a label is no text");
    labels.push_back(label.get<std::string>());
  }
  return labels;
}

}  // namespace

void check(const Model& model, const std::string& source) {
  check_labels(model.labels, source);
  ir::verify(model.graph);
  const auto& in = model.graph.input.shape;
  const auto& out = model.graph.type_of(model.graph.output()).shape;
  if (!image::sane(model.preprocess)) refuse(source, "its preprocessing is out of range");
  if (in.height != model.preprocess.height || in.width != model.preprocess.width ||
      in.channels != model.preprocess.channels)
    refuse(source, fmt::format("its preprocessing makes {}x{}x{}, its graph reads {}x{}x{}", model.preprocess.height,
                               model.preprocess.width, model.preprocess.channels, in.height, in.width, in.channels));
  if (out.elements() != static_cast<int64_t>(model.labels.size()))
    refuse(source, fmt::format("{} outputs, but {} labels", out.elements(), model.labels.size()));
  std::set<std::string_view> nodes;
  for (const ir::Node& node : model.graph.nodes) nodes.insert(node.name);
  for (const auto& [name, tensor] : model.graph.constants)
    if (!nodes.contains(std::string_view(name).substr(0, name.rfind('.'))))
      refuse(source, fmt::format("tensor {} belongs to no node of the graph", name));
  for (const auto& [key, value] : model.metadata)
    if (key.starts_with(kOurs)) refuse(source, fmt::format("metadata {} is not known to this build", key));
}

std::vector<uint8_t> write_checkpoint(const Checkpoint& checkpoint) {
  const Model& model = checkpoint.model;
  check(model, "the model to be saved");
  SafeTensors file;
  file.metadata = model.metadata;
  file.metadata[kVersionKey] = std::to_string(kModelVersion);
  file.metadata[kGraphKey] = ir::print(model.graph);
  file.metadata[kLabelsKey] = host::Json(model.labels).dump();
  file.metadata[kPreprocessKey] = print_preprocess(model.preprocess);
  file.tensors = model.graph.constants;
  for (const auto& [name, tensor] : checkpoint.extra) file.tensors[kExtraPrefix + name] = tensor;
  store_packed(file);
  const Digests now = digest(file);
  file.metadata[kCrcKey] = now.crc32;
  if (!now.sha256.empty()) file.metadata[kShaKey] = now.sha256;
  return write_safetensors(file);
}

Checkpoint read_checkpoint(std::span<const uint8_t> bytes, const std::string& source) {
  SafeTensors file = read_safetensors(bytes, source);
  check_version(file, source);
  check_digests(file, source);
  restore_packed(file, source);
  Checkpoint checkpoint;
  Model& model = checkpoint.model;
  model.labels = parse_labels(need(file, kLabelsKey, source), source);
  model.preprocess = parse_preprocess(need(file, kPreprocessKey, source), source);
  model.graph = ir::parse(need(file, kGraphKey, source));
  for (auto& [name, tensor] : file.tensors) {
    if (name.starts_with(kExtraPrefix))
      checkpoint.extra.emplace(name.substr(std::char_traits<char>::length(kExtraPrefix)), std::move(tensor));
    else
      model.graph.constants.emplace(name, std::move(tensor));
  }
  for (const char* key : {kVersionKey, kGraphKey, kLabelsKey, kPreprocessKey, kCrcKey, kShaKey})
    file.metadata.erase(key);
  model.metadata = std::move(file.metadata);
  check(model, source);
  return checkpoint;
}

void save_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  host::write_atomic(path, write_checkpoint(checkpoint));
}

void save_model(const std::string& path, const Model& model) { save_checkpoint(path, {model, {}}); }

Checkpoint load_checkpoint(const std::string& path) {
  return read_checkpoint(host::read_file(path, {.limit_bytes = kMaxModelBytes, .exit = host::Exit::model}), path);
}

Model load_model(const std::string& path) { return load_checkpoint(path).model; }

}  // namespace dimple::model

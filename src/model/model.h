// A model file: the graph, its weights, and all one must know to use it, in one safetensors file.
//
// Metadata: dimple.version, dimple.graph (the text of ir::print), dimple.labels, dimple.preprocess (JSON), dimple.crc32
// and, where this build can compute it, dimple.sha256, both over everything else; dimple.packed, where weights take less
// than a byte each; free keys beside them.
#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "image/preprocess.h"
#include "ir/graph.h"
#include "model/safetensors.h"

namespace dimple::model {

inline constexpr int kModelVersion = 1;
inline constexpr const char* kGraphKey = "dimple.graph";  // only our files carry it
inline constexpr const char* kExtraPrefix = "extra/";     // in front of the names of what is no constant of the graph
inline constexpr uint64_t kMaxModelBytes = uint64_t{2} << 30;  // of any file of weights; refused before it is read

struct Model {
  ir::Graph graph;
  std::vector<std::string> labels;  // what the graph's outputs mean, in their order
  image::Preprocess preprocess;
  std::map<std::string, std::string>
      metadata;  // recipe, data checksums, metrics: any key that does not begin with "dimple."

  bool operator==(const Model&) const = default;
};

// What a training needs to go on, beside the model: optimizer state, averages. Their names are theirs alone.
struct Checkpoint {
  Model model;
  Tensors extra;

  bool operator==(const Checkpoint&) const = default;
};

void save_model(const std::string& path, const Model& model);  // atomic
void save_checkpoint(const std::string& path, const Checkpoint& checkpoint);

// Throw host::Error(Exit::model) for a file that is damaged, cut short, of a later version, or contradicts itself.
// A checkpoint is a model too: load_model leaves its extra tensors aside.
Model load_model(const std::string& path);
Checkpoint load_checkpoint(const std::string& path);

std::vector<uint8_t> write_checkpoint(const Checkpoint& checkpoint);
Checkpoint read_checkpoint(std::span<const uint8_t> bytes, const std::string& source);

// Throws when labels, preprocessing and graph do not fit together.
void check(const Model& model, const std::string& source);

}  // namespace dimple::model

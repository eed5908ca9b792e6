// A model at work on the host: opened by name or file, planned, and sure of what its numbers mean.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/preprocess.h"
#include "ir/graph.h"
#include "model/model.h"
#include "model/work_limit.h"

namespace dimple::inference {

// All that is needed to run a network and to say what its numbers mean.
struct OpenedModel {
  std::string name;                // "dimple-nano", or the file's name without its ending
  std::vector<uint8_t> program;    // planned; 16-byte aligned
  std::optional<ir::Graph> graph;  // what was planned, ending in probabilities; a .dimple file has none
  std::vector<std::string> labels;
  image::Preprocess preprocess;
  std::string sha256;  // of the program
  std::string leaks;   // how its training leaked into its tests, a line each; "": it did not, or it is not known

  bool integer() const;
};

// A shipped model's name, a .safetensors file (planned here and now) or a .dimple program. Throws Error(Exit::model)
// for a file that is damaged, of a later version, does not say what its outputs mean, or asks for more work than that.
OpenedModel open_model(const std::string& name_or_path, int64_t max_macs = model::kMaxMacs);
// A model that is there already, under this name.
OpenedModel open_model(const model::Model&, const std::string& name);

}  // namespace dimple::inference

// The files of a run folder that grow with the training: results, and in weights/ last.safetensors, from which it is
// resumed, and best.safetensors, which validation chose.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "host/json.h"
#include "model/model.h"
#include "train/trainer.h"

namespace dimple::train {

// How a face becomes what a net reads that was trained on this set.
image::Preprocess preprocess_of(const data::Dataset& set, const Recipe& recipe);

// Machine, compiler, libtorch, threads: the circumstances of every figure in the folder.
host::Json environment();

// results.csv, results.svg and log.jsonl, each written whole and atomically.
void write_results(const std::filesystem::path& folder, const std::vector<EpochReport>& epochs);

// The epochs in the folder's log.jsonl, to the digit; none when there is no such file.
std::vector<EpochReport> read_results(const std::filesystem::path& folder);

class SavedWeights {
 public:
  // `leaks`: what --force let pass, for the models. The set, the recipe and the trainer must outlive this.
  SavedWeights(const std::filesystem::path& folder, const data::Dataset& set, const Recipe& recipe,
               const Trainer& trainer, std::vector<std::string> leaks);

  std::filesystem::path last() const { return folder_ / "last.safetensors"; }
  std::filesystem::path best() const { return folder_ / "best.safetensors"; }

  void save_last() const;
  void save_best(const EpochReport& epoch) const;
  // Throws host::Error when there is no checkpoint to resume from, or when it does not fit.
  void restore(Trainer& trainer) const;

 private:
  model::Model make_model(ir::Graph graph) const;

  std::filesystem::path folder_;
  const data::Dataset& set_;
  const Recipe& recipe_;
  const Trainer& trainer_;
  std::vector<std::string> leaks_;
};

}  // namespace dimple::train

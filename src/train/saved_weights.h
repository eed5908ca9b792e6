// The weights of a run folder: last.safetensors, from which a training is resumed, and best.safetensors, which
// validation chose.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "model/model.h"
#include "train/recipe.h"
#include "train/trainer.h"

namespace dimple::train {

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

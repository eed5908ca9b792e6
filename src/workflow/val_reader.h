// Answers of a model to the pictures of a data set, on as many threads as asked for; those of a picture do not depend
// on the others.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "evaluate/answer_files.h"
#include "evaluate/classes.h"
#include "host/task.h"
#include "inference/network.h"
#include "workflow/val.h"

namespace dimple::workflow {

// The rows to be read and what they show, without scores yet; rows of unknown classes are counted in `report`.
evaluate::Answers choose_rows(const ValRequest& request, const data::Dataset& set, std::span<const int32_t> rows,
                              const inference::OpenedModel& model, ValReport& report);

class DatasetReader {
 public:
  // All must outlive this.
  DatasetReader(const ValRequest& request, const data::Dataset& set, const inference::OpenedModel& model,
                const evaluate::Answers& answers);

  // Probabilities of the answers' classes, row by row.
  std::vector<float> read(const host::Task& task);

  int threads() const { return static_cast<int>(networks_.size()); }
  const inference::Network& network() const { return *networks_[0]; }

 private:
  const data::Dataset& set_;
  const inference::OpenedModel& model_;
  std::span<const int32_t> rows_;
  evaluate::ClassMap classes_;
  std::vector<std::unique_ptr<inference::Network>> networks_;  // one for each thread
};

}  // namespace dimple::workflow

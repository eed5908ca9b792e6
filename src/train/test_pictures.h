// The test at the end of a training: how the weights that validation chose answer on pictures by which nothing was
// decided.
#pragma once
#include <optional>
#include <string>

#include "data/dataset.h"
#include "evaluate/classes.h"
#include "host/json.h"
#include "host/task.h"
#include "train/request.h"

namespace dimple::train {

// The test split of the training data, or of request.paths.test_data; classes are matched by name. Made before a
// training begins, so that a mistake in it costs no hours. Keeps references to `trained` and `request`.
class TestPictures {
 public:
  // Throws host::Error: nothing to test on, other sizes, a class that is not trained, people of the training data
  // (unless request.data.load.force).
  TestPictures(const data::Dataset& trained, const TrainRequest& request, const host::Task& task);

  // What request.data.load.force has let pass, a sentence each: for the card.
  const std::vector<std::string>& leaks() const { return leaks_; }

  // The figures of `val`, and `data`, `data_sha256`, `protocol`.
  host::Json test(const std::string& model_path) const;

 private:
  const data::Dataset& set() const { return other_ ? *other_ : trained_; }

  const data::Dataset& trained_;
  const TrainRequest& request_;
  std::optional<data::Dataset> other_;
  std::vector<bool> seen_;  // rows of other_ that are copies of training pictures
  std::vector<std::string> leaks_;
  evaluate::ClassMap classes_;
};

}  // namespace dimple::train

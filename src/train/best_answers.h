// What the weights that validation chose answer, at the end of a training: on the validation pictures, for tables and
// MODEL_CARD.md; with --test also, once, on pictures by which nothing was decided.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluate/classes.h"
#include "evaluate/figures.h"
#include "host/task.h"
#include "train/request.h"
#include "train/run_files.h"

namespace dimple::train {

// Probabilities of a trained graph on rows of any set of its picture size, rows.size() x outputs.
std::vector<float> answer(const ir::Graph& graph, const data::Dataset& set, std::span<const int32_t> rows,
                          const Recipe& recipe, const Session& session);

// Nothing, where there are no best weights. Without validation pictures the card alone. `limits`: sentences for the
// card.
void write_validation_files(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request,
                            const Trainer& trainer, const SavedWeights& weights,
                            const std::vector<std::string>& limits);

struct TestReport {
  std::string data, data_sha256, protocol;
  std::vector<std::string> classes;
  evaluate::Figures figures;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("data", self.data, "name of the data set");
    f("data_sha256", self.data_sha256, "of its pictures and labels");
    f("protocol", self.protocol, "which pictures are tested");
    evaluate::Figures::visit(self.figures, f, self.classes);
  }
};

// The test split of the training data, or of request.paths.test_data; classes are matched by name. Made before a
// training begins, so that a mistake in it costs no hours. Keeps references to `trained` and `request`.
class TestPictures {
 public:
  // Throws host::Error: nothing to test on, other sizes, a class that is not trained, people of the training data
  // (unless request.data.load.force).
  TestPictures(const data::Dataset& trained, const TrainRequest& request, const host::Task& task);

  // What request.data.load.force has let pass, a sentence each: for the card.
  const std::vector<std::string>& leaks() const { return leaks_; }

  TestReport test(const std::string& model_path) const;

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

#include "evaluate/read_rows.h"

#include <algorithm>
#include <memory>

#include "data/real_pictures.h"
#include "host/parallel.h"
#include "inference/network.h"

namespace dimple::evaluate {

Answers read_rows(const inference::OpenedModel& model, const data::Dataset& set, std::vector<int32_t> rows, int threads,
                  const host::Task& task) {
  Answers answers;
  answers.classes = set.labels, answers.rows = std::move(rows);
  for (const int32_t r : answers.rows) answers.labels.push_back(set.label[static_cast<size_t>(r)]);
  const size_t classes = model.labels.size();
  answers.scores.resize(answers.rows.size() * classes);
  host::in_parallel(answers.rows.size(), threads, task, [&](int) {
    return [&, network = std::make_unique<inference::Network>(model, inference::NetworkOptions{})](size_t i) {
      const std::vector<int8_t> codes =
          data::codes_of(set, std::span(answers.rows).subspan(i, 1), model.preprocess.normalise);
      std::ranges::copy(network->read(codes), answers.scores.begin() + static_cast<std::ptrdiff_t>(i * classes));
    };
  });
  task.stop_if_cancelled();
  return answers;
}

}  // namespace dimple::evaluate

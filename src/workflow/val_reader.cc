#include "workflow/val_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "host/parallel.h"
#include "host/processor.h"
#include "image/normalise.h"
#include "inference/level.h"

namespace dimple::workflow {

using host::Error;
using host::Exit;
using inference::Executor;

evaluate::Answers choose_rows(const ValRequest& request, const data::Dataset& set, std::span<const int32_t> rows,
                              const inference::OpenedModel& model, ValReport& report) {
  const std::vector<std::string> shared = evaluate::shared_classes(set.labels, model.labels);
  const bool skip = request.unknown == "skip";
  if (shared.empty())
    throw Error(Exit::input, fmt::format("{} knows none of the classes of {}", model.name, request.data));
  evaluate::Answers answers{skip ? shared : set.labels, {}, {}, {}};
  UnknownClasses unknown{{}, request.unknown};
  for (const int32_t r : rows) {
    const std::string& label = set.labels[static_cast<size_t>(set.label[static_cast<size_t>(r)])];
    const bool known = std::ranges::find(shared, label) != shared.end();
    if (!known) ++unknown.pictures[label];
    if (skip && !known) continue;
    answers.rows.push_back(r);
    answers.labels.push_back(static_cast<int32_t>(std::ranges::find(answers.classes, label) - answers.classes.begin()));
  }
  if (!unknown.pictures.empty()) report.unknown = unknown;
  if (answers.rows.empty())
    throw Error(Exit::input, fmt::format("{} knows no picture of {}", model.name, request.data));
  return answers;
}

DatasetReader::DatasetReader(const ValRequest& request, const data::Dataset& set, const inference::OpenedModel& model,
                             const evaluate::Answers& answers)
    : set_(set),
      model_(model),
      rows_(answers.rows),
      classes_(answers.classes, model.labels, model.name,
               request.unknown == "wrong" ? evaluate::Unknown::never_answered : evaluate::Unknown::refuse) {
  const Executor executor = inference::parse_executor(request.executor);
  const bool keeps_layers = executor != Executor::program && executor != Executor::reference;
  const int threads = keeps_layers ? 1 : host::choose_threads(request.threads);  // layers are kept in one place
  for (int t = 0; t < threads; ++t)
    networks_.push_back(std::make_unique<inference::Network>(
        model, inference::NetworkOptions{executor, request.record, inference::isas_up_to(request.isa)}));
}

std::vector<float> DatasetReader::read(const host::Task& task) {
  std::vector<float> scores(rows_.size() * classes_.classes());
  task.progress().start(static_cast<int64_t>(rows_.size()), "reading");
  host::in_parallel(rows_.size(), threads(), task, [&](int t) {
    return [&, network = networks_[static_cast<size_t>(t)].get(),
            codes = std::vector<int8_t>(set_.picture_bytes())](size_t i) mutable {
      const auto pixels = set_.picture(static_cast<size_t>(rows_[i]));
      image::normalise(model_.preprocess.normalise, {pixels.data(), pixels.size()}, {codes.data(), codes.size()});
      classes_.apply(network->read(codes), std::span(scores).subspan(i * classes_.classes(), classes_.classes()));
    };
  });
  task.progress().finish();
  if (task.cancelled()) throw Error(task.cancel_exit(), "stopped before all pictures were read");
  return scores;
}

}  // namespace dimple::workflow

#include "workflow/tested.h"

#include <fmt/format.h>

#include <span>

#include "data/load.h"
#include "data/protocol.h"
#include "host/error.h"
#include "model/model.h"
#include "train/answer.h"
#include "workflow/classes.h"
#include "workflow/figures.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

data::Dataset load_test(const TrainRequest& request, const data::Dataset& trained, host::Progress& progress) {
  data::LoadOptions options;
  options.progress = &progress;
  options.faces = request.load.faces;
  options.size = trained.width, options.channels = trained.channels;
  data::Dataset set = data::apply_protocol(request.test_protocol, data::load_dataset(request.test_data, options));
  if (set.width != trained.width || set.height != trained.height || set.channels != trained.channels)
    throw Error(Exit::input,
                fmt::format("{} has pictures of {}x{}x{}, trained was on {}x{}x{}", request.test_data, set.width,
                            set.height, set.channels, trained.width, trained.height, trained.channels));
  return set;
}

}  // namespace

host::Json test_model(const std::string& model_path, const data::Dataset& trained, const TrainRequest& request,
                      host::Progress& progress) {
  data::Dataset other;
  if (!request.test_data.empty()) other = load_test(request, trained, progress);
  const data::Dataset& set = request.test_data.empty() ? trained : other;
  const model::Model model = model::load_model(model_path);

  Answers answers{set.labels, data::rows_of(set, data::Split::test), {}, {}};
  if (answers.rows.empty()) throw Error(Exit::input, set.name + " has no test pictures");
  for (const int32_t r : answers.rows) answers.labels.push_back(set.label[static_cast<size_t>(r)]);
  const ClassMap classes(set.labels, model.labels, "what was trained");
  const auto outputs = train::answer(model.graph, set, answers.rows, request.config);
  const size_t from = model.labels.size(), to = classes.classes();
  answers.scores.resize(answers.rows.size() * to);
  for (size_t i = 0; i < answers.rows.size(); ++i)
    classes.apply(std::span(outputs).subspan(i * from, from), std::span(answers.scores).subspan(i * to, to));

  constexpr int kResamples = 1000;
  host::Json json{{"data", set.name}, {"data_sha256", set.sha256}};
  json["protocol"] = request.test_data.empty() ? request.protocol : request.test_protocol;
  json.update(to_json(measure(set, answers, kResamples), set.labels));
  return json;
}

}  // namespace dimple::workflow

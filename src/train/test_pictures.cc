#include "train/test_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>

#include "data/duplicates.h"
#include "data/label_map.h"
#include "data/load.h"
#include "data/pool.h"
#include "data/protocol.h"
#include "evaluate/figures.h"
#include "host/error.h"
#include "model/labels.h"
#include "model/model.h"
#include "train/answer.h"

namespace dimple::train {
namespace {

using host::Error;
using host::Exit;

// The training's renamings of classes hold for other data too, where it has such a class.
void rename_classes(data::Dataset& set, const std::vector<std::string>& rules) {
  data::LabelMap map = data::make_label_map({}, rules);
  map.labels.clear();
  std::erase_if(map.rules, [&](const auto& rule) { return model::find_label(set.labels, rule.first) < 0; });
  data::apply_label_map(set, map);
}

data::Dataset load_test(const TrainRequest& request, const data::Dataset& trained, const host::Task& task) {
  data::LoadOptions options;
  options.task = task;
  options.faces = request.data.load.faces;
  options.size = trained.width, options.channels = trained.channels;
  data::Dataset set =
      data::apply_protocol(request.data.test_protocol, data::load_dataset(request.paths.test_data, options));
  rename_classes(set, request.data.load.map);
  if (set.width != trained.width || set.height != trained.height || set.channels != trained.channels)
    throw Error(Exit::input,
                fmt::format("{} has pictures of {}x{}x{}, trained was on {}x{}x{}", request.paths.test_data, set.width,
                            set.height, set.channels, trained.width, trained.height, trained.channels));
  return set;
}

std::optional<data::Dataset> other_pictures(const TrainRequest& request, const data::Dataset& trained,
                                            const host::Task& task) {
  if (request.paths.test_data.empty()) return std::nullopt;
  return load_test(request, trained, task);
}

// Which of the paths in `data` is the same file or folder as `path`; -1: none.
int index_of_path(const std::string& data, const std::string& path) {
  const std::vector<std::string> paths = data::paths_of(data);
  const auto it = std::ranges::find_if(paths, [&](const std::string& one) {
    std::error_code none;
    return std::filesystem::equivalent(one, path, none);
  });
  return it == paths.end() ? -1 : static_cast<int>(it - paths.begin());
}

}  // namespace

TestPictures::TestPictures(const data::Dataset& trained, const TrainRequest& request, const host::Task& task)
    : trained_(trained),
      request_(request),
      other_(other_pictures(request, trained, task)),
      classes_(set().labels, trained.labels, "what is trained") {
  if (data::rows_of(set(), data::Split::test).empty())
    throw Error(Exit::input, set().name + " has no test pictures", "without --test nothing is tested at the end");
  if (!other_) return;  // one set: its split was looked at when it was loaded
  seen_ = data::copies_of_training(trained, *other_);
  const int64_t people =
      data::people_in_common(trained, *other_, index_of_path(request.paths.data, request.paths.test_data));
  if (people == 0) return;
  leaks_.push_back(fmt::format("{} of {} {} learned from as well: figures on it say little about others",
                               people == 1 ? "1 person" : fmt::format("{} people", people), other_->name,
                               people == 1 ? "is" : "are"));
  if (!request.data.load.force)
    throw Error(Exit::gate, fmt::format("{} leaks: {}", request.paths.test_data, leaks_[0]),
                "test on people who are not in the training data; with --force the card says so");
  task.progress().say("forced: " + leaks_[0]);
}

host::Json TestPictures::test(const std::string& model_path) const {
  const model::Model model = model::load_model(model_path);
  evaluate::Answers answers{set().labels, data::rows_of(set(), data::Split::test), {}, {}};
  for (const int32_t r : answers.rows) {
    answers.labels.push_back(set().label[static_cast<size_t>(r)]);
    if (other_) answers.seen.push_back(seen_[static_cast<size_t>(r)]);
  }
  const auto outputs = answer(model.graph, set(), answers.rows, request_.recipe, request_.session);
  const size_t from = model.labels.size(), to = classes_.classes();
  answers.scores.resize(answers.rows.size() * to);
  for (size_t i = 0; i < answers.rows.size(); ++i)
    classes_.apply(std::span(outputs).subspan(i * from, from), std::span(answers.scores).subspan(i * to, to));

  constexpr int kResamples = 1000;
  host::Json json{{"data", set().name}, {"data_sha256", set().sha256}};
  json["protocol"] = request_.paths.test_data.empty() ? request_.data.protocol : request_.data.test_protocol;
  json.update(to_json(evaluate::measure(set(), answers, kResamples), set().labels));
  return json;
}

}  // namespace dimple::train

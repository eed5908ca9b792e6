#include "train/best_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "data/duplicates.h"
#include "data/label_map.h"
#include "data/pool.h"
#include "data/protocol.h"
#include "host/error.h"
#include "host/files.h"
#include "ir/cost.h"
#include "metrics/classification.h"
#include "model/card.h"
#include "model/labels.h"
#include "model/model.h"
#include "train/evaluator.h"

namespace dimple::train {
namespace {

using host::Error;
using host::Exit;

// Without answers yet.
evaluate::Answers pictures_of(const data::Dataset& set, data::Split split) {
  evaluate::Answers answers{set.labels, data::rows_of(set, split), {}, {}};
  for (const int32_t r : answers.rows) answers.labels.push_back(set.label[static_cast<size_t>(r)]);
  return answers;
}

void add_figures(model::Card& card, const evaluate::Answers& answers) {
  const auto figures = metrics::classify(answers.scores, answers.labels, static_cast<int>(answers.classes.size()));
  card.figures = {{"accuracy", figures.accuracy, {}, {}},
                  {"balanced accuracy", figures.balanced_accuracy, {}, {}},
                  {"macro F1", figures.f1_macro, {}, {}}};
  for (size_t c = 0; c < answers.classes.size(); ++c) {
    const metrics::ClassFigures& f = figures.per_class[c];
    card.per_class.push_back({answers.classes[c], f.support, f.precision, f.recall, f.f1});
  }
}

model::Card make_card(const std::filesystem::path& folder, const data::Dataset& set, const Recipe& recipe,
                      const Trainer& trainer) {
  const ir::Cost cost = ir::estimate_cost(trainer.latest());
  const std::string length = recipe.time.empty() ? std::to_string(recipe.epochs) : recipe.time;
  model::Card card;
  card.name = folder.filename().string(), card.labels = set.labels;
  card.summary =
      fmt::format("{} trained for {} epochs of {}; not yet tested.", recipe.arch, trainer.progress().epoch, length);
  card.licence = "that of the training data";
  card.input = fmt::format("{}x{}x{}", set.width, set.height, set.channels);
  card.parameters = cost.parameters, card.multiply_adds = cost.multiply_adds, card.weight_bytes = cost.weight_bytes;
  card.training_data = fmt::format("{}, sha256 {}", set.name, set.sha256);
  card.command = fmt::format("dimple train --config {} --shares {}", (folder / "args.toml").string(), trainer.shares());
  card.measured_on = environment().dump();
  return card;
}

// The training's renamings of classes hold for other data too, where it has such a class.
void rename_classes(data::Dataset& set, const std::vector<std::string>& rules) {
  data::LabelMap map = data::make_label_map({}, rules);
  map.labels.clear();
  std::erase_if(map.rules, [&](const auto& rule) { return model::find_label(set.labels, rule.first) < 0; });
  data::apply_label_map(set, map);
}

std::optional<data::Dataset> other_pictures(const TrainRequest& request, const data::Dataset& trained,
                                            const host::Task& task) {
  if (request.paths.test_data.empty()) return std::nullopt;
  data::LoadOptions options;
  options.task = task, options.cage = request.session.cage;
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

std::vector<float> answer(const ir::Graph& graph, const data::Dataset& set, std::span<const int32_t> rows,
                          const Recipe& recipe, const Session& session) {
  const bool cuda = session.device != "cpu" && torch::cuda::is_available();
  const torch::Device device = cuda ? torch::kCUDA : torch::kCPU;
  nn::Net net(graph, device);
  Recipe plain = recipe;
  plain.mixup = plain.vote_agreement = 0;  // nothing is trained here: there may be no training pictures, and no votes
  return predict(net, BatchMaker(set, plain), rows, device);
}

void write_validation_files(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request,
                            const Trainer& trainer, const SavedWeights& weights,
                            const std::vector<std::string>& limits) {
  if (!host::file_exists(weights.best())) return;
  model::Card card = make_card(folder, set, request.recipe, trainer);
  card.limits = limits;
  evaluate::Answers answers = pictures_of(set, data::Split::validation);
  if (answers.rows.empty()) {
    card.test_data = "nothing: there are no validation pictures";
  } else {
    answers.scores =
        answer(model::load_model(weights.best().string()).graph, set, answers.rows, request.recipe, request.session);
    evaluate::write_answer_files(folder, set, answers);
    card.test_data = "the validation split, which also chose the epoch: expect a little less elsewhere";
    add_figures(card, answers);
  }
  host::write_atomic(folder / "MODEL_CARD.md", model::print_card(card));
}

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

TestReport TestPictures::test(const std::string& model_path) const {
  const model::Model model = model::load_model(model_path);
  evaluate::Answers answers = pictures_of(set(), data::Split::test);
  for (const int32_t r : answers.rows)
    if (other_) answers.seen.push_back(seen_[static_cast<size_t>(r)]);
  const auto outputs = answer(model.graph, set(), answers.rows, request_.recipe, request_.session);
  const size_t from = model.labels.size(), to = classes_.classes();
  answers.scores.resize(answers.rows.size() * to);
  for (size_t i = 0; i < answers.rows.size(); ++i)
    classes_.apply(std::span(outputs).subspan(i * from, from), std::span(answers.scores).subspan(i * to, to));

  constexpr int kResamples = 1000;
  const DataSettings& how = request_.data;
  return {set().name, set().sha256, request_.paths.test_data.empty() ? how.protocol : how.test_protocol, set().labels,
          evaluate::measure(set(), answers, kResamples)};
}

}  // namespace dimple::train

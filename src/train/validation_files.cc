#include "train/validation_files.h"

#include <fmt/format.h>

#include "evaluate/answer_files.h"
#include "host/files.h"
#include "ir/cost.h"
#include "metrics/classification.h"
#include "model/card.h"
#include "train/answer.h"
#include "train/run_log.h"

namespace dimple::train {
namespace {

evaluate::Answers answer_validation(const std::string& weights, const data::Dataset& set, const TrainRequest& request) {
  evaluate::Answers answers{set.labels, data::rows_of(set, data::Split::validation), {}, {}};
  if (answers.rows.empty()) return answers;
  for (const int32_t r : answers.rows) answers.labels.push_back(set.label[static_cast<size_t>(r)]);
  answers.scores = answer(model::load_model(weights).graph, set, answers.rows, request.recipe, request.session);
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

}  // namespace

void write_validation_files(const std::filesystem::path& folder, const data::Dataset& set, const TrainRequest& request,
                            const Trainer& trainer, const SavedWeights& weights,
                            const std::vector<std::string>& limits) {
  if (!host::file_exists(weights.best())) return;
  model::Card card = make_card(folder, set, request.recipe, trainer);
  card.limits = limits;
  const evaluate::Answers answers = answer_validation(weights.best().string(), set, request);
  if (answers.rows.empty()) {
    card.test_data = "nothing: there are no validation pictures";
  } else {
    evaluate::write_answer_files(folder, set, answers);
    card.test_data = "the validation split, which also chose the epoch: expect a little less elsewhere";
    add_figures(card, answers);
  }
  host::write_atomic(folder / "MODEL_CARD.md", model::print_card(card));
}

}  // namespace dimple::train

#include "search/trial.h"

#include <cmath>
#include <exception>

#include "evaluate/figures.h"
#include "evaluate/read_rows.h"
#include "host/processor.h"
#include "train/run_files.h"
#include "train/schedule.h"
#include "train/trainer.h"

namespace dimple::search {
namespace {

using host::Error;
using host::Exit;

// Epochs, or -1 when it was stopped.
int64_t train(const ir::Graph& graph, const data::Dataset& set, const train::Recipe& recipe,
              const train::Session& session, const std::function<bool()>& should_stop, const host::Task& task,
              ir::Graph& trained) {
  const auto trainer = train::make_trainer(graph, set, recipe, session);
  train::Callbacks callbacks;
  callbacks.should_stop = [&] { return task.cancelled() || (should_stop && should_stop()); };
  callbacks.on_step = [&](int64_t pictures, double) { task.progress().advance(pictures); };
  if (!trainer->run(callbacks)) return -1;
  trained = trainer->averaged();
  return trainer->progress().epoch;
}

void check_numbers(const ir::Graph& graph) {
  for (const auto& [name, tensor] : graph.constants)
    for (const float number : tensor.as<float>())
      if (!std::isfinite(number)) throw Error(Exit::failed, name + " is no number any more: the training diverged");
}

}  // namespace

double chance_of(const data::Dataset& set) {
  return set.labels.size() == 2 ? 0.5 : 1 / static_cast<double>(set.labels.size());
}

Scores score_of(const model::Model& model, const data::Dataset& set, data::Split split, int threads,
                const host::Task& task) {
  const std::vector<int32_t> rows = data::rows_of(set, split);
  if (rows.empty()) return {};
  const inference::OpenedModel opened = inference::open_model(model, model.graph.name);
  const evaluate::Figures figures =
      evaluate::measure(set, evaluate::read_rows(opened, set, rows, host::choose_threads(threads), task), 0);
  const double accuracy = figures["accuracy"].value;
  return {set.labels.size() == 2 ? figures["auc"].value : accuracy, accuracy};
}

Tried run_trial(const ir::Graph& graph, Pictures& pictures, const train::Recipe& recipe, const train::Session& session,
                const std::function<bool()>& should_stop, const host::Task& task) {
  const train::Stopwatch watch;
  Tried tried;
  TrialResult& result = tried.result;
  try {
    const data::Dataset& set = pictures.at(graph.input.shape.height);
    tried.model = {graph, set.labels, train::preprocess_of(set, recipe), {}};
    if (recipe.epochs > 0) {
      const auto rows = static_cast<int64_t>(data::rows_of(set, data::Split::train).size());
      task.progress().start(recipe.time.empty() ? rows * recipe.epochs : 0, graph.name);
      result.epochs = train(graph, set, recipe, session, should_stop, task, tried.model.graph);
      task.progress().finish();
      if (result.epochs < 0) return {{}, {}, false};
      check_numbers(tried.model.graph);
    }
    const Scores seen = score_of(tried.model, set, data::Split::validation, session.threads, task);
    result.score = seen.score, result.accuracy = seen.accuracy;
    result.nested = score_of(tried.model, set, data::Split::test, session.threads, task).score;
  } catch (const std::bad_alloc&) {
    result.failure = "there is not enough memory";
  } catch (const Error& error) {
    if (task.cancelled()) return {{}, {}, false};
    result.failure = error.what();
  } catch (const std::exception& error) {  // of libtorch
    const std::string what = error.what();
    result.failure = what.substr(0, what.find('\n'));
  }
  result.seconds = watch.seconds();
  return tried;
}

}  // namespace dimple::search

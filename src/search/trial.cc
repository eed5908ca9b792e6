#include "search/trial.h"

#include <cmath>
#include <exception>

#include "data/real_pictures.h"
#include "evaluate/figures.h"
#include "evaluate/read_rows.h"
#include "host/processor.h"
#include "nn/net.h"
#include "train/batches.h"
#include "train/evaluator.h"
#include "train/run_files.h"
#include "train/schedule.h"
#include "train/team.h"
#include "train/trainer.h"

namespace dimple::search {
namespace {

using host::Error;
using host::Exit;

// False: it was stopped.
bool train(const Work& work, const data::Dataset& set, const train::Session& session,
           const std::function<bool()>& should_stop, const host::Task& task, Tried& tried) {
  const auto trainer = train::make_trainer(work.graph, set, work.recipe, session);
  bool gives_up = false;
  train::Callbacks callbacks;
  callbacks.should_stop = [&] { return gives_up || task.cancelled() || (should_stop && should_stop()); };
  callbacks.on_step = [&](int64_t pictures, double) { task.progress().advance(pictures); };
  callbacks.on_epoch = [&](const train::EpochReport& epoch, bool) {
    tried.result.course.push_back(epoch.val_acc);
    const size_t done = tried.result.course.size();
    gives_up = done <= work.bars.size() && epoch.val_acc < work.bars[done - 1];
  };
  if (!trainer->run(callbacks) && !gives_up) return false;
  tried.model.graph = trainer->averaged();
  tried.result.epochs = trainer->progress().epoch;
  return true;
}

void check_numbers(const ir::Graph& graph) {
  for (const auto& [name, tensor] : graph.constants) {
    if (tensor.dtype != DType::f32) continue;
    for (const float number : tensor.as<float>())
      if (!std::isfinite(number)) throw Error(Exit::failed, name + " is no number any more: the training diverged");
  }
}

}  // namespace

double chance_of(const data::Dataset& set) {
  return set.labels.size() == 2 ? 0.5 : 1 / static_cast<double>(set.labels.size());
}

std::optional<Scores> score_of(const model::Model& model, const data::Dataset& set, data::Split split, int threads,
                               const host::Task& task) {
  const std::vector<int32_t> rows = data::rows_of(set, split);
  if (rows.empty()) return {};
  const inference::OpenedModel opened = inference::open_model(model, model.graph.name);
  const evaluate::Figures figures =
      evaluate::measure(set, evaluate::read_rows(opened, set, rows, host::choose_threads(threads), task), 0);
  const double accuracy = figures["accuracy"].value;
  return Scores{set.labels.size() == 2 ? figures["auc"].value : accuracy, accuracy};
}

// With a momentum of one, a batch norm holds what the last batch was.
ir::Graph settled(const ir::Graph& graph, const data::Dataset& set, const train::Recipe& recipe) {
  constexpr int kBatches = 20;
  const train::SingleThreadScope scope(true);
  ir::Graph forgetful = graph;
  for (ir::Node& node : forgetful.nodes)
    if (auto* const norm = std::get_if<ops::BatchNorm>(&node.op)) norm->momentum = 1;
  nn::Net net(forgetful);
  if (net.statistics().numel() == 0) return graph;
  const torch::NoGradGuard no_grad;
  const train::BatchMaker maker(set, recipe);
  const std::vector<int32_t> rows = data::spread_rows(set, data::Split::train, kBatches * recipe.batch);
  torch::Tensor sum = torch::zeros_like(net.statistics());
  int batches = 0;
  const size_t count = std::min(static_cast<size_t>(recipe.batch), rows.size());
  for (size_t at = 0; at + count <= rows.size(); ++batches) {
    train::Batch batch;
    maker.make_plain(std::span(rows).subspan(at, count), batch);
    net.forward(train::to_input(batch, set, torch::kCPU), true);
    sum += net.statistics(), at += count;
  }
  ir::Graph after = net.to_graph(net.weights(), sum / batches);
  after.nodes = graph.nodes;
  return after;
}

Tried run_trial(const Work& work, Pictures& pictures, const train::Session& session,
                const std::function<bool()>& should_stop, const host::Task& task) {
  const train::Stopwatch watch;
  Tried tried;
  TrialResult& result = tried.result;
  const train::Recipe& recipe = work.recipe;
  try {
    const data::Dataset& set = pictures.at(work.graph.input.shape.height);
    tried.model = {work.graph, set.labels, train::preprocess_of(set, recipe), {}};
    if (work.settle) tried.model.graph = settled(work.graph, set, recipe);
    if (recipe.epochs > 0) {
      const auto rows = static_cast<int64_t>(data::rows_of(set, data::Split::train).size());
      task.progress().start(recipe.time.empty() ? rows * recipe.epochs : 0, work.graph.name);
      const bool finished = train(work, set, session, should_stop, task, tried);
      task.progress().finish();
      if (!finished) return {{}, {}, false};
    }
    check_numbers(tried.model.graph);
    const Scores seen = *score_of(tried.model, set, data::Split::validation, session.threads, task);
    result.score = seen.score, result.accuracy = seen.accuracy;
    if (const auto nested = score_of(tried.model, set, data::Split::test, session.threads, task))
      result.nested = nested->score;
  } catch (const std::bad_alloc&) {
    result.failure = "there is not enough memory";
  } catch (const train::RankLost&) {
    throw;
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

#include "train/evaluator.h"

#include <algorithm>

#include "train/input.h"
#include "train/single_thread.h"

namespace dimple::train {

Evaluator::Evaluator(const ir::Graph& graph, const data::Dataset& set, const BatchMaker& maker, const Team& team,
                     const TrainState& state)
    : set_(set), maker_(maker), team_(team), state_(state) {
  eval_nets_.emplace_back(graph, team.device());
  for (int w = 1; w < team.workers().count(); ++w) eval_nets_.push_back(eval_nets_[0].replica());
  batches_.resize(eval_nets_.size());
}

void Evaluator::predict_range(int worker, std::span<const int32_t> rows, const Range& range, float* scores) {
  const torch::NoGradGuard no_grad;
  constexpr size_t kChunk = 128;
  nn::Net& net = eval_nets_[static_cast<size_t>(worker)];
  Batch& batch = batches_[static_cast<size_t>(worker)];
  for (size_t at = range.first; at < range.last; at += kChunk) {
    maker_.make_plain(rows.subspan(at, std::min(kChunk, range.last - at)), batch);
    const torch::Tensor p =
        torch::softmax(net.forward(to_input(batch, set_, team_.device()), false), 1).cpu().contiguous();
    std::copy_n(p.data_ptr<float>(), p.numel(), scores + at * set_.labels.size());
  }
}

std::vector<float> Evaluator::predict(std::span<const int32_t> rows) {
  const SingleThreadScope scope(team_.device().is_cpu());
  std::vector<float> scores(rows.size() * set_.labels.size());
  {
    const torch::NoGradGuard no_grad;
    eval_nets_[0].weights().copy_(state_.average());
    for (nn::Net& net : eval_nets_) net.statistics().copy_(state_.average_statistics());
  }
  Workers& workers = team_.workers();
  workers.run([&](int w) { predict_range(w, rows, range_of(rows.size(), w, workers.count()), scores.data()); });
  return scores;
}

std::vector<float> Evaluator::predict_together(std::span<const int32_t> rows) {
  if (!team_.all_reduce()) return predict(rows);
  const size_t classes = set_.labels.size();
  const Range part = range_of(rows.size(), team_.rank().index, team_.rank().world);
  const auto own = predict(rows.subspan(part.first, part.size()));
  std::vector<float> scores(rows.size() * classes, 0);
  std::ranges::copy(own, scores.begin() + static_cast<std::ptrdiff_t>(part.first * classes));
  torch::Tensor all = torch::from_blob(scores.data(), {static_cast<int64_t>(scores.size())}).to(team_.device());
  team_.all_reduce()->sum(all);
  if (!team_.device().is_cpu()) std::copy_n(all.cpu().data_ptr<float>(), scores.size(), scores.data());
  return scores;
}

}  // namespace dimple::train

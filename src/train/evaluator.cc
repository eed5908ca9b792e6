#include "train/evaluator.h"

#include "train/batch_pass.h"

namespace dimple::train {

torch::Tensor to_input(const Batch& batch, const data::Dataset& set, torch::Device device) {
  const torch::Tensor nhwc =
      torch::from_blob(const_cast<float*>(batch.pictures.data()), {batch.count, set.height, set.width, set.channels});
  return nhwc.permute({0, 3, 1, 2}).to(device);
}

std::vector<float> predict(nn::Net& net, const BatchMaker& maker, std::span<const int32_t> rows, torch::Device device) {
  const torch::NoGradGuard no_grad;
  std::vector<float> scores;
  for_chunks(maker, rows, device, [&](const torch::Tensor& pictures, size_t) {
    const torch::Tensor p = torch::softmax(net.forward(pictures, false), 1).cpu().contiguous();
    scores.insert(scores.end(), p.data_ptr<float>(), p.data_ptr<float>() + p.numel());
  });
  return scores;
}

Evaluator::Evaluator(const ir::Graph& graph, const BatchMaker& maker, const Team& team, const TrainState& state)
    : maker_(maker), team_(team), state_(state) {
  eval_nets_.emplace_back(graph, team.device(), net_options(maker.recipe()));
  for (int w = 1; w < team.workers().count(); ++w) eval_nets_.push_back(eval_nets_[0].replica());
}

std::vector<float> Evaluator::predict_alone(std::span<const int32_t> rows) {
  const SingleThreadScope scope(team_.device().is_cpu());
  std::vector<float> scores(rows.size() * maker_.set().labels.size());
  {
    const torch::NoGradGuard no_grad;
    eval_nets_[0].weights().copy_(state_.average());
    for (nn::Net& net : eval_nets_) net.statistics().copy_(state_.average_statistics());
  }
  Workers& workers = team_.workers();
  workers.run([&](int w) {
    const Range part = range_of(rows.size(), w, workers.count());
    const auto own = train::predict(eval_nets_[static_cast<size_t>(w)], maker_, rows.subspan(part.first, part.size()),
                                    team_.device());
    std::ranges::copy(own, scores.data() + part.first * maker_.set().labels.size());
  });
  return scores;
}

std::vector<float> Evaluator::predict(std::span<const int32_t> rows) {
  if (!team_.all_reduce()) return predict_alone(rows);
  const size_t classes = maker_.set().labels.size();
  const Range part = range_of(rows.size(), team_.rank().index, team_.rank().world);
  const auto own = predict_alone(rows.subspan(part.first, part.size()));
  std::vector<float> scores(rows.size() * classes, 0);
  std::ranges::copy(own, scores.begin() + static_cast<std::ptrdiff_t>(part.first * classes));
  torch::Tensor all = torch::from_blob(scores.data(), {static_cast<int64_t>(scores.size())}).to(team_.device());
  team_.all_reduce()->sum(all);
  if (!team_.device().is_cpu()) std::copy_n(all.cpu().data_ptr<float>(), scores.size(), scores.data());
  return scores;
}

}  // namespace dimple::train

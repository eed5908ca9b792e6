#include "train/batch_pass.h"

#include "host/random.h"
#include "nn/precision.h"
#include "train/evaluator.h"

namespace dimple::train {
namespace {

int count_loader_threads(const Session& session, torch::Device device) {
  if (session.loader_threads >= 0) return session.loader_threads;
  return device.is_cpu() ? 0 : 1;
}

std::vector<nn::Net> make_replicas(const ir::Graph& graph, torch::Device device, const Recipe& recipe, size_t count) {
  std::vector<nn::Net> nets;
  nets.emplace_back(graph, device, net_options(recipe));
  while (nets.size() < count) nets.push_back(nets[0].replica());
  return nets;
}

// Neighbours first, then neighbouring pairs ..., so that processes which hold a half or a quarter of the items each
// come to the same sum, bit for bit, when they add theirs.
torch::Tensor add_in_pairs(std::vector<torch::Tensor> items) {
  for (size_t apart = 1; apart < items.size(); apart *= 2)
    for (size_t i = 0; i + apart < items.size(); i += 2 * apart) items[i].add_(items[i + apart]);
  return items[0];
}

// Of every row.
torch::Tensor distance_to_teacher(const torch::Tensor& logits, const torch::Tensor& teacher, const Recipe& recipe) {
  if (recipe.teacher_loss == "squares") {
    const torch::Tensor apart = logits - teacher;
    return (apart - apart.mean(1, /*keepdim=*/true)).square().mean(1) / 2;
  }
  const double t = recipe.teacher_temperature;
  const torch::Tensor wanted = torch::log_softmax(teacher / t, 1), given = torch::log_softmax(logits / t, 1);
  return t * t * (wanted.exp() * (wanted - given)).sum(1);
}

}  // namespace

nn::NetOptions net_options(const Recipe& recipe) {
  return {.learn_ranges = recipe.learn_ranges,
          .learn_sign_scales = recipe.learn_sign_scales,
          .keep_zeros = recipe.keep_zeros || !recipe.sparsity.empty()};
}

torch::Tensor batch_loss(const torch::Tensor& logits, const torch::Tensor& targets, const torch::Tensor& weights,
                         const torch::Tensor& teacher, const Recipe& recipe) {
  const torch::Tensor log_p = torch::log_softmax(logits, 1);
  torch::Tensor parts = targets * log_p;
  // Kept away from 0, where the power's slope is not finite for gamma below 1.
  if (recipe.focal_gamma > 0) parts = parts * (1 - log_p.exp()).clamp_min(1e-6).pow(recipe.focal_gamma);
  const torch::Tensor own = -parts.sum(1).mul(weights).sum();
  if (!teacher.defined()) return own;
  const double share = recipe.teacher_share;
  return (1 - share) * own + share * distance_to_teacher(logits, teacher, recipe).mul(weights).sum();
}

BatchPass::BatchPass(const ir::Graph& graph, const Session& session, const BatchMaker& maker, const Team& team)
    : maker_(maker),
      team_(team),
      keeps_zeros_(net_options(maker.recipe()).keep_zeros),
      mixed_precision_(nn::use_mixed_precision(maker.recipe().precision, team.device(), graph)),
      nets_(make_replicas(graph, team.device(), maker.recipe(), team.own_shares())),
      loader_(maker, count_loader_threads(session, team.device()), nets_.size()) {}

void BatchPass::load_teacher(const std::vector<int32_t>& train_rows, int64_t max_macs) {
  const Recipe& recipe = maker_.recipe();
  if (recipe.teacher.empty() || maker_.answers()) return;
  const Teacher::Options options{team_.workers().count(), max_macs};
  teacher_ = std::make_unique<Teacher>(maker_, team_.device(), options);
  if (recipe.no_augment && recipe.mixup == 0) teacher_->fill_cache(train_rows);
}

void BatchPass::begin_epoch(const std::vector<bool>& frozen) {
  for (nn::Net& net : nets_) net.freeze(frozen);
  loader_.cancel();
}

void BatchPass::take_zeros(const ir::Graph& graph) {
  for (nn::Net& net : nets_) net.take_zeros(graph);
}

void BatchPass::set_statistics(const torch::Tensor& statistics) {
  for (nn::Net& net : nets_) net.statistics().copy_(statistics);
}

// The gradients of the share's part of the batch's mean loss are left in its net.
BatchPass::ShareResult BatchPass::run_share(int worker, size_t share, const Step& step) {
  nn::Net& net = nets_[share];
  net.gradients().zero_();
  net.seed(host::seed_for(maker_.recipe().seed, static_cast<uint64_t>(step.number), team_.first_share() + share));
  const auto rows = team_.rows_of_share(step.rows, share);
  if (rows.empty()) return {};
  Batch& batch = loader_.take(share, rows, step.epoch);
  loader_.announce(share, team_.rows_of_share(step.next_rows, share), step.epoch);
  const torch::Device device = team_.device();
  const auto classes = static_cast<int64_t>(maker_.set().labels.size());
  const torch::Tensor targets = torch::from_blob(batch.targets.data(), {batch.count, classes}).to(device);
  const torch::Tensor weights = torch::from_blob(batch.weights.data(), {batch.count}).to(device);

  torch::Tensor logits, taught;
  {
    const nn::MixedPrecision precision(mixed_precision_, device);
    const torch::Tensor pictures = to_input(batch, maker_.set(), device);
    if (!batch.taught.empty()) taught = torch::from_blob(batch.taught.data(), {batch.count, classes}).to(device);
    if (teacher_) taught = teacher_->has_cache() ? teacher_->cached_logits(rows) : teacher_->logits(worker, pictures);
    logits = net.forward(pictures, true).to(torch::kFloat32);
  }
  const torch::Tensor loss = batch_loss(logits, targets, weights, taught, maker_.recipe());
  (loss / static_cast<double>(step.rows.size())).backward();
  const torch::Tensor hits = (logits.argmax(1) == targets.argmax(1)).sum();
  return {loss.item<double>(), hits.item<double>()};
}

// In one message.
void BatchPass::add_processes(Sums& sums, bool stop_wanted) {
  const auto figures = torch::tensor({sums.loss, sums.hits, stop_wanted ? 1.0 : 0.0}, torch::kFloat32);
  torch::Tensor all = torch::cat({sums.gradients, sums.statistics, figures.to(team_.device())});
  team_.all_reduce()->sum(all);
  const int64_t weights = sums.gradients.numel(), statistics = sums.statistics.numel();
  sums.gradients = all.narrow(0, 0, weights);
  sums.statistics = all.narrow(0, weights, statistics);
  const torch::Tensor total = all.narrow(0, weights + statistics, 3).cpu();
  sums.loss = total[0].item<double>(), sums.hits = total[1].item<double>();
  sums.stop_wanted = total[2].item<double>() > 0;
}

BatchPass::Sums BatchPass::run(const Step& step) {
  std::vector<ShareResult> results(nets_.size());
  Workers& workers = team_.workers();
  workers.run([&](int w) {
    const Range shares = range_of(nets_.size(), w, workers.count());
    for (size_t s = shares.first; s < shares.last; ++s) results[s] = run_share(w, s, step);
  });

  const torch::NoGradGuard no_grad;
  Sums sums;
  for (const ShareResult& r : results) sums.loss += r.loss, sums.hits += r.hits;
  std::vector<torch::Tensor> gradients, statistics;
  for (const nn::Net& net : nets_) gradients.push_back(net.gradients()), statistics.push_back(net.statistics());
  sums.gradients = add_in_pairs(gradients), sums.statistics = add_in_pairs(statistics);
  if (team_.all_reduce()) add_processes(sums, step.stop_wanted);
  if (keeps_zeros_) sums.gradients.mul_(nets_[0].trained());
  sums.statistics = sums.statistics / static_cast<double>(team_.shares());
  return sums;
}

}  // namespace dimple::train

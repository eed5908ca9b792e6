#include "train/train_state.h"

#include <algorithm>
#include <cmath>

#include "host/error.h"

namespace dimple::train {
namespace {

class AdamW final : public Optimiser {
 public:
  AdamW(const torch::Tensor& weights, double decay) : Optimiser(weights, 2, decay) {}

  void step(torch::Tensor& weights, const torch::Tensor& gradients, const torch::Tensor& decayed,
            double rate) override {
    constexpr double kFirst = 0.9, kSecond = 0.999, kEpsilon = 1e-8;
    ++steps_;
    torch::Tensor mean = state_[0], square = state_[1];
    mean.mul_(kFirst).add_(gradients, 1 - kFirst);
    square.mul_(kSecond).addcmul_(gradients, gradients, 1 - kSecond);
    const double first_share = 1 - std::pow(kFirst, steps_), second_share = 1 - std::pow(kSecond, steps_);
    weights.addcmul_(weights, decayed, -rate * decay_);
    weights.addcdiv_(mean, (square / second_share).sqrt_().add_(kEpsilon), -rate / first_share);
  }
};

class Sgd final : public Optimiser {
 public:
  Sgd(const torch::Tensor& weights, double decay) : Optimiser(weights, 1, decay) {}

  void step(torch::Tensor& weights, const torch::Tensor& gradients, const torch::Tensor& decayed,
            double rate) override {
    constexpr double kMomentum = 0.9;
    torch::Tensor velocity = state_[0];
    const torch::Tensor pull = decay_ == 0 ? gradients : torch::addcmul(gradients, weights, decayed, decay_);
    torch::add_out(velocity, pull, velocity, kMomentum);
    weights.add_(pull, -rate).add_(velocity, -rate * kMomentum);
  }
};

// average += (1 - keep) * (latest - average): a tensor that does not change is reached exactly. (libtorch 1's lerp_ is
// not vectorised.)
void move_average(torch::Tensor& average, const torch::Tensor& latest, double keep) {
  average.add_(latest - average, 1 - keep);
}

ir::Tensor to_constant(const torch::Tensor& t) {
  const torch::Tensor flat = t.detach().to(torch::kCPU).contiguous();
  ir::Tensor out = ir::make_tensor(DType::f32, flat.sizes().vec());
  std::copy_n(flat.data_ptr<float>(), flat.numel(), out.as<float>().data());
  return out;
}

torch::Tensor from_constant(const std::map<std::string, ir::Tensor>& state, const std::string& name,
                            at::IntArrayRef dims) {
  const auto it = state.find(name);
  if (it == state.end() || it->second.dtype != DType::f32 || at::IntArrayRef(it->second.dims) != dims)
    throw host::Error(host::Exit::model, "the checkpoint's " + name + " does not fit this training",
                      "resume with the architecture and the number of shares (or threads) it was made with");
  return torch::from_blob(const_cast<std::byte*>(it->second.data.data()), dims).clone();
}

}  // namespace

std::unique_ptr<Optimiser> make_optimiser(const std::string& name, const torch::Tensor& weights, double weight_decay) {
  if (name == "adamw") return std::make_unique<AdamW>(weights, weight_decay);
  if (name == "sgd") return std::make_unique<Sgd>(weights, weight_decay);
  throw host::Error(host::Exit::usage, "there is no optimiser '" + name + "'", "adamw and sgd are known");
}

TrainState::TrainState(const nn::Net& net, const Recipe& recipe)
    : net_(net),
      ema_(recipe.ema),
      optimiser_(make_optimiser(recipe.optimiser, net.weights(), recipe.weight_decay)),
      statistics_(net.statistics().clone()),
      average_(net.weights().clone()),
      average_statistics_(statistics_.clone()) {}

void TrainState::step(const torch::Tensor& gradients, const torch::Tensor& statistics, double rate, int64_t steps) {
  const torch::NoGradGuard no_grad;
  torch::Tensor weights = net_.weights();
  optimiser_->step(weights, gradients, net_.decayed(), rate);
  net_.clip();
  statistics_.copy_(statistics);
  const auto age = static_cast<double>(steps);
  const double keep = std::min(ema_, (1 + age) / (10 + age));
  move_average(average_, weights, keep);
  move_average(average_statistics_, statistics_, keep);
}

std::vector<torch::Tensor> TrainState::tensors() const {
  return {net_.weights(), statistics_, average_, average_statistics_, optimiser_->state()};
}

void TrainState::forget_zeros() {
  const torch::NoGradGuard no_grad;
  const torch::Tensor zero = net_.weights() == 0;
  average_.masked_fill_(zero, 0);
  for (torch::Tensor& moment : optimiser_->state().unbind()) moment.masked_fill_(zero, 0);
}

bool TrainState::is_finite() const {
  for (const torch::Tensor& tensor : tensors())
    if (!torch::isfinite(tensor).all().item<bool>()) return false;
  return true;
}

void TrainState::snapshot() {
  snapshot_.clear();
  for (const torch::Tensor& tensor : tensors()) snapshot_.push_back(tensor.detach().clone());
}

void TrainState::restore_snapshot(int64_t optimiser_steps) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> now = tensors();
  for (size_t i = 0; i < now.size(); ++i) now[i].copy_(snapshot_[i]);
  optimiser_->set_state(optimiser_->state(), optimiser_steps);
}

std::map<std::string, ir::Tensor> TrainState::to_checkpoint(int shares) const {
  return {{"train.weights", to_constant(net_.weights())},
          {"train.statistics", to_constant(statistics_.repeat({shares, 1}))},
          {"train.average", to_constant(average_)},
          {"train.average_statistics", to_constant(average_statistics_)},
          {"train.optimiser", to_constant(optimiser_->state())}};
}

void TrainState::from_checkpoint(const std::map<std::string, ir::Tensor>& state, int shares, int64_t optimiser_steps) {
  const torch::NoGradGuard no_grad;
  const int64_t weights = average_.numel(), statistics = average_statistics_.numel();
  statistics_.copy_(from_constant(state, "train.statistics", {shares, statistics})[0]);
  net_.weights().copy_(from_constant(state, "train.weights", {weights}));
  average_.copy_(from_constant(state, "train.average", {weights}));
  average_statistics_.copy_(from_constant(state, "train.average_statistics", {statistics}));
  optimiser_->set_state(from_constant(state, "train.optimiser", optimiser_->state().sizes()), optimiser_steps);
}

}  // namespace dimple::train

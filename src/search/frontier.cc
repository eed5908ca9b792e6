#include "search/frontier.h"

#include <algorithm>
#include <cmath>

namespace dimple::search {
namespace {

// Until it is known what steps cost: that the whole way from 1 to the floor saves a factor e this many times.
constexpr double kUsualSteps = 4;
// What is known of a kind weighs as much as what is usual once it has saved so many factors e.
constexpr double kTrust = 1;
// No kind is free: measured qualities are noisy.
constexpr double kLeastPrice = 0.5;  // of the usual one

}  // namespace

bool Frontier::comes_later(const Waiting& a, const Waiting& b) {
  return std::pair(a.rank, a.move.cost_after) > std::pair(b.rank, b.move.cost_after);
}

Frontier::Frontier(const FrontierOptions& options)
    : options_(options), usual_price_(std::max(1 - options.floor, 0.01) / kUsualSteps) {}

double Frontier::price_of(const std::string& kind) const {
  const auto it = paid_.find(kind);
  const Paid paid = it == paid_.end() ? Paid{} : it->second;
  const double price = (paid.quality + kTrust * usual_price_) / (paid.saved + kTrust);
  return std::max(price, kLeastPrice * usual_price_);
}

double Frontier::best_price() const {
  double best = usual_price_;
  for (const auto& [kind, paid] : paid_) best = std::min(best, price_of(kind));
  return best;
}

// The quality above the floor that is expected behind it.
double Frontier::slack_of(const Waiting& w) const {
  const double saved = std::log(w.move.cost_before / w.move.cost_after);
  return w.quality - price_of(w.move.step.kind) * saved - options_.floor;
}

double Frontier::rank_of(const Waiting& w) const {
  if (options_.order == Order::depth_first) return -w.opened;
  return std::log(w.move.cost_after) - options_.optimism * slack_of(w) / best_price();
}

void Frontier::rank_again() {
  if (!stale_) return;
  for (Waiting& w : queue_) w.rank = rank_of(w);
  std::ranges::make_heap(queue_, comes_later);
  stale_ = false;
}

void Frontier::open(double quality, std::vector<Move> moves) {
  if (quality < options_.floor) return;
  ++opened_;
  for (Move& move : moves)
    if (move.cost_after > 0 && move.cost_after < move.cost_before)
      queue_.push_back({std::move(move), quality, opened_, 0});
  stale_ = true;
}

void Frontier::learn(const Move& move, double quality_before, double quality_after) {
  Paid& paid = paid_[move.step.kind];
  paid.quality += quality_before - quality_after;
  paid.saved += std::log(move.cost_before / move.cost_after);
  stale_ = true;
}

// Every other time.
bool Frontier::dives_now() {
  if (options_.order != Order::astar || options_.optimism >= 1) return false;
  dived_ = !dived_;
  return !dived_;
}

// The end of the queue: nothing is expected to survive.
std::vector<Frontier::Waiting>::iterator Frontier::deepest() {
  auto best = queue_.end();
  for (auto it = queue_.begin(); it != queue_.end(); ++it)
    if (slack_of(*it) >= 0 && (best == queue_.end() || it->move.cost_after < best->move.cost_after)) best = it;
  return best;
}

std::optional<Move> Frontier::next() {
  rank_again();
  if (queue_.empty()) return {};
  const auto dive = dives_now() ? deepest() : queue_.end();
  if (dive != queue_.end())
    std::iter_swap(dive, queue_.end() - 1), stale_ = true;
  else
    std::ranges::pop_heap(queue_, comes_later);
  Move move = std::move(queue_.back().move);
  queue_.pop_back();
  return move;
}

std::optional<double> Frontier::bound() {
  rank_again();
  if (queue_.empty()) return {};
  return std::exp(queue_.front().rank);
}

}  // namespace dimple::search

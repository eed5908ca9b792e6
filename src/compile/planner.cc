// Buffers are placed one after another, each where the arena grows least; what differs is the order. Six greedy orders
// are tried, then the best is shuffled a little for as long as the effort lasts or until the lower bound is met.
//
// The arena has no floor while it is being filled: an offset may go below 0, and the whole is shifted up at the end.
// Else a buffer placed first would sit at 0 and nothing could slide in under it, which is what overlapping asks for.
#include "compile/planner.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <optional>
#include <random>

#include "base/memory.h"
#include "format/program.h"

namespace dimple::compile {
namespace {

constexpr int64_t kAlign = format::kAlign;
constexpr int64_t kMaxRounds = 2000;

int64_t align_up(int64_t v) { return (v + kAlign - 1) & ~(kAlign - 1); }
int64_t align_down(int64_t v) { return v & ~(kAlign - 1); }

// Offsets are aligned, so the distance between two of them is too.
int64_t shift_of(const Overlap& o) { return align_up(std::max<int64_t>(o.distance, 0)); }

// What two buffers owe each other. below(a, b): how far under b a must start for both to be right, where a lies lower;
// 0 where they may lie in the same place.
class Rules {
 public:
  explicit Rules(const ArenaRequest& request)
      : buffers_(request.buffers), count_(buffers_.size()), below_(count_ * count_) {
    for (size_t a = 0; a < count_; ++a)
      for (size_t b = 0; b < count_; ++b) below_[a * count_ + b] = buffers_[a].bytes;
    for (const Overlap& o : request.overlaps) {
      assert(buffers_[o.out].first_step == buffers_[o.in].last_step);
      int64_t& held = below_[o.out * count_ + o.in];
      held = std::min(held, shift_of(o));
    }
  }

  bool meet(size_t a, size_t b) const {
    return a != b && buffers_[a].first_step <= buffers_[b].last_step && buffers_[b].first_step <= buffers_[a].last_step;
  }
  int64_t below(size_t a, size_t b) const { return below_[a * count_ + b]; }
  bool fit(size_t a, int64_t at_a, size_t b, int64_t at_b) const {
    return fits_below(a, at_a, b, at_b) || fits_below(b, at_b, a, at_a);
  }

 private:
  bool fits_below(size_t a, int64_t at_a, size_t b, int64_t at_b) const {
    const int64_t shift = below(a, b);
    return shift == 0 ? at_a == at_b || at_a + buffers_[a].bytes <= at_b : at_a + shift <= at_b;
  }

  const std::vector<Buffer>& buffers_;
  size_t count_;
  std::vector<int64_t> below_;
};

using Order = std::vector<size_t>;

class Filler {
 public:
  explicit Filler(const ArenaRequest& request) : buffers_(request.buffers), rules_(request) {}

  ArenaPlan fill(const Order& order) const {
    State s{std::vector<int64_t>(buffers_.size()), {}, 0, 0};
    for (const size_t b : order) place(b, s);
    ArenaPlan plan{std::move(s.offsets), 0};
    for (size_t b = 0; b < buffers_.size(); ++b) {
      plan.offsets[b] -= s.low;
      plan.bytes = std::max(plan.bytes, plan.offsets[b] + buffers_[b].bytes);
    }
    return plan;
  }

 private:
  struct State {
    std::vector<int64_t> offsets;
    Order placed;
    int64_t low, high;
  };

  void place(size_t b, State& s) const {
    const int64_t bytes = buffers_[b].bytes;
    if (s.placed.empty()) s.low = s.high = 0;
    int64_t best_at = 0, best_span = -1;
    const auto consider = [&](int64_t at) {
      const int64_t span = std::max(s.high, at + bytes) - std::min(s.low, at);
      if (best_span >= 0 && (span > best_span || (span == best_span && at >= best_at))) return;
      for (const size_t p : s.placed)
        if (rules_.meet(b, p) && !rules_.fit(b, at, p, s.offsets[p])) return;
      best_at = at, best_span = span;
    };
    consider(s.low);
    for (const size_t p : s.placed)
      if (rules_.meet(b, p)) {
        consider(align_up(s.offsets[p] + rules_.below(p, b)));
        consider(align_down(s.offsets[p] - rules_.below(b, p)));
        consider(align_up(s.offsets[p] + buffers_[p].bytes));
        consider(align_down(s.offsets[p] - bytes));
      }
    s.offsets[b] = best_at;
    s.low = std::min(s.low, best_at), s.high = std::max(s.high, best_at + bytes);
    s.placed.push_back(b);
  }

  const std::vector<Buffer>& buffers_;
  Rules rules_;
};

template <class Key>
Order sorted_by(size_t count, Key key) {
  Order order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(a) > key(b); });
  return order;
}

std::vector<Order> greedy_orders(const std::vector<Buffer>& b) {
  const auto life = [&](size_t i) { return int64_t{b[i].last_step} - b[i].first_step + 1; };
  const size_t n = b.size();
  return {sorted_by(n, [&](size_t i) { return b[i].bytes; }),
          sorted_by(n, [&](size_t i) { return life(i); }),
          sorted_by(n, [&](size_t i) { return life(i) * b[i].bytes; }),
          sorted_by(n, [&](size_t i) { return -b[i].first_step; }),
          sorted_by(n, [&](size_t i) { return b[i].first_step; }),
          sorted_by(n, [&](size_t i) { return b[i].last_step; })};
}

}  // namespace

ArenaPlan plan_arena(const ArenaRequest& request, const PlannerOptions& options) {
  const auto count = static_cast<int64_t>(request.buffers.size());
  const Filler filler(request);
  const int64_t bound = arena_lower_bound(request);
  Order best_order;
  std::optional<ArenaPlan> best;
  for (Order& order : greedy_orders(request.buffers)) {
    ArenaPlan plan = filler.fill(order);
    if (best && plan.bytes >= best->bytes) continue;
    best = std::move(plan), best_order = std::move(order);
  }
  // A fill costs up to two candidates for each of count^2 / 2 pairs, each compared with up to count others.
  const int64_t rounds = count < 2 ? 0 : std::min(kMaxRounds, options.search_effort / (count * count * count));
  std::mt19937 random(1);
  const auto any = [&] { return static_cast<size_t>(random() % static_cast<uint32_t>(count)); };
  for (int64_t round = 0; round < rounds && best->bytes > bound; ++round) {
    Order order = best_order;
    const size_t from = any(), to = any();
    const size_t moved = order[from];
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(from));
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(to), moved);
    ArenaPlan plan = filler.fill(order);
    if (plan.bytes > best->bytes) continue;  // equals are taken: they lead across plains
    best = std::move(plan), best_order = std::move(order);
  }
  return *best;
}

int64_t arena_lower_bound(const ArenaRequest& request) {
  int last = 0;
  for (const Buffer& b : request.buffers) last = std::max(last, b.last_step);
  std::vector<int64_t> alive(static_cast<size_t>(last) + 1), shared(static_cast<size_t>(last) + 1);
  for (const Buffer& b : request.buffers)
    for (int s = b.first_step; s <= b.last_step; ++s) alive[static_cast<size_t>(s)] += b.bytes;
  for (size_t out = 0; out < request.buffers.size(); ++out) {
    const Buffer& b = request.buffers[out];
    int64_t saved = 0;
    for (const Overlap& o : request.overlaps)
      if (o.out == out) saved += std::max<int64_t>(0, std::min(request.buffers[o.in].bytes, b.bytes - shift_of(o)));
    shared[static_cast<size_t>(b.first_step)] += std::min(saved, b.bytes);
  }
  int64_t bound = 0;
  for (size_t s = 0; s < alive.size(); ++s) bound = std::max(bound, alive[s] - shared[s]);
  return bound;
}

Collision find_collision(const ArenaRequest& request, const ArenaPlan& plan) {
  const Rules rules(request);
  const size_t n = request.buffers.size();
  for (size_t a = 0; a < n; ++a)
    for (size_t b = a + 1; b < n; ++b)
      if (rules.meet(a, b) && !rules.fit(a, plan.offsets[a], b, plan.offsets[b])) return {a, b};
  return {n, n};
}

}  // namespace dimple::compile

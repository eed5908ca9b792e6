// Buffers are placed one after another, each where the arena grows least; what differs is the order. Six greedy orders
// are tried, then the best is shuffled a little for as long as the effort lasts or until the lower bound is met.
//
// The arena has no floor while it is being filled: an offset may go below 0, and the whole is shifted up at the end.
// Else a buffer placed first would sit at 0 and nothing could slide in under it, which is what overlapping asks for.
#include "compile/planner.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
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

bool lives_meet(const Buffer& a, const Buffer& b) { return a.first_step <= b.last_step && b.first_step <= a.last_step; }

// What two buffers owe each other. below(a, b): how far under b a must start for both to be right, where a lies lower;
// 0 where they may lie in the same place. That is all of a's bytes but for the few pairs that may overlap.
class Rules {
 public:
  struct Partner {
    size_t other;
    int64_t below_other;
  };

  explicit Rules(const ArenaRequest& request) : buffers_(request.buffers), partners_(buffers_.size()) {
    for (const Overlap& o : request.overlaps) {
      assert(buffers_[o.out].first_step == buffers_[o.in].last_step);
      note(o.out, o.in, std::min(below(o.out, o.in), shift_of(o)));
      note(o.in, o.out, below(o.in, o.out));
    }
  }

  bool meet(size_t a, size_t b) const { return a != b && lives_meet(buffers_[a], buffers_[b]); }
  int64_t below(size_t a, size_t b) const {
    for (const Partner& p : partners_[a])
      if (p.other == b) return p.below_other;
    return buffers_[a].bytes;
  }
  const std::vector<Partner>& partners(size_t a) const { return partners_[a]; }
  bool fit(size_t a, int64_t at_a, size_t b, int64_t at_b) const {
    return fits_below(a, at_a, b, at_b) || fits_below(b, at_b, a, at_a);
  }

 private:
  bool fits_below(size_t a, int64_t at_a, size_t b, int64_t at_b) const {
    const int64_t shift = below(a, b);
    return shift == 0 ? at_a == at_b || at_a + buffers_[a].bytes <= at_b : at_a + shift <= at_b;
  }
  void note(size_t a, size_t b, int64_t below_other) {
    for (Partner& p : partners_[a])
      if (p.other == b) return void(p.below_other = below_other);
    partners_[a].push_back({b, below_other});
  }

  const std::vector<Buffer>& buffers_;
  std::vector<std::vector<Partner>> partners_;
};

using Order = std::vector<size_t>;

class Filler {
 public:
  explicit Filler(const ArenaRequest& request) : buffers_(request.buffers), rules_(request) {}

  ArenaPlan fill(const Order& order) const {
    State s{std::vector<int64_t>(buffers_.size()), std::vector<bool>(buffers_.size()), {}, 0, 0};
    for (const size_t b : order) place(b, s);
    ArenaPlan plan{std::move(s.offsets), 0};
    for (size_t b = 0; b < buffers_.size(); ++b) {
      plan.offsets[b] -= s.low;
      plan.bytes = std::max(plan.bytes, plan.offsets[b] + buffers_[b].bytes);
    }
    return plan;
  }

 private:
  struct Placed {
    int64_t at;
    Buffer buffer;
    size_t index;
  };
  struct State {
    std::vector<int64_t> offsets;
    std::vector<bool> there;
    std::vector<Placed> placed;  // sorted by place
    int64_t low, high;
  };
  // The best place so far: where the arena grows least, the lowest of those.
  struct Best {
    int64_t at = 0, span = -1;
  };

  static bool better(int64_t at, int64_t bytes, const State& s, Best& best) {
    const int64_t span = std::max(s.high, at + bytes) - std::min(s.low, at);
    return best.span < 0 || span < best.span || (span == best.span && at < best.at);
  }
  static void take(int64_t at, int64_t bytes, const State& s, Best& best) {
    best = {at, std::max(s.high, at + bytes) - std::min(s.low, at)};
  }

  bool fits_partners(size_t b, int64_t at, const State& s) const {
    for (const auto& p : rules_.partners(b))
      if (s.there[p.other] && !rules_.fit(b, at, p.other, s.offsets[p.other])) return false;
    return true;
  }
  bool is_partner(size_t b, size_t other) const {
    return std::ranges::any_of(rules_.partners(b), [&](const auto& p) { return p.other == other; });
  }

  // Calls `gap(from, to)` for each range of places that those buffers leave free which must lie apart from b, lowest
  // first. One walk over all that is placed: what is placed higher forbids higher places.
  template <class Gap>
  void walk_gaps(size_t b, const State& s, Gap&& gap) const {
    const Buffer& own = buffers_[b];
    int64_t reach = INT64_MIN;
    for (const Placed& p : s.placed) {
      if (!lives_meet(own, p.buffer) || is_partner(b, p.index)) continue;
      if (p.at - own.bytes >= reach) gap(reach, p.at - own.bytes);
      reach = std::max(reach, p.at + p.buffer.bytes);
    }
    gap(reach, INT64_MAX);
  }

  // Candidates are the ends of the gaps, the lower end of the arena, and where an overlap puts b.
  void place(size_t b, State& s) const {
    const int64_t bytes = buffers_[b].bytes;
    if (s.placed.empty()) s.low = s.high = 0;
    Order partners;
    for (const auto& p : rules_.partners(b))
      if (s.there[p.other]) partners.push_back(p.other);
    Best best;
    const auto consider = [&](int64_t at) {
      if (better(at, bytes, s, best) && fits_partners(b, at, s)) take(at, bytes, s, best);
    };
    walk_gaps(b, s, [&](int64_t from, int64_t to) {
      const auto inside = [&](int64_t at) {
        if (at >= from && at <= to) consider(at);
      };
      inside(s.low);
      if (from != INT64_MIN) inside(align_up(from));
      if (to != INT64_MAX) inside(align_down(to));
      for (const size_t p : partners) {
        inside(align_up(s.offsets[p] + rules_.below(p, b)));
        inside(align_down(s.offsets[p] - rules_.below(b, p)));
        inside(align_up(s.offsets[p] + buffers_[p].bytes));
        inside(align_down(s.offsets[p] - bytes));
      }
    });
    s.offsets[b] = best.at;
    s.there[b] = true;
    s.low = std::min(s.low, best.at), s.high = std::max(s.high, best.at + bytes);
    const auto behind = std::ranges::upper_bound(s.placed, best.at, {}, &Placed::at);
    s.placed.insert(behind, {best.at, buffers_[b], b});
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
  // A fill looks at count^2 / 2 pairs. Fewer rounds than that allows: more would move buffers of programs that are out.
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
  // By step: what begins to be alive less what has ended, and what is shared.
  std::vector<int64_t> change(static_cast<size_t>(last) + 2), shared(static_cast<size_t>(last) + 1);
  std::vector<int64_t> saved(request.buffers.size());
  for (const Overlap& o : request.overlaps)
    saved[o.out] +=
        std::max<int64_t>(0, std::min(request.buffers[o.in].bytes, request.buffers[o.out].bytes - shift_of(o)));
  for (size_t i = 0; i < request.buffers.size(); ++i) {
    const Buffer& b = request.buffers[i];
    change[static_cast<size_t>(b.first_step)] += b.bytes;
    change[static_cast<size_t>(b.last_step) + 1] -= b.bytes;
    shared[static_cast<size_t>(b.first_step)] += std::min(saved[i], b.bytes);
  }
  int64_t bound = 0, alive = 0;
  for (size_t s = 0; s < shared.size(); ++s) {
    alive += change[s];
    bound = std::max(bound, alive - shared[s]);
  }
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

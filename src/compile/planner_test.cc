#include "compile/planner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "format/program.h"
#include "host/growth_testing.h"

namespace dimple::compile {
namespace {

// Steps as a network has them: each writes one buffer and reads one or two earlier ones, some of which live on for a
// while.
ArenaRequest random_request(std::mt19937& random) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  const int steps = 1 + below(14);
  ArenaRequest request;
  request.buffers.push_back({1 + below(3000), 0, 0});
  struct Read {
    size_t in;
    int step;
  };
  std::vector<Read> reads;
  for (int s = 0; s < steps; ++s) {
    const int operands = 1 + (below(3) == 0);
    for (int k = 0; k < operands; ++k) {
      const size_t in =
          k == 0 ? request.buffers.size() - 1 : static_cast<size_t>(below(static_cast<int>(request.buffers.size())));
      request.buffers[in].last_step = s;
      reads.push_back({in, s});
    }
    request.buffers.push_back({1 + below(3000), s, s});
    if (below(5) == 0) request.buffers.push_back({1 + below(500), s, s});  // scratch
  }
  for (const Read& read : reads) {
    if (request.buffers[read.in].last_step != read.step || below(3) == 0) continue;
    for (size_t out = read.in + 1; out < request.buffers.size(); ++out)
      if (request.buffers[out].first_step == read.step) {
        request.overlaps.push_back({out, read.in, below(2) ? 0 : below(1000)});
        break;
      }
  }
  return request;
}

// Written anew from the rule of planner.h, byte by byte, on purpose: the planner's own bookkeeping is not asked.
void expect_sound(const ArenaRequest& request, const ArenaPlan& plan) {
  int64_t high = 0;
  for (size_t a = 0; a < request.buffers.size(); ++a) {
    EXPECT_GE(plan.offsets[a], 0);
    EXPECT_EQ(plan.offsets[a] % format::kAlign, 0);
    high = std::max(high, plan.offsets[a] + request.buffers[a].bytes);
    for (size_t b = 0; b < request.buffers.size(); ++b) {
      const Buffer &one = request.buffers[a], &two = request.buffers[b];
      if (a == b || std::max(one.first_step, two.first_step) > std::min(one.last_step, two.last_step)) continue;
      const bool apart =
          plan.offsets[a] + one.bytes <= plan.offsets[b] || plan.offsets[b] + two.bytes <= plan.offsets[a];
      const bool allowed = std::any_of(request.overlaps.begin(), request.overlaps.end(), [&](const Overlap& o) {
        if (!(o.out == a && o.in == b) && !(o.out == b && o.in == a)) return false;
        const int64_t gap = plan.offsets[o.in] - plan.offsets[o.out];
        return o.distance == 0 ? gap == 0 : gap >= o.distance;
      });
      EXPECT_TRUE(apart || allowed) << "buffers " << a << " and " << b;
    }
  }
  EXPECT_EQ(plan.bytes, high);
}

TEST(Planner, KeepsLiveBuffersApartAndUsesEveryByteItPromised) {
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const ArenaRequest request = random_request(random);
    const ArenaPlan plan = plan_arena(request, {.search_effort = 200'000});
    expect_sound(request, plan);
    EXPECT_EQ(find_collision(request, plan).a, request.buffers.size());
    EXPECT_GE(plan.bytes, arena_lower_bound(request));
  }
}

TEST(Planner, GivesTheSamePlanTwice) {
  std::mt19937 random(7);
  const ArenaRequest request = random_request(random);
  EXPECT_EQ(plan_arena(request).offsets, plan_arena(request).offsets);
}

TEST(Planner, ReusesMemoryOfTheDead) {
  const ArenaRequest request{{{1600, 0, 0}, {3200, 0, 1}, {1600, 1, 2}, {3200, 2, 3}}, {}};
  EXPECT_EQ(plan_arena(request).bytes, 4800);
}

TEST(Planner, AnElementWiseStepCostsNothing) {
  const ArenaRequest request{{{1000, 0, 0}, {1000, 0, 1}, {1000, 1, 1}}, {{1, 0, 0}, {2, 1, 0}}};
  EXPECT_EQ(plan_arena(request).bytes, 1000);
}

TEST(Planner, InPlaceIsTheSamePlaceNotNearby) {
  const ArenaRequest request{{{64, 0, 0}, {64, 0, 0}}, {{1, 0, 0}}};
  EXPECT_EQ(find_collision(request, {{16, 0}, 80}).a, 0u);
  EXPECT_EQ(find_collision(request, {{0, 0}, 64}).a, 2u);
}

TEST(Planner, SlidesAnOutputUnderItsDyingInput) {
  const ArenaRequest request{{{4096, 0, 0}, {4096, 0, 0}}, {{1, 0, 256}}};
  const ArenaPlan plan = plan_arena(request);
  EXPECT_EQ(plan.bytes, 4096 + 256);
  EXPECT_EQ(plan.offsets[0] - plan.offsets[1], 256);
}

TEST(Planner, RoundsADistanceUpToTheAlignment) {
  const ArenaRequest request{{{4096, 0, 0}, {4096, 0, 0}}, {{1, 0, 250}}};
  EXPECT_EQ(plan_arena(request).bytes, 4096 + 256);
}

TEST(Planner, FindsWhatAWrongPlanBreaks) {
  const ArenaRequest request{{{100, 0, 1}, {100, 1, 2}}, {}};
  const Collision c = find_collision(request, {{0, 96}, 196});
  EXPECT_EQ(c.a, 0u);
  EXPECT_EQ(c.b, 1u);
}

// Everything is alive at once: each buffer meets all others.
TEST(Planner, TakesTimeByThePairsOfBuffers) {
  const auto plan = [](size_t count) {
    ArenaRequest request;
    const int steps = static_cast<int>(count);
    for (int i = 0; i < steps; ++i) request.buffers.push_back({1 + i * 37 % 1000, i, 2 * steps - i});
    for (size_t i = 1; i < count; i += 8)
      request.buffers[i - 1].last_step = request.buffers[i].first_step, request.overlaps.push_back({i, i - 1, 0});
    plan_arena(request);
  };
  EXPECT_TRUE(host::grows_with(plan, 200, 2));
}

TEST(Planner, OneBufferIsTheWholeArena) { EXPECT_EQ(plan_arena({{{33, 0, 0}}, {}}).bytes, 33); }

}  // namespace
}  // namespace dimple::compile

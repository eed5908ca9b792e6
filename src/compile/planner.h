// Where every buffer of a program lies in the one arena. Plain numbers in, plain numbers out: it knows of no graph, so
// that it can be tested on any set of lifetimes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dimple::compile {

// Alive from the step that writes it to the last step that reads it, both included.
struct Buffer {
  int64_t bytes = 0;
  int first_step = 0, last_step = 0;
};

// `out` is written by the very step that reads `in` for the last time, in an order that lets it run over what has been
// read: the two may share memory as long as offset[out] + distance <= offset[in]. Distance 0 means in place: both at
// the same offset, or apart.
struct Overlap {
  size_t out = 0, in = 0;
  int64_t distance = 0;
};

struct ArenaRequest {
  std::vector<Buffer> buffers;
  std::vector<Overlap> overlaps;
};

struct ArenaPlan {
  std::vector<int64_t> offsets;  // multiples of format::kAlign
  int64_t bytes = 0;             // one past the last byte of any buffer
};

struct PlannerOptions {
  int64_t search_effort =
      200'000'000;  // elementary comparisons spent on looking for a better order; 0: greedy orders only
};

// Deterministic. An overlap whose buffers do not meet in exactly one step is our own bug (assert).
ArenaPlan plan_arena(const ArenaRequest&, const PlannerOptions& = {});

// No plan can be smaller: the most that is alive in one step, less what that step may share.
int64_t arena_lower_bound(const ArenaRequest&);

// The first rule that a plan breaks, as a pair of buffers; {n, n} with n buffers when it breaks none.
struct Collision {
  size_t a = 0, b = 0;
};
Collision find_collision(const ArenaRequest&, const ArenaPlan&);

}  // namespace dimple::compile

// Networks none of which is better than another in both score and cost, and how much they cover together.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace dimple::search {

struct Point {
  double score = 0, cost = 0;
};

// Indices of those that none dominates, the cheapest first; of equals the first one.
std::vector<size_t> front_of(std::span<const Point>);

// What the points cover of the rectangle between the reference and score 1: score upwards from the reference's, factors e of
// cost below the reference's to the left. Points worse than the reference in either cover nothing.
double hypervolume(std::span<const Point>, const Point& reference);

}  // namespace dimple::search

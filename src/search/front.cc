#include "search/front.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dimple::search {

std::vector<size_t> front_of(std::span<const Point> points) {
  std::vector<size_t> order(points.size()), front;
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    return std::pair(points[a].cost, -points[a].score) < std::pair(points[b].cost, -points[b].score);
  });
  for (const size_t i : order)
    if (front.empty() || points[i].score > points[front.back()].score) front.push_back(i);
  return front;
}

double hypervolume(std::span<const Point> points, const Point& reference) {
  std::vector<Point> inside;
  for (const Point& p : points)
    if (p.score > reference.score && p.cost < reference.cost && p.cost > 0) inside.push_back(p);
  double volume = 0, score = reference.score;
  for (const size_t i : front_of(inside)) {  // each adds a strip above the one before it
    volume += (inside[i].score - score) * std::log(reference.cost / inside[i].cost);
    score = inside[i].score;
  }
  return volume;
}

}  // namespace dimple::search

#include "evaluate/compare.h"

#include "host/error.h"
#include "metrics/bootstrap.h"
#include "metrics/classification.h"

namespace dimple::evaluate {
namespace {

std::vector<uint8_t> right(const Answers& a) {
  std::vector<uint8_t> right;
  const size_t n = a.classes.size();
  for (size_t i = 0; i < a.labels.size(); ++i)
    right.push_back(metrics::answer_of(std::span(a.scores).subspan(i * n, n)) == a.labels[i]);
  return right;
}

}  // namespace

Comparison compare(const Answers& a, const Answers& b, std::span<const int32_t> together, int resamples) {
  if (a.rows != b.rows || a.labels != b.labels || a.classes != b.classes)
    throw host::Error(host::Exit::failed, "the two models did not answer the same pictures");
  const auto classes = static_cast<int>(a.classes.size());
  const auto difference = [&](std::span<const int32_t> rows) {
    const auto x = metrics::classify(a.scores, a.labels, classes, rows);
    const auto y = metrics::classify(b.scores, b.labels, classes, rows);
    return std::vector<double>{x.accuracy - y.accuracy, x.balanced_accuracy - y.balanced_accuracy,
                               x.f1_macro - y.f1_macro};
  };
  std::vector<int32_t> all(a.rows.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int32_t>(i);
  const auto values = difference(all);
  const auto intervals =
      metrics::bootstrap(static_cast<int64_t>(a.rows.size()), together, difference, {.resamples = resamples});
  const char* const names[] = {"accuracy", "balanced_accuracy", "f1_macro"};
  Comparison c;
  for (size_t i = 0; i < std::size(names); ++i) c.difference.push_back({names[i], Figure{values[i], intervals[i]}});
  c.mcnemar = metrics::mcnemar(right(a), right(b));
  return c;
}

}  // namespace dimple::evaluate

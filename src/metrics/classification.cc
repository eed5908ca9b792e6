#include "metrics/classification.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace dimple::metrics {
namespace {

constexpr int kBins = 15;

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

void fill_classes(Classification& c) {
  int present = 0, seen = 0;
  int64_t right = 0;
  for (int k = 0; k < c.classes; ++k) {
    ClassFigures& f = c.per_class[static_cast<size_t>(k)];
    for (int other = 0; other < c.classes; ++other) {
      f.support += c.confused(k, other);
      f.predicted += c.confused(other, k);
    }
    const auto hits = static_cast<double>(c.confused(k, k));
    right += c.confused(k, k);
    f.precision = ratio(hits, static_cast<double>(f.predicted));
    f.recall = ratio(hits, static_cast<double>(f.support));
    f.f1 = ratio(2 * hits, static_cast<double>(f.predicted + f.support));
    if (f.support > 0) {
      ++present;
      c.balanced_accuracy += f.recall;
    }
    if (f.support + f.predicted > 0) {
      ++seen;
      c.f1_macro += f.f1;
    }
  }
  c.accuracy = ratio(static_cast<double>(right), static_cast<double>(c.count));
  c.balanced_accuracy = ratio(c.balanced_accuracy, present);
  c.f1_macro = ratio(c.f1_macro, seen);
}

void fill_reliability(Classification& c) {
  for (ReliabilityBin& bin : c.reliability) {
    const auto rows = static_cast<double>(bin.count);
    bin.confidence = ratio(bin.confidence, rows);
    bin.accuracy = ratio(bin.accuracy, rows);
    c.ece += ratio(rows, static_cast<double>(c.count)) * std::abs(bin.confidence - bin.accuracy);
  }
}

}  // namespace

int32_t answer_of(std::span<const float> scores) {
  return static_cast<int32_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

Classification classify(std::span<const float> scores, std::span<const int32_t> labels, int classes,
                        std::span<const int32_t> rows) {
  assert(scores.size() == labels.size() * static_cast<size_t>(classes));
  Classification c;
  c.classes = classes;
  c.count = static_cast<int64_t>(rows.size());
  c.per_class.resize(static_cast<size_t>(classes));
  c.confusion.resize(static_cast<size_t>(classes) * static_cast<size_t>(classes));
  c.reliability.resize(kBins);
  for (int i = 0; i < kBins; ++i) {
    c.reliability[static_cast<size_t>(i)].low = static_cast<double>(i) / kBins;
    c.reliability[static_cast<size_t>(i)].high = static_cast<double>(i + 1) / kBins;
  }
  for (const int32_t row : rows) {
    const std::span<const float> of_row =
        scores.subspan(static_cast<size_t>(row) * static_cast<size_t>(classes), static_cast<size_t>(classes));
    const int32_t label = labels[static_cast<size_t>(row)], answer = answer_of(of_row);
    ++c.confusion[static_cast<size_t>(label * classes + answer)];
    c.log_loss -= std::log(std::max(1e-12, static_cast<double>(of_row[static_cast<size_t>(label)])));
    // A net that is broken may answer with no numbers: the figures say how bad it is, they do not fall over.
    const float given = of_row[static_cast<size_t>(answer)];
    const double score = std::isfinite(given) ? std::clamp(static_cast<double>(given), 0.0, 1.0) : 0.0;
    ReliabilityBin& bin = c.reliability[static_cast<size_t>(std::min(static_cast<int>(score * kBins), kBins - 1))];
    ++bin.count;
    bin.confidence += score;
    bin.accuracy += answer == label;
  }
  c.log_loss = ratio(c.log_loss, static_cast<double>(c.count));
  fill_classes(c);
  fill_reliability(c);
  return c;
}

Classification classify(std::span<const float> scores, std::span<const int32_t> labels, int classes) {
  std::vector<int32_t> rows(labels.size());
  std::iota(rows.begin(), rows.end(), 0);
  return classify(scores, labels, classes, rows);
}

std::vector<std::vector<int64_t>> Classification::confusion_rows() const {
  std::vector<std::vector<int64_t>> rows;
  for (auto row = confusion.begin(); row != confusion.end(); row += classes) rows.emplace_back(row, row + classes);
  return rows;
}

}  // namespace dimple::metrics

#include "evaluate/answer_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "data/split_file.h"
#include "host/csv.h"
#include "host/files.h"
#include "plot/charts.h"

namespace dimple::evaluate {
namespace {

namespace fs = std::filesystem;

std::string confusion_csv(const Answers& a, const metrics::Classification& r) {
  const size_t n = a.classes.size();
  std::string text = "truth";
  for (const std::string& c : a.classes) text += "," + c;
  for (const std::string& c : a.classes) text += "," + c + "_share";
  text += "\n";
  for (size_t row = 0; row < n; ++row) {
    text += a.classes[row];
    for (size_t k = 0; k < n; ++k) text += fmt::format(",{}", r.confusion[row * n + k]);
    const double support = static_cast<double>(std::max<int64_t>(1, r.per_class[row].support));
    for (size_t k = 0; k < n; ++k)
      text += fmt::format(",{:.4f}", static_cast<double>(r.confusion[row * n + k]) / support);
    text += "\n";
  }
  return text;
}

std::string per_class_csv(const Answers& a, const metrics::Classification& r) {
  std::string text = "class,support,predicted,precision,recall,f1\n";
  for (size_t c = 0; c < a.classes.size(); ++c) {
    const metrics::ClassFigures& f = r.per_class[c];
    text += fmt::format("{},{},{},{:.4f},{:.4f},{:.4f}\n", a.classes[c], f.support, f.predicted, f.precision, f.recall,
                        f.f1);
  }
  return text;
}

// The pictures that the network is most sure about and wrong: mislabelled ones come first here.
std::string top_losses_csv(const data::Dataset& set, const Answers& a) {
  const size_t n = a.classes.size(), most = std::min<size_t>(100, a.labels.size());
  const auto right = [&](size_t i) { return a.scores[i * n + static_cast<size_t>(a.labels[i])]; };
  std::vector<size_t> order(a.labels.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [&](size_t x, size_t y) { return std::pair(right(x), x) < std::pair(right(y), y); });
  std::string text = "picture,truth,answer,probability_of_truth,probability_of_answer\n";
  for (size_t k = 0; k < most; ++k) {
    const size_t i = order[k];
    const auto scores = std::span(a.scores).subspan(i * n, n);
    const auto answer = static_cast<size_t>(metrics::answer_of(scores));
    text +=
        host::csv_line({data::key_of(set, static_cast<size_t>(a.rows[i])), a.classes[static_cast<size_t>(a.labels[i])],
                        a.classes[answer], fmt::format("{:.4f}", right(i)), fmt::format("{:.4f}", scores[answer])});
  }
  return text;
}

std::string reliability_svg(const metrics::Classification& r) {
  std::vector<plot::ReliabilityPoint> points;
  for (const metrics::ReliabilityBin& b : r.reliability)
    points.push_back({b.low, b.high, b.confidence, b.accuracy, b.count});
  return plot::reliability_chart("How sure, and how often right", points, r.ece);
}

}  // namespace

void write_answer_files(const fs::path& folder, const data::Dataset& set, const Answers& answers) {
  const auto figures = metrics::classify(answers.scores, answers.labels, static_cast<int>(answers.classes.size()));
  host::write_atomic(folder / "confusion_matrix.csv", confusion_csv(answers, figures));
  host::write_atomic(folder / "per_class.csv", per_class_csv(answers, figures));
  host::write_atomic(folder / "top_losses.csv", top_losses_csv(set, answers));
  host::write_atomic(folder / "confusion_matrix.svg",
                     plot::matrix_chart({"What is shown (rows) and what is read", answers.classes, figures.confusion}));
  host::write_atomic(folder / "reliability.svg", reliability_svg(figures));
}

}  // namespace dimple::evaluate

#include "evaluate/figures.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "data/duplicates.h"
#include "evaluate/slices.h"
#include "metrics/auc.h"

namespace dimple::evaluate {
namespace {

using Positions = std::span<const int32_t>;  // in the answers

metrics::Classification classify(const Answers& a, Positions at) {
  return metrics::classify(a.scores, a.labels, static_cast<int>(a.classes.size()), at);
}

// The second of two classes, as somebody would look for it: AUC, precision, recall. Rows may repeat.
std::vector<double> of_positive(const Answers& a, Positions at, const metrics::Classification& r) {
  std::vector<float> scores;
  std::vector<int32_t> labels;
  for (const int32_t i : at) {
    scores.insert(scores.end(), {a.scores[2 * static_cast<size_t>(i)], a.scores[2 * static_cast<size_t>(i) + 1]});
    labels.push_back(a.labels[static_cast<size_t>(i)]);
  }
  return {metrics::auc(scores, labels, 2, 1).value_or(0.5), r.per_class[1].precision, r.per_class[1].recall};
}

// The statistic with what other pictures might have made of it.
template <class Statistic>
std::vector<Figure> with_intervals(const data::Dataset& set, const Answers& a, Positions at, int resamples,
                                   const Statistic& statistic) {
  std::vector<int32_t> rows;
  for (const int32_t i : at) rows.push_back(a.rows[static_cast<size_t>(i)]);
  const auto drawn = [&](std::span<const int32_t> sample) {
    std::vector<int32_t> positions;
    for (const int32_t s : sample) positions.push_back(at[static_cast<size_t>(s)]);
    return statistic(Positions(positions));
  };
  const auto intervals =
      metrics::bootstrap(static_cast<int64_t>(at.size()), groups_of(set, rows), drawn, {.resamples = resamples});
  const auto values = statistic(at);
  std::vector<Figure> out;
  for (size_t i = 0; i < values.size(); ++i)
    out.push_back({values[i], i < intervals.size() ? intervals[i] : metrics::Interval{values[i], values[i]}});
  return out;
}

std::vector<Slice> slice(const data::Dataset& set, const Answers& a, int resamples) {
  std::vector<Slice> slices;
  for (const Column& column : columns_of(set)) {
    std::map<std::string, std::vector<int32_t>> by_value;
    for (size_t i = 0; i < a.rows.size(); ++i)
      if (const std::string& value = column.value[static_cast<size_t>(a.rows[i])]; !value.empty())
        by_value[value].push_back(static_cast<int32_t>(i));
    for (const auto& [value, at] : by_value) {
      const auto three = with_intervals(set, a, at, resamples, [&](Positions some) {
        const auto r = classify(a, some);
        return std::vector<double>{r.accuracy, r.balanced_accuracy, r.f1_macro};
      });
      slices.push_back({column.name, value, static_cast<int64_t>(at.size()), three[0], three[1], three[2]});
    }
  }
  return slices;
}

}  // namespace

const Figure& Figures::operator[](std::string_view name) const {
  static const Figure none;
  const auto it = std::ranges::find(figures, name, &NamedFigure::name);
  return it == figures.end() ? none : it->figure;
}

std::vector<int32_t> groups_of(const data::Dataset& set, std::span<const int32_t> rows) {
  std::vector<int32_t> group;
  std::map<std::string, int32_t> numbers;
  for (const int32_t r : rows) {
    const auto row = static_cast<size_t>(r);
    const std::string key = !set.subject.empty() && !set.subject[row].empty()
                                ? "person " + set.subject[row]
                                : "picture " + std::to_string(set.twin.empty() ? r : set.twin[row]);
    group.push_back(numbers.try_emplace(key, static_cast<int32_t>(numbers.size())).first->second);
  }
  return group;
}

Figures measure(const data::Dataset& set, const Answers& a, int resamples) {
  const auto copy = a.seen.empty() ? data::copies_of_training(set) : std::vector<bool>();
  std::vector<int32_t> all, unseen;
  for (size_t i = 0; i < a.rows.size(); ++i) {
    all.push_back(static_cast<int32_t>(i));
    if (!(a.seen.empty() ? copy[static_cast<size_t>(a.rows[i])] : a.seen[i])) unseen.push_back(all.back());
  }
  const bool two = a.classes.size() == 2;
  const auto statistic = [&](Positions at) {
    const auto r = classify(a, at);
    std::vector<double> values{r.accuracy, r.balanced_accuracy, r.f1_macro};
    if (two)
      for (const double v : of_positive(a, at, r)) values.push_back(v);
    return values;
  };
  const auto raw = with_intervals(set, a, all, resamples, statistic),
             deduplicated = with_intervals(set, a, unseen, resamples, statistic);
  Figures f;
  f.raw = classify(a, all), f.deduplicated = classify(a, unseen);
  f.figures = {{"accuracy", raw[0]},
               {"accuracy_deduplicated", deduplicated[0]},
               {"balanced_accuracy", raw[1]},
               {"f1_macro", raw[2]}};
  if (two)
    for (const auto& [name, at] : {std::pair{"auc", 3}, {"precision", 4}, {"recall", 5}})
      f.figures.push_back({name, raw[static_cast<size_t>(at)]});
  f.slices = slice(set, a, resamples);
  return f;
}

host::Json to_json(const Figures& f, const std::vector<std::string>& classes) {
  using host::Json;
  const auto interval = [](const Figure& one) { return Json{one.interval.low, one.interval.high}; };
  Json json{{"pictures", f.raw.count}, {"pictures_deduplicated", f.deduplicated.count}};
  Json intervals = Json::object(), per_class = Json::object(), confusion = Json::array(), slices = Json::object();
  for (const auto& [name, figure] : f.figures) json[name] = figure.value, intervals[name] = interval(figure);
  if (f.deduplicated.count == 0)  // nothing but copies: there is no such figure
    json["accuracy_deduplicated"] = nullptr, intervals["accuracy_deduplicated"] = nullptr;
  if (classes.size() == 2) json["positive"] = classes[1];
  const size_t n = classes.size();
  for (size_t c = 0; c < n; ++c) {
    const metrics::ClassFigures& one = f.raw.per_class[c];
    per_class[classes[c]] = {
        {"support", one.support}, {"precision", one.precision}, {"recall", one.recall}, {"f1", one.f1}};
    const auto row = f.raw.confusion.begin() + static_cast<std::ptrdiff_t>(c * n);
    confusion.push_back(std::vector<int64_t>(row, row + static_cast<std::ptrdiff_t>(n)));
  }
  for (const Slice& s : f.slices)
    slices[s.group][s.value] = {{"pictures", s.count},
                                {"accuracy", s.accuracy.value},
                                {"balanced_accuracy", s.balanced_accuracy.value},
                                {"f1_macro", s.f1_macro.value},
                                {"accuracy_interval_95", interval(s.accuracy)},
                                {"balanced_accuracy_interval_95", interval(s.balanced_accuracy)},
                                {"f1_macro_interval_95", interval(s.f1_macro)}};
  json["log_loss"] = f.raw.log_loss, json["ece"] = f.raw.ece;
  json["intervals_95"] = intervals, json["classes"] = classes, json["per_class"] = per_class;
  json["confusion"] = confusion;
  if (!slices.empty()) json["slices"] = slices;
  return json;
}

}  // namespace dimple::evaluate

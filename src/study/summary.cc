#include "study/summary.h"

#include <algorithm>
#include <cmath>

namespace dimple::study {
namespace {

using host::Json;

Summary summarise_one(const std::vector<const Json*>& figures, const std::string& column) {
  std::vector<double> values;
  for (const Json* f : figures)
    if (const double v = number_or_nan(*f, column); std::isfinite(v)) values.push_back(v);
  Summary s{column};
  s.runs = static_cast<int64_t>(values.size());
  if (values.empty()) return s;
  for (const double v : values) s.mean += v / static_cast<double>(values.size());
  for (const double v : values) s.spread += (v - s.mean) * (v - s.mean);
  s.spread = values.size() > 1 ? std::sqrt(s.spread / static_cast<double>(values.size() - 1)) : 0;
  s.interval = {s.mean, s.mean};
  if (values.size() > 1) {
    s.interval = metrics::bootstrap(s.runs, {}, [&](std::span<const int32_t> drawn) {
      double sum = 0;
      for (const int32_t i : drawn) sum += values[static_cast<size_t>(i)];
      return std::vector<double>{sum / static_cast<double>(drawn.size())};
    })[0];
  } else if (const Json both = figures[0]->value("intervals_95", Json::object()).value(column, Json());
             both.is_array()) {
    s.interval = {both[0].get<double>(), both[1].get<double>()};
  }
  return s;
}

}  // namespace

bool has_run(const MemberResult& r) { return !r.result.is_null() && !r.result.contains("error"); }

double number_or_nan(const Json& json, const std::string& key) {
  return json.contains(key) && json[key].is_number() ? json[key].get<double>() : NAN;
}

std::vector<std::string> row_axes(const Study& study) {
  std::vector<std::string> axes;
  for (const Axis& axis : study.axes)
    if (!axis.repeats()) axes.push_back(axis.name);
  return axes;
}

std::vector<std::string> row_labels(const Study& study, const Member& member) {
  std::vector<std::string> labels;
  for (size_t a = 0; a < study.axes.size(); ++a)
    if (!study.axes[a].repeats()) labels.push_back(member.place[a].second);
  return labels;
}

std::vector<SummaryRow> summarise(const Study& study, const std::vector<MemberResult>& results) {
  std::vector<SummaryRow> rows;
  for (const MemberResult& first : results) {
    SummaryRow row{row_labels(study, first.member)};
    if (std::ranges::any_of(rows, [&](const SummaryRow& r) { return r.labels == row.labels; })) continue;
    std::vector<const Json*> figures;
    for (const MemberResult& r : results) {
      if (row_labels(study, r.member) != row.labels) continue;
      ++row.wanted;
      if (!has_run(r)) continue;
      ++row.runs;
      figures.push_back(&r.result.at("figures"));
      row.seconds += r.result.value("seconds", 0.0);
      row.epochs += r.result.value("epochs", 0.0);
      row.parameters = r.result.value("parameters", int64_t{0});
      row.multiply_adds = r.result.value("multiply_adds", int64_t{0});
      if (const Json made_with = r.result.value("circumstances", Json::object()); made_with.contains("precision"))
        row.arithmetic.insert(made_with["precision"].get<std::string>());
    }
    if (row.runs > 0) row.seconds /= static_cast<double>(row.runs), row.epochs /= static_cast<double>(row.runs);
    for (const std::string& column : study.columns) row.figures.push_back(summarise_one(figures, column));
    rows.push_back(std::move(row));
  }
  return rows;
}

host::Named<Summary> SummaryRow::measured() const {
  host::Named<Summary> some;
  for (const Summary& s : figures)
    if (s.runs > 0) some.emplace_back(s.column, s);
  return some;
}

StudySummary summary_of(const Study& study, const std::vector<MemberResult>& results) {
  return {study.title, row_axes(study), summarise(study, results)};
}

}  // namespace dimple::study

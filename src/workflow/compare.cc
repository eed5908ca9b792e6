#include "workflow/compare.h"

#include <algorithm>

#include "host/error.h"

namespace dimple::workflow {
namespace {

std::vector<uint8_t> right(const evaluate::Answers& a) {
  std::vector<uint8_t> right;
  const size_t n = a.classes.size();
  for (size_t i = 0; i < a.labels.size(); ++i)
    right.push_back(metrics::answer_of(std::span(a.scores).subspan(i * n, n)) == a.labels[i]);
  return right;
}

}  // namespace

Comparison compare(ValReport first, ValReport second, int resamples) {
  const evaluate::Answers &a = first.answers, &b = second.answers;
  if (a.rows != b.rows || a.labels != b.labels || a.classes != b.classes)
    throw host::Error(host::Exit::failed, "the two models did not answer the same pictures");
  const auto classes = static_cast<int>(a.classes.size());
  const auto difference = [&](std::span<const int32_t> rows) {
    const auto x = metrics::classify(a.scores, a.labels, classes, rows);
    const auto y = metrics::classify(b.scores, b.labels, classes, rows);
    return std::vector<double>{x.accuracy - y.accuracy, x.balanced_accuracy - y.balanced_accuracy,
                               x.f1_macro - y.f1_macro};
  };
  const auto intervals =
      metrics::bootstrap(static_cast<int64_t>(a.rows.size()), first.together, difference, {.resamples = resamples});
  Comparison c;
  const char* const names[] = {"accuracy", "balanced_accuracy", "f1_macro"};
  for (size_t i = 0; i < std::size(names); ++i)
    c.difference.push_back({names[i], {first.figures[names[i]].value - second.figures[names[i]].value, intervals[i]}});
  c.mcnemar = metrics::mcnemar(right(a), right(b));
  c.first = std::move(first), c.second = std::move(second);
  return c;
}

Comparison compare(const ValRequest& request, host::Progress& progress) {
  ValRequest one = request, other = request;
  other.model = request.against;
  one.against.clear(), other.against.clear();
  if (!request.name.empty()) one.name += "-first", other.name += "-second";
  const auto known = [](const std::string& model) {
    std::vector<std::string> labels = inference::open_model(model).labels;
    std::ranges::sort(labels);
    return labels;
  };
  if (request.unknown == "skip" && known(one.model) != known(other.model))
    throw host::Error(host::Exit::usage,
                      "the two models know different classes: --unknown skip would judge each on others",
                      "--unknown wrong judges both on all");
  ValReport first = val(one, progress);
  return compare(std::move(first), val(other, progress), request.resamples);
}

host::Json to_json(const Comparison& c) {
  using host::Json;
  Json difference = Json::object();
  for (const auto& [name, figure] : c.difference)
    difference[name] = {{"value", figure.value}, {"interval_95", {figure.interval.low, figure.interval.high}}};
  return {{"schema", 1},
          {"first", to_json(c.first)},
          {"second", to_json(c.second)},
          {"first_minus_second", difference},
          {"mcnemar",
           {{"only_first_right", c.mcnemar.only_first},
            {"only_second_right", c.mcnemar.only_second},
            {"p", c.mcnemar.p},
            {"method", c.mcnemar.exact ? "exact" : "mid-p"}}}};
}

}  // namespace dimple::workflow

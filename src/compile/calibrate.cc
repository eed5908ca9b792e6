#include "compile/calibrate.h"

#include <fmt/format.h>

#include "compile/parts.h"
#include "host/error.h"
#include "ir/evaluate.h"

namespace dimple::compile {
namespace {

using Statistics = std::vector<ValueStatistics>;

void add_sums(std::vector<double>& to, const std::vector<double>& from) {
  to.resize(from.size());
  for (size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

void add_picture(Statistics& s, const std::vector<ir::Tensor>& values) {
  s.resize(values.size());
  for (size_t v = 0; v < values.size(); ++v) {
    const auto floats = values[v].as<float>();
    s[v].histogram.add(floats);
    s[v].mean.resize(floats.size());
    for (size_t i = 0; i < floats.size(); ++i) s[v].mean[i] += static_cast<double>(floats[i]);
  }
}

}  // namespace

size_t count_pictures(const ir::Graph& graph, const CalibrationSet& set) {
  const auto size = static_cast<size_t>(graph.input.shape.elements());
  if (set.codes.empty() || set.codes.size() % size != 0)
    throw host::Error(host::Exit::input, fmt::format("calibration needs pictures of {} codes each; {} codes were given",
                                                     size, set.codes.size()));
  return set.codes.size() / size;
}

ir::Tensor real_picture(const ir::Graph& graph, const CalibrationSet& set, size_t picture) {
  const ops::Shape& shape = graph.input.shape;
  ir::Tensor t = ir::make_tensor(DType::f32, {shape.height, shape.width, shape.channels});
  const auto out = t.as<float>();
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(set.codes[picture * out.size() + i]) * set.scale;
  return t;
}

std::vector<ValueStatistics> calibrate(const ir::Graph& graph, const CalibrationSet& set, int threads) {
  const size_t pictures = count_pictures(graph, set);
  std::vector<Statistics> per_part(parts_of(pictures));
  run_parts(pictures, threads, [&](size_t part, size_t first, size_t last) {
    for (size_t p = first; p < last; ++p) add_picture(per_part[part], ir::evaluate(graph, real_picture(graph, set, p)));
  });

  Statistics total(per_part[0].size());
  for (const Statistics& s : per_part)
    for (size_t v = 0; v < total.size(); ++v) {
      total[v].histogram.add(s[v].histogram);
      add_sums(total[v].mean, s[v].mean);
    }
  for (ValueStatistics& v : total)
    for (double& m : v.mean) m /= static_cast<double>(pictures);
  return total;
}

}  // namespace dimple::compile

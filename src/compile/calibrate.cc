#include "compile/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "host/error.h"
#include "ir/evaluate.h"

namespace dimple::compile {
namespace {

// Parts that are summed on their own, whatever the number of threads: sums of doubles depend on their order. Each holds
// a sum per element of every value, so there are few.
constexpr size_t kParts = 4;

using Statistics = std::vector<ValueStatistics>;

ir::Tensor make_input(const ir::Graph& graph, std::span<const int8_t> codes, float scale) {
  ir::Tensor t =
      ir::make_tensor(DType::f32, {graph.input.shape.height, graph.input.shape.width, graph.input.shape.channels});
  const auto out = t.as<float>();
  for (size_t i = 0; i < codes.size(); ++i) out[i] = static_cast<float>(codes[i]) * scale;
  return t;
}

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

std::vector<ValueStatistics> calibrate(const ir::Graph& graph, const CalibrationSet& set, int threads) {
  const auto size = static_cast<size_t>(graph.input.shape.elements());
  if (set.codes.empty() || set.codes.size() % size != 0)
    throw host::Error(host::Exit::input, fmt::format("calibration needs pictures of {} codes each; {} codes were given",
                                                     size, set.codes.size()));
  const size_t pictures = set.codes.size() / size, parts = std::min(kParts, pictures);

  std::vector<Statistics> per_part(parts);
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t part; (part = next.fetch_add(1)) < parts;)
      for (size_t p = pictures * part / parts; p < pictures * (part + 1) / parts; ++p)
        add_picture(per_part[part],
                    ir::evaluate(graph, make_input(graph, set.codes.subspan(p * size, size), set.scale)));
  };
  std::vector<std::future<void>> workers;
  for (int t = 1; t < threads; ++t) workers.push_back(std::async(std::launch::async, work));
  work();
  for (auto& w : workers) w.get();

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

#include "edit/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "edit/surgery.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"

namespace dimple::edit {
namespace {

using host::Error;
using host::Exit;

// Sorted values with their running sums: the mean and the error of any run of them at once.
struct Runs {
  std::vector<float> values;
  std::vector<double> sum{0}, square{0};

  explicit Runs(std::vector<float> v) : values(std::move(v)) {
    std::ranges::sort(values);
    for (const float x : values) {
      const auto d = static_cast<double>(x);
      sum.push_back(sum.back() + d), square.push_back(square.back() + d * d);
    }
  }
  // Where the values begin that are nearer to b than to a.
  size_t border(double a, double b) const {
    return static_cast<size_t>(std::ranges::lower_bound(values, static_cast<float>((a + b) / 2)) - values.begin());
  }
};

struct Clustering {
  std::vector<double> centroids;
  double error = 0;
};

// Lloyd's rounds: each centroid moves to the mean of the values that are nearest to it.
Clustering settle(const Runs& runs, std::vector<double> centroids) {
  constexpr int kRounds = 100;
  double error = 0;
  for (int round = 0; round < kRounds; ++round) {
    bool moved = false;
    error = 0;
    size_t first = 0;
    for (size_t k = 0; k < centroids.size(); ++k) {
      const size_t last = k + 1 < centroids.size() ? runs.border(centroids[k], centroids[k + 1]) : runs.values.size();
      if (last > first) {
        const double count = static_cast<double>(last - first), sum = runs.sum[last] - runs.sum[first];
        error += runs.square[last] - runs.square[first] - sum * sum / count;
        moved = moved || std::abs(sum / count - centroids[k]) > 1e-9;
        centroids[k] = sum / count;
      }
      first = std::max(first, last);
    }
    if (!moved) break;
  }
  return {std::move(centroids), error};
}

struct Layer {
  size_t node;
  ops::Dims dims;
};

void check_layer(const ir::Graph& graph, const ir::Node& node) {
  for (const size_t reader : readers_of(graph, static_cast<ir::Value>(&node - graph.nodes.data() + 1)))
    if (std::holds_alternative<ops::BatchNorm>(graph.nodes[reader].op))
      throw Error(Exit::usage, fmt::format("layer {} has a batch norm behind it", node.name),
                  "fold batch norms before weights are clustered");
  for (const float w : graph.constants.at(node.name + ".weight").as<float>())
    if (!std::isfinite(w)) throw Error(Exit::model, fmt::format("{}.weight holds what is no number", node.name));
}

std::vector<Layer> layers_to_cluster(const ir::Graph& graph, const ClusterOptions& options) {
  constexpr int64_t kWeightsPerEntry = 8;
  std::vector<std::string> names;
  std::vector<Layer> layers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const ir::Node& node = graph.nodes[i];
    if (!ir::is_coded(node.op)) continue;
    names.push_back(node.name);
    const ir::Tensor* const weight = graph.constant(node.name, "weight");
    if (!weight || weight->dtype != DType::f32 || ir::is_latent_sign(graph, node)) continue;
    const ops::Dims dims = ir::parameters_of(graph, node).weight;
    if (std::ranges::find(options.leave, node.name) != options.leave.end()) continue;
    if (dims.extent(ops::Axis::out) % options.groups != 0) continue;
    if (dims.elements() < kWeightsPerEntry * options.entries * options.groups) continue;
    check_layer(graph, node);
    layers.push_back({i, dims});
  }
  for (const std::string& name : options.leave)
    if (std::ranges::find(names, name) == names.end())
      throw Error(Exit::usage, fmt::format("there is no layer '{}'", name), host::did_you_mean(name, names));
  if (layers.empty())
    throw Error(Exit::usage,
                fmt::format("no layer of {} has enough weights for {} clusters{}", graph.name, options.entries,
                            options.groups > 1 ? fmt::format(" in {} groups", options.groups) : ""),
                fmt::format("a layer needs {} of each entry", kWeightsPerEntry));
  return layers;
}

// The place of the nearest entry. A weight of zero takes an entry of zero and no other.
uint8_t nearest(std::span<const float> book, float w) {
  size_t best = 0;
  for (size_t k = 1; k < book.size(); ++k)
    if (std::abs(book[k] - w) < std::abs(book[best] - w)) best = k;
  return static_cast<uint8_t>(best);
}

ClusteredLayer cluster_layer(ir::Graph& graph, const Layer& layer, const ClusterOptions& options) {
  const std::string name = graph.nodes[layer.node].name;
  const ir::Tensor weight = graph.constants.at(name + ".weight");
  const auto w = weight.as<float>();
  const int64_t channels = layer.dims.extent(ops::Axis::out), per_channel = layer.dims.per_channel();
  const auto place = [&](int64_t c, int64_t k) { return static_cast<size_t>(layer.dims.index_of(c, k)); };

  std::vector<float> scales;
  for (int64_t c = 0; c < channels; ++c) {
    double square = 0;
    int64_t count = 0;
    for (int64_t k = 0; k < per_channel; ++k)
      if (const auto v = static_cast<double>(w[place(c, k)]); v != 0) square += v * v, ++count;
    scales.push_back(count == 0 ? 1.0f
                                : std::max(1e-12f, static_cast<float>(std::sqrt(square / static_cast<double>(count)))));
  }

  ClusteredLayer report{name, weight.elements(), 0};
  std::vector<float> books;
  std::vector<uint8_t> codes(w.size());
  double error = 0, square = 0;
  const int64_t together = channels / options.groups;
  for (int64_t g = 0; g < options.groups; ++g) {
    std::vector<float> values;
    bool zeros = false;
    for (int64_t c = g * together; c < (g + 1) * together; ++c)
      for (int64_t k = 0; k < per_channel; ++k) {
        const float v = w[place(c, k)] / scales[static_cast<size_t>(c)];
        if (v == 0)
          zeros = true;
        else
          values.push_back(v);
      }
    std::vector<float> book = find_centroids(std::move(values), options.entries - (zeros ? 1 : 0));
    std::erase(book, 0.0f);  // of a pruned layer zero stands for what was pruned, and for nothing else
    const std::vector<float> others = book;
    if (zeros) book.push_back(0);
    for (int64_t c = g * together; c < (g + 1) * together; ++c)
      for (int64_t k = 0; k < per_channel; ++k) {
        const size_t at = place(c, k);
        const float v = w[at] / scales[static_cast<size_t>(c)];
        codes[at] = v == 0 ? static_cast<uint8_t>(book.size() - 1) : nearest(others, v);
        const double off =
            static_cast<double>(v - book[codes[at]]) * static_cast<double>(scales[static_cast<size_t>(c)]);
        error += off * off, square += static_cast<double>(w[at]) * static_cast<double>(w[at]);
      }
    book.resize(static_cast<size_t>(options.entries), 0);
    books.insert(books.end(), book.begin(), book.end());
  }
  report.error = square > 0 ? error / square : 0;
  const DType type = options.entries == 16 ? DType::c4 : options.entries == 32 ? DType::c5 : DType::u8;
  graph.constants[name + ".weight"] = ir::pack_codes(type, weight.dims, codes);
  graph.constants[name + ".codebook"] = ir::make_tensor(DType::f32, {options.groups, options.entries}, books);
  graph.constants[name + ".weight_scale"] = ir::make_tensor(DType::f32, {channels}, scales);
  return report;
}

}  // namespace

std::vector<float> find_centroids(std::vector<float> values, int count) {
  const Runs runs(std::move(values));
  if (runs.values.empty() || count < 1) return {};
  std::vector<double> even, by_rank;
  const double low = static_cast<double>(runs.values.front()), high = static_cast<double>(runs.values.back());
  for (int k = 0; k < count; ++k) {
    const double at = (k + 0.5) / count;
    even.push_back(low + (high - low) * at);
    by_rank.push_back(static_cast<double>(runs.values[std::min(
        runs.values.size() - 1, static_cast<size_t>(at * static_cast<double>(runs.values.size())))]));
  }
  std::vector<double> between = even;
  for (size_t k = 0; k < between.size(); ++k) between[k] = (even[k] + by_rank[k]) / 2;
  Clustering best = settle(runs, even);
  for (std::vector<double>& start : std::vector{by_rank, between})
    if (Clustering other = settle(runs, start); other.error < best.error) best = std::move(other);
  std::vector<float> centroids;  // those that some value is nearest to
  size_t first = 0;
  for (size_t k = 0; k < best.centroids.size(); ++k) {
    const size_t last =
        k + 1 < best.centroids.size() ? runs.border(best.centroids[k], best.centroids[k + 1]) : runs.values.size();
    if (last > first) centroids.push_back(static_cast<float>(best.centroids[k]));
    first = std::max(first, last);
  }
  return centroids;
}

std::vector<ClusteredLayer> cluster(ir::Graph& graph, const ClusterOptions& options) {
  if (options.entries != 16 && options.entries != 32 && options.entries != 256)
    throw Error(Exit::usage, fmt::format("weights cannot share {} values", options.entries),
                "16, 32 and 256 are possible: codes of 4, 5 and 8 bits");
  if (options.groups < 1) throw Error(Exit::usage, "clustering needs at least one group of channels");
  std::vector<ClusteredLayer> reports;
  for (const Layer& layer : layers_to_cluster(graph, options)) reports.push_back(cluster_layer(graph, layer, options));
  return reports;
}

}  // namespace dimple::edit

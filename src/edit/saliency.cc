#include "edit/saliency.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "edit/surgery.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/traits.h"
#include "ir/verify.h"

namespace dimple::edit {
namespace {

constexpr std::string_view kSaliencyRules[] = {"magnitude", "magnitude_l2", "batch_norm", "taylor", "taylor_squared"};

// One number for each output channel; empty where a node has no say.
using PerChannel = std::vector<double>;

bool is_norm(const ir::Node& node) { return std::holds_alternative<ops::BatchNorm>(node.op); }

std::span<const float> values_of(const ir::Graph& graph, const std::string& name) {
  const auto found = graph.constants.find(name);
  if (found == graph.constants.end())
    throw host::Error(host::Exit::usage, fmt::format("channels are chosen by weights, and {} is missing", name));
  if (found->second.dtype != DType::f32)
    throw host::Error(host::Exit::usage, fmt::format("channels are chosen by float weights, and {} is {}", name,
                                                     dimple::name_of(found->second.dtype)));
  return found->second.as<float>();
}

// f(channel, place) for every weight that is learned: of a batch norm, gamma.
template <class F>
void for_each_learned(const ops::Dims& dims, F&& f) {
  const int64_t each = dims.per_channel() / dims.extent(ops::Axis::part);
  for (int64_t c = 0; c < dims.extent(ops::Axis::out); ++c)
    for (int64_t k = 0; k < each; ++k) f(static_cast<size_t>(c), static_cast<size_t>(dims.index_of(c, k)));
}

// The norm of every channel's weights, relative to their mean.
PerChannel relative_norms(const ir::Graph& graph, const ir::Node& node, bool squared) {
  const ops::Dims dims = ir::parameters_of(graph, node).weight;
  const std::span<const float> w = values_of(graph, node.name + ".weight");
  PerChannel norms(static_cast<size_t>(dims.extent(ops::Axis::out)));
  for_each_learned(dims, [&](size_t c, size_t at) {
    const double v = std::fabs(w[at]);
    norms[c] += squared ? v * v : v;
  });
  double sum = 0;
  for (double& n : norms) sum += n = squared ? std::sqrt(n) : n;  // how many there are cancels
  if (!std::isfinite(sum))
    throw host::Error(host::Exit::model, fmt::format("{}.weight holds what is no number", node.name));
  const double mean = sum / static_cast<double>(norms.size());
  for (double& n : norms) n = mean > 0 ? n / mean : 0;
  return norms;
}

// The sum of constant * gradient over what each channel owns.
PerChannel first_orders(const ir::Graph& graph, const ir::Node& node, const Gradients& gradients) {
  const ops::Parameters parameters = ir::parameters_of(graph, node);
  const ops::Dims bias{{ops::Axis::out, parameters.bias}};
  PerChannel sums(static_cast<size_t>(node.type.shape.channels));
  const auto add = [&](const std::string& name, const ops::Dims& dims) {
    const std::span<const float> w = values_of(graph, name);
    const auto found = gradients.find(name);
    if (found == gradients.end() || found->second.dtype != DType::f32 ||
        found->second.dims != graph.constants.at(name).dims)
      throw host::Error(host::Exit::usage, fmt::format("there is no gradient of {}, or one of another shape", name),
                        "give the gradient of every weight and bias, or use the rule magnitude");
    const std::span<const float> g = found->second.as<float>();
    for_each_learned(dims, [&](size_t c, size_t at) { sums[c] += double{w[at]} * double{g[at]}; });
    if (!std::ranges::all_of(sums, [](double s) { return std::isfinite(s); }))
      throw host::Error(host::Exit::model, fmt::format("{} or its gradient holds what is no number", name));
  };
  add(node.name + ".weight", parameters.weight);
  if (parameters.bias > 0) add(node.name + ".bias", bias);
  return sums;
}

bool has_norm_behind(const ir::Graph& graph, ir::Value v) {
  return std::ranges::any_of(readers_of(graph, v), [&](size_t i) { return is_norm(graph.nodes[i]); });
}

// What a rule asks a node for; by value.
class Opinions {
 public:
  template <class Ask>
  Opinions(const ir::Graph& graph, std::span<const ChannelGroup> groups, Ask&& ask)
      : by_value_(graph.nodes.size() + 1) {
    for (const ChannelGroup& group : groups)
      for (const ChannelOf& c : group.channels)
        if (std::optional<PerChannel>& opinion = by_value_[static_cast<size_t>(c.value)]; group.removable && !opinion)
          opinion = ask(c.value, graph.node_of(c.value));
  }

  struct Sum {
    double sum = 0;
    int count = 0;
    double mean() const { return count > 0 ? sum / count : 0; }
  };
  Sum of(const ChannelGroup& group) const {
    Sum all;
    for (const ChannelOf& c : group.channels)
      if (const PerChannel& said = *by_value_[static_cast<size_t>(c.value)]; !said.empty()) {
        all.sum += said[static_cast<size_t>(c.channel)];
        ++all.count;
      }
    return all;
  }

 private:
  std::vector<std::optional<PerChannel>> by_value_;
};

Opinions magnitudes(const ir::Graph& graph, std::span<const ChannelGroup> groups, bool squared) {
  return {graph, groups, [&](ir::Value, const ir::Node& node) {
            return ir::is_linear(node.op) ? relative_norms(graph, node, squared) : PerChannel{};
          }};
}

Opinions gammas(const ir::Graph& graph, std::span<const ChannelGroup> groups) {
  return {graph, groups, [&](ir::Value, const ir::Node& node) {
            return is_norm(node) ? relative_norms(graph, node, false) : PerChannel{};
          }};
}

Opinions losses(const ir::Graph& graph, std::span<const ChannelGroup> groups, const Gradients& gradients) {
  return {graph, groups, [&](ir::Value v, const ir::Node& node) {
            const bool speaks = is_norm(node) || (ir::is_linear(node.op) && !has_norm_behind(graph, v));
            return speaks ? first_orders(graph, node, gradients) : PerChannel{};
          }};
}

template <class Score>
std::vector<double> scores(std::span<const ChannelGroup> groups, Score&& score) {
  std::vector<double> all;
  for (const ChannelGroup& group : groups)
    all.push_back(group.removable ? score(group) : std::numeric_limits<double>::infinity());
  return all;
}

std::vector<double> score_by_gammas(const ir::Graph& graph, std::span<const ChannelGroup> groups) {
  const Opinions gamma = gammas(graph, groups), magnitude = magnitudes(graph, groups, false);
  bool any = false;
  std::vector<double> all = scores(groups, [&](const ChannelGroup& group) {
    const auto said = gamma.of(group);
    any = any || said.count > 0;
    return said.count > 0 ? said.mean() : magnitude.of(group).mean();
  });
  if (any) return all;
  throw host::Error(host::Exit::usage, fmt::format("graph {} has no batch norm to choose channels by", graph.name),
                    "use the rule magnitude");
}

}  // namespace

std::string_view name_of(SaliencyRule rule) { return kSaliencyRules[static_cast<size_t>(rule)]; }

SaliencyRule parse_saliency_rule(std::string_view name) {
  host::check_choice("saliency", name, {std::begin(kSaliencyRules), std::end(kSaliencyRules)});
  return static_cast<SaliencyRule>(std::ranges::find(kSaliencyRules, name) - std::begin(kSaliencyRules));
}

std::vector<double> score_groups(const ir::Graph& graph, std::span<const ChannelGroup> groups, SaliencyRule rule,
                                 const Gradients& gradients) {
  ir::verify(graph, ir::Constants::may_be_absent);  // constants have the sizes that are read
  if (rule == SaliencyRule::batch_norm) return score_by_gammas(graph, groups);
  if (rule == SaliencyRule::magnitude || rule == SaliencyRule::magnitude_l2) {
    const Opinions magnitude = magnitudes(graph, groups, rule == SaliencyRule::magnitude_l2);
    return scores(groups, [&](const ChannelGroup& group) { return magnitude.of(group).mean(); });
  }
  const Opinions loss = losses(graph, groups, gradients);
  return scores(groups, [&](const ChannelGroup& group) {
    const double change = loss.of(group).sum;
    return rule == SaliencyRule::taylor ? std::fabs(change) : change * change;
  });
}

}  // namespace dimple::edit

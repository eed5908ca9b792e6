// Second half of edit/channels.h: the cut itself.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "edit/channels.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"
#include "ir/verify.h"

namespace dimple::edit {
namespace {

using ops::ChannelRule;

using Mask = std::vector<bool>;

int64_t count(const Mask& kept) { return std::ranges::count(kept, true); }

std::string name_of(const ir::Graph& graph, ir::Value v) { return v == ir::kInput ? "input" : graph.node_of(v).name; }

[[noreturn]] void refuse(const std::string& what, const std::string& hint = {}) {
  throw host::Error(host::Exit::usage, what, hint);
}

void check_float(const ir::Graph& graph) {
  const auto check = [](DType dtype, const std::string& what) {
    if (dtype != DType::f32)
      refuse(fmt::format("channels leave float graphs only, and {} is {}", what, dimple::name_of(dtype)),
             "remove channels before the graph is quantised");
  };
  for (ir::Value v = 0; v <= graph.output(); ++v) check(graph.type_of(v).dtype, name_of(graph, v));
  for (const auto& [name, tensor] : graph.constants) check(tensor.dtype, name);
}

// Which channels stay, by value.
std::vector<Mask> kept_without(const ir::Graph& graph, std::span<const ChannelGroup> gone) {
  std::vector<Mask> kept;
  for (ir::Value v = 0; v <= graph.output(); ++v) kept.emplace_back(static_cast<size_t>(channels_of(graph, v)), true);
  for (const ChannelGroup& group : gone)
    for (const ChannelOf& c : group.channels) {
      if (c.value < 0 || c.value > graph.output() || c.channel < 0 || c.channel >= channels_of(graph, c.value))
        refuse(fmt::format("a group names channel {} of value {}, which is not in the graph", c.channel, c.value));
      if (!group.removable)
        refuse(fmt::format("channel {} of {} cannot leave: input, output or an operator needs it", c.channel,
                           name_of(graph, c.value)));
      kept[static_cast<size_t>(c.value)][static_cast<size_t>(c.channel)] = false;
    }
  for (ir::Value v = 1; v <= graph.output(); ++v)
    if (count(kept[static_cast<size_t>(v)]) == 0)
      refuse(fmt::format("layer {} would be left without channels", name_of(graph, v)), "keep at least one");
  return kept;
}

// Which places along an axis of a node's weight stay.
Mask kept_along(const ir::Node& node, ir::Value out, const ops::Dim& dim, const std::vector<Mask>& kept) {
  if (dim.axis == ops::Axis::out) return kept[static_cast<size_t>(out)];
  Mask stays(static_cast<size_t>(dim.extent), true);
  if (dim.axis != ops::Axis::in && dim.axis != ops::Axis::element) return stays;
  const Mask& read = kept[static_cast<size_t>(node.inputs[0])];
  for (size_t i = 0; i < stays.size(); ++i) stays[i] = read[i % read.size()];  // NHWC: a pixel's channels in a row
  return stays;
}

void cut(ir::Tensor& tensor, size_t axis, const Mask& kept) {
  if (count(kept) == static_cast<int64_t>(kept.size())) return;
  std::vector<int64_t> dims = tensor.dims;
  dims[axis] = count(kept);
  ir::Tensor thinner = ir::make_tensor(DType::f32, std::move(dims));
  int64_t inner = 1;
  for (size_t d = axis + 1; d < tensor.dims.size(); ++d) inner *= tensor.dims[d];
  const std::span<const float> from = std::as_const(tensor).as<float>();
  const std::span<float> to = thinner.as<float>();
  const size_t row = static_cast<size_t>(inner);
  for (size_t at = 0, written = 0; at < from.size(); at += row)
    if (kept[at / row % kept.size()]) {
      std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(at), row,
                  to.begin() + static_cast<std::ptrdiff_t>(written));
      written += row;
    }
  tensor = std::move(thinner);
}

void cut_constants(ir::Graph& graph, ir::Value out, const std::vector<Mask>& kept) {
  const ir::Node& node = graph.node_of(out);
  const ops::Dims dims = ir::parameters_of(graph, node).weight;
  if (const auto weight = graph.constants.find(node.name + ".weight"); weight != graph.constants.end())
    for (int d = 0; d < dims.rank(); ++d)
      cut(weight->second, static_cast<size_t>(d), kept_along(node, out, dims[d], kept));
  for (const char* role : {".bias", ".weight_scale"})  // one for each output channel; scales are those of latent signs
    if (const auto found = graph.constants.find(node.name + role); found != graph.constants.end())
      cut(found->second, 0, kept[static_cast<size_t>(out)]);
}

// Input channel `channel` of a node.
struct Reader {
  size_t node = 0;
  int32_t channel = 0;
};

// Signs cannot be scaled.
bool can_scale(const ir::Graph& graph, const ir::Node& node) {
  return ir::channel_rule_of(node.op) == ChannelRule::weighted && graph.constant(node.name, "weight") &&
         !ir::is_latent_sign(graph, node);
}

// Who reads a channel, in place or behind a concat; false where one of them is no weight that can be scaled.
bool find_weights_behind(const ir::Graph& graph, ChannelOf what, std::vector<Reader>& found) {
  if (what.value == graph.output()) return false;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const ir::Node& node = graph.nodes[i];
    const ChannelRule rule = ir::channel_rule_of(node.op);
    int32_t at = 0;  // where the channels of an input begin, in a row
    for (const ir::Value in : node.inputs) {
      if (in == what.value && can_scale(graph, node))
        found.push_back({i, what.channel});
      else if (in == what.value &&
               (rule != ChannelRule::in_a_row ||
                !find_weights_behind(graph, {static_cast<ir::Value>(i + 1), at + what.channel}, found)))
        return false;
      at += channels_of(graph, in);
    }
  }
  return true;
}

void scale_weights(ir::Graph& graph, const Reader& reader, float factor) {
  const ir::Node& node = graph.nodes[reader.node];
  const ops::Dims dims = ir::parameters_of(graph, node).weight;
  const int64_t inner = std::max(dims.stride(ops::Axis::in), dims.stride(ops::Axis::element));
  int64_t k = 0;
  for (float& w : graph.constants[node.name + ".weight"].as<float>())
    if (k++ / inner % channels_of(graph, node.inputs[0]) == reader.channel) w *= factor;
}

// The mean over fewer channels, of which none is zero any more, is larger by this much.
void keep_means(ir::Graph& graph, const std::vector<Mask>& kept) {
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!std::holds_alternative<ops::ChannelMean>(graph.nodes[i].op)) continue;
    const Mask& read = kept[static_cast<size_t>(graph.nodes[i].inputs[0])];
    const float share = static_cast<float>(count(read)) / static_cast<float>(read.size());
    std::vector<Reader> readers;
    if (share < 1 && find_weights_behind(graph, {static_cast<ir::Value>(i + 1), 0}, readers))
      for (const Reader& reader : readers) scale_weights(graph, reader, share);
  }
}

}  // namespace

void remove_channels(ir::Graph& graph, std::span<const ChannelGroup> gone) {
  check_float(graph);
  ir::verify(graph, ir::Constants::may_be_absent);
  const std::vector<Mask> kept = kept_without(graph, gone);
  keep_means(graph, kept);
  for (ir::Value v = 1; v <= graph.output(); ++v) cut_constants(graph, v, kept);  // while shapes are the old ones
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (int32_t* channels = ir::out_channels_in(graph.nodes[i].op))
      *channels = static_cast<int32_t>(count(kept[i + 1]));
  infer_types(graph);
  ir::verify(graph, ir::Constants::may_be_absent);
}

}  // namespace dimple::edit

#include "model/transfer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "host/error.h"
#include "ir/semantics.h"
#include "model/foreign_layout.h"

namespace dimple::model {
namespace {

struct Layer {
  std::string name;
  ForeignLayer parts;
};

struct Destination {  // where weights may go
  const ir::Node* node;
  bool head;
};

std::vector<Destination> destinations_of(const ir::Graph& graph) {
  std::vector<Destination> destinations;
  for (const ir::Node& node : graph.nodes)
    if (!ir::parameter_specs(node.op, ir::input_shapes(graph, node)).empty()) destinations.push_back({&node, false});
  if (!destinations.empty()) {
    const ir::Node& last = *destinations.back().node;
    const int classes = graph.type_of(graph.output()).shape.channels;
    destinations.back().head = !std::holds_alternative<ops::BatchNorm>(last.op) && last.type.shape.channels == classes;
  }
  return destinations;
}

// A net that was trained on several devices at once has one word in front of every name.
size_t prefix_of(const StateDict& from) {
  constexpr std::string_view kModule = "module.";
  const bool all = std::ranges::all_of(from.tensors, [&](const auto& t) { return t.name.starts_with(kModule); });
  return all ? kModule.size() : 0;
}

std::vector<Layer> layers_of(const StateDict& from) {
  std::vector<Layer> layers;
  std::map<std::string, size_t> at;
  const size_t prefix = prefix_of(from);
  for (const auto& [whole, tensor] : from.tensors) {
    const std::string name = whole.substr(prefix);
    const size_t dot = name.rfind('.');
    const std::string module = dot == std::string::npos ? "" : name.substr(0, dot);
    const auto [it, is_new] = at.emplace(module, layers.size());
    if (is_new) layers.push_back({module, {}});
    layers[it->second].parts.emplace(dot == std::string::npos ? name : name.substr(dot + 1), &tensor);
  }
  return layers;
}

std::string shape_of(const ir::Tensor& t) { return fmt::format("[{}]", fmt::join(t.dims, ", ")); }

class Transfer {
 public:
  Transfer(const StateDict& from, ir::Graph& graph)
      : from_(from), graph_(graph), destinations_(destinations_of(graph)), layers_(layers_of(from)) {
    report_.source = from.source;
  }

  TransferReport run() {
    if (match_by_name() == 0) match_in_order();
    if (report_.layers == 0) refuse("no layer of it fits this network", "is it of another --arch?");
    note_unused();
    return report_;
  }

 private:
  [[noreturn]] void refuse(const std::string& why, const std::string& hint) const {
    throw host::Error(host::Exit::model, fmt::format("cannot start from {}: {}", from_.source, why), hint);
  }

  // How many of our layers have a name that the file knows.
  size_t match_by_name() {
    std::vector<const Layer*> found;
    for (const Destination& to : destinations_) {
      const auto it = std::ranges::find(layers_, to.node->name, &Layer::name);
      found.push_back(it == layers_.end() ? nullptr : &*it);
    }
    const auto known = static_cast<size_t>(std::ranges::count_if(found, [](const Layer* l) { return l != nullptr; }));
    if (known == 0) return 0;
    report_.matched_by = "name";
    for (size_t i = 0; i < destinations_.size(); ++i) {
      if (found[i] != nullptr)
        place(destinations_[i], *found[i]);
      else
        start_anew(destinations_[i]);
    }
    return known;
  }

  void match_in_order() {
    if (!from_.in_order)
      refuse(
          "no name of its tensors is known here, and a safetensors file does not keep the order of its layers",
          "in Python: torch.save(safetensors.torch.load_file(...) put in the network's own order) and use that .pth");
    report_.matched_by = "order";
    std::vector<const Layer*> weighted;
    for (const Layer& layer : layers_)
      if (layer.parts.contains("weight") || layer.parts.contains("running_mean")) weighted.push_back(&layer);
    if (weighted.size() != destinations_.size())
      refuse(fmt::format("no name of its tensors is known here, and it has {} layers where this network has {}",
                         weighted.size(), destinations_.size()),
             "is it of another --arch?");
    for (size_t i = 0; i < destinations_.size(); ++i) place(destinations_[i], *weighted[i]);
  }

  void place(const Destination& to, const Layer& layer) {
    const ir::Node& node = *to.node;
    auto laid_out = from_.ours ? as_it_is(node, layer) : lay_out(layer.parts, graph_, node);
    if (!laid_out && to.head) return start_anew(to);
    if (!laid_out) misfit(node, layer);
    for (auto& [role, tensor] : laid_out->constants) {
      report_.numbers += tensor.elements();
      graph_.constants[node.name + "." + role] = std::move(tensor);
    }
    if (!laid_out->reshaped.empty()) report_.reshaped.push_back(fmt::format("{}: {}", node.name, laid_out->reshaped));
    ++report_.layers;
    used_.insert(layer.name);
  }

  // Our own file: the same names, the same layouts.
  std::optional<LaidOut> as_it_is(const ir::Node& node, const Layer& layer) const {
    LaidOut result;
    for (const ir::ParameterSpec& spec : ir::parameter_specs(node.op, ir::input_shapes(graph_, node))) {
      const auto it = layer.parts.find(std::string(spec.role));
      if (it == layer.parts.end() || it->second->dtype != DType::f32 || it->second->dims != spec.dims) return {};
      result.constants.emplace(spec.role, *it->second);
    }
    return result;
  }

  [[noreturn]] void misfit(const ir::Node& node, const Layer& layer) const {
    const ir::Tensor* ours = graph_.constant(node.name, "weight");
    const auto it = layer.parts.find("weight");
    const std::string theirs = it == layer.parts.end() ? "no weight" : shape_of(*it->second);
    const std::string kind(ir::name_of(node.op));
    refuse(
        fmt::format("its {} ({}) does not fit {}, a {} of {}", layer.name, theirs, node.name, kind,
                    ours ? shape_of(*ours) : "nothing"),
        "only the last layer may differ; --arch, --width and the picture's size have to be those it was trained with");
  }

  void start_anew(const Destination& to) { (to.head ? report_.fresh_head : report_.fresh).push_back(to.node->name); }

  void note_unused() {
    for (const Layer& layer : layers_)
      for (const auto& [role, tensor] : layer.parts)
        if (!used_.contains(layer.name) && role != "num_batches_tracked")
          report_.unused.push_back(layer.name + "." + role);
  }

  const StateDict& from_;
  ir::Graph& graph_;
  std::vector<Destination> destinations_;
  std::vector<Layer> layers_;
  std::set<std::string> used_;
  TransferReport report_;
};

std::string some_of(const std::vector<std::string>& names) {
  constexpr size_t kShown = 4;
  const size_t shown = std::min(names.size(), kShown);
  std::string text = fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<ptrdiff_t>(shown), ", "));
  return names.size() > shown ? text + fmt::format(" and {} more", names.size() - shown) : text;
}

}  // namespace

TransferReport transfer(const StateDict& from, ir::Graph& graph) { return Transfer(from, graph).run(); }

std::string print(const TransferReport& r) {
  std::string text = fmt::format("{}: {} layers by {}, {} numbers", r.source, r.layers, r.matched_by, r.numbers);
  const auto line = [&](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) text += fmt::format("\n  {}: {}", what, some_of(names));
  };
  line("the head starts anew", r.fresh_head);
  line("without a counterpart, start anew", r.fresh);
  line("changed to fit", r.reshaped);
  line("of theirs, left aside", r.unused);
  return text;
}

}  // namespace dimple::model

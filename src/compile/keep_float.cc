#include "compile/keep_float.h"

#include <fmt/format.h>

#include <algorithm>

#include "edit/surgery.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/semantics.h"

namespace dimple::compile {
namespace {

using host::Error;
using host::Exit;

const ir::Node* find_node(const ir::Graph& graph, std::string_view name) {
  const auto found = std::ranges::find(graph.nodes, name, &ir::Node::name);
  return found == graph.nodes.end() ? nullptr : &*found;
}

// The node that does what `gone` did: the nearest before it that is left; null if there is none.
const ir::Node* taken_in_by(const ir::Graph& trained, const ir::Graph& optimised, const ir::Node& gone) {
  for (ir::Value v = gone.inputs.at(0); v != ir::kInput; v = trained.node_of(v).inputs.at(0))
    if (const ir::Node* node = find_node(optimised, trained.node_of(v).name)) return node;
  return nullptr;
}

// The integer graph anew, node by node, with both kinds of each value as they are asked for.
class Mixer {
 public:
  Mixer(const ir::Graph& real, const ir::Graph& integer) : real_(real), integer_(integer) {
    mixed_.name = integer.name;
    mixed_.input = integer.input;
    codes_.assign(integer.nodes.size() + 1, kNone), floats_ = codes_;
    codes_[ir::kInput] = ir::kInput;
  }

  void add(size_t i, bool in_float) {
    const ir::Graph& from = in_float ? real_ : integer_;
    ir::Node node = from.nodes[i];
    for (ir::Value& v : node.inputs) v = in_float ? as_float(v) : as_codes(v);
    if (in_float) node.type.take_codes_of({});
    for (const char* role : {"weight", "weight_scale", "codebook", "bias"})
      if (const ir::Tensor* t = from.constant(node.name, role)) mixed_.constants[node.name + "." + role] = *t;
    (in_float ? floats_ : codes_)[i + 1] = append(std::move(node));
  }

  ir::Graph finish() { return std::move(mixed_); }

 private:
  static constexpr ir::Value kNone = -1;

  ir::Value append(ir::Node node) {
    mixed_.nodes.push_back(std::move(node));
    return mixed_.output();
  }
  std::string name_for(ir::Value v, const char* kind) const {
    const std::string& of = v == ir::kInput ? "input" : integer_.node_of(v).name;
    return edit::free_name(integer_, of + "_" + kind);
  }
  ir::Value as_codes(ir::Value v) {
    ir::Value& made = codes_[static_cast<size_t>(v)];
    if (made == kNone)
      made = append({name_for(v, "codes"), ops::Quantise{}, {floats_[static_cast<size_t>(v)]}, integer_.type_of(v)});
    return made;
  }
  ir::Value as_float(ir::Value v) {
    ir::Value& made = floats_[static_cast<size_t>(v)];
    if (made == kNone)
      made = append({name_for(v, "real"),
                     ops::Dequantise{},
                     {codes_[static_cast<size_t>(v)]},
                     {DType::f32, integer_.type_of(v).shape}});
    return made;
  }

  const ir::Graph &real_, &integer_;
  ir::Graph mixed_;
  std::vector<ir::Value> codes_, floats_;  // where a value stands in either kind
};

}  // namespace

void check_kept(const ir::Graph& trained, const ir::Graph& optimised, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const ir::Node& node : optimised.nodes) known.push_back(node.name);
  for (const std::string& name : names) {
    if (find_node(optimised, name)) continue;
    const ir::Node* gone = find_node(trained, name);
    if (!gone)
      throw Error(Exit::usage, fmt::format("--keep-float: there is no layer {}", name),
                  host::did_you_mean(name, known, "dimple export --int8 --layer-report names them"));
    if (std::holds_alternative<ops::Softmax>(gone->op))
      throw Error(Exit::usage, fmt::format("--keep-float: {} runs in float in any case", name));
    const ir::Node* host = taken_in_by(trained, optimised, *gone);
    throw Error(
        Exit::usage, fmt::format("--keep-float: {} is no layer of its own once the graph is optimised", name),
        host ? fmt::format("{} does what it did: keep that", host->name) : "it computes nothing outside training");
  }
}

namespace {

// Bits are no codes: nothing makes them of floats, and nothing floats of them.
void check_signs(const ir::Graph& integer, const std::vector<std::string>& names) {
  const auto kept = [&](const ir::Node& node) { return std::ranges::find(names, node.name) != names.end(); };
  for (const ir::Node& node : integer.nodes)
    for (const ir::Value v : node.inputs)
      if (integer.type_of(v).dtype == DType::b1 && kept(node) != kept(integer.node_of(v)))
        throw Error(Exit::usage,
                    fmt::format("--keep-float: {} reads the signs of {}", node.name, integer.node_of(v).name),
                    "keep both of them, or neither");
}

}  // namespace

ir::Graph keep_float(const ir::Graph& real, const ir::Graph& integer, const std::vector<std::string>& names) {
  if (names.empty()) return integer;
  check_signs(integer, names);
  Mixer mixer(real, integer);
  for (size_t i = 0; i < integer.nodes.size(); ++i)
    mixer.add(i, std::ranges::find(names, integer.nodes[i].name) != names.end());
  return mixer.finish();
}

}  // namespace dimple::compile

#include "edit/reductions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "edit/bundles.h"
#include "edit/surgery.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/traits.h"

namespace dimple::edit {
namespace {

using host::Error;
using host::Exit;

void check_kind(const std::string& kind) { host::check_choice("reduction", kind, reduction_kinds()); }

// Collects what may be done; `add` keeps those of a kind that is asked for and that give a graph that runs.
class Finder {
 public:
  Finder(const ir::Graph& graph, const ReductionOptions& options) : graph_(graph), options_(options) {
    graph_.constants.clear();  // what can be done does not depend on weights
  }

  std::vector<Reduction> find() {
    for (const std::string& kind : reduction_kinds()) {
      if (!options_.kinds.empty() && std::ranges::find(options_.kinds, kind) == options_.kinds.end()) continue;
      if (kind == "input")
        shrink_input();
      else if (kind == "narrow")
        narrow_layers();
      else
        for (const ir::Node& node : graph_.nodes) at_node(kind, node);
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& kind, const std::string& node, int32_t to = 0) {
    const Reduction reduction{kind, node, to};
    try {
      reduce(graph_, reduction);
      found_.push_back(reduction);
    } catch (const Error& error) {
      if (error.exit() != Exit::usage) throw;
    }
  }

  // By about a sixth, to a multiple of four.
  void shrink_input() {
    const int32_t side = graph_.input.shape.height, to = side * 5 / 6 / 4 * 4;
    if (to >= options_.smallest_input && to < side) add("input", "input", to);
  }

  // Of all layers that are tied, by the one that comes first.
  void narrow_layers() {
    const std::vector<ChannelGroup> groups = channel_groups(graph_);
    const std::vector<double> scores(groups.size(), 1);
    for (const Bundle& bundle : bundles_of(groups, scores, options_.fewest_channels, 0.8)) {
      const int width = bundle.size(), multiple = width > options_.multiple ? options_.multiple : 1;
      std::vector<int> widths;
      for (const double share : options_.shares) {
        const int to = std::max(static_cast<int>(width * share) / multiple * multiple, multiple);
        if (to < options_.fewest_channels || to >= width || std::ranges::find(widths, to) != widths.end()) continue;
        add("narrow", graph_.node_of(groups[bundle.groups[0]].channels[0].value).name, to);
        widths.push_back(to);
      }
    }
  }

  void at_node(const std::string& kind, const ir::Node& node) {
    const ops::Window* window = ir::window_of(node.op);
    if (kind == "stride" || kind == "pool") {
      if (window != nullptr) add(kind, node.name, window->stride_h + 1);
    } else if (kind == "kernel") {
      if (window != nullptr && window->kernel_h >= 3) add(kind, node.name, window->kernel_h - 2);
    } else if (kind == "bridge") {
      for (int32_t back = 1; back <= 3; ++back) add(kind, node.name, back);
    } else {
      add(kind, node.name);
    }
  }

  ir::Graph graph_;
  const ReductionOptions& options_;
  std::vector<Reduction> found_;
};

}  // namespace

std::string print(const Reduction& r) {
  return r.to > 0 ? fmt::format("{} {} {}", r.kind, r.node, r.to) : fmt::format("{} {}", r.kind, r.node);
}

Reduction parse_reduction(std::string_view text) {
  std::istringstream words{std::string(text)};
  Reduction r;
  std::string number, more;
  words >> r.kind >> r.node >> number;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), r.to);
  const bool is_number = number.empty() || (problem == std::errc() && end == number.data() + number.size() && r.to > 0);
  if (r.node.empty() || !is_number || (words >> more))
    throw Error(Exit::usage, fmt::format("`{}` is no reduction", text), "for example `narrow conv2d_3 24`");
  check_kind(r.kind);
  return r;
}

std::vector<Reduction> reductions_of(const ir::Graph& graph, const ReductionOptions& options) {
  for (const std::string& kind : options.kinds) check_kind(kind);
  return Finder(graph, options).find();
}

}  // namespace dimple::edit

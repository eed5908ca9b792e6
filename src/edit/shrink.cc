#include "edit/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "edit/bundles.h"
#include "host/error.h"
#include "host/suggest.h"
#include "ir/traits.h"

namespace dimple::edit {
namespace {

constexpr std::string_view kBudgets[] = {"macs", "bytes"}, kRankings[] = {"balanced", "per_cost", "plain"};

void require(bool holds, const std::string& what, const std::string& hint = {}) {
  if (!holds) throw host::Error(host::Exit::usage, what, hint);
}

void check(const ShrinkOptions& o) {
  require(o.keep > 0 && o.keep <= 1,
          fmt::format("the share of the cost that stays, {}, is not above 0 and at most 1", o.keep));
  require(o.max_share >= 0 && o.max_share < 1,
          fmt::format("the share of a layer that may leave, {}, is not at least 0 and below 1", o.max_share));
  require(o.slack >= 0, fmt::format("a budget cannot be left unspent by {}", o.slack));
  require(o.multiple >= 1, fmt::format("widths cannot be multiples of {}", o.multiple));
  require(o.min_channels >= 1, fmt::format("a layer cannot be left with {} channels", o.min_channels));
}

class Shrinking {
 public:
  Shrinking(std::vector<Bundle> bundles, Widths widths, CostOfWidths cost, Ranking ranking)
      : bundles_(std::move(bundles)),
        widths_(std::move(widths)),
        cost_of_(std::move(cost)),
        ranking_(ranking),
        cost_(cost_of_(widths_)) {}

  double cost() const { return cost_; }
  const std::vector<Bundle>& bundles() const { return bundles_; }
  const Widths& widths() const { return widths_; }

  // With every bundle as narrow as it may be.
  double lowest_cost() const {
    Widths widths = widths_;
    for (const Bundle& b : bundles_) take(widths, b, b.kept - b.lowest);
    return cost_of_(widths);
  }

  // Keys of steps never fall while other bundles shrink (what they save does), so only the lowest known one must be
  // worked out anew before it is believed. A cost that does not behave so is still met, by another order of steps.
  void shrink_to(double most, int multiple) {
    std::vector<double> keys(bundles_.size());
    std::vector<bool> fresh(bundles_.size());
    while (cost_ > most && !bundles_.empty()) {
      const size_t best = static_cast<size_t>(std::ranges::min_element(keys) - keys.begin());
      if (keys[best] == kNever) return;
      if (!fresh[best]) {
        keys[best] = key(bundles_[best], multiple);
        fresh[best] = true;
        continue;
      }
      const int n = bundles_[best].step(multiple);
      move(best, n);
      steps_.push_back({best, n});
      fresh.assign(fresh.size(), false);
      keys[best] = 0;
    }
  }

  void give_back_steps(double most) {
    std::vector<bool> settled(bundles_.size());
    for (; !steps_.empty(); steps_.pop_back()) {
      const auto [at, n] = steps_.back();
      if (!settled[at]) settled[at] = !give_back(at, n, most);
    }
  }

  // The dearest first, until the cost is at least `enough` or nothing fits any more.
  void give_back_finely(double enough, double most, int groups) {
    while (cost_ < enough) {
      size_t best = bundles_.size();
      double highest = -1;
      for (size_t at = 0; at < bundles_.size(); ++at) {
        const Bundle& b = bundles_[at];
        if (b.gone() < groups) continue;
        const double cost = cost_without(b, -groups), price = price_of(b, b.gone() - groups, groups, cost - cost_);
        if (cost > most || price <= highest) continue;
        best = at;
        highest = price;
      }
      if (best == bundles_.size()) return;
      move(best, -groups);
    }
  }

 private:
  static constexpr double kNever = std::numeric_limits<double>::infinity();
  struct Step {
    size_t bundle = 0;
    int groups = 0;
  };

  static void take(Widths& widths, const Bundle& bundle, int groups) {
    for (const auto& [value, share] : bundle.shares) widths[static_cast<size_t>(value)] -= share * groups;
  }

  bool give_back(size_t bundle, int groups, double most) {
    move(bundle, -groups);
    if (cost_ <= most) return true;
    move(bundle, groups);
    return false;
  }

  void move(size_t bundle, int groups) {
    take(widths_, bundles_[bundle], groups);
    bundles_[bundle].kept -= groups;
    cost_ = cost_of_(widths_);
  }

  double cost_without(const Bundle& bundle, int groups) const {
    Widths widths = widths_;
    take(widths, bundle, groups);
    return cost_of_(widths);
  }

  double key(const Bundle& bundle, int multiple) const {
    const int n = bundle.step(multiple);
    if (n == 0) return kNever;
    const double saved = ranking_ == Ranking::plain ? 0 : cost_ - cost_without(bundle, n);
    return price_of(bundle, bundle.gone(), n, saved);
  }

  // What it costs the network's answers that n groups leave behind the first ones.
  double price_of(const Bundle& bundle, int first, int n, double saved) const {
    const double salient = bundle.saliency_of(first, n), left = bundle.saliency_of(first, bundle.size() - first);
    if (ranking_ == Ranking::plain) return salient / n;
    const double lost = ranking_ == Ranking::balanced && left > 0 ? salient / left : salient;
    return lost / std::max(saved, 1e-9 * cost_);  // what saves nothing alone may do so with others, and comes last
  }

  std::vector<Bundle> bundles_;
  Widths widths_;
  CostOfWidths cost_of_;
  Ranking ranking_;
  double cost_ = 0;
  std::vector<Step> steps_;
};

CostOfWidths cost_of(const ir::Graph& graph, const ShrinkOptions& options) {
  if (options.cost) return cost_at(graph, options.cost);
  return options.budget == Budget::macs ? macs_at(graph) : int8_bytes_at(graph);
}

std::vector<LayerWidth> narrower_layers(const ir::Graph& graph, const Widths& widths) {
  std::vector<LayerWidth> layers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const ir::Node& node = graph.nodes[i];
    const LayerWidth layer{node.name, node.type.shape.channels, widths[i + 1]};
    if (ir::is_linear(node.op) && layer.after < layer.before) layers.push_back(layer);
  }
  return layers;
}

}  // namespace

std::string_view name_of(Budget budget) { return kBudgets[static_cast<size_t>(budget)]; }
std::string_view name_of(Ranking ranking) { return kRankings[static_cast<size_t>(ranking)]; }

Budget parse_budget(std::string_view name) {
  host::check_choice("budget", name, {std::begin(kBudgets), std::end(kBudgets)});
  return static_cast<Budget>(std::ranges::find(kBudgets, name) - std::begin(kBudgets));
}
Ranking parse_ranking(std::string_view name) {
  host::check_choice("ranking", name, {std::begin(kRankings), std::end(kRankings)});
  return static_cast<Ranking>(std::ranges::find(kRankings, name) - std::begin(kRankings));
}

ShrinkPlan plan_shrink(const ir::Graph& graph, const ShrinkOptions& options) {
  check(options);
  const std::vector<ChannelGroup> groups = channel_groups(graph);
  const std::vector<double> scores = score_groups(graph, groups, options.saliency, options.gradients);
  Shrinking shrinking(bundles_of(groups, scores, options.min_channels, options.max_share), widths_of(graph),
                      cost_of(graph, options), options.ranking);

  ShrinkPlan plan{{}, shrinking.cost()};
  const double most = options.keep * plan.before * (1 + 1e-12);
  require(plan.before > 0, "the graph costs nothing as it is");
  const double least = shrinking.lowest_cost() / plan.before;
  require(least * plan.before <= most,
          fmt::format("no plan keeps {:.1f} % of the cost: at least {:.1f} % stay", 100 * options.keep,
                      std::ceil(1000 * least) / 10),
          "keep more of the cost");
  for (int multiple = options.multiple; shrinking.cost() > most && multiple >= 1; multiple /= 2)
    shrinking.shrink_to(most, multiple);
  shrinking.give_back_steps(most);
  for (int multiple = options.multiple / 2; multiple >= 1; multiple /= 2)
    shrinking.give_back_finely((1 - options.slack) * most, most, multiple);

  plan.after = shrinking.cost();
  for (const Bundle& b : shrinking.bundles())
    for (int i = 0; i < b.gone(); ++i) plan.gone.push_back(groups[b.groups[static_cast<size_t>(i)]]);
  plan.layers = narrower_layers(graph, shrinking.widths());
  return plan;
}

}  // namespace dimple::edit

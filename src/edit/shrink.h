// Which channels leave, so that what remains costs no more than a share of what it did.
//
// Groups that take the same number of channels from the same values (the channels of a layer, mostly) are one bundle;
// each step takes the least salient groups of one bundle away, so many that its width is a multiple again. Where all
// widths are as low as they may be in such steps and the budget is not met, steps of half the multiple follow, down to
// single channels. In the end, channels are given back as long as the budget holds: whole steps, the last one first, and
// finer ones where the cost would else lie further below the budget than `slack`.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "edit/channels.h"
#include "edit/saliency.h"
#include "edit/widths.h"

namespace dimple::edit {

enum class Budget {
  macs,  // multiply-adds
  bytes  // of weights and biases, as int8
};
std::string_view name_of(Budget);
Budget parse_budget(std::string_view name);  // throws a usage error with "did you mean"

// Which step is next.
enum class Ranking {
  // The least share of the saliency that a bundle has left, for each unit of cost that it saves: the narrower a layer
  // has become, the dearer its channels. Layers that cost the same shrink alike. Saliencies of different layers need not
  // compare.
  balanced,
  // The least saliency for each unit of cost that it saves. Saliencies compare as they are, as those of the taylor rules
  // do; where all are much alike, the dearest layers shrink as far as they may before others begin.
  per_cost,
  // The least mean saliency of what leaves, whatever it saves.
  plain
};
std::string_view name_of(Ranking);
Ranking parse_ranking(std::string_view name);  // throws a usage error with "did you mean"

struct ShrinkOptions {
  double keep = 0.5;  // of the cost; above 0, at most 1
  Budget budget = Budget::macs;
  CostOfGraph cost = {};  // where it is given, in place of the budget: an estimated time, say; never negative
  SaliencyRule saliency = SaliencyRule::magnitude;
  Gradients gradients = {};  // for the taylor rules
  Ranking ranking = Ranking::balanced;
  int multiple = 8;        // kernels like such widths
  double slack = 0.05;     // of the budget that may be left unspent for the sake of multiples
  int min_channels = 4;    // of every bundle; narrower ones are left alone
  double max_share = 0.8;  // of a bundle that may leave; below 1
};

struct LayerWidth {
  std::string node;
  int32_t before = 0, after = 0;

  bool operator==(const LayerWidth&) const = default;
};

struct ShrinkPlan {
  std::vector<ChannelGroup> gone;  // for remove_channels
  double before = 0, after = 0;    // cost
  std::vector<LayerWidth> layers;  // with filters, narrower ones only; in order
};

// The same plan for the same graph and options, on every machine.
// Throws host::Error(Exit::usage) for options out of range, and for a budget that cannot be met, saying what can.
ShrinkPlan plan_shrink(const ir::Graph&, const ShrinkOptions&);

}  // namespace dimple::edit

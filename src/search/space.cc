#include "search/space.h"

#include <algorithm>

#include "edit/bundles.h"
#include "edit/reductions.h"
#include "host/error.h"

namespace dimple::search {
namespace {

using host::Error;
using host::Exit;

constexpr int kMostChoices = 250;  // a design holds a byte for each gene

bool is_graded(const std::string& kind) { return kind == "narrow" || kind == "input"; }

}  // namespace

Space::Space(const ir::Graph& prototype, const SpaceOptions& options) : prototype_(prototype) {
  prototype_.constants.clear();
  edit::ReductionOptions all;
  all.kinds = options.kinds, all.shares = {}, all.smallest_input = options.smallest_input;
  std::vector<Gene> found;
  for (const edit::Reduction& r : edit::reductions_of(prototype_, all)) {
    if (is_graded(r.kind)) continue;
    const auto same = std::ranges::find_if(found, [&](const Gene& g) { return g.kind == r.kind && g.node == r.node; });
    if (same == found.end())
      found.push_back({r.kind, r.node, {0, r.to}});
    else
      same->choices.push_back(r.to);
  }
  const auto wants = [&](const char* kind) {
    return options.kinds.empty() || std::ranges::find(options.kinds, kind) != options.kinds.end();
  };
  const std::vector<edit::ChannelGroup> groups = edit::channel_groups(prototype_);
  const std::vector<double> scores(groups.size(), 1);
  if (wants("narrow"))
    for (const edit::Bundle& bundle : edit::bundles_of(groups, scores, options.fewest_channels, 0.95)) {
      const edit::ChannelGroup& first = groups[bundle.groups[0]];
      Gene gene{"narrow", prototype_.node_of(first.channels[0].value).name, {0}};
      int multiple = bundle.size() > 2 * options.multiple ? options.multiple : 1;
      while (bundle.size() / multiple > kMostChoices) multiple *= 2;
      for (int to = (bundle.size() - 1) / multiple * multiple; to >= options.fewest_channels; to -= multiple)
        gene.choices.push_back(to);
      if (gene.choices.size() > 1) found.push_back(gene);
    }
  if (wants("input")) {
    Gene gene{"input", "input", {0}};
    int step = 4;
    while (prototype_.input.shape.height / step > kMostChoices) step *= 2;
    for (int to = (prototype_.input.shape.height - 1) / step * step; to >= options.smallest_input; to -= step)
      gene.choices.push_back(to);
    if (gene.choices.size() > 1) found.push_back(gene);
  }
  for (const std::string& kind : edit::reduction_kinds())
    for (const Gene& gene : found)
      if (gene.kind == kind) genes_.push_back(gene);
  if (genes_.empty())
    throw Error(Exit::usage,
                prototype.name + " has no degrees of freedom: nothing of it may be narrower, smaller or gone");
}

Design Space::random(host::Random& random) const {
  Design design;
  for (const Gene& gene : genes_) {
    const auto choices = static_cast<uint32_t>(gene.choices.size());
    const bool stays = !is_graded(gene.kind) && !random.chance(0.2f);
    design.push_back(stays ? 0 : static_cast<uint8_t>(random.below(choices)));
  }
  return design;
}

Design Space::mutate(const Design& design, const std::string& kind, host::Random& random) const {
  std::vector<size_t> own;
  for (size_t i = 0; i < genes_.size(); ++i)
    if (genes_[i].kind == kind) own.push_back(i);
  const size_t at = own[random.below(static_cast<uint32_t>(own.size()))];
  const auto choices = static_cast<int>(genes_[at].choices.size());
  Design other = design;
  if (is_graded(kind)) {
    const int reach = std::max(1, choices / 3), now = design[at];
    const int to =
        now + (random.chance(0.5f) ? 1 : -1) * (1 + static_cast<int>(random.below(static_cast<uint32_t>(reach))));
    other[at] = static_cast<uint8_t>(std::clamp(to, 0, choices - 1));
    if (other[at] == design[at]) other[at] = static_cast<uint8_t>(now == 0 ? 1 : now - 1);
  } else {
    const auto to = 1 + random.below(static_cast<uint32_t>(choices - 1));
    other[at] = static_cast<uint8_t>((static_cast<uint32_t>(design[at]) + to) % static_cast<uint32_t>(choices));
  }
  return other;
}

std::vector<std::string> Space::kinds() const {
  std::vector<std::string> kinds;
  for (const Gene& gene : genes_)
    if (kinds.empty() || kinds.back() != gene.kind) kinds.push_back(gene.kind);
  return kinds;
}

Expressed Space::express(const Design& design) const {
  Expressed e{{}, prototype_};
  for (size_t i = 0; i < genes_.size(); ++i) {
    if (design[i] == 0) continue;
    const edit::Reduction step{genes_[i].kind, genes_[i].node, genes_[i].choices[design[i]]};
    try {
      e.structure = edit::reduce(e.structure, step);
      e.path.push_back(step);
    } catch (const Error& error) {
      if (error.exit() != Exit::usage) throw;
    }
  }
  return e;
}

}  // namespace dimple::search

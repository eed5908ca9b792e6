#include "search/design.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "host/error.h"

namespace dimple::search {
namespace {

// The cheapest figures first; what takes a plan only where all others are met.
double cost_miss_of(const Requirements& where, const ir::Graph& structure, const CostFigure& cost) {
  double miss = 0;
  for (const bool planned : {false, true}) {
    if (planned && miss > 0) break;
    for (const Requirement& r : where) {
      const bool needs_plan = r.figure == "int8_kb" || r.figure == "ram_kb" || !target_of(r.figure).empty();
      if (is_cost(r.figure) && needs_plan == planned) miss += r.miss(cost(structure, r.figure));
    }
  }
  return miss;
}

}  // namespace

Figures figures_of(const Requirements& where, const ir::Graph& structure, const Record& record,
                   const CostFigure& cost) {
  Figures figures{{"acc", record.result.accuracy}, {"auc", record.result.score}, {"score", record.result.score}};
  for (const Requirement& r : where)
    if (is_cost(r.figure)) figures[r.figure] = cost(structure, r.figure);
  return figures;
}

void design(const ir::Graph& prototype, const DesignOptions& options, const CostFigure& cost, Assessor& assessor) {
  const Space space(prototype, options.space);
  std::set<std::string> proposed;
  std::map<std::string, ir::Graph> structures;
  const auto look = [&](const Design& design) {
    Expressed e = space.express(design);
    Candidate c{.design = design, .path = std::move(e.path), .key = key_of(e.structure)};
    c.cost_miss = cost_miss_of(options.where, e.structure, cost);
    c.cost = cost(e.structure, options.objective);
    c.parameters = cost(e.structure, "parameters"), c.macs = cost(e.structure, "macs");
    structures.insert_or_assign(c.key, std::move(e.structure));
    return c;
  };
  const Ground ground{.space = space,
                      .look = look,
                      .is_new = [&](const std::string& key) { return !proposed.contains(key); },
                      .seed = options.seed,
                      .screen = options.screen,
                      .drawn = options.drawn};
  const std::unique_ptr<Explorer> explorer = make_explorer(options.strategy, ground);
  const std::vector<Record> first = assessor.assess({{}});
  if (first.empty()) return;
  if (!first[0].result.failure.empty())
    throw host::Error(host::Exit::failed, "the prototype cannot be tried: " + first[0].result.failure);
  if (first[0].result.score <= options.chance)
    throw host::Error(host::Exit::usage,
                      fmt::format("the prototype scores {:.3f}, which is no better than chance", first[0].result.score),
                      "it may need a longer first training: --first-epochs, --first-time");
  proposed.insert(first[0].key);
  for (int known = 0; known < 20;) {  // so often nothing new in a row: there is nothing
    std::vector<Candidate> candidates;
    std::vector<Proposal> proposals;
    for (int i = 0; i < options.at_once; ++i) {
      Candidate c = explorer->propose();
      if (!proposed.insert(c.key).second) {
        ++known;
        continue;
      }
      known = 0;
      proposals.push_back({c.path, c.heir});
      candidates.push_back(std::move(c));
    }
    const std::vector<Record> records = assessor.assess(proposals);
    for (size_t i = 0; i < records.size(); ++i) {
      Outcome outcome{candidates[i], records[i].result.score, 0, !records[i].result.failure.empty()};
      const ir::Graph& structure = structures.at(candidates[i].key);
      outcome.miss = total_miss(options.where, figures_of(options.where, structure, records[i], cost));
      explorer->hear(outcome);
    }
    structures.clear();
    if (records.size() < proposals.size()) return;
  }
}

}  // namespace dimple::search

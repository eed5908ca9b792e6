// Which requirements a prototype's networks cannot meet. Costs are known without a trial, so this is told before anything is
// trained; what a network has to learn (acc, auc) is left to the search.
#pragma once
#include <optional>
#include <string>

#include "host/error.h"
#include "host/task.h"
#include "search/design.h"
#include "search/requirements.h"
#include "search/space.h"

namespace dimple::search {

struct Blocked {
  Requirements requirements;  // one that nothing meets; or several, each of which can be met, but not with the others
  Figures nearest;            // of them, of the network that misses them least
};

// Descends, a gene at a time, from the largest and the smallest network and from some drawn ones; a requirement is blocked
// where no descent meets it. Nothing: one of the networks that it looked at meets all that costs can meet.
std::optional<Blocked> find_blocked(const Space&, const Requirements&, const CostFigure&, uint64_t seed,
                                    const host::Task&);

// Of one requirement that nothing meets: Exit::gate, with the nearest miss.
host::Error refusal_of(const Blocked&);

// Of several: a line to say, since descents that fail are no proof; the search may find what they did not.
std::string doubt_of(const Blocked&);

}  // namespace dimple::search

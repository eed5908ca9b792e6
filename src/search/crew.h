// A crew trains and scores networks: this process, or several, on this machine or others, that meet at one (train/ranks.h).
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "host/task.h"
#include "search/pictures.h"
#include "search/trial.h"
#include "train/ranks.h"
#include "train/request.h"

namespace dimple::search {

class Crew {
 public:
  virtual ~Crew() = default;
  // Calls done(i, tried) for each as it ends, in any order. False: `should_stop` ended it before all were done.
  virtual bool run(const std::vector<Work>& works, const std::function<bool()>& should_stop,
                   const std::function<void(size_t, const Tried&)>& done) = 0;
};

// The pictures and the task must outlive it. Of several processes this is the one that leads; it works too. A trial whose
// process has fallen silent is done here. Throws host::Error(Exit::failed) where the others
// do not come.
std::unique_ptr<Crew> make_crew(Pictures& pictures, const train::Session& session, const train::Rank& rank,
                                const host::Task& task);

// What the others do: trials, until the one that leads has no more. Throws train::RankLost where that one is gone.
void work_for_crew(Pictures& pictures, const train::Session& session, const train::Rank& rank, const host::Task& task);

}  // namespace dimple::search

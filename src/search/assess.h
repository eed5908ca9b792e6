// What a strategy sees of the world: it proposes networks, and hears how good they are.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "search/candidate.h"
#include "search/store.h"

namespace dimple::search {

struct Proposal {
  Path path;         // from the first network
  std::string heir;  // key of the network whose weights it begins with; "": the first network's own
};

class Assessor {
 public:
  virtual ~Assessor() = default;

  // Records in the order of the proposals; a network that was tried before is not tried again. Fewer, when the time or the
  // trials are up: of the first ones. The first call is for the empty path.
  virtual std::vector<Record> assess(const std::vector<Proposal>& proposals) = 0;
};

}  // namespace dimple::search

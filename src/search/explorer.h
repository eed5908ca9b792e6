// An explorer proposes designs and learns from their results. One interface, several answers:
//
//   evolution   regularised evolution: of a few of the living the best one has a child, the oldest dies
//   climb       children of networks that nothing dominates so far, a step or two away
//   random      anywhere
//   parameters  the largest in parameters of many that were drawn
//   macs        the same by multiply-adds
//
// The last three are what the first two have to beat. None proposes a network whose costs miss a requirement while it finds
// one whose costs do not: costs are known without a trial.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "search/requirements.h"
#include "search/space.h"

namespace dimple::search {

// A design that may be tried.
struct Candidate {
  Design design;
  Path path;
  std::string key, heir;  // heir: key of the network that it was made from, or ""
  std::string kind;       // of gene that was changed last; "": none
  double weight = 0;      // of saving beside score, when it was proposed
  double cost_miss = 0;   // of the requirements that costs can miss
  double cost = 0;        // the objective
  double parameters = 0, macs = 0;
};

struct Outcome {
  Candidate candidate;
  double score = 0;
  double miss = 0;  // of all requirements
  bool failed = false;
};

// What all explorers need.
struct Ground {
  const Space& space;
  std::function<Candidate(const Design&)> look;    // fills in all but heir and kind
  std::function<bool(const std::string&)> is_new;  // by key: not yet proposed
  uint64_t seed = 1;
  // Children that are looked at for each that is tried: of those the largest in parameters, where cost counts too in
  // parameters for their cost.
  int screen = 4;
  int drawn = 50;       // the same of parameters and macs
  int population = 16;  // of evolution
  int sample = 5;
};

class Explorer {
 public:
  virtual ~Explorer() = default;
  virtual Candidate propose() = 0;
  virtual void hear(const Outcome&) = 0;
};

std::vector<std::string> explorer_names();
// Throws host::Error(Exit::usage) for another name.
std::unique_ptr<Explorer> make_explorer(const std::string& name, const Ground& ground);

}  // namespace dimple::search

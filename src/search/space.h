// The networks that a prototype stands for: a person draws the largest one, and every part of it that may be narrower,
// smaller or gone is a gene. A design chooses for each gene; what cannot be done together is left out, later sentences first.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "host/random.h"
#include "ir/graph.h"
#include "search/candidate.h"

namespace dimple::search {

struct Gene {
  std::string kind, node;        // of its sentence
  std::vector<int32_t> choices;  // of the sentence's number; the first stands for the prototype, which has no sentence
};

using Design = std::vector<uint8_t>;  // a choice for each gene

struct SpaceOptions {
  std::vector<std::string> kinds = {};  // empty: all
  int multiple = 4, fewest_channels = 4, smallest_input = 24;
};

struct Expressed {
  Path path;
  ir::Graph structure;
};

class Space {
 public:
  // Throws host::Error(Exit::usage) for a prototype without degrees of freedom.
  Space(const ir::Graph& prototype, const SpaceOptions& options);

  const std::vector<Gene>& genes() const { return genes_; }
  Design prototype() const { return Design(genes_.size(), 0); }
  // Widths and sizes anywhere, and one other gene in five drawn anew.
  Design random(host::Random& random) const;
  // Another choice for one gene of a kind; of widths and sizes one that is near. The kind has genes.
  Design mutate(const Design& design, const std::string& kind, host::Random& random) const;
  std::vector<std::string> kinds() const;  // that it has genes of

  Expressed express(const Design& design) const;

 private:
  ir::Graph prototype_;
  std::vector<Gene> genes_;  // in the order in which sentences are done
};

}  // namespace dimple::search

#include "compress/methods.h"

#include <fmt/format.h>

#include "edit/shrink.h"
#include "edit/sparsify.h"
#include "host/error.h"
#include "host/suggest.h"

namespace dimple::compress {
namespace {

using host::Error;
using host::Exit;

void check_pruning(const Methods& m) {
  bool channels = false, weights = false;
  for (const std::string& kind : host::comma_separated(m.prune)) {
    if (kind == "channels") {
      if (channels) throw Error(Exit::usage, "--prune names channels twice");
      channels = true;
      continue;
    }
    edit::parse_pattern(kind);
    if (weights) throw Error(Exit::usage, "--prune names two patterns of weights", "one share, or one N:M");
    weights = true;
  }
  if (!(m.keep > 0 && m.keep < 1))
    throw Error(Exit::usage, fmt::format("--keep is {}", m.keep), "a share of the cost, between 0 and 1");
  host::check_choice("budget", m.budget, {"macs", "bytes", "time"});
  edit::parse_saliency_rule(m.saliency);
  edit::parse_ranking(m.ranking);
  if (m.multiple < 1) throw Error(Exit::usage, "--multiple must be at least 1");
}

}  // namespace

bool asks_nothing(const Methods& m) {
  return m.prune.empty() && m.binarise.empty() && m.quantise.empty() && m.cluster == 0;
}

void check(const Methods& m) {
  if (asks_nothing(m))
    throw Error(Exit::usage, "nothing says how to make the network smaller",
                "--prune channels, --prune 2:4, --cluster 16, --binarise auto, --quantise qat, or several of them");
  check_pruning(m);
  if (m.cluster != 0 && m.cluster != 16 && m.cluster != 32 && m.cluster != 256)
    throw Error(Exit::usage, fmt::format("--cluster {}: weights cannot share {} values", m.cluster, m.cluster),
                "16, 32 and 256 are possible");
  if (m.cluster_groups < 1) throw Error(Exit::usage, "--cluster-groups must be at least 1");
  if (m.calibration < 1) throw Error(Exit::usage, "--calibration needs at least one picture");
  if (!m.quantise.empty()) host::check_choice("quantise", m.quantise, {"ptq", "qat"});
}

}  // namespace dimple::compress

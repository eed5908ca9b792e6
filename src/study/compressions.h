// dimple compress --study: one table of networks made smaller in several ways (study/compression_recipe.h). Every cell is
// a compression with a run folder of its own, of its architecture's parent (study/parents.h). A result names the parent
// by checksum, and holds only as long as that is the parent.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "compress/compress.h"
#include "host/task.h"
#include "study/parents.h"
#include "study/trainings.h"

namespace dimple::study {

struct CompressionsRequest {
  std::string study, out, only;
  bool table = false;

  // False: a lone compression is asked for.
  bool is_given() const { return !study.empty(); }

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("study", self.study,
      "a TOML file with many compressions: base, parent and cells (recipes/compression.toml); goes on from what is "
      "there");
    f("out", self.out, "folder of the study's results; their table stands beside it, OUT.md (default: below --runs)");
    f("only", self.only, "of a study, the cells whose name holds this");
    f("table", self.table, "of a study, print the table of what is there; nothing is run");
  }
};

// How a study's parents are trained and its cells compressed; tests give their own.
struct CompressionTools {
  Parents::Train train;
  std::function<compress::CompressReport(const compress::CompressRequest&)> compress;
};

// Settings, weakest first: a compression's own defaults, the study's base, what of `compression` was asked for on this
// call (`given`: the names of those fields), the cells' axes. A parent's training has those of [parent]; where data lies
// and how the session is run is the same for all.
StudyReport compress_study(const CompressionsRequest& request, const compress::CompressRequest& compression,
                           const std::vector<std::string>& given, const host::Task& task,
                           const CompressionTools& tools = {});

}  // namespace dimple::study

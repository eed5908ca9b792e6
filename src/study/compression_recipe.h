// The recipe of a study of compressions: networks, each made smaller in several ways.
//
//   title = "..."
//   columns = ["accuracy", "points_to_parent", "weight_bytes"]
//   cell_time = "10m"                   # what the trained stages of a cell may take together
//   [base]                              # any setting of `dimple compress`; time is that of each trained stage,
//   time = "10m"                        # teacher = "parent" is the network that the cell begins from
//   [parent]                            # any setting of `dimple train`: of the float networks that cells begin from
//   time = "10m"
//   [parent.files]                      # which is not trained, but given
//   dimple_nano = "dimple-nano-float.safetensors"
//   [[cells]]                           # axes, as those of a study; every combination is a cell
//   arch = "all"
//   [[cells.method]]
//   name = "float"                      # no method: the parent as it is
//   [[cells.method]]
//   name = "int8 qat"
//   quantise = "qat"
#pragma once
#include <map>
#include <string>
#include <vector>

#include "compress/compress.h"
#include "study/study.h"

namespace dimple::study {

struct CompressionStudy {
  Study study;  // its axes are those that all [[cells]] have
  std::vector<Member> cells;
  host::Json parent = host::Json::object();  // name -> value
  std::map<std::string, std::string> files;  // of parents, by architecture
};

// `asked`: settings of the compressions that weigh more than [base]. Throws a usage error that says which part of `what`
// is wrong.
CompressionStudy parse_compressions(const host::Json& document, const std::string& what,
                                    const host::Json& asked = host::Json::object());

// The settings of a cell as what is asked of a compression.
compress::CompressRequest compression_of(const host::Json& settings);

// Every setting that a cell's result follows from beside its parent.
host::Json cell_identity(const compress::CompressRequest& request);

}  // namespace dimple::study

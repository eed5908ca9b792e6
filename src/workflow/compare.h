// dimple val A B: two models on the same pictures, and whether what lies between them is more than luck.
#pragma once
#include <vector>

#include "metrics/mcnemar.h"
#include "workflow/val.h"

namespace dimple::workflow {

struct Comparison {
  ValReport first, second;
  std::vector<evaluate::NamedFigure> difference;  // first minus second, drawn in pairs: the same pictures for both
  metrics::McNemar mcnemar;
};

// `first` and `second` answered the same rows.
Comparison compare(ValReport first, ValReport second, int resamples);

// Measures both models of the request, `model` and `against`.
Comparison compare(const ValRequest& request, host::Progress& progress);

host::Json to_json(const Comparison& comparison);

}  // namespace dimple::workflow

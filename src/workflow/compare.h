// dimple val A B: two models on the same pictures.
#pragma once
#include "evaluate/compare.h"
#include "workflow/val.h"

namespace dimple::workflow {

struct CompareReport {
  ValReport first, second;
  evaluate::Comparison comparison;
};

// Measures both models of the request, `model` and `against`.
CompareReport compare(const ValRequest& request, const host::Task& task);

host::Json to_json(const CompareReport& report);

}  // namespace dimple::workflow

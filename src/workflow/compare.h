// dimple val A B: two models on the same pictures.
#pragma once
#include "evaluate/compare.h"
#include "workflow/val.h"

namespace dimple::workflow {

struct CompareReport {
  ValReport first, second;
  evaluate::Comparison comparison;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("first", self.first, "of the first model alone");
    f("second", self.second, "of the second model alone");
    evaluate::Comparison::visit(self.comparison, f);
  }
};

// Measures both models of the request, `model` and `against`.
CompareReport compare(const ValRequest& request, const host::Task& task);

}  // namespace dimple::workflow

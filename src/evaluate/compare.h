// Compares two models on the same pictures: is their difference more than luck?
#pragma once
#include <span>

#include "evaluate/answer_files.h"
#include "evaluate/figures.h"
#include "metrics/mcnemar.h"

namespace dimple::evaluate {

struct Comparison {
  host::Named<Figure> difference;  // first minus second, drawn in pairs: the same pictures for both
  metrics::McNemar mcnemar;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("first_minus_second", self.difference, "of each figure, drawn in pairs: the same pictures for both models");
    f("mcnemar", self.mcnemar, "whether one model is right more often where the two differ");
  }
};

// Both answered the same rows (else host::Error); rows that share a number in `together` are drawn together.
Comparison compare(const Answers& first, const Answers& second, std::span<const int32_t> together, int resamples);

}  // namespace dimple::evaluate

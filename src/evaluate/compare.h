// Two models on the same pictures, and whether what lies between them is more than luck.
#pragma once
#include <span>
#include <vector>

#include "evaluate/answer_files.h"
#include "evaluate/figures.h"
#include "metrics/mcnemar.h"

namespace dimple::evaluate {

struct Comparison {
  std::vector<NamedFigure> difference;  // first minus second, drawn in pairs: the same pictures for both
  metrics::McNemar mcnemar;
};

// Both answered the same rows (else host::Error); rows that share a number in `together` are drawn together.
Comparison compare(const Answers& first, const Answers& second, std::span<const int32_t> together, int resamples);

host::Json to_json(const Comparison& comparison);

}  // namespace dimple::evaluate

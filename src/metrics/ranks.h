// Ranks of numbers, and how far two lists rank alike.
#pragma once
#include <optional>
#include <span>
#include <vector>

namespace dimple::metrics {

// From 1, the smallest first; equal numbers share the mean of their ranks. Of numbers alone: no NaN.
std::vector<double> mean_ranks(std::span<const double> values);

// Spearman's: 1 for the same order, -1 for the opposite one. Nothing where one list is all equal, or shorter than two.
// Both are of one length.
std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace dimple::metrics

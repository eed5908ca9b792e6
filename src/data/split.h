// Splits that keep a person on one side: a network that has seen a face before is not tested by it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

// For each row the fold of its subject, 0 to folds - 1. Subjects are dealt out, largest first, to the fold where they
// disturb the balance of classes and sizes least: no chance in it, so everyone's fold 3 is the same.
// Throws host::Error(Exit::input) when subjects are unknown or fewer than folds.
std::vector<int32_t> subject_folds(const Dataset& set, int32_t folds);

// Likewise into parts of unequal size: `shares` are relative, {8, 1, 1} makes four fifths and two tenths.
std::vector<int32_t> deal_subjects(const Dataset& set, const std::vector<double>& shares);

// Where the people are unknown: byte copies stay together, the rest is dealt by chance, the same chance every time.
std::vector<int32_t> picture_folds(const Dataset& set, int32_t folds);

// Both: people stay on one side where they are known (a single one in the last fold), the rest as above.
std::vector<int32_t> person_folds(const Dataset& set, int32_t folds);

// True when every row says who is shown.
bool knows_subjects(const Dataset& set);

// Fold `test` becomes the test split, the one after it validation, the others training.
void split_by_fold(Dataset& set, const std::vector<int32_t>& fold_of, int32_t folds, int32_t test);

// Subjects with pictures in more than one split; rows that do not say who is shown are passed over.
int64_t shared_subjects(const Dataset& set);

// What is wrong with a split, a sentence each: people on both sides, pictures that are for tests only outside of it.
std::vector<std::string> leaks_of(const Dataset& set);
// Throws host::Error(Exit::gate) naming `source` when the split leaks. What `force` allows does not include pictures
// without consent to learning.
void refuse_leaks(const Dataset& set, const std::string& source, bool force);

}  // namespace dimple::data

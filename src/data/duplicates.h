// Byte-identical pictures: which are there, and which of them leak from training into a test.
#pragma once
#include <cstdint>
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

// For each row, the first row with the same bytes.
std::vector<int32_t> find_duplicates(const Dataset& set);

// Rows outside the training split whose bytes also stand in it.
std::vector<bool> copies_of_training(const Dataset& set);
std::vector<bool> copies_of_training(const Dataset& set, const std::vector<int32_t>& duplicate_of);

// Rows of a set that was read apart whose bytes stand in the training split of what was learned.
std::vector<bool> copies_of_training(const Dataset& learned, const Dataset& apart);

struct DuplicateReport {
  int64_t groups = 0;              // sets of two or more identical pictures
  int64_t pictures = 0;            // pictures in such sets
  int64_t spanning_groups = 0;     // sets with members in more than one split
  int64_t conflicting_groups = 0;  // sets whose members carry different labels
  int64_t validation_copies = 0;   // validation pictures that are copies of training pictures
  int64_t test_copies = 0;         // test pictures that are copies of training pictures

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("groups", self.groups, "sets of two or more identical pictures");
    f("pictures", self.pictures, "pictures in such sets");
    f("spanning_groups", self.spanning_groups, "sets with members in more than one split");
    f("conflicting_groups", self.conflicting_groups, "sets whose members carry different labels");
    f("validation_copies", self.validation_copies, "validation pictures that are copies of training pictures");
    f("test_copies", self.test_copies, "test pictures that are copies of training pictures");
  }
};

DuplicateReport report_duplicates(const Dataset& set);
// The same for another notion of what is a copy: for each row, the first of its kind.
DuplicateReport report_duplicates(const Dataset& set, const std::vector<int32_t>& duplicate_of);

}  // namespace dimple::data

// How results on a data set are made comparable: which pictures count, what they are called, what is tested.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

struct ProtocolOptions {
  int32_t fold = 0;  // which one is tested; where the protocol deals none of this set, another than 0 is Exit::usage

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("fold", self.fold, "which fold is tested, from 0 (protocols with folds)");
  }
};

struct Protocol {
  const char* name;
  const char* set;   // the data set it is for; "": any
  const char* rule;  // one sentence, for help and reports
  int32_t folds;     // 1: a fixed split
  Dataset (*apply)(const Dataset&, const ProtocolOptions&);
};

const std::vector<Protocol>& protocols();

// "": the data set's own, or `own` where no results are published in a fixed way, or where a split file was applied.
// Throws host::Error: Exit::usage for an unknown name, Exit::input when it does not fit the
// set.
const Protocol& find_protocol(const std::string& name, const Dataset& set);

Dataset apply_protocol(const std::string& name, const Dataset& set, const ProtocolOptions& options = {});

// Throws host::Error when nothing may be learned from the set: Exit::gate where its split leaks (refuse_leaks) or there
// is nothing to train on, Exit::input where a class has no training picture.
void check_trainable(const Dataset& set, bool force = false);

// A split twice: every row of it, and without the rows whose bytes also stand in the training split.
struct TestRows {
  std::vector<int32_t> raw, deduplicated;
};
TestRows test_rows(const Dataset& set, Split split = Split::test);

}  // namespace dimple::data

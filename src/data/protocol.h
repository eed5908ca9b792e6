// How results on a data set are made comparable: which pictures count, what they are called, what is tested.
#pragma once
#include <string>
#include <vector>

#include "data/dataset.h"

namespace dimple::data {

struct ProtocolOptions {
  int32_t fold = 0;  // protocols with folds: which one is tested

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("fold", self.fold, "which fold is tested, from 0 (protocols with folds)");
  }
};

struct Protocol {
  const char* name;
  const char* set;   // the data set it is for
  const char* rule;  // one sentence, for help and reports
  int32_t folds;     // 1: a fixed split
  Dataset (*apply)(const Dataset&, const ProtocolOptions&);
};

const std::vector<Protocol>& protocols();

// "": the data set's own. Throws host::Error: Exit::usage for an unknown name, Exit::input when it does not fit the
// set.
const Protocol& find_protocol(const std::string& name, const Dataset& set);

Dataset apply_protocol(const std::string& name, const Dataset& set, const ProtocolOptions& options = {});

// A split twice: every row of it, and without the rows whose bytes also stand in the training split.
struct TestRows {
  std::vector<int32_t> raw, deduplicated;
};
TestRows test_rows(const Dataset& set, Split split = Split::test);

}  // namespace dimple::data

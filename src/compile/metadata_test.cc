#include "compile/metadata.h"

#include <gtest/gtest.h>

#include "compile/lower.h"
#include "compile/random_graph_testing.h"
#include "host/error.h"

namespace dimple::compile {
namespace {

model::Model sample() {
  model::Model m;
  m.graph = RandomGraph(3).make();
  m.labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
  m.preprocess = {m.graph.input.shape.width, m.graph.input.shape.height, 1, 120, 40, image::Normalise::standardise};
  return m;
}

TEST(ProgramMetadata, TravelsWithTheProgram) {
  const model::Model m = sample();
  EXPECT_EQ(read_metadata(plan(m), "p.dimple"), metadata_of(m));
}

TEST(ProgramMetadata, ASentenceSaysWhatIsMissing) {
  try {
    read_metadata(plan(sample().graph, R"({"name":"x"})"), "p.dimple");
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::model);
    EXPECT_STREQ(e.what(), "the metadata of p.dimple: `labels` is missing");
  }
  EXPECT_THROW(read_metadata({}, "p.dimple"), host::Error);
  EXPECT_THROW(read_metadata(plan(sample().graph, "no JSON"), "p.dimple"), host::Error);
}

}  // namespace
}  // namespace dimple::compile

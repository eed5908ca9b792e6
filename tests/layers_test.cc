// Proves the include rule from the sources themselves, and that the proof would notice a breach.
#include "tests/layers.h"

#include <gmock/gmock.h>

namespace dimple::tests {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Layers : public testing::Test {
 protected:
  SourceTree tree_ = load_source_tree(DIMPLE_SOURCE_DIR);
};

TEST_F(Layers, NoIncludePointsUpward) { EXPECT_THAT(upward_includes(tree_), IsEmpty()); }

TEST_F(Layers, NoIncludesGoInACircle) { EXPECT_THAT(include_circles(tree_), IsEmpty()); }

TEST_F(Layers, NothingBelowTheLineNeedsALibrary) { EXPECT_THAT(library_headers_below_the_line(tree_), IsEmpty()); }

TEST_F(Layers, OnlyTheRoomsOfLearningKnowLibtorch) { EXPECT_THAT(strangers_who_know_libtorch(tree_), IsEmpty()); }

TEST_F(Layers, TheTreeIsThere) { EXPECT_GT(tree_.size(), 50u); }

TEST(LayerProof, FindsIncludesAndNothingElse) {
  Includes found =
      parse_includes("#pragma once\n  # include <stdint.h>\n#include \"ir/graph.h\"  // why\n// #include <map>\n");
  EXPECT_THAT(found.libraries, ElementsAre("stdint.h"));
  EXPECT_THAT(found.ours, ElementsAre("ir/graph.h"));
}

TEST(LayerProof, NoticesAnUpwardInclude) {
  SourceTree tree{{"base/span.h", {{"ir/graph.h"}, {}}}, {"ir/graph.h", {}}};
  EXPECT_THAT(upward_includes(tree), ElementsAre(HasSubstr("base/span.h includes ir/graph.h")));
}

TEST(LayerProof, NoticesALaterRoomOfTheSameLayer) {
  SourceTree tree{
      {"edit/narrow.cc", {{"zoo/ds48.h"}, {}}}, {"zoo/ds48.h", {{"edit/narrow.h"}, {}}}, {"edit/narrow.h", {}}};
  EXPECT_THAT(upward_includes(tree), ElementsAre(HasSubstr("edit/narrow.cc includes zoo/ds48.h")));
}

TEST(LayerProof, NoticesAFolderWithoutALayer) {
  EXPECT_THAT(upward_includes({{"attic/box.h", {}}}), ElementsAre(HasSubstr("attic/box.h")));
}

TEST(LayerProof, ASliceStandsWhereItsRoleStands) {
  EXPECT_EQ(position_of("ops/conv2d/conv2d.h"), position_of("ops/shape.h"));
  EXPECT_GT(position_of("ops/conv2d/conv2d_kernel_ref.cc"), position_of("format/program.h"));
  EXPECT_GT(position_of("ops/conv2d/conv2d_rewrite.cc"), position_of("data/dataset.h"));
  EXPECT_GT(position_of("ops/conv2d/conv2d_torch.cc"), position_of("nn/net.h"));
}

TEST(LayerProof, NoticesACircle) {
  SourceTree tree{{"ir/a.h", {{"ir/b.h"}, {}}}, {"ir/b.h", {{"ir/a.h"}, {}}}};
  EXPECT_THAT(include_circles(tree), ElementsAre(HasSubstr("leads back")));
}

TEST(LayerProof, NoticesALibraryBelowTheLine) {
  SourceTree tree{{"image/resize.cc", {{}, {"stdint.h", "vector"}}}, {"media/jpeg.cc", {{}, {"vector"}}}};
  EXPECT_THAT(library_headers_below_the_line(tree), ElementsAre("image/resize.cc includes <vector> below the line"));
}

TEST(LayerProof, NoticesLibtorchBehindAHeader) {
  SourceTree tree{{"nn/torch.h", {{}, {"torch/torch.h"}}},
                  {"train/trainer.h", {{"nn/torch.h"}, {}}},
                  {"train/trainer.cc", {{"nn/torch.h"}, {}}},
                  {"workflow/train.cc", {{"train/trainer.h"}, {}}}};
  EXPECT_THAT(strangers_who_know_libtorch(tree), ElementsAre(HasSubstr("workflow/train.cc")));
}

}  // namespace dimple::tests

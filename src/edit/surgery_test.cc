#include "edit/surgery.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ir/verify.h"

namespace dimple::edit {
namespace {

ir::Graph chain() {
  return ir::parse(
      "graph g\n"
      "input : f32[4,4,2]\n"
      "a = relu(input) : f32[4,4,2]\n"
      "b = dropout(a) : f32[4,4,2]\n"
      "c = add(b, a) : f32[4,4,2]\n"
      "d = relu6(c) : f32[4,4,2]\n");
}

void expect_valid(const ir::Graph& g) { EXPECT_NO_THROW(ir::verify(g, ir::Constants::may_be_absent)); }

TEST(Surgery, RemovingANodeGivesItsReadersItsInput) {
  ir::Graph g = chain();
  g.constants["b.weight"] = ir::make_tensor(DType::f32, {1});
  g.constants["b2.weight"] = ir::make_tensor(DType::f32, {1});
  remove_node(g, 1);
  expect_valid(g);
  EXPECT_EQ(ir::print(g),
            "graph g\n"
            "input : f32[4,4,2]\n"
            "a = relu(input) : f32[4,4,2]\n"
            "c = add(a, a) : f32[4,4,2]\n"
            "d = relu6(c) : f32[4,4,2]\n");
  EXPECT_EQ(g.constants.size(), 1u);
}

TEST(Surgery, TheLastNodeCanLeaveToo) {
  ir::Graph g = chain();
  remove_node(g, 3);
  expect_valid(g);
  EXPECT_EQ(g.nodes.back().name, "c");
}

TEST(Surgery, AnInsertedNodeStandsBetweenAValueAndAllItsReaders) {
  ir::Graph g = chain();
  const ir::Value v = insert_after(g, 1, {"n", ops::Relu6{}, {}, g.type_of(1)});
  expect_valid(g);
  EXPECT_EQ(v, 2);
  EXPECT_EQ(ir::print(g),
            "graph g\n"
            "input : f32[4,4,2]\n"
            "a = relu(input) : f32[4,4,2]\n"
            "n = relu6(a) : f32[4,4,2]\n"
            "b = dropout(n) : f32[4,4,2]\n"
            "c = add(b, n) : f32[4,4,2]\n"
            "d = relu6(c) : f32[4,4,2]\n");
}

TEST(Surgery, ANodeInsertedBeforeAnotherIsReadByItAlone) {
  ir::Graph g = chain();
  const ir::Value v = insert_before(g, 1, {"n", ops::Relu6{}, {}, g.type_of(1)});
  expect_valid(g);
  EXPECT_EQ(v, 2);
  EXPECT_EQ(ir::print(g),
            "graph g\n"
            "input : f32[4,4,2]\n"
            "a = relu(input) : f32[4,4,2]\n"
            "n = relu6(a) : f32[4,4,2]\n"
            "b = dropout(n) : f32[4,4,2]\n"
            "c = add(b, a) : f32[4,4,2]\n"
            "d = relu6(c) : f32[4,4,2]\n");
}

TEST(Surgery, AnAppendedNodeBecomesTheOutput) {
  ir::Graph g = chain();
  append(g, {"end", ops::Flatten{}, {}, {}});
  infer_types(g);
  expect_valid(g);
  EXPECT_EQ(g.nodes.back().name, "end");
  EXPECT_EQ(g.nodes.back().type.shape, (ops::Shape{1, 1, 32}));
}

TEST(Surgery, InsertingBehindTheInputWorks) {
  ir::Graph g = chain();
  insert_after(g, ir::kInput, {"front", ops::Relu{}, {}, g.input});
  expect_valid(g);
  EXPECT_EQ(g.nodes[0].name, "front");
  EXPECT_EQ(g.nodes[1].inputs, std::vector<ir::Value>{1});
}

TEST(Surgery, AReaderCountsOncePerSlotAndTheOutputIsReadOutside) {
  const ir::Graph g = chain();
  EXPECT_EQ(readers_of(g, 1), (std::vector<size_t>{1, 2}));
  EXPECT_FALSE(has_one_reader(g, 1));
  EXPECT_TRUE(has_one_reader(g, 2));
  EXPECT_FALSE(has_one_reader(g, g.output()));
}

TEST(Surgery, RenamedConstantsKeepTheirRoles) {
  ir::Graph g = chain();
  g.constants["b.weight"] = ir::make_tensor(DType::f32, {1});
  g.constants["b.b.bias"] = ir::make_tensor(DType::f32, {2});
  rename_constants(g, "b", "z");
  EXPECT_TRUE(g.constant("z", "weight"));
  EXPECT_TRUE(g.constant("b.b", "bias"));
}

TEST(Surgery, AFreeNameIsNotTaken) {
  EXPECT_EQ(free_name(chain(), "a"), "a_2");
  EXPECT_EQ(free_name(chain(), "e"), "e");
  EXPECT_EQ(free_name(chain(), "input"), "input_2");
}

TEST(Surgery, BatchNormsStandBehindConvolutionsThatHaveNone) {
  ir::Graph g = ir::parse(
      "graph g\n"
      "input : f32[4,4,2]\n"
      "a = conv2d(input) out_channels=3 : f32[4,4,3]\n"
      "b = relu(a) : f32[4,4,3]\n"
      "c = depthwise_conv2d(b) : f32[4,4,3]\n"
      "d = add(c, a) : f32[4,4,3]\n"
      "e = conv2d(d) out_channels=3 activation=relu : f32[4,4,3]\n"
      "f = global_average_pool(e) : f32[1,1,3]\n"
      "g = conv2d(f) out_channels=3 : f32[1,1,3]\n"
      "h = multiply(e, g) : f32[4,4,3]\n"
      "i = conv2d(h) out_channels=2 : f32[4,4,2]\n");
  add_batch_norms(g);
  expect_valid(g);
  const std::string once = ir::print(g);
  EXPECT_NE(once.find("a_norm = batch_norm(a)"), std::string::npos) << once;
  EXPECT_NE(once.find("d = add(c_norm, a_norm)"), std::string::npos) << once;
  for (const char* none : {"e_norm", "g_norm", "i_norm"}) EXPECT_EQ(once.find(none), std::string::npos) << once;
  add_batch_norms(g);
  EXPECT_EQ(ir::print(g), once);
}

}  // namespace
}  // namespace dimple::edit

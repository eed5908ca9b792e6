#include "edit/channels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/random.h"
#include "ir/builder.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"
#include "ir/text.h"
#include "ir/traits.h"

namespace dimple::edit {
namespace {

// As "c.0 n.0", and with "stays:" in front where the group must stay.
std::string print(const ir::Graph& graph, const ChannelGroup& group) {
  std::string text = group.removable ? "" : "stays:";
  for (const ChannelOf& c : group.channels)
    text += (text.empty() ? "" : " ") + (c.value == 0 ? "input" : graph.node_of(c.value).name) + "." +
            std::to_string(c.channel);
  return text;
}

std::vector<std::string> groups_of(const std::string& text) {
  const ir::Graph graph = ir::parse("graph g\n" + text);
  std::vector<std::string> printed;
  for (const ChannelGroup& group : channel_groups(graph)) printed.push_back(print(graph, group));
  return printed;
}

using ::testing::ElementsAre;

TEST(Channels, TwoLayersInARowShareNoChannel) {
  EXPECT_THAT(groups_of("input : f32[4,4,1]\n"
                        "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
                        "r = relu(a) : f32[4,4,2]\n"
                        "b = conv2d(r) out_channels=1 : f32[4,4,1]\n"
                        "c = dense(b) units=1 : f32[1,1,1]\n"),
              ElementsAre("stays: input.0", "a.0 r.0", "a.1 r.1", "b.0", "stays: c.0"));
}

TEST(Channels, ASumTiesItsTerms) {
  EXPECT_THAT(groups_of("input : f32[4,4,1]\n"
                        "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
                        "b = conv2d(a) out_channels=2 : f32[4,4,2]\n"
                        "s = add(a, b) : f32[4,4,2]\n"
                        "c = dense(s) units=1 : f32[1,1,1]\n"),
              ElementsAre("stays: input.0", "a.0 b.0 s.0", "a.1 b.1 s.1", "stays: c.0"));
}

TEST(Channels, WhatIsAddedToTheInputStays) {
  EXPECT_THAT(groups_of("input : f32[4,4,1]\n"
                        "a = conv2d(input) out_channels=1 : f32[4,4,1]\n"
                        "s = add(a, input) : f32[4,4,1]\n"
                        "c = dense(s) units=1 : f32[1,1,1]\n"),
              ElementsAre("stays: input.0 a.0 s.0", "stays: c.0"));
}

TEST(Channels, WhatTheOutputIsMadeOfStays) {
  EXPECT_THAT(groups_of("input : f32[4,4,1]\n"
                        "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
                        "p = global_average_pool(a) : f32[1,1,2]\n"),
              ElementsAre("stays: input.0", "stays: a.0 p.0", "stays: a.1 p.1"));
}

TEST(Channels, AConcatTiesWithAnOffsetAndTwiceWhatItReadsTwice) {
  EXPECT_THAT(groups_of("input : f32[4,4,1]\n"
                        "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
                        "b = conv2d(input) out_channels=1 : f32[4,4,1]\n"
                        "x = concat(a, b, a) inputs=3 : f32[4,4,5]\n"
                        "c = dense(x) units=1 : f32[1,1,1]\n"),
              ElementsAre("stays: input.0", "a.0 x.0 x.3", "a.1 x.1 x.4", "b.0 x.2", "stays: c.0"));
}

TEST(Channels, AFlattenedChannelIsAllItsPixels) {
  EXPECT_THAT(groups_of("input : f32[1,2,1]\n"
                        "a = conv2d(input) out_channels=2 : f32[1,2,2]\n"
                        "f = flatten(a) : f32[1,1,4]\n"
                        "c = dense(f) units=1 : f32[1,1,1]\n"),
              ElementsAre("stays: input.0", "a.0 f.0 f.2", "a.1 f.1 f.3", "stays: c.0"));
}

TEST(Channels, AGateOfChannelsIsTiedAndAGateOfPixelsStays) {
  EXPECT_THAT(groups_of("input : f32[4,4,1]\n"
                        "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
                        "p = global_average_pool(a) : f32[1,1,2]\n"
                        "q = conv2d(p) out_channels=1 : f32[1,1,1]\n"
                        "r = conv2d(q) out_channels=2 : f32[1,1,2]\n"
                        "g = sigmoid(r) : f32[1,1,2]\n"
                        "m = multiply(a, g) : f32[4,4,2]\n"
                        "w = channel_mean(m) : f32[4,4,1]\n"
                        "v = conv2d(w) out_channels=1 : f32[4,4,1]\n"
                        "n = multiply(m, v) : f32[4,4,2]\n"
                        "c = dense(n) units=1 : f32[1,1,1]\n"),
              ElementsAre("stays: input.0", "a.0 p.0 r.0 g.0 m.0 n.0", "a.1 p.1 r.1 g.1 m.1 n.1", "q.0", "stays: w.0",
                          "stays: v.0", "stays: c.0"));
}

TEST(Channels, WhatASoftmaxReadsStays) {
  EXPECT_THAT(groups_of("input : f32[4,4,1]\n"
                        "a = conv2d(input) out_channels=2 : f32[4,4,2]\n"
                        "s = softmax(a) : f32[4,4,2]\n"
                        "c = dense(s) units=1 : f32[1,1,1]\n"),
              ElementsAre("stays: input.0", "stays: a.0", "stays: a.1", "stays: s.0", "stays: s.1", "stays: c.0"));
}

// The trait that all of this rests on, for whatever stands in the list of operators.
TEST(Channels, OperatorsThatKeepChannelsApartDo) {
  int found = 0;
  const auto check = [&](ir::Op op) {
    if (ir::channel_rule_of(op) != ops::ChannelRule::apart) return;
    ++found;
    ir::Builder builder("g", {4, 4, 3});
    const std::vector<ir::Value> inputs(static_cast<size_t>(ir::input_count(op)), ir::kInput);
    ir::Graph graph = builder.finish(builder.append(op, inputs));
    ir::initialise(graph, 1);
    ir::Tensor picture = ir::make_tensor(DType::f32, {4, 4, 3});
    host::Random random(7);
    for (float& v : picture.as<float>()) v = random.around(1);
    const ir::Tensor before = ir::evaluate(graph, picture).back();
    for (size_t i = 1; i < 48; i += 3) picture.as<float>()[i] += 2;  // past any clamp
    const ir::Tensor after = ir::evaluate(graph, picture).back();
    for (size_t i = 0; i < before.as<float>().size(); ++i)
      EXPECT_EQ(before.as<float>()[i] != after.as<float>()[i], i % 3 == 1) << ir::name_of(op) << " at " << i;
  };
#define DIMPLE_X(Type, name) check(ops::Type{});
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  EXPECT_EQ(found, 18);
}

}  // namespace
}  // namespace dimple::edit

#include "model/transfer.h"

#include <gmock/gmock.h>

#include "host/error.h"
#include "ir/builder.h"
#include "ir/evaluate.h"
#include "ir/initialise.h"

namespace dimple::model {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

ir::Tensor counting(std::vector<int64_t> dims, float first = 1) {
  ir::Tensor t = ir::make_tensor(DType::f32, std::move(dims));
  for (float& v : t.as<float>()) v = first++;
  return t;
}

// A net with one layer of each kind, in torchvision's manner of naming.
ir::Graph small_net(int classes = 3, ir::Shape input = {4, 4, 2}) {
  ir::Builder g("small", input);
  ir::Value x = g.append(ops::BatchNorm{}, {g.conv(g.input(), 4, {.name = "f.0"})}, "f.1");
  x = g.append(ops::Prelu{}, {g.depthwise(x, {.stride = 2, .name = "f.2"})}, "f.3");
  ir::Graph graph = g.finish(g.dense(g.flatten(x), classes, "head"));
  ir::initialise(graph, 1);
  return graph;
}

StateDict foreign(const std::string& stem = "f.", int classes = 3, int planes = 2) {
  const auto add = [&](StateDict& d, const std::string& name, std::vector<int64_t> dims, float first = 1) {
    d.tensors.push_back({name, counting(std::move(dims), first)});
  };
  StateDict d{.source = "x.pth", .in_order = true};
  add(d, stem + "0.weight", {4, planes, 3, 3});
  add(d, stem + "1.weight", {4}, 10);
  add(d, stem + "1.bias", {4}, 20);
  add(d, stem + "1.running_mean", {4}, 30);
  add(d, stem + "1.running_var", {4}, 40);
  d.tensors.push_back({stem + "1.num_batches_tracked", ir::make_tensor<int32_t>(DType::s32, {}, {7})});
  add(d, stem + "2.weight", {4, 1, 3, 3});
  add(d, stem + "2.bias", {4});
  add(d, stem + "3.weight", {1}, 0.5f);
  add(d, stem == "f." ? "head.weight" : stem + "9.weight", {classes, 16});
  add(d, stem == "f." ? "head.bias" : stem + "9.bias", {classes});
  return d;
}

std::vector<float> values(const ir::Graph& graph, const std::string& name) {
  const auto v = graph.constants.at(name).as<float>();
  return {v.begin(), v.end()};
}

std::string refusal_of(const StateDict& from, ir::Graph graph) {
  try {
    transfer(from, graph);
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::model);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "fits";
}

TEST(Transfer, LaysEveryKindOfLayerOutAsOurs) {
  ir::Graph graph = small_net();
  const TransferReport report = transfer(foreign(), graph);
  EXPECT_EQ(report.matched_by, "name");
  EXPECT_EQ(report.layers, 5);
  EXPECT_TRUE(report.fresh.empty() && report.fresh_head.empty() && report.unused.empty());
  // conv [out][in][h][w]: the first pixel's two inputs lie nine apart
  EXPECT_EQ(values(graph, "f.0.weight")[0], 1);
  EXPECT_EQ(values(graph, "f.0.weight")[1], 10);
  EXPECT_EQ(values(graph, "f.0.weight")[2], 2);
  EXPECT_THAT(values(graph, "f.0.bias"), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(values(graph, "f.1.weight"), ElementsAre(10, 11, 12, 13, 30, 31, 32, 33, 40, 41, 42, 43));
  EXPECT_THAT(values(graph, "f.1.bias"), ElementsAre(20, 21, 22, 23));
  // depthwise [channel][1][h][w] -> [h][w][channel]
  EXPECT_EQ(values(graph, "f.2.weight")[1], 10);
  EXPECT_EQ(values(graph, "f.2.weight")[4], 2);
  EXPECT_THAT(values(graph, "f.3.weight"), ElementsAre(0.5f, 0.5f, 0.5f, 0.5f));
  // dense reads channels, rows, columns there, and rows, columns, channels here
  EXPECT_EQ(values(graph, "head.weight")[1], 5);
  EXPECT_EQ(values(graph, "head.weight")[4], 2);
}

TEST(Transfer, TakesUnknownNamesInTheirOrder) {
  ir::Graph named = small_net(), ordered = small_net();
  transfer(foreign(), named);
  const TransferReport report = transfer(foreign("timm."), ordered);
  EXPECT_EQ(report.matched_by, "order");
  EXPECT_EQ(named, ordered);
  StateDict sorted = foreign("timm.");
  sorted.in_order = false;
  EXPECT_THAT(refusal_of(sorted, small_net()), HasSubstr("order"));
}

TEST(Transfer, StripsTheWordOfATrainingOnSeveralDevices) {
  ir::Graph graph = small_net();
  StateDict from = foreign();
  for (NamedTensor& t : from.tensors) t.name = "module." + t.name;
  EXPECT_EQ(transfer(from, graph).matched_by, "name");
}

TEST(Transfer, GivesOtherClassesAFreshHeadAndSaysSo) {
  ir::Graph graph = small_net(7);
  const ir::Graph before = graph;
  const TransferReport report = transfer(foreign(), graph);
  EXPECT_THAT(report.fresh_head, ElementsAre("head"));
  EXPECT_EQ(graph.constants.at("head.weight"), before.constants.at("head.weight"));
  EXPECT_EQ(report.layers, 4);
  EXPECT_THAT(report.unused, ElementsAre("head.bias", "head.weight"));
  EXPECT_THAT(print(report), HasSubstr("the head starts anew"));
}

TEST(Transfer, SumsColoursForAGreyPicture) {
  ir::Graph grey = small_net(3, {4, 4, 1}), colour = small_net(3, {4, 4, 3});
  const StateDict from = foreign("f.", 3, 3);
  EXPECT_THAT(transfer(from, grey).reshaped, Contains(HasSubstr("grey")));
  transfer(from, colour);
  ir::Tensor one = counting({4, 4, 1}), three = ir::make_tensor(DType::f32, {4, 4, 3});
  for (size_t i = 0; i < 48; ++i) three.as<float>()[i] = one.as<float>()[i / 3];
  const ir::Tensor a = ir::evaluate(grey, one).back(), b = ir::evaluate(colour, three).back();
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(a.as<float>()[i] / b.as<float>()[i], 1, 1e-5);
}

TEST(Transfer, FoldsAnAverageOverMorePlacesThanThereAre) {
  ir::Builder g("folded", {2, 2, 1});
  ir::Graph graph = g.finish(g.dense(g.flatten(g.input()), 1, "classifier.1"));
  StateDict from{.source = "x.pth", .in_order = true};
  from.tensors.push_back({"classifier.1.weight", counting({1, 9})});  // read from a mean adapted to 3x3
  transfer(from, graph);
  // 2x2 places a b / c d, averaged to 3x3: a (a+b)/2 b / (a+c)/2 (a+b+c+d)/4 (b+d)/2 / c (c+d)/2 d
  EXPECT_THAT(values(graph, "classifier.1.weight"),
              ElementsAre(1 + 1 + 2 + 1.25f, 1 + 3 + 1.25f + 3, 2 + 1.25f + 7 + 4, 1.25f + 3 + 4 + 9));
}

TEST(Transfer, SaysWhichLayerDoesNotFit) {
  StateDict other = foreign();
  other.tensors[0].tensor = counting({5, 2, 3, 3});
  EXPECT_THAT(refusal_of(other, small_net()), HasSubstr("f.0"));
  other = foreign("timm.");
  std::swap(other.tensors[0], other.tensors[6]);
  EXPECT_THAT(refusal_of(other, small_net()), HasSubstr("timm.2"));
  other = foreign("timm.");
  other.tensors.resize(4);
  EXPECT_THAT(refusal_of(other, small_net()), HasSubstr("2 layers where this network has 5"));
}

TEST(Transfer, KeepsWhatHasNoCounterpartAndNamesIt) {
  StateDict from = foreign();
  from.tensors.erase(from.tensors.begin() + 8);  // the slopes
  from.tensors.push_back({"aux.weight", counting({2})});
  ir::Graph graph = small_net();
  const TransferReport report = transfer(from, graph);
  EXPECT_THAT(report.fresh, ElementsAre("f.3"));
  EXPECT_THAT(report.unused, ElementsAre("aux.weight"));
  EXPECT_THAT(values(graph, "f.3.weight"), ElementsAre(0.25f, 0.25f, 0.25f, 0.25f));
}

TEST(Transfer, TakesOurOwnFilesAsTheyAre) {
  ir::Graph source = small_net(), target = small_net();
  for (auto& [name, tensor] : source.constants) tensor = counting(tensor.dims, 3);
  StateDict from{.source = "ours.safetensors", .ours = true};
  for (const auto& [name, tensor] : source.constants) from.tensors.push_back({name, tensor});
  transfer(from, target);
  EXPECT_EQ(target, source);
}

}  // namespace
}  // namespace dimple::model

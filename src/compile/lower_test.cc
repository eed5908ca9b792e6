#include "compile/lower.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "compile/dump.h"
#include "compile/pipeline.h"
#include "compile/quantise.h"
#include "compile/random_graph_testing.h"
#include "format/program.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "ir/evaluate.h"
#include "ir/packed_weight.h"
#include "ir/text.h"
#include "ir/traits.h"
#include "kernels/select.h"
#include "runtime/dimple.h"
#include "runtime/executor.h"
#include "zoo/architectures.h"
#include "zoo/ds48.h"

namespace dimple::compile {
namespace {

struct alignas(16) Block {
  uint8_t bytes[16];
};

// A program in memory of exactly the size it asks for, between guards.
class Device {
 public:
  explicit Device(std::vector<uint8_t> program) : program_(std::move(program)) {
    const auto bytes = static_cast<uint32_t>(program_.size());
    planned_ = dimple_arena_bytes(program_.data(), bytes);
    memory_bytes_ = dimple_memory_bytes(program_.data(), bytes);
    arena_.assign(memory_bytes_ / 16 + 3, Block{{kGuard, kGuard, kGuard, kGuard, kGuard, kGuard, kGuard, kGuard, kGuard,
                                                 kGuard, kGuard, kGuard, kGuard, kGuard, kGuard, kGuard}});
    status_ =
        dimple_open(&session_, program_.data(), static_cast<uint32_t>(program_.size()), arena_[1].bytes, memory_bytes_);
  }

  int32_t status() const { return status_; }
  uint32_t planned() const { return planned_; }
  uint32_t used() const { return dimple_arena_high(&session_); }
  bool guards_intact() const {
    const uint8_t* bytes = arena_[0].bytes;
    for (size_t i = 0; i < 16; ++i)
      if (bytes[i] != kGuard) return false;
    for (size_t i = 16 + memory_bytes_; i < arena_.size() * 16; ++i)
      if (bytes[i] != kGuard) return false;
    return true;
  }
  void run(const ir::Tensor& picture) {
    const dimple_tensor_info in = dimple_input(&session_);
    ASSERT_EQ(in.bytes, picture.data.size());
    std::memcpy(in.data, picture.data.data(), in.bytes);
    ASSERT_EQ(dimple_run(&session_), 0);
  }
  std::vector<std::byte> output() const { return copy(dimple_output(&session_)); }
  std::vector<std::byte> logits() const { return copy(dimple_logits(&session_)); }

 private:
  static constexpr uint8_t kGuard = 0xA5;
  static std::vector<std::byte> copy(const dimple_tensor_info& t) {
    const auto* from = static_cast<const std::byte*>(t.data);
    return {from, from + t.bytes};
  }
  std::vector<uint8_t> program_;
  std::vector<Block> arena_;
  dimple_session session_{};
  uint32_t planned_ = 0;
  uint32_t memory_bytes_ = 0;
  int32_t status_ = 0;
};

// Codes are equal; kernels add floats up in orders of their own.
void expect_same(const ir::Tensor& expected, const std::vector<std::byte>& got) {
  if (expected.dtype != DType::f32) {
    EXPECT_EQ(got, expected.data);
    return;
  }
  std::vector<float> values(got.size() / sizeof(float));
  std::memcpy(values.data(), got.data(), got.size());
  const auto wanted = expected.as<float>();
  float largest = 1;
  for (const float value : wanted) largest = std::max(largest, std::abs(value));
  EXPECT_THAT(values, testing::Pointwise(testing::FloatNear(1e-5f * largest), wanted));
}

// The program on the device answers as the evaluator does on the graph, with and without sharing of memory.
void expect_same_answers(const ir::Graph& scores, RandomGraph& random) {
  const ir::Graph graph = end_in_probabilities(scores);
  uint32_t most = UINT32_MAX;
  const PlanOptions less_and_less[] = {{.sharing = {false, false}}, {.sharing = {true, false}}, {}, {.stripes = true}};
  for (const PlanOptions& options : less_and_less) {
    Device device(plan(scores, {}, options));
    ASSERT_EQ(device.status(), 0) << dimple_describe(device.status());
    for (int picture = 0; picture < 2; ++picture) {
      const ir::Tensor input = random.picture(graph);
      const auto values = ir::evaluate(graph, input);
      device.run(input);
      expect_same(values.back(), device.output());
      expect_same(values[static_cast<size_t>(logits_of(graph))], device.logits());
    }
    EXPECT_EQ(device.used(), device.planned());
    EXPECT_TRUE(device.guards_intact());
    EXPECT_LE(device.planned(), most);
    most = device.planned();
  }
}

ir::Graph quantised(const ir::Graph& graph, RandomGraph& random) {
  const auto codes = random.codes(graph, 4);
  return quantise(graph, {codes, 1.0f / 128});
}

ir::Graph integer_ds48() {
  ir::Graph graph = zoo::make(zoo::Ds48{});
  ir::initialise(graph, 1);
  std::vector<int8_t> codes(static_cast<size_t>(4 * graph.input.shape.elements()));
  std::mt19937 random(3);
  for (int8_t& code : codes) code = static_cast<int8_t>(random());
  return quantise(graph, {codes, 1.0f / 128});
}

TEST(Lower, AProgramAnswersAsItsGraph) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph random(seed);
    const ir::Graph graph = random.make();
    expect_same_answers(graph, random);
    expect_same_answers(optimise(graph), random);
    expect_same_answers(quantised(graph, random), random);
  }
}

// A bit for each weight of the convolutions: its sign, at the scale of its channel's largest.
ir::Graph with_binary_convolutions(ir::Graph graph) {
  for (const ir::Node& node : graph.nodes) {
    if (!std::holds_alternative<ops::Conv2d>(node.op)) continue;
    ir::Tensor& weight = graph.constants.at(node.name + ".weight");
    const ir::Tensor codes = weight;
    weight = ir::make_tensor(DType::b1, codes.dims);
    const auto words = weight.as<uint32_t>();
    for (size_t i = 0; i < codes.data.size(); ++i)
      if (codes.as<int8_t>()[i] > 0) words[i / 32] |= uint32_t{1} << i % 32;
    ir::Tensor& scales = graph.constants.at(node.name + ".weight_scale");
    for (float& scale : scales.as<float>()) scale *= 64;
  }
  return graph;
}

TEST(Lower, BinaryWeightsOfIntegerConvolutionsTakeABitEach) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    RandomGraph random(seed);
    expect_same_answers(with_binary_convolutions(quantised(random.make(), random)), random);
  }
  const ir::Graph codes = integer_ds48(), bits = with_binary_convolutions(codes);
  int64_t weights = 0;
  for (const ir::Node& node : codes.nodes)
    if (std::holds_alternative<ops::Conv2d>(node.op)) weights += codes.constant(node.name, "weight")->elements();
  const auto saved = static_cast<int64_t>(plan(codes).size() - plan(bits).size());
  EXPECT_NEAR(static_cast<double>(saved), 0.875 * static_cast<double>(weights), 256);
}

// A full first layer, then signs times signs under a shortcut, then a full last layer.
ir::Graph binary_net() {
  ir::Builder g("binary", {12, 12, 1});
  ir::Value x = g.prelu(g.batch_norm(g.conv(g.input(), 32, {.stride = 2})));
  for (int i = 1; i <= 2; ++i)
    x = g.prelu(g.add(x, g.batch_norm(g.conv(g.sign(x), 32, {.name = "binary_" + std::to_string(i)}))));
  ir::Graph graph = g.finish(g.dense(g.global_average_pool(x), 3));
  ir::initialise(graph, 4);
  std::mt19937 random(4);
  for (auto& [name, tensor] : graph.constants)
    if (name.ends_with(".bias") || tensor.dims[0] == 3)
      for (float& v : tensor.as<float>()) v += static_cast<float>(random() % 100) / 200 - 0.2f;
  for (const char* name : {"binary_1", "binary_2"})
    graph.constants[std::string(name) + ".weight_scale"] =
        ir::make_tensor(DType::f32, {32}, std::vector<float>(32, 0.05f));
  return graph;
}

TEST(Lower, ANetOfSignsTimesSignsRunsInIntegersFromEndToEnd) {
  const ir::Graph graph = binary_net();
  RandomGraph random(2);
  expect_same_answers(graph, random);
  const ir::Graph integer = quantised(graph, random);
  EXPECT_EQ(integer.constants.at("binary_2.weight").dtype, DType::b1);
  for (size_t i = 0; i + 2 < integer.nodes.size(); ++i) EXPECT_NE(integer.nodes[i].type.dtype, DType::f32);
  expect_same_answers(integer, random);
}

// Of every convolution and dense layer with weights of its own, the weights as codes.
ir::Graph with_codes(ir::Graph graph, DType type, RandomGraph& random) {
  const int64_t entries = codebook_entries(type);
  for (const ir::Node& node : graph.nodes) {
    if (!ir::is_coded(node.op)) continue;
    ir::Tensor& weight = graph.constants.at(node.name + ".weight");
    const int64_t channels = node.type.shape.channels, codebooks = channels % 2 == 0 ? channels / 2 : 1;
    std::vector<uint8_t> codes(static_cast<size_t>(weight.elements()));
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<uint8_t>(i * 5 % static_cast<size_t>(entries));
    weight = ir::pack_codes(type, weight.dims, codes);
    std::vector<int8_t> book(static_cast<size_t>(codebooks * entries));
    for (size_t i = 0; i < book.size(); ++i) book[i] = static_cast<int8_t>(i * 29 % 255);
    graph.constants[node.name + ".codebook"] = ir::make_tensor(DType::s8, {codebooks, entries}, book);
  }
  expect_same_answers(graph, random);
  return graph;
}

TEST(Lower, WeightsOfFourAndFiveBitsTakeThatMuch) {
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph random(seed);
    with_codes(quantised(random.make(), random), seed % 2 == 0 ? DType::c4 : DType::c5, random);
  }
  RandomGraph random(1);
  const ir::Graph codes = integer_ds48(), coded = with_codes(codes, DType::c4, random);
  int64_t weights = 0, books = 0;
  for (const ir::Node& node : coded.nodes)
    if (ir::is_coded(node.op)) {
      weights += codes.constants.at(node.name + ".weight").elements();
      books += coded.constants.at(node.name + ".codebook").elements();
    }
  const auto saved = static_cast<int64_t>(plan(codes).size()) - static_cast<int64_t>(plan(coded).size());
  EXPECT_NEAR(static_cast<double>(saved), static_cast<double>(weights / 2 - books), 512);
}

// What is left of convolutions to a loop for every machine, and of dense layers and signs to the reference.
std::vector<std::string> plain_loops(std::span<const uint8_t> bytes, kernels::IsaSet isas) {
  const host::AlignedBytes copy(bytes);
  const format::Program program = format::view_program(copy.data());
  std::vector<std::string> loops;
  for (const format::StepRecord& step : program.steps) {
    const auto op = static_cast<ops::OpCode>(step.op);
    if (op != ops::OpCode::conv2d && op != ops::OpCode::dense && op != ops::OpCode::sign) continue;
    const kernels::KernelInfo* const kernel = runtime::kernel_of(program, step, isas);
    const bool for_all = kernel && kernel->isa == kernels::Isa::portable && op == ops::OpCode::conv2d;
    if (!kernel || kernel == kernels::reference(op, step.types) || for_all)
      loops.push_back(kernel ? kernel->name : "none");
  }
  return loops;
}

TEST(Lower, WeightsOfFewBitsRunByNoPlainLoopWhateverTheMachine) {
  RandomGraph random(2);
  const ir::Graph signs = quantised(binary_net(), random);
  const ir::Graph bits = with_binary_convolutions(integer_ds48()),
                  codes = with_codes(integer_ds48(), DType::c5, random);
  for (const ir::Graph& graph : {signs, bits, codes}) {
    for (const target::Target& target : target::targets()) {
      if (target.isas == kernels::IsaSet{}.with(kernels::Isa::portable)) continue;  // no kernels were written for it
      EXPECT_THAT(plain_loops(plan(graph, {}, {.target = &target}), target.isas), testing::IsEmpty()) << target.name;
    }
    for (const kernels::Isa isa : {kernels::Isa::avx2, kernels::Isa::neon, kernels::Isa::wasm_simd})
      EXPECT_THAT(plain_loops(plan(graph), kernels::IsaSet{}.with(isa)), testing::IsEmpty()) << kernels::name_of(isa);
  }
}

TEST(Lower, TheZoosProgramsDoToo) {
  for (const zoo::Architecture& architecture : zoo::architectures()) {
    SCOPED_TRACE(architecture.name);
    ir::Graph graph = architecture.make({.input = {32, 32, 1}, .classes = 3, .width = 0.25f});
    RandomGraph random(1);
    ir::initialise(graph, 1);
    expect_same_answers(optimise(graph), random);
    expect_same_answers(quantised(graph, random), random);
  }
}

// Its first layer's output alone is 36,864 bytes.
TEST(Lower, Ds48InStripesNeedsHalfOfItsWidestTensor) {
  const std::vector<uint8_t> file = plan(integer_ds48(), {}, {.stripes = true});
  EXPECT_LE(dimple_arena_bytes(file.data(), static_cast<uint32_t>(file.size())), 22'000u);
}

TEST(Lower, Ds48FitsWhereItsWidestLayerFits) {
  ir::Graph graph = zoo::make(zoo::Ds48{});
  ir::initialise(graph, 1);
  RandomGraph random(1);
  const ir::Graph integer = quantised(graph, random);
  // The stem's output is 48 * 48 * 16 = 36,864 bytes. On top: one row of the next layer's output (384), which slides in
  // under it, and what of the picture sticks out above it (96). Without sharing it would be 46,080.
  EXPECT_EQ(Device(plan(integer)).planned(), 37'344u);
  EXPECT_EQ(Device(plan(integer, {}, {.sharing = {.in_place = false, .overlap = false}})).planned(), 46'080u);
}

target::Target chip(int64_t ram_bytes, int64_t program_bytes) {
  target::Target t;
  t.name = "chip", t.ram_bytes = ram_bytes, t.program_bytes = program_bytes, t.stack_bytes = 1024;
  return t;
}

std::string refusal_of(const ir::Graph& graph, const target::Target& target) {
  try {
    plan(graph, {}, {.target = &target});
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::model);
    return e.what();
  }
  return {};
}

TEST(Lower, SaysHowMuchOfWhatATargetLacks) {
  ir::Graph graph = zoo::make(zoo::Ds48{});
  ir::initialise(graph, 1);
  const target::Target roomy = chip(1 << 20, 1 << 20);
  const std::vector<uint8_t> program = plan(graph, {}, {.target = &roomy});
  const int64_t needed = ram_needed(program, roomy);
  EXPECT_EQ(needed, Device(program).planned() + 12 * static_cast<int64_t>(graph.nodes.size() + 1) + 1024);
  EXPECT_EQ(refusal_of(graph, chip(needed, 1 << 20)), "");
  EXPECT_EQ(
      refusal_of(graph, chip(needed - 1, 1 << 20)),
      fmt::format("ds48 does not fit chip: it needs {0} KB of RAM, and there are {0} KB", (needed + 1023) / 1024));
  EXPECT_THAT(refusal_of(graph, chip(1 << 20, 64 << 10)),
              testing::HasSubstr("of flash for the program, and there are 64 KB"));
}

int32_t opened_with(const std::vector<uint8_t>& file, kernels::IsaSet isas) {
  const host::AlignedBytes program(file);
  host::AlignedBytes memory(size_t{1} << 20);
  dimple_session session;
  return static_cast<int32_t>(
      runtime::prepare(session, {program.data(), program.size()}, {memory.data(), memory.size()}, isas));
}

// Planned here for a machine that this one need not be.
TEST(Lower, AProgramForATargetHoldsWeightsAndScratchAsItsKernelsWantThem) {
  target::Target wide = chip(1 << 20, 1 << 20);
  wide.isas = wide.isas.with(kernels::Isa::avx2);
  const ir::Graph graph = integer_ds48();
  const host::AlignedBytes file(plan(graph, {}, {.target = &wide}));
  int packed = 0;
  for (const format::StepRecord& step : format::view_program(file.data()).steps)
    if (step.layout != format::Layout::plain) {
      ++packed;
      EXPECT_GT(step.scratch_bytes, 0u);
    }
  EXPECT_EQ(packed, 20);  // every convolution and the dense layer
}

// Bytes to a weight of each step that was packed ahead, and how many they are.
std::vector<int32_t> packed_weight_bytes(const std::vector<uint8_t>& program) {
  const host::AlignedBytes file(program);
  std::vector<int32_t> bytes;
  for (const format::StepRecord& step : format::view_program(file.data()).steps)
    if (step.layout != format::Layout::plain) bytes.push_back(format::info_of(step.layout).weight_bytes);
  return bytes;
}

// The kernels of a Cortex-M4 that want weights in 16 bits are the faster ones.
TEST(Lower, AChipWithLittleFlashGetsItsWeightsInBytes) {
  target::Target roomy = chip(1 << 20, 1 << 20);
  roomy.isas = roomy.isas.with(kernels::Isa::cortex_m_dsp);
  const ir::Graph graph = integer_ds48();
  const std::vector<uint8_t> plain = plan(graph), fast = plan(graph, {}, {.target = &roomy});
  EXPECT_EQ(packed_weight_bytes(fast), std::vector<int32_t>(20, 2));
  target::Target tight = roomy;
  tight.program_bytes = static_cast<int64_t>(fast.size());
  EXPECT_EQ(plan(graph, {}, {.target = &tight}), fast);
  --tight.program_bytes;
  const std::vector<uint8_t> small = plan(graph, {}, {.target = &tight});
  EXPECT_EQ(packed_weight_bytes(small), std::vector<int32_t>(20, 1));
  // A head takes 16 bytes a channel, and the layers of this net are narrow.
  EXPECT_LT(static_cast<double>(small.size()), 1.3 * static_cast<double>(plain.size()));
}

TEST(Lower, AProgramForATargetRunsThereAndNowhereElse) {
  target::Target wide = chip(1 << 20, 1 << 20);
  wide.isas = wide.isas.with(kernels::Isa::avx2);
  const ir::Graph graph = integer_ds48();
  const std::vector<uint8_t> portable = plan(graph), packed = plan(graph, {}, {.target = &wide});
  EXPECT_EQ(opened_with(portable, {}), 0);
  const int32_t refused = opened_with(packed, {});
  EXPECT_THAT(dimple_describe(refused), testing::HasSubstr("no kernel for one of the program's operators"));
  if (!kernels::isas_here().has(kernels::Isa::avx2)) GTEST_SKIP() << "this processor lacks AVX2";
  Device there(packed), here(portable);
  ASSERT_EQ(there.status(), 0);
  const ir::Tensor picture = ir::make_tensor(DType::s8, {48, 48, 1}, std::vector<int8_t>(48 * 48, 17));
  there.run(picture), here.run(picture);
  EXPECT_EQ(there.logits(), here.logits());
  EXPECT_TRUE(there.guards_intact());
}

TEST(Lower, TheSameGraphGivesTheSameBytes) {
  const ir::Graph graph = RandomGraph(5).make();
  EXPECT_EQ(plan(graph), plan(graph));
}

TEST(Lower, RefusesAGraphWithoutItsWeights) {
  ir::Graph graph = RandomGraph(1).make();
  graph.constants.clear();
  EXPECT_THROW(plan(graph), host::Error);
}

TEST(Dump, ShowsStepsWithTheirPlacesInTheArena) {
  ir::Graph graph = ir::parse(
      "graph g\n"
      "input : f32[4,4,1]\n"
      "c = conv2d(input) out_channels=2 kernel=3 stride=2 pad=1 activation=relu : f32[2,2,2]\n"
      "d = dense(c) units=3 : f32[1,1,3]\n");
  ir::initialise(graph, 1);
  const std::string text = dump_program(plan(graph));
  EXPECT_THAT(text, testing::HasSubstr("input     t0@"));
  EXPECT_THAT(text, testing::HasSubstr("   0  conv2d"));
  EXPECT_THAT(text, testing::HasSubstr("f32[2,2,2]"));
  EXPECT_THAT(text, testing::HasSubstr("out_channels=2 kernel=3 stride=2 pad=1 activation=relu"));
  EXPECT_THAT(text, testing::HasSubstr("   2  softmax"));
}

TEST(Dump, SaysWhatIsWrongWithOtherBytes) {
  std::vector<uint8_t> program = plan(RandomGraph(1).make());
  program[program.size() - 1] ^= 1;
  try {
    dump_program(program);
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::model);
    EXPECT_THAT(e.what(), testing::HasSubstr("checksum"));
  }
}

}  // namespace
}  // namespace dimple::compile

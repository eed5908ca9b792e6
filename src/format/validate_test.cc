// Programs with the right checksum that lie: each claim here is one lie, and none gets through.
#include "format/validate.h"

#include <gtest/gtest.h>

#include <limits>

#include "format/program_testing.h"

namespace dimple::format {
namespace {

using ops::OpCode;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInfinity = std::numeric_limits<float>::infinity();

template <class Change>
Status status_with(Change change) {
  ProgramDraft draft = tiny_draft();
  change(draft);
  const std::vector<uint8_t> file = sealed(draft);
  return read_program({file.data(), file.size()}).status();
}

#define EXPECT_REFUSED(...) EXPECT_EQ(status_with([](ProgramDraft& d) { __VA_ARGS__; }), Status::malformed)

StepRecord& step_of(ProgramDraft& d, OpCode op) {
  for (StepRecord& s : d.steps)
    if (s.op == static_cast<uint32_t>(op)) return s;
  return d.steps[0];
}

int32_t& constant_word(ProgramDraft& d, uint32_t at) { return *reinterpret_cast<int32_t*>(d.constants.data() + at); }

TEST(Validate, AcceptsWhatIsRight) {
  EXPECT_EQ(status_with([](ProgramDraft&) {}), Status::ok);
}

TEST(Validate, RefusesTensorsOutsideTheArena) {
  EXPECT_REFUSED(d.header.arena_bytes -= 48);
  EXPECT_REFUSED(d.tensors[1].arena_at = d.header.arena_bytes);
  EXPECT_REFUSED(d.tensors[1].arena_at = 0xFFFFFFF0u);
  EXPECT_REFUSED(d.tensors[1].arena_at += 8);
}

TEST(Validate, RefusesTensorsThatAreNotWhatTheySay) {
  EXPECT_REFUSED(d.tensors[0].bytes -= 1);
  EXPECT_REFUSED(d.tensors[0].height += 1);
  EXPECT_REFUSED(d.tensors[0].height = 0);
  EXPECT_REFUSED(d.tensors[0].width = -5);
  EXPECT_REFUSED(d.tensors[0].channels = 1 << 30);
  EXPECT_REFUSED(d.tensors[0].dtype = 3);
  EXPECT_REFUSED(d.tensors[0].dtype = 99);
  EXPECT_REFUSED(d.tensors[0].scale = 0);
  EXPECT_REFUSED(d.tensors[0].scale = -1);
  EXPECT_REFUSED(d.tensors[0].scale = kNan);
  EXPECT_REFUSED(d.tensors[0].scale = kInfinity);
  EXPECT_REFUSED(d.tensors.back().scale = kInfinity);
  EXPECT_REFUSED(d.tensors[0].zero_point = 128);
}

TEST(Validate, RefusesOperatorsAndTypesItDoesNotKnow) {
  EXPECT_EQ(status_with([](ProgramDraft& d) { d.steps[0].op = 999; }), Status::unknown_operator);
  EXPECT_EQ(status_with([](ProgramDraft& d) { d.steps[0].op = 0; }), Status::unknown_operator);
  const auto with_types = [](OpCode op, Types types) {
    return status_with([&](ProgramDraft& d) { step_of(d, op).types = types; });
  };
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::u8, DType::s8, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::conv2d, {static_cast<DType>(200), DType::s8, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::softmax, {DType::s8, DType::s8, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::add, {DType::b1, DType::b1, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::f32, DType::f32, DType::f32}), Status::malformed);
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::b1, DType::b1, DType::s8}), Status::malformed);
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::f32, DType::b1, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::add, {DType::s8, DType::b1, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::s8, DType::b1, DType::s8}), Status::ok);
}

// 4 output channels of 18 weights.
template <class Change>
Status status_with_codes(Change change) {
  return status_with([&](ProgramDraft& d) {
    StepRecord& s = d.steps[0];
    s.types.weight = DType::c5;
    s.weight = d.add_constant(std::vector<uint32_t>((72 * 5 + 31) / 32, 0xFEDCBA98));
    s.codebook = d.add_constant(std::vector<int8_t>(2 * 32, -128));
    s.codebook_channels = 2;
    change(d, s);
  });
}

TEST(Validate, AcceptsCodesThatHaveTheirCodebooks) {
  EXPECT_EQ(status_with_codes([](ProgramDraft&, StepRecord&) {}), Status::ok);
  EXPECT_EQ(status_with_codes([](ProgramDraft&, StepRecord& s) { s.codebook_channels = 4; }), Status::ok);
  EXPECT_EQ(status_with_codes([](ProgramDraft&, StepRecord& s) { s.types.weight = DType::c4; }), Status::ok);
}

TEST(Validate, RefusesCodesWithoutWholeCodebooks) {
#define EXPECT_CODES_REFUSED(...) \
  EXPECT_EQ(status_with_codes([]([[maybe_unused]] ProgramDraft& d, StepRecord& s) { __VA_ARGS__; }), Status::malformed)
  EXPECT_CODES_REFUSED(s.codebook = kNone);
  EXPECT_CODES_REFUSED(s.codebook += 16);
  EXPECT_CODES_REFUSED(s.codebook += 1);
  EXPECT_CODES_REFUSED(s.codebook = 0xFFFFFFF0u);
  EXPECT_CODES_REFUSED(s.codebook_channels = 0);
  EXPECT_CODES_REFUSED(s.codebook_channels = 1);
  EXPECT_CODES_REFUSED(s.codebook_channels = 3);
  EXPECT_CODES_REFUSED(s.codebook_channels = 8);
  EXPECT_CODES_REFUSED(s.codebook_channels = 0x80000000u);
  EXPECT_CODES_REFUSED(s.layout = Layout::window4x2_s16);
#undef EXPECT_CODES_REFUSED
}

TEST(Validate, RefusesCodebooksOfOtherWeights) {
  EXPECT_REFUSED(d.steps[0].codebook = d.add_constant(std::vector<int8_t>(64)));
  EXPECT_REFUSED(d.steps[0].codebook_channels = 4);
}

TEST(Validate, RefusesCodesWhereAnOperatorHasNoneOfThem) {
  const auto with_types = [](OpCode op, Types types) {
    return status_with([&](ProgramDraft& d) { step_of(d, op).types = types; });
  };
  EXPECT_EQ(with_types(OpCode::depthwise_conv2d, {DType::s8, DType::c4, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::add, {DType::s8, DType::c5, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::c4, DType::c4, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::b1, DType::c4, DType::s8}), Status::unknown_type);
  EXPECT_EQ(with_types(OpCode::conv2d, {DType::s8, DType::u8, DType::s8}), Status::unknown_type);
}

TEST(Validate, RefusesLayoutsItDoesNotKnow) {
  EXPECT_EQ(status_with([](ProgramDraft& d) { d.steps[0].layout = static_cast<Layout>(kLayoutCount); }),
            Status::unknown_layout);
}

// The room that is left holds the 4 x 18 weights as they are, but no block of 8 output channels with its head.
TEST(Validate, WantsAsManyWeightsAsTheLayoutHas) {
  const auto with_layout = [](Layout layout) {
    return status_with([&](ProgramDraft& d) {
      d.steps[0].layout = layout;
      d.steps[0].weight = d.add_constant(std::vector<int8_t>(80));
    });
  };
  EXPECT_EQ(with_layout(Layout::plain), Status::ok);
  EXPECT_EQ(with_layout(Layout::out8_in2_s16), Status::malformed);
}

// Thousands of steps that name the same weights would each be checked, and packed, from end to end.
TEST(Validate, RefusesStepsThatShareTheirConstants) {
  const auto with = [](bool shared) {
    return status_with([&](ProgramDraft& d) {
      d = {};
      d.header.input = d.add_tensor(DType::s8, {1, 1, 8}, 0.1f, 3);
      const uint32_t first = d.add_step(OpCode::dense, DType::s8, ops::Dense{.units = 8}, {0});
      const size_t constants = d.constants.size();
      d.header.output = d.header.logits = d.add_step(OpCode::dense, DType::s8, ops::Dense{.units = 8}, {first});
      if (!shared) return;
      const StepRecord from = d.steps[0];
      d.steps[1].weight = from.weight, d.steps[1].bias = from.bias;
      d.steps[1].multiplier = from.multiplier, d.steps[1].shift = from.shift;
      d.constants.resize(constants);
    });
  };
  EXPECT_EQ(with(false), Status::ok);
  EXPECT_EQ(with(true), Status::malformed);
}

TEST(Validate, RefusesAPreprocessingThatDoesNotMakeTheInput) {
  const auto with = [](image::Preprocess how) {
    return status_with([&](ProgramDraft& d) { d.header.preprocess = how; });
  };
  EXPECT_EQ(with({5, 6, 1}), Status::malformed) << "the input has two channels, which no preprocessing makes";
  const auto grey = [](image::Preprocess how) {
    return status_with([&](ProgramDraft& d) {
      d = {};
      d.header.input = d.add_tensor(DType::s8, {6, 5, 1}, 1.0f / 128, 0);
      d.header.output = d.header.logits = d.add_step(OpCode::relu, DType::s8, ops::Relu{}, {0}, 1.0f / 128, 0);
      d.header.preprocess = how;
    });
  };
  EXPECT_EQ(grey({5, 6, 1}), Status::ok);
  EXPECT_EQ(grey({6, 5, 1}), Status::malformed);
  EXPECT_EQ(grey({5, 6, 3}), Status::malformed);
  EXPECT_EQ(grey({5, 6, 1, 0, 0, image::Normalise::standardise}), Status::malformed);
  EXPECT_EQ(grey({5, 6, 1, 0, 0, static_cast<image::Normalise>(7)}), Status::malformed);
  EXPECT_EQ(grey({5, 6, 1, 10'000}), Status::malformed);
}

TEST(Validate, RefusesLabelsThatAreNotOneForEachOutput) {
  const auto with = [](std::string labels) {
    return status_with([&](ProgramDraft& d) { d.labels = std::move(labels); });
  };
  EXPECT_EQ(with(std::string("a\0b\0c\0", 6)), Status::ok);
  EXPECT_EQ(with(std::string("a\0b\0", 4)), Status::malformed);
  EXPECT_EQ(with(std::string("a\0b\0c\0d\0", 8)), Status::malformed);
  EXPECT_EQ(with(std::string("a\0b\0c\0d", 7)), Status::malformed);
}

TEST(Validate, RefusesTensorsThatAreNotThere) {
  EXPECT_REFUSED(d.header.input = 100);
  EXPECT_REFUSED(d.header.output = 100);
  EXPECT_REFUSED(d.header.logits = kNone);
  EXPECT_REFUSED(d.steps[0].in[0] = 100);
  EXPECT_REFUSED(d.steps[0].in[0] = kNone);
  EXPECT_REFUSED(d.steps[0].in[1] = 0);
  EXPECT_REFUSED(step_of(d, OpCode::add).in[1] = kNone);
  EXPECT_REFUSED(d.steps[0].out = kNone);
  EXPECT_REFUSED(step_of(d, OpCode::concat).in[2] = kNone);
  EXPECT_REFUSED(step_of(d, OpCode::concat).in[3] = 0);
}

TEST(Validate, RefusesReadingWhatNobodyHasWritten) {
  EXPECT_REFUSED(std::swap(d.steps[0], d.steps[1]));
  EXPECT_REFUSED(d.steps.pop_back());
  EXPECT_REFUSED(d.steps.clear());
}

TEST(Validate, RefusesShapesThatTheOperatorDoesNotGive) {
  EXPECT_REFUSED(d.attributes[d.steps[0].attributes] += 1);                            // out_channels
  EXPECT_REFUSED(d.attributes[d.steps[0].attributes + 1] = 0);                         // kernel_h
  EXPECT_REFUSED(d.attributes[d.steps[0].attributes + 3] = 0);                         // stride_h
  EXPECT_REFUSED(d.attributes[d.steps[0].attributes + 5] = 0xFFFFFFFFu);               // pad_top
  EXPECT_REFUSED(d.attributes[d.steps[0].attributes + 9] = 0);                         // dilation_h
  EXPECT_REFUSED(d.attributes[d.steps[0].attributes + 11] = 3);                        // activation
  EXPECT_REFUSED(d.attributes[step_of(d, OpCode::max_pool).attributes + 8] = 2);       // dilation_h
  EXPECT_REFUSED(d.attributes[step_of(d, OpCode::average_pool).attributes + 10] = 2);  // count_include_pad
  EXPECT_REFUSED(d.attributes[step_of(d, OpCode::pad).attributes] = 0x7FFFFFFFu);      // top
  EXPECT_REFUSED(d.attributes[step_of(d, OpCode::dense).attributes] = 0x7FFFFFFFu);    // units
  EXPECT_REFUSED(d.steps[0].attributes = static_cast<uint32_t>(d.attributes.size()));
  EXPECT_REFUSED(d.steps[0].attributes = 0xFFFFFFFFu);
}

TEST(Validate, RefusesOtherNumbersOfInputs) {
  EXPECT_REFUSED(d.attributes[step_of(d, OpCode::concat).attributes] = 2);
  for (const uint32_t count : {0u, 1u, 9u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu}) {
    const auto lie = [count](ProgramDraft& d) { d.attributes[step_of(d, OpCode::concat).attributes] = count; };
    EXPECT_EQ(status_with(lie), Status::malformed) << count;
  }
}

TEST(Validate, RefusesTablesThatAreNotWhole) {
  EXPECT_REFUSED(step_of(d, OpCode::hard_swish).weight = kNone);
  EXPECT_REFUSED(step_of(d, OpCode::hard_swish).weight =
                     static_cast<uint32_t>(round_up<size_t>(d.constants.size(), kAlign)) - 240);
}

TEST(Validate, RefusesParametersOutsideTheConstants) {
  EXPECT_REFUSED(d.steps[0].weight = kNone);
  EXPECT_REFUSED(d.steps[0].weight = static_cast<uint32_t>(round_up<size_t>(d.constants.size(), kAlign)));
  EXPECT_REFUSED(d.steps[0].weight += 1);
  EXPECT_REFUSED(d.steps[0].bias = 0xFFFFFFF0u);
  EXPECT_REFUSED(d.steps[0].multiplier = kNone);
  EXPECT_REFUSED(d.steps[0].shift += 8);
  EXPECT_REFUSED(step_of(d, OpCode::max_pool).weight = 0);
  EXPECT_REFUSED(d.constants.resize(d.constants.size() - 1));
}

TEST(Validate, RefusesScalesThatArithmeticCannotBear) {
  EXPECT_REFUSED(constant_word(d, d.steps[0].shift) = 0);
  EXPECT_REFUSED(constant_word(d, d.steps[0].shift) = 63);
  EXPECT_REFUSED(constant_word(d, d.steps[0].multiplier) = -1);
  EXPECT_REFUSED(constant_word(d, d.steps[0].bias) = INT32_MAX);
  EXPECT_REFUSED(constant_word(d, d.steps[0].bias) = INT32_MIN);
}

TEST(Validate, RefusesClampsThatAreNoInterval) {
  EXPECT_REFUSED(d.steps[0].clamp_low = -129);
  EXPECT_REFUSED(d.steps[0].clamp_high = 128);
  EXPECT_REFUSED(d.steps[0].clamp_low = 5, d.steps[0].clamp_high = 4);
  EXPECT_REFUSED(d.steps[0].clamp_low_f32 = 1, d.steps[0].clamp_high_f32 = 0);
  EXPECT_REFUSED(d.steps[0].clamp_low_f32 = kNan);
}

TEST(Validate, RefusesScratchOutsideTheArena) {
  EXPECT_REFUSED(d.steps[0].scratch_bytes += 16);
  EXPECT_REFUSED(d.steps[0].scratch_at = 0xFFFFFFF0u);
  EXPECT_REFUSED(d.steps[0].scratch_at += 4);
}

TEST(Validate, RefusesCodesThatWouldChangeTheirMeaning) {
  EXPECT_REFUSED(d.tensors[step_of(d, OpCode::max_pool).out].scale = 0.2f);
  EXPECT_REFUSED(d.tensors[step_of(d, OpCode::relu6).out].zero_point = 4);
}

TEST(Validate, RefusesMoreStepsThanItIsReadyToCheck) { EXPECT_REFUSED(d.steps.resize(kMaxSteps + 1, d.steps.back())); }

// Sums of 65793 products of the largest codes and weights still fit 32 bits; one more would not.
TEST(Validate, RefusesSumsThatMayLeaveThirtyTwoBits) {
  EXPECT_TRUE(ops::sum_fits(65793, 127));
  EXPECT_FALSE(ops::sum_fits(65793, INT32_MAX));
  EXPECT_FALSE(ops::sum_fits(65794, 0));
  EXPECT_FALSE(ops::sum_fits(int64_t{1} << 60, 0));
}

// 8 x 8 pixels through two windows of 3 x 3, the tensor between them as large as `rows` of its rows, and a relu.
template <class Change>
Status striped(uint32_t bytes, Change change) {
  const ops::Window window{3, 3, 1, 1, 1, 1, 1, 1};
  return status_with([&](ProgramDraft& d) {
    d = {};
    d.header.input = d.add_tensor(DType::s8, {8, 8, 1}, 0.1f, 3);
    const uint32_t middle =
        d.add_step(OpCode::conv2d, DType::s8, ops::Conv2d{.out_channels = 4, .window = window}, {d.header.input});
    const uint32_t behind =
        d.add_step(OpCode::depthwise_conv2d, DType::s8, ops::DepthwiseConv2d{.window = window}, {middle});
    d.header.output = d.header.logits = d.add_step(OpCode::relu, DType::s8, ops::Relu{}, {behind});
    d.tensors[middle].bytes = bytes;
    change(d);
  });
}
Status striped(uint32_t bytes) {
  return striped(bytes, [](ProgramDraft&) {});
}

constexpr uint32_t kRow = 8 * 4;

TEST(Validate, LetsATensorBetweenConvolutionsBeThereAFewRowsAtATime) {
  for (const uint32_t rows : {3u, 4u, 7u, 8u}) EXPECT_EQ(striped(rows * kRow), Status::ok) << rows;
  for (const uint32_t bytes : {0u, kRow, 2 * kRow, 3 * kRow + 1, 9 * kRow})
    EXPECT_EQ(striped(bytes), Status::malformed) << bytes;
}

TEST(Validate, RefusesStripesThatAnyOtherStepTouches) {
  const auto refused = [](auto change) { return striped(3 * kRow, change) == Status::malformed; };
  EXPECT_TRUE(refused([](ProgramDraft& d) { d.header.output = d.header.logits = 1; }));
  EXPECT_TRUE(refused([](ProgramDraft& d) { d.steps[2].in[0] = 1; })) << "read again";
  EXPECT_TRUE(refused([](ProgramDraft& d) { d.steps[2].out = 1; })) << "written again";
  EXPECT_TRUE(refused([](ProgramDraft& d) { d.tensors[2].bytes = 3 * kRow; })) << "a second one behind it";
  EXPECT_TRUE(refused([](ProgramDraft& d) { d.tensors[0].bytes = 3 * 8; })) << "the input";
  EXPECT_TRUE(refused([](ProgramDraft& d) { std::swap(d.steps[0], d.steps[1]); })) << "read before it is written";
}

}  // namespace
}  // namespace dimple::format

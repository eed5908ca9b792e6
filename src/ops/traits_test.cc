#include "ops/traits.h"

#include <gtest/gtest.h>

#include <set>

#include "ops/op_list.h"

namespace dimple::ops {
namespace {

// What each line of the list is held to (ops/op_list.h).
struct Silent {
  Parameters parameters(const Shape*) const { return {}; }
};
struct Vague : KeepsShape {
  static constexpr IntegerForm kInteger = IntegerForm::scales;
};
struct WeightOfRowsOnly : KeepsShape {
  constexpr Parameters parameters(const Shape*) const { return {.weight = {{Axis::row, 3}}}; }
};
struct Converts : KeepsShape {
  static constexpr IntegerForm kInteger = IntegerForm::converts;
};
static_assert(!says_integer<Silent>() && !says_identity<Silent>());
static_assert(says_identity<Vague>() && !says_scales<Vague>());
static_assert(!says_linear<WeightOfRowsOnly>() && !says_output_channels<WeightOfRowsOnly>());
static_assert(!says_types<Converts>() && says_types<Quantise>());
static_assert(!says_initial_weight<WeightOfRowsOnly>() && says_initial_weight<Prelu>());
static_assert(!plans_scales<Vague>() && plans_scales<Add>() && plans_scales<Conv2d>());
static_assert(!says_value_at<Mapping>() && says_value_at<Sigmoid>());
static_assert(says_linear<Relu>() && says_linear<Dense>());
static_assert(channel_rule<Conv2d>() == ChannelRule::weighted && channel_rule<Dense>() == ChannelRule::weighted);
static_assert(channel_rule<DepthwiseConv2d>() == ChannelRule::apart && channel_rule<BatchNorm>() == ChannelRule::apart);
static_assert(channel_rule<Swish>() == ChannelRule::apart && channel_rule<Softmax>() == ChannelRule::unknown);

TEST(Traits, AnActivationIsAnAttributeOrAnOperatorsNature) {
  EXPECT_EQ(activation_of(Relu{}), Activation::relu);
  EXPECT_EQ(activation_of(Dense{.units = 1, .activation = Activation::relu6}), Activation::relu6);
  EXPECT_EQ(activation_of(Flatten{}), Activation::none);
}

TEST(Traits, PaddingAndActivationsStopAConstant) {
  EXPECT_TRUE(passes_constants(Conv2d{4, {3, 3}}));
  EXPECT_FALSE(passes_constants(Conv2d{4, {3, 3, 1, 1, 1}}));
  EXPECT_FALSE(passes_constants(Conv2d{4, {3, 3}, Activation::relu}));
  EXPECT_FALSE(passes_constants(AveragePool{.count_include_pad = 1}));
  EXPECT_FALSE(passes_constants(Sigmoid{}));
}

TEST(Traits, ALinearOperatorMultipliesAsOftenAsItsWeightSays) {
  const Shape in{5, 6, 7};
  EXPECT_EQ(multiply_adds(Conv2d{4, {3, 2}}, &in, {3, 5, 4}), 3 * 5 * 4 * 3 * 2 * 7);
  EXPECT_EQ(multiply_adds(DepthwiseConv2d{{3, 2}}, &in, {3, 5, 7}), 3 * 5 * 7 * 3 * 2);
  EXPECT_EQ(multiply_adds(Dense{4}, &in, {1, 1, 4}), 4 * 5 * 6 * 7);
  EXPECT_EQ(multiply_adds(Multiply{}, &in, in), 5 * 6 * 7);
  EXPECT_EQ(multiply_adds(Relu{}, &in, in), 0);
}

TEST(Traits, ATableLiesInTheWeightsPlaceOfIntegersOnly) {
  const Shape in{1, 1, 7};
  EXPECT_EQ(parameter_counts(Sigmoid{}, &in, true).weight, kCodes);
  EXPECT_EQ(parameter_counts(Sigmoid{}, &in, false).weight, 0);
  EXPECT_EQ(parameter_counts(Prelu{}, &in, false).scales, 0);
  EXPECT_EQ(parameter_counts(Prelu{}, &in, true).scales, 8);
}

TEST(Dims, EveryWeightBelongsToOneOutputChannel) {
  for (const Dims& dims : {Dims{{Axis::out, 4}, {Axis::row, 2}, {Axis::in, 3}}, Dims{{Axis::row, 6}, {Axis::out, 4}},
                           Dims{{Axis::row, 2}, {Axis::out, 4}, {Axis::in, 3}}}) {
    std::set<int64_t> seen;
    for (int64_t c = 0; c < 4; ++c)
      for (int64_t k = 0; k < dims.per_channel(); ++k) seen.insert(dims.index_of(c, k));
    EXPECT_EQ(seen.size(), 24u);
    EXPECT_EQ(*seen.begin(), 0);
    EXPECT_EQ(*seen.rbegin(), 23);
  }
}

TEST(Dims, AnAxisThatIsNotThereHasOnePlace) {
  const Dims dims{{Axis::row, 2}, {Axis::out, 5}};
  EXPECT_EQ(dims.extent(Axis::in), 1);
  EXPECT_EQ(dims.stride(Axis::in), 0);
  EXPECT_EQ(dims.stride(Axis::row), 5);
  EXPECT_EQ(dims.stride(Axis::out), 1);
}

TEST(Dims, AChannelsWeightsKeepTheirOrder) {
  const Dims slowest{{Axis::out, 2}, {Axis::in, 3}}, between{{Axis::row, 2}, {Axis::out, 2}, {Axis::in, 2}},
      fastest{{Axis::row, 3}, {Axis::out, 2}};
  const auto of_second = [](const Dims& dims) {
    std::vector<int64_t> places;
    for (int64_t k = 0; k < dims.per_channel(); ++k) places.push_back(dims.index_of(1, k));
    return places;
  };
  EXPECT_EQ(of_second(slowest), (std::vector<int64_t>{3, 4, 5}));
  EXPECT_EQ(of_second(between), (std::vector<int64_t>{2, 3, 6, 7}));
  EXPECT_EQ(of_second(fastest), (std::vector<int64_t>{1, 3, 5}));
}

}  // namespace
}  // namespace dimple::ops

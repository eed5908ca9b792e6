#include "profile/calibrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "compile/lower.h"
#include "compile/quantise.h"
#include "ir/initialise.h"
#include "kernels/select.h"
#include "profile/estimate.h"
#include "zoo/dimple_nano.h"

namespace dimple::profile {
namespace {

StepWork random_work(std::mt19937& random, const std::string& kernel) {
  const auto up_to = [&](int64_t most) { return static_cast<int64_t>(random() % static_cast<uint32_t>(most)); };
  return {.kernel = kernel,
          .products = up_to(1'000'000),
          .inputs = up_to(10'000),
          .outputs = up_to(10'000),
          .pixels = up_to(1'000),
          .rows = up_to(3'000),
          .gathered = up_to(50'000),
          .weights = up_to(5'000)};
}

// Networks whose steps cost what these rates say.
std::vector<CountedNet> nets_of(const target::Costs& rates) {
  std::mt19937 random(1);
  std::vector<CountedNet> nets;
  for (const char* name : {"one int8", "two int8", "three int8"}) {
    CountedNet net{.name = name, .steps = {}, .count = 0};
    for (const char* kernel : {"a", "b"})
      for (int i = 0; i < 20; ++i) {
        const StepWork work = random_work(random, kernel);
        net.steps.push_back({work, estimate_count(rates, work)});
        net.count += net.steps.back().count;
      }
    nets.push_back(net);
  }
  return nets;
}

const target::Costs kRates{
    "chip", {{"a", 300, 1, 7, 20, 0, 0.5, 0, 2}, {"b", 0, 0, 3, 0, 9, 2, 1, 0}, {"*", 1, 1, 1, 1, 1, 1, 1, 1}}};

TEST(Calibrate, FindsTheRatesThatStepsWereMadeOf) {
  const target::Costs found = fit_costs(nets_of(kRates), "chip");
  for (const char* kernel : {"a", "b"}) {
    SCOPED_TRACE(kernel);
    const target::KernelCost &want = kRates.of(kernel), &got = found.of(kernel);
    EXPECT_NEAR(got.product, want.product, 0.01);
    EXPECT_NEAR(got.output, want.output, 0.1);
    EXPECT_NEAR(got.pixel, want.pixel, 0.2);
    EXPECT_NEAR(got.row, want.row, 0.1);
    EXPECT_NEAR(got.gathered, want.gathered, 0.05);
    EXPECT_NEAR(got.step, want.step, 50);
  }
  EXPECT_EQ(found.of("another").kernel, "*");
}

TEST(Calibrate, HasNoRateBelowZero) {
  std::vector<CountedNet> nets = nets_of(kRates);
  std::mt19937 random(2);
  for (CountedNet& net : nets)
    for (CountedStep& step : net.steps) step.count *= 0.5 + static_cast<double>(random() % 1000) / 1000;
  for (const target::KernelCost& c : fit_costs(nets, "chip").kernels)
    for (const double rate : {c.step, c.input, c.output, c.pixel, c.row, c.product, c.gathered, c.weight})
      EXPECT_GE(rate, 0);
}

TEST(Calibrate, JudgesANetworkByTheOthers) {
  std::vector<CountedNet> nets = nets_of(kRates);
  for (const EstimateError& e : leave_one_out(nets)) EXPECT_NEAR(e.error(), 0, 0.01) << e.net;
  nets[1].count *= 2;  // counted as twice what its steps say, which the others cannot tell
  EXPECT_NEAR(leave_one_out(nets)[1].error(), -0.5, 0.01);
}

// The rates in the tree, against an emulator now: they go stale when kernels change. Then run bench_chip_costs again.
TEST(Estimate, IsNearWhatEmulatorsCount) {
  ir::Graph graph = zoo::make(zoo::DimpleNano{});
  ir::initialise(graph, 1);
  std::vector<int8_t> codes(static_cast<size_t>(graph.input.shape.elements()));
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i * i * 31 % 251);
  graph = compile::quantise(graph, {codes, 1.0f / 128});
  for (const target::Target& target : target::targets()) {
    const target::Costs* costs = target::find_costs(target.name);
    if (costs == nullptr) continue;
    const CountedNet counted = count_instructions(target, "dimple_nano", compile::plan(graph, {}, {.target = &target}),
                                                  std::filesystem::path(DIMPLE_BUILD_DIR) / "images", host::Task{});
    std::vector<StepWork> work;
    for (const CountedStep& step : counted.steps) work.push_back(step.work);
    EXPECT_NEAR(estimate_count(*costs, work) / counted.count, 1, 0.15) << target.name;
  }
}

TEST(Estimate, OfATimeNeedsAClockAndCosts) {
  ir::Graph graph = zoo::make(zoo::DimpleNano{});
  ir::initialise(graph, 1);
  const std::vector<uint8_t> program = compile::plan(graph);
  target::Target phone = target::find_target("moto-g6");
  const std::optional<double> us = estimate_us(phone, program);
  ASSERT_TRUE(us);
  EXPECT_GT(*us, 100);
  EXPECT_LT(*us, 100'000);
  phone.clock_hz /= 2;
  EXPECT_DOUBLE_EQ(*estimate_us(phone, program), 2 * *us);
  phone.costs.reset();
  EXPECT_FALSE(estimate_us(phone, program));
}

// System C's table: FLOPs and estimated run times on its chip.
TEST(Estimate, BySystemCsAssumptionTakesWhatItPublished) {
  const target::Target chip = target::find_target("apollo3-flops");
  for (const auto& [mega_flops, seconds] : {std::pair(82.7, 181.0), {5.1, 11.0}, {1.3, 2.9}}) {
    StepWork work;
    work.multiply_adds = static_cast<int64_t>(mega_flops / 2 * 1e6);
    EXPECT_NEAR(*estimate_us(chip, work) / 1e6 / seconds, 1, 0.03) << mega_flops;
  }
}

TEST(Estimate, OfThisMachineIsInNanosecondsOfItsLevel) {
  target::Target host = target::find_target("host");
  StepWork work{.kernel = "conv2d_s8_ref", .products = 1000, .outputs = 10};
  for (const std::string& name : target::names_of_costs()) {
    if (!name.starts_with("host/")) continue;
    const auto level = std::ranges::find_if(
        kernels::kIsas, [&](kernels::Isa isa) { return name == std::string("host/") + kernels::name_of(isa); });
    ASSERT_NE(level, std::end(kernels::kIsas)) << name;
    host.isas = kernels::IsaSet().with(*level);
    EXPECT_EQ(costs_of(host), target::find_costs(name));
    EXPECT_NEAR(*estimate_us(host, work), estimate_count(*target::find_costs(name), work) / 1000, 1e-9);
  }
  host.isas = kernels::IsaSet().with(kernels::Isa::helium);
  EXPECT_FALSE(estimate_us(host, work));
  EXPECT_THAT(how_estimated(host), testing::HasSubstr("no costs were measured for host/helium"));
}

TEST(Estimate, SaysWhatItRestsOnOrWhatIsMissing) {
  const auto how = [](const char* name) { return how_estimated(target::find_target(name)); };
  EXPECT_THAT(how("stm32f4"), testing::HasSubstr("counted on mps2-an386, 1.2 cycles for each, 168 MHz; assumed"));
  EXPECT_THAT(how("apollo3-flops"), testing::HasSubstr("460000 of them a second"));
  EXPECT_THAT(how("rv32-virt"), testing::HasSubstr("rv32-virt has no clock"));
  EXPECT_THAT(how("wasm"), testing::HasSubstr("wasm's sheet names no `costs`"));
}

TEST(Count, OfTimesHasEachStepOfTheProgram) {
  ir::Graph graph = zoo::make(zoo::DimpleNano{});
  ir::initialise(graph, 1);
  const std::vector<uint8_t> program = compile::plan(graph);
  const CountedNet timed = time_steps(kernels::IsaSet(), "nano", program, 0.001, host::Task{});
  const std::vector<StepWork> steps = work_of_steps(format::view_program(program.data()), kernels::IsaSet());
  ASSERT_EQ(timed.steps.size(), steps.size());
  double sum = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(timed.steps[i].work.kernel, steps[i].kernel);
    sum += timed.steps[i].count;
  }
  EXPECT_GT(sum, 1000);  // more than a microsecond
  EXPECT_GT(timed.count, 1000);
}

TEST(Estimate, IsKnownForEveryTargetWithCosts) {
  ir::Graph graph = zoo::make(zoo::DimpleNano{});
  ir::initialise(graph, 1);
  const std::vector<uint8_t> program = compile::plan(graph);
  for (const target::Target& target : target::targets()) {
    EXPECT_EQ(estimate_us(target, program).has_value(), estimates_time(target)) << target.name;
    if (!target.costs || target.clock_hz == 0) continue;
    EXPECT_TRUE(estimates_time(target)) << target.name;
  }
}

}  // namespace
}  // namespace dimple::profile

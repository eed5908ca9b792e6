#include "target/costs.h"

#include <gmock/gmock.h>

#include "host/error.h"
#include "target/target.h"

namespace dimple::target {
namespace {

using testing::HasSubstr;

const Costs kTwo{"chip", {{"conv2d_s8_ref", 100, 0, 2.5, 30, 4, 0.75, 0, 1}, {"*", 50, 1, 1, 0, 0, 1, 0, 0}}};

TEST(Costs, ComeBackFromWhatWasPrinted) {
  const Costs back = parse_costs(print_costs(kTwo), "costs.json");
  EXPECT_EQ(back.counted_on, "chip");
  ASSERT_EQ(back.kernels.size(), 2u);
  EXPECT_EQ(print_costs(back), print_costs(kTwo));
  EXPECT_EQ(back.of("conv2d_s8_ref").product, 0.75);
}

TEST(Costs, OfAKernelThatIsNotListedAreThoseOfAllOthers) { EXPECT_EQ(kTwo.of("pad_s8_ref").kernel, "*"); }

TEST(Costs, ASentenceSaysWhatIsWrong) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      parse_costs(text, "costs.json");
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), host::Exit::input);
      return e.what();
    }
    return "taken";
  };
  EXPECT_THAT(refusal(R"({"counted_on": "chip", "unit": "s", "kernels": []})"), HasSubstr("costs.json: `unit` is s"));
  EXPECT_THAT(refusal("{}"), HasSubstr("costs.json: `counted_on` is missing"));
  EXPECT_THAT(refusal(R"({"counted_on": "chip", "kernels": []})"), HasSubstr("there is no kernel `*`"));
  EXPECT_THAT(refusal(R"({"counted_on": "chip", "kernels": [{"kernel": "*"}]})"), HasSubstr("`step` is missing"));
  Costs negative = kTwo;
  negative.kernels[0].output = -1;
  EXPECT_THAT(refusal(print_costs(negative)), HasSubstr("conv2d_s8_ref has a rate of -1"));
}

TEST(Costs, OfTimesSayThatTheyAreNanoseconds) {
  Costs times = kTwo;
  EXPECT_EQ(parse_costs(print_costs(times), "costs.json").unit, CostUnit::instructions);
  times.unit = CostUnit::nanoseconds;
  EXPECT_EQ(parse_costs(print_costs(times), "costs.json").unit, CostUnit::nanoseconds);
}

TEST(Costs, OfEveryTargetThatNamesThemAreThere) {
  for (const Target& target : targets()) {
    if (!target.costs) continue;
    const bool counted = find_costs(target.costs->counted_on) != nullptr;
    EXPECT_EQ(counted + !target.costs->measured_on.empty() + (target.costs->flops_per_second > 0), 1) << target.name;
    EXPECT_FALSE(target.costs->source.empty()) << target.name;
  }
  for (const std::string& name : names_of_costs()) {
    EXPECT_EQ(find_costs(name)->counted_on, name);
    EXPECT_EQ(find_costs(name)->unit == CostUnit::nanoseconds, name.starts_with("host/")) << name;
  }
  EXPECT_EQ(find_costs("nosuch"), nullptr);
}

}  // namespace
}  // namespace dimple::target

#include "search/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dimple::search {
namespace {

const std::vector<Figures> kThree{
    {{"acc", 0.5}, {"macs", 2e6}}, {{"acc", 0.6}, {"macs", 5e6}}, {{"acc", 0.4}, {"macs", 1e6}}};

TEST(Findings, CountWhoMeetsWhatAndHowFarTheBestWent) {
  const auto all = findings_of(parse_requirements("acc >= 0.5 and macs < 1M and acc < 0.55"), kThree);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].requirement, "acc >= 0.5");
  EXPECT_EQ(all[0].met_by, 2);
  EXPECT_EQ(all[0].best, 0.6);
  EXPECT_EQ(all[1].met_by, 0);
  EXPECT_EQ(all[1].best, 1e6);
  EXPECT_EQ(all[2].met_by, 2);
  EXPECT_EQ(all[2].best, 0.4);
  EXPECT_TRUE(findings_of(parse_requirements("acc >= 0.5"), {}).empty());
}

TEST(Findings, SayWhichRequirementBlocks) {
  const auto blocks = [](const char* where) { return what_blocks(findings_of(parse_requirements(where), kThree)); };
  EXPECT_EQ(blocks("acc >= 0.9 and macs < 3M"), "no network that was tried meets acc >= 0.9: the best has 0.6");
  EXPECT_EQ(blocks("acc >= 0.9 and macs < 500k"),
            "no network that was tried meets acc >= 0.9: the best has 0.6, nor macs < 500k: the best has 1 M");
  EXPECT_EQ(blocks("acc >= 0.6 and macs < 3M"),
            "each was met, but never all together: acc >= 0.6 by 1, macs < 3M by 2");
}

}  // namespace
}  // namespace dimple::search

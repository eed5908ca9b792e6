#include "export/memory_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "export/sample_programs_testing.h"

namespace dimple::exports {
namespace {

using testing::HasSubstr;

TEST(MemoryChart, ShowsTheTensorsOfAProgram) {
  const std::string whole = memory_chart(sample_wide_program(false), "wide");
  EXPECT_THAT(whole, HasSubstr("bytes of arena"));
  EXPECT_THAT(whole, HasSubstr(">0.conv2d<"));
  EXPECT_NE(whole, memory_chart(sample_wide_program(true), "wide"));
}

}  // namespace
}  // namespace dimple::exports

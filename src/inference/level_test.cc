#include "inference/level.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::inference {
namespace {

using kernels::Isa;

TEST(Level, CapsWhatTheProcessorHas) {
  EXPECT_EQ(isas_up_to(""), kernels::isas_here());
  EXPECT_EQ(isas_up_to("portable"), kernels::IsaSet());
  for (const std::string& level : levels_here()) EXPECT_EQ(kernels::name_of(level_of(isas_up_to(level))), level);
}

TEST(Level, IsRefusedWhereItIsUnknownOrNotHere) {
  for (const char* level : {"avx3", "cortex_m_dsp", "Portable"}) {
    try {
      isas_up_to(level);
      ADD_FAILURE() << level;
    } catch (const host::Error& error) {
      EXPECT_EQ(error.exit(), host::Exit::usage);
      EXPECT_FALSE(error.hint().empty());
    }
  }
}

}  // namespace
}  // namespace dimple::inference

#include "workflow/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::workflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FitReport fit_for(const FitRequest& request) { return fit(request, host::Task{}); }

TEST(Fit, TellsWhatIsLeft) {
  const FitReport report =
      fit_for({.models = {"dimple-nano"}, .target = "mps2-an386", .ram = "64K", .flash = "256K"});
  ASSERT_EQ(report.fits.size(), 1u);
  const Fitting& f = report.fits[0];
  EXPECT_EQ(*f.ram_bytes + *f.ram_left, 64 * 1024);
  EXPECT_EQ(*f.flash_bytes + *f.flash_left, 256 * 1024);
  EXPECT_GT(f.accuracy.value(), 0.6);
  EXPECT_GT(f.ms.value(), 100);  // 25 MHz
  EXPECT_TRUE(report.does_not_fit.empty());
}

TEST(Fit, SaysWhyNot) {
  const FitReport report =
      fit_for({.models = {"dimple-nano"}, .target = "mps2-an386", .ram = "20K", .flash = "64K", .ms = 1});
  EXPECT_TRUE(report.fits.empty());
  ASSERT_EQ(report.does_not_fit.size(), 1u);
  EXPECT_THAT(
      report.does_not_fit[0].reasons,
      ElementsAre(HasSubstr("of RAM, has 20 KB"), HasSubstr("of flash, has 64 KB"), HasSubstr("ms, may take 1")));
}

// The fastest kernels of a Cortex-M4 want each weight in two bytes.
TEST(Fit, TakesThePlanThatTheFlashHasRoomFor) {
  const auto flash_of = [](const char* flash) {
    return *fit_for({.models = {"dimple-nano"}, .target = "mps2-an386", .flash = flash}).fits.at(0).flash_bytes;
  };
  EXPECT_GT(flash_of("1M"), 190'000);
  EXPECT_LT(flash_of("128K"), 115'000);
}

TEST(Fit, WithoutATargetKnowsNoTime) {
  const FitReport report = fit_for({.ram = "256K", .flash = "1M"});
  EXPECT_FALSE(report.fits.empty());
  for (const Fitting& f : report.fits) EXPECT_FALSE(f.ms);
  EXPECT_GE(report.fits.front().accuracy.value_or(0), report.fits.back().accuracy.value_or(0));
}

TEST(Fit, RefusesWhatItCannotJudge) {
  const auto refusal = [](const FitRequest& request) -> std::string {
    try {
      fit_for(request);
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), host::Exit::usage);
      return e.what();
    }
    return "taken";
  };
  EXPECT_THAT(refusal({.ms = 5}), HasSubstr("--ms needs a --target"));
  EXPECT_THAT(refusal({.ram = "lots"}), HasSubstr("--ram: `lots` is no number of bytes"));
  EXPECT_THAT(refusal({.target = "nosuch"}), HasSubstr("there is no target `nosuch`"));
}

}  // namespace
}  // namespace dimple::workflow

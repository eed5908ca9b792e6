#include "workflow/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "host/error.h"
#include "host/files.h"
#include "ir/initialise.h"
#include "model/model.h"
#include "zoo/architectures.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

FitReport fit_for(const FitRequest& request) { return fit(request, host::Task{}); }

TEST(Fit, TellsWhatIsLeft) {
  const FitReport report = fit_for({.models = {"dimple-nano"}, .target = "mps2-an386", .ram = "64K", .flash = "256K"});
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

// What searches found is looked at without being named, in floats and as the integers that a chip wants.
TEST(Fit, LooksAtWhatSearchesFound) {
  const fs::path runs = fs::path(testing::TempDir()) / ("dimple-fit-" + std::to_string(::getpid()));
  fs::create_directories(runs / "search" / "7"), fs::create_directories(runs / "search" / "8");
  ir::Graph graph = zoo::make("embedded3", {.input = {48, 48, 1}, .classes = 7});
  ir::initialise(graph, 1);
  model::Model model{graph, {"a", "b", "c", "d", "e", "f", "g"}, {.width = 48, .height = 48, .channels = 1}, {}};
  const std::string file = (runs / "search" / "7" / "found.safetensors").string();
  model::save_model(file, model);
  host::write_atomic(runs / "search" / "7" / "search.json", R"({"found": {"test_accuracy": 0.999}})");
  const FitReport report = fit_for({.target = "stm32f4", .runs = runs.string()});
  ASSERT_GE(report.fits.size(), 3u);
  EXPECT_EQ(report.fits[0].model, file);
  EXPECT_EQ(report.fits[0].accuracy, 0.999);
  EXPECT_EQ(report.fits[0].form, "");
  const auto integer = std::ranges::find(report.fits, "int8", &Fitting::form);
  ASSERT_NE(integer, report.fits.end());
  EXPECT_EQ(integer->model, file);
  EXPECT_LT(*integer->ram_bytes, *report.fits[0].ram_bytes);
  EXPECT_FALSE(integer->accuracy);
  EXPECT_EQ(integer->float_accuracy, 0.999);
  // Two classes are easier to tell apart than seven: their accuracy says nothing beside the others.
  model.labels = {"a", "b"}, model.graph = zoo::make("embedded3", {.input = {48, 48, 1}, .classes = 2});
  ir::initialise(model.graph, 1);
  model::save_model(file, model);
  const FitReport two = fit_for({.target = "stm32f4", .runs = runs.string()});
  EXPECT_EQ(two.fits[0].classes, 7);
  EXPECT_EQ(two.fits.back().classes, 2);
  // What is damaged there is a row with its reason: the user did not name it.
  host::write_atomic(runs / "search" / "7" / "search.json", std::string("{}"));
  host::write_atomic(runs / "search" / "8" / "found.safetensors", std::string("damaged"));
  const FitReport damaged = fit_for({.runs = runs.string()});
  EXPECT_GE(damaged.fits.size(), 2u);
  ASSERT_EQ(damaged.does_not_fit.size(), 2u);
  EXPECT_THAT(damaged.does_not_fit[0].reasons[0], HasSubstr("`found` is missing"));
  EXPECT_EQ(fit_for({.runs = file}).fits.size(), damaged.fits.size());  // no folder at all
  fs::remove_all(runs);
}

// The one that is off by the smallest factor comes first.
TEST(Fit, NamesTheNearestOfWhatDoesNotFit) {
  const FitReport report = fit_for({.models = {"alexnet", "embedded3", "ds48"}, .target = "stm32f4", .ram = "4K"});
  EXPECT_TRUE(report.fits.empty());
  ASSERT_GE(report.does_not_fit.size(), 3u);
  int64_t last = 0;
  for (const Fitting& f : report.does_not_fit) {
    EXPECT_GE(*f.ram_bytes, last);
    last = *f.ram_bytes;
  }
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

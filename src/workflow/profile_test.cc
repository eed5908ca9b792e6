#include "workflow/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "compile/lower.h"
#include "compile/metadata.h"
#include "host/error.h"
#include "host/files.h"
#include "host/json.h"
#include "model/store.h"
#include "profile/emulator.h"
#include "profile/estimate.h"
#include "workflow/fit.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

ProfileReport report_of(const ProfileRequest& request) { return profile_models(request, host::Task{}); }

TEST(Profile, HereIsMeasured) {
  const profile::NetworkProfile p = report_of({.models = {"dimple-nano"}, .seconds = 0.02}).profile;
  EXPECT_EQ(p.precision, "int8");
  ASSERT_TRUE(p.measured_us);
  const target::Target host = target::find_target("host");
  EXPECT_EQ(p.estimated_us.has_value(), profile::estimates_time(host));
  EXPECT_EQ(p.how_estimated, profile::how_estimated(host));
  double sum = 0, share = 0;
  int64_t multiply_adds = 0;
  for (const profile::LayerProfile& layer : p.layers) {
    sum += layer.measured_us.value(), share += layer.share, multiply_adds += layer.multiply_adds;
    EXPECT_LE(layer.bytes_in_use, p.arena_bytes) << layer.layer;
  }
  EXPECT_GT(sum, 0);
  EXPECT_NEAR(share, 1, 1e-9);
  EXPECT_EQ(multiply_adds, p.multiply_adds);
  EXPECT_LT(p.weight_bytes, p.program_bytes);
  EXPECT_GT(p.faces_per_second().value(), 0);
}

TEST(Profile, OfTheHostIsEstimatedWithoutRunning) {
  if (!profile::estimates_time(target::find_target("host"))) GTEST_SKIP() << "no costs of this machine's level";
  const profile::NetworkProfile p = report_of({.models = {"dimple-nano"}, .target = "host", .seconds = 0}).profile;
  ASSERT_TRUE(p.estimated_us);
  EXPECT_FALSE(p.measured_us);
  EXPECT_FALSE(p.instructions);
  double sum = 0;
  for (const profile::LayerProfile& layer : p.layers) {
    sum += layer.estimated_us.value();
    EXPECT_FALSE(layer.measured_us || layer.limit_share) << layer.layer;
  }
  EXPECT_NEAR(sum, *p.estimated_us, 1e-6);
  EXPECT_GT(*p.estimated_us, 1);
  EXPECT_LT(*p.estimated_us, 1e5);
}

TEST(Profile, OnAChipIsEstimatedFromItsOwnPlan) {
  const profile::NetworkProfile p = report_of({.models = {"dimple-nano"}, .target = "mps2-an386"}).profile;
  EXPECT_EQ(p.machine, "mps2-an386");
  ASSERT_TRUE(p.estimated_us);
  EXPECT_FALSE(p.measured_us);
  EXPECT_GT(p.ram_bytes, p.arena_bytes);
  EXPECT_THAT(p.layers[0].kernel, HasSubstr("cortex_m_dsp"));
  double instructions = 0;
  for (const profile::LayerProfile& layer : p.layers) instructions += layer.instructions.value();
  EXPECT_NEAR(instructions, p.instructions.value(), 1);
  EXPECT_NEAR(p.estimated_us.value(), instructions / 25, 1);  // 25 MHz, an instruction a cycle
}

TEST(Profile, WithoutAClockTellsInstructionsAndNoTime) {
  const profile::NetworkProfile p = report_of({.models = {"dimple-nano"}, .target = "rv32-virt"}).profile;
  EXPECT_TRUE(p.instructions);
  EXPECT_FALSE(p.us());
  EXPECT_FALSE(p.faces_per_joule());
}

TEST(Profile, OfTwoStandsSideBySideAndInFiles) {
  const fs::path out = fs::path(testing::TempDir()) / ("dimple-profile-" + std::to_string(::getpid()));
  const ProfileReport report =
      report_of({.models = {"embedded3", "ds48"}, .target = "virt-a53", .precision = "f32", .out = out.string()});
  ASSERT_TRUE(report.beside);
  EXPECT_EQ(report.beside->model, "ds48");
  EXPECT_EQ(report.profile.precision, "f32");
  for (const char* file : {"1/profile.csv", "1/profile.svg", "2/profile.csv", "2/profile.svg"})
    EXPECT_TRUE(host::file_exists(out / file)) << file;
  EXPECT_THAT(host::read_text(out / "1/profile.csv"), HasSubstr("layer,kernel,output"));
  fs::remove_all(out);
}

// What a chip's program holds is packed for that chip.
TEST(Profile, AProgramForAnotherChipIsRefused) {
  const target::Target chip = target::find_target("mps2-an386");
  const model::Model nano = model::open_model("dimple-nano");
  const profile::ProgramFile file(
      compile::plan(nano.graph, compile::facts_of(nano), {.target = &chip, .stripes = true}));
  EXPECT_GT(report_of({.models = {file.path().string()}, .target = "mps2-an386"}).profile.instructions.value(), 1e6);
  for (const char* other : {"virt-a53", "rv32-virt", ""}) {
    SCOPED_TRACE(other);
    try {
      report_of({.models = {file.path().string()}, .target = other});
      FAIL() << "profiled";
    } catch (const host::Error& e) {
      EXPECT_EQ(e.exit(), host::Exit::model);
    }
  }
  const FitReport fits = fit({.models = {file.path().string()}, .target = "virt-a53"}, host::Task{});
  ASSERT_EQ(fits.does_not_fit.size(), 1u);
  EXPECT_THAT(fits.does_not_fit[0].reasons.at(0), HasSubstr("has no kernel on this machine"));
}

TEST(Profile, RefusesWhatItCannotDo) {
  const auto refusal = [](const ProfileRequest& request) -> std::pair<host::Exit, std::string> {
    try {
      report_of(request);
    } catch (const host::Error& e) {
      return {e.exit(), e.what()};
    }
    return {host::Exit::failed, "taken"};
  };
  EXPECT_EQ(refusal({.models = {"a", "b", "c"}}).first, host::Exit::usage);
  EXPECT_EQ(refusal({.models = {"dimple-nano"}, .target = "nosuch"}).first, host::Exit::usage);
  EXPECT_EQ(refusal({.models = {"dimple-nano"}, .seconds = -1}).first, host::Exit::usage);
  host::Json chip = host::parse_json(host::read_text(DIMPLE_SOURCE_DIR "/targets/mps2-an386/target.json"), "chip");
  chip["ram"]["bytes"] = 20'000;
  const fs::path small = fs::path(testing::TempDir()) / ("dimple-chip-" + std::to_string(::getpid()) + ".json");
  host::write_atomic(small, chip.dump());
  const auto [exit, what] = refusal({.models = {"dimple-nano"}, .target = small.string()});
  fs::remove(small);
  EXPECT_EQ(exit, host::Exit::model);
  EXPECT_THAT(what, HasSubstr("of RAM, and there are 20 KB"));
}

}  // namespace
}  // namespace dimple::workflow

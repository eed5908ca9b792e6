#include "workflow/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "host/error.h"
#include "host/files.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

ProfileReport report_of(const ProfileRequest& request) { return profile_models(request, host::Task{}); }

TEST(Profile, HereIsMeasured) {
  const profile::NetworkProfile p = report_of({.models = {"dimple-nano"}, .seconds = 0.02}).profile;
  EXPECT_EQ(p.precision, "int8");
  ASSERT_TRUE(p.measured_us);
  EXPECT_FALSE(p.estimated_us);
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
  EXPECT_EQ(refusal({.models = {"dimple-nano"}, .seconds = 0}).first, host::Exit::usage);
  const auto [exit, what] = refusal({.models = {"alexnet"}, .target = "mps3-an547"});
  EXPECT_EQ(exit, host::Exit::model);
  EXPECT_THAT(what, HasSubstr("needs"));
}

}  // namespace
}  // namespace dimple::workflow

// apps/bench, as a phone would run it: on an emulator of 64-bit ARM.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "compile/lower.h"
#include "host/aligned_bytes.h"
#include "host/json.h"
#include "host/process.h"
#include "model/store.h"
#include "profile/emulator.h"
#include "profile/needs.h"
#include "runtime/dimple.h"
#include "zoo/dimple_nano.h"

namespace dimple::profile {
namespace {

host::ProcessResult bench(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"qemu-aarch64", std::string(DIMPLE_BUILD_DIR) + "/images/aarch64/dimple-bench"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return host::run_process(words, {.timeout = std::chrono::minutes(5)});
}

// The codes that the bench makes up, through this machine's kernels.
std::vector<int> answers_here(const std::vector<uint8_t>& program) {
  const host::AlignedBytes bytes(program);
  const auto size = static_cast<uint32_t>(program.size());
  host::AlignedBytes memory(std::vector<uint8_t>(dimple_memory_bytes(bytes.data(), size)));
  dimple_session session;
  EXPECT_EQ(dimple_open(&session, bytes.data(), size, memory.data(), static_cast<uint32_t>(memory.size())), 0);
  const dimple_tensor_info input = dimple_input(&session);
  for (uint32_t i = 0; i < input.bytes; ++i)
    static_cast<int8_t*>(input.data)[i] = static_cast<int8_t>(uint64_t{i} * i * 31 % 251);
  dimple_run(&session);
  const dimple_tensor_info logits = dimple_logits(&session);
  const auto* const codes = static_cast<const int8_t*>(logits.data);
  return {codes, codes + logits.channels};
}

TEST(PhoneBench, TimesAProgramAndAnswersAsThisMachineDoes) {
  const std::vector<uint8_t> program = compile::plan(integer_form(zoo::make(zoo::DimpleNano{})));
  const ProgramFile file(program);
  const host::ProcessResult ran = bench({"--seconds", "0.05", "--layers", file.path().string()});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const host::Json report = host::parse_json(ran.out, "dimple-bench");
  EXPECT_EQ(report["machine"], "aarch64");
  const host::Json& measured = report["programs"][0];
  EXPECT_EQ(measured["answers"].get<std::vector<int>>(), answers_here(program));
  EXPECT_EQ(measured["program_bytes"], program.size());
  EXPECT_GT(measured["least_us"], 0);
  EXPECT_LE(measured["least_us"].get<double>(), measured["p50_us"].get<double>());
  EXPECT_LE(measured["p50_us"].get<double>(), measured["p99_us"].get<double>());
  double sum = 0;
  for (const host::Json& layer : measured["layers"]) sum += layer["p50_us"].get<double>();
  EXPECT_EQ(measured["layers"][0]["step"], 0);
  EXPECT_GT(sum, 0);
}

TEST(PhoneBench, SaysWhatIsWrong) {
  const std::vector<uint8_t> text(100, 'x');
  const ProgramFile file(text);
  const auto expect = [](const host::ProcessResult& ran, int exit, const char* why) {
    EXPECT_EQ(ran.exit_code, exit);
    EXPECT_THAT(ran.err, testing::HasSubstr(why));
  };
  expect(bench({}), 2, "no program is named");
  expect(bench({"--layer"}), 2, "there is no such flag");
  expect(bench({"--seconds", "soon", "x"}), 2, "--seconds is 0 to 3600");
  expect(bench({"--cpu", "-1", "x"}), 2, "--cpu is the number of a core");
  expect(bench({"/nosuch.dimple"}), 3, "cannot read /nosuch.dimple");
  expect(bench({file.path().string()}), 5, "it is no program, or one for another machine");
}

}  // namespace
}  // namespace dimple::profile

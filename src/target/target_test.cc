#include "target/target.h"

#include <gmock/gmock.h>

#include "host/error.h"
#include "host/files.h"
#include "host/json.h"

namespace dimple::target {
namespace {

using testing::HasSubstr;

constexpr const char* kChip = R"({
  "name": "chip", "machine": "cortex-m4", "about": "a chip", "compiler_flags": "-mcpu=cortex-m4",
  "instruction_sets": ["portable"],
  "ram": {"origin": "0x20000000", "bytes": 65536}, "flash": {"origin": "0x0", "bytes": 262144}, "stack_bytes": 4096,
  "clock_hz": 48000000
})";

// The exit code, and what is wrong, after `change` of a sound description.
std::pair<host::Exit, std::string> refusal_of(const std::function<void(host::Json&)>& change) {
  host::Json json = host::parse_json(kChip, "kChip");
  change(json);
  try {
    parse_target(json.dump(), "chip.json");
  } catch (const host::Error& e) {
    return {e.exit(), e.what()};
  }
  return {};
}

TEST(Target, SaysWhatTheChipHas) {
  const Target t = parse_target(kChip, "chip.json");
  EXPECT_EQ(t.ram_bytes, 65536);
  EXPECT_EQ(t.flash_bytes, 262144);
  EXPECT_EQ(t.program_bytes, 262144);
  EXPECT_EQ(t.stack_bytes, 4096);
  EXPECT_EQ(t.clock_hz, 48'000'000);
  EXPECT_EQ(t.compiler_flags, "-mcpu=cortex-m4");
  EXPECT_FALSE(t.emulator);
}

TEST(Target, AProgramMayTakeItsSlotAndNotTheFirmwaresFlash) {
  host::Json json = host::parse_json(kChip, "kChip");
  json["program_slot"] = {{"origin", "0x10000"}, {"bytes", 196608}};
  const Target t = parse_target(json.dump(), "chip.json");
  EXPECT_EQ(t.program_slot, "0x10000");
  EXPECT_EQ(t.program_bytes, 196608);
  EXPECT_EQ(t.flash_bytes, 262144);
}

TEST(Target, MaySayHowItsTimesAreEstimated) {
  host::Json json = host::parse_json(kChip, "kChip");
  json["costs"] = {{"counted_on", "mps2-an386"}, {"cycles_per_instruction", 1.5}, {"source", "a guess"}};
  const Target t = parse_target(json.dump(), "chip.json");
  ASSERT_TRUE(t.costs);
  EXPECT_EQ(t.costs->counted_on, "mps2-an386");
  EXPECT_EQ(t.costs->cycles_per_instruction, 1.5);
  EXPECT_FALSE(parse_target(kChip, "chip.json").costs);
  const auto [exit, what] = refusal_of([](host::Json& j) {
    j["costs"] = {{"counted_on", "x"}, {"cycles_per_instruction", 0}, {"source", ""}};
  });
  EXPECT_EQ(exit, host::Exit::input);
  EXPECT_THAT(what, HasSubstr("chip.json, costs: `cycles_per_instruction` is 0, and must be above 0"));
}

TEST(Target, MayBeAnAssumptionOfOperationsASecond) {
  host::Json json = host::parse_json(kChip, "kChip");
  json["costs"] = {{"flops_per_second", 460000}, {"source", "a paper"}};
  const Target t = parse_target(json.dump(), "chip.json");
  EXPECT_EQ(t.costs->flops_per_second, 460000);
  EXPECT_EQ(t.costs->counted_on, "");
  for (const host::Json& wrong : {host::Json{{"flops_per_second", 0}, {"source", "x"}},
                                  host::Json{{"flops_per_second", 1}, {"counted_on", "x"}, {"source", "x"}}})
    EXPECT_THAT(refusal_of([&](host::Json& j) { j["costs"] = wrong; }).second,
                HasSubstr("it must be above 0, and stand alone"));
}

TEST(Target, ASentenceNamesTheFieldThatIsWrong) {
  const auto without = [](const char* name) { return refusal_of([&](host::Json& j) { j.erase(name); }); };
  for (const char* name : {"name", "machine", "about", "compiler_flags", "instruction_sets", "stack_bytes"}) {
    const auto [exit, what] = without(name);
    EXPECT_EQ(exit, host::Exit::input) << name;
    EXPECT_EQ(what, std::string("chip.json: `") + name + "` is missing");
  }
  EXPECT_THAT(refusal_of([](host::Json& j) { j["ram"]["bytes"] = -1; }).second,
              HasSubstr("chip.json, ram: `bytes` is -1, and must be above 0"));
  EXPECT_THAT(refusal_of([](host::Json& j) { j["flash"].erase("bytes"); }).second, HasSubstr("`bytes` is missing"));
  EXPECT_THAT(refusal_of([](host::Json& j) { j["clock_hz"] = "fast"; }).second, HasSubstr("clock_hz"));
  EXPECT_THAT(refusal_of([](host::Json& j) { j["compiler_flags"] = {"-mthumb"}; }).second,
              HasSubstr("`compiler_flags` is of the wrong type"));
  EXPECT_THAT(refusal_of([](host::Json& j) { j["instruction_sets"] = {"portables"}; }).second,
              HasSubstr("there is no instruction set `portables`"));
}

TEST(Target, EveryFolderIsKnownByItsName) {
  ASSERT_GE(targets().size(), 3u);
  for (const Target& t : targets()) {
    EXPECT_TRUE(host::file_exists(std::string(DIMPLE_SOURCE_DIR) + "/targets/" + t.name)) << t.name;
    EXPECT_EQ(find_target(t.name).machine, t.machine);
  }
  EXPECT_THROW(find_target("mps2-an387"), host::Error);
  EXPECT_THROW(find_target("nosuch/target.json"), host::Error);
}

TEST(Target, EachIsBuiltByACrossPresetOfItsMachine) {
  const host::Json presets =
      host::parse_json(host::read_text(std::string(DIMPLE_SOURCE_DIR) + "/CMakePresets.json"), "CMakePresets.json");
  std::vector<std::string> names;
  for (const auto& preset : presets.at("configurePresets")) names.push_back(preset.at("name"));
  for (const Target& t : targets()) EXPECT_THAT(names, testing::Contains(t.machine)) << t.name;
}

}  // namespace
}  // namespace dimple::target

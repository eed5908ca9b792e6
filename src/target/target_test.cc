#include "target/target.h"

#include <gmock/gmock.h>

#include "host/error.h"
#include "host/files.h"
#include "host/json.h"
#include "kernels/select.h"

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
    j["costs"] = {{"counted_on", "mps2-an386"}, {"cycles_per_instruction", 0}, {"source", ""}};
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
  EXPECT_THAT(refusal_of([](host::Json& j) {
                j["costs"] = {{"flops_per_second", 0}, {"source", "x"}};
              }).second,
              HasSubstr("chip.json, costs: `flops_per_second` is 0, and must be above 0"));
  EXPECT_THAT(refusal_of([](host::Json& j) {
                j["costs"] = {{"flops_per_second", 1}, {"counted_on", "mps2-an386"}, {"source", "x"}};
              }).second,
              HasSubstr("exclude each other"));
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

// Each a sheet that someone may write, and what the refusal must name.
TEST(Target, NonsenseInASheetIsRefusedByName) {
  using Change = std::function<void(host::Json&)>;
  const host::Json power = {{"active_watts", 1}, {"source", "x"}};
  const std::vector<std::pair<Change, std::string>> cases{
      {[](host::Json& j) { j["clock_hz"] = -48e6; }, "chip.json: `clock_hz` is -48000000, and must be above 0"},
      {[](host::Json& j) { j["clock_hz"] = 0; }, "chip.json: `clock_hz` is 0, and must be above 0"},
      {[](host::Json& j) { j["clock_hz"] = true; }, "chip.json: `clock_hz` is of the wrong type"},
      {[](host::Json& j) { j["clock_hz"] = 0.5; }, "`clock_hz` is 0.5, and must be a whole number"},
      {[](host::Json& j) { j["clock_hz"] = 1e300; }, "`clock_hz` is 1e+300, and must be below"},
      {[](host::Json& j) { j["ram"]["bytes"] = 0; }, "chip.json, ram: `bytes` is 0, and must be above 0"},
      {[](host::Json& j) { j["ram"]["byte"] = 1; }, "chip.json, ram: there is no field `byte`"},
      {[](host::Json& j) { j["ram"] = 65536; }, "chip.json, ram is of the wrong type"},
      {[](host::Json& j) { j["stack_bytes"] = 65537; }, "`stack_bytes` is 65537, and there are 65536 of RAM"},
      {[](host::Json& j) { j["clok_hz"] = 1; }, "chip.json: there is no field `clok_hz`"},
      {[](host::Json& j) { j["instruction_sets"] = "there"; }, "`instruction_sets` is of the wrong type"},
      {[&](host::Json& j) { (j["power"] = power)["active_watts"] = -1; },
       "chip.json, power: `active_watts` is -1, and must be above 0"},
      {[&](host::Json& j) { (j["power"] = power)["active_watts"] = "1 W"; },
       "chip.json, power: `active_watts` is of the wrong type"},
      {[&](host::Json& j) { (j["power"] = power).erase("source"); }, "chip.json, power: `source` is missing"},
      {[](host::Json& j) {
         j["costs"] = {{"counted_on", "mps2-an387"}, {"source", "x"}};
       },
       "chip.json, costs: `counted_on` is mps2-an387, which has no costs"},
      {[](host::Json& j) {
         j["costs"] = {{"measured_on", "nosuch"}, {"source", "x"}};
       },
       "chip.json, costs: `measured_on` is nosuch, which has no costs"},
      {[](host::Json& j) { j = host::Json::array(); }, "chip.json is of the wrong type"},
  };
  for (const auto& [change, words] : cases) {
    const auto [exit, what] = refusal_of(change);
    EXPECT_THAT(what, HasSubstr(words));
    EXPECT_EQ(exit, host::Exit::input) << words;
  }
}

TEST(Target, ASheetWithAFieldTwiceIsRefused) {
  std::string twice = kChip;
  twice.insert(twice.rfind('}'), R"(, "clock_hz": 1)");
  try {
    parse_target(twice, "chip.json");
    FAIL() << "taken";
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::input);
    EXPECT_THAT(e.what(), HasSubstr("chip.json: a name stands twice"));
  }
}

TEST(Target, TheHostHasTheInstructionSetsOfThisMachine) {
  const Target host = find_target("host");
  EXPECT_TRUE(host.here);
  EXPECT_EQ(host.isas, kernels::isas_here());
  for (const Target& other : targets()) EXPECT_EQ(other.here, other.name == "host");
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

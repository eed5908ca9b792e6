#include "target/target.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "host/files.h"
#include "host/json.h"
#include "host/suggest.h"

namespace dimple::target {
namespace {

using host::Error;
using host::Exit;
using host::Json;

template <class T>
T field(const Json& json, const char* name, const std::string& what) {
  return host::json_value<T>(json, name, what, Exit::input);
}

// A number that counts something there is.
int64_t positive(const Json& json, const char* name, const std::string& what) {
  const auto value = field<int64_t>(json, name, what);
  if (value <= 0) throw Error(Exit::input, fmt::format("{}: `{}` is {}, and must be above 0", what, name, value));
  return value;
}

int64_t bytes_of_region(const Json& json, const char* name, const std::string& what) {
  return json.contains(name) ? positive(json[name], "bytes", fmt::format("{}, {}", what, name)) : 0;
}

kernels::IsaSet parse_isas(const std::vector<std::string>& names, const std::string& what) {
  kernels::IsaSet isas;
  const std::vector<std::string> known{"portable",
#define DIMPLE_X(name) #name,
                                       DIMPLE_ISAS(DIMPLE_X)
#undef DIMPLE_X
  };
  for (const std::string& name : names) {
    const auto it = std::ranges::find(known, name);
    if (it == known.end())
      throw Error(Exit::input, fmt::format("{}: there is no instruction set `{}`", what, name),
                  host::did_you_mean(name, known, fmt::format("known: {}", fmt::join(known, ", "))));
    isas = isas.with(static_cast<kernels::Isa>(it - known.begin()));
  }
  return isas;
}

Emulator parse_emulator(const Json& json, const std::string& what) {
  return {field<std::string>(json, "command", what), field<std::string>(json, "package", what),
          field<std::string>(json, "image", what), field<std::vector<std::string>>(json, "arguments", what)};
}

CostSheet parse_cost_sheet(const Json& json, const std::string& what) {
  CostSheet sheet;
  sheet.source = field<std::string>(json, "source", what);
  if (json.contains("flops_per_second")) {
    sheet.flops_per_second = field<double>(json, "flops_per_second", what);
    if (json.contains("counted_on") || !(sheet.flops_per_second > 0 && sheet.flops_per_second < 1e18))
      throw Error(Exit::input, fmt::format("{}: `flops_per_second` is {}: it must be above 0, and stand alone", what,
                                           sheet.flops_per_second));
    return sheet;
  }
  sheet.counted_on = field<std::string>(json, "counted_on", what);
  sheet.cycles_per_instruction = field<double>(json, "cycles_per_instruction", what);
  if (!(sheet.cycles_per_instruction > 0 && sheet.cycles_per_instruction < 1000))
    throw Error(Exit::input, fmt::format("{}: `cycles_per_instruction` is {}, and must be above 0", what,
                                         sheet.cycles_per_instruction));
  return sheet;
}

PowerSheet parse_power_sheet(const Json& json, const std::string& what) {
  PowerSheet sheet{field<double>(json, "active_watts", what), field<std::string>(json, "source", what)};
  if (!(sheet.active_watts > 0 && sheet.active_watts < 1e6))
    throw Error(Exit::input, fmt::format("{}: `active_watts` is {}, and must be above 0", what, sheet.active_watts));
  return sheet;
}

}  // namespace

Target parse_target(std::string_view text, const std::string& what) {
  const Json json = host::parse_json(text, what, Exit::input);
  Target t;
  t.name = field<std::string>(json, "name", what);
  t.machine = field<std::string>(json, "machine", what);
  t.about = field<std::string>(json, "about", what);
  t.compiler_flags = field<std::string>(json, "compiler_flags", what);
  t.isas = parse_isas(field<std::vector<std::string>>(json, "instruction_sets", what), what);
  t.ram_bytes = bytes_of_region(json, "ram", what), t.flash_bytes = bytes_of_region(json, "flash", what);
  if (t.ram_bytes > 0) t.stack_bytes = positive(json, "stack_bytes", what);
  if (json.contains("clock_hz")) t.clock_hz = positive(json, "clock_hz", what);
  t.program_bytes = t.flash_bytes;
  if (json.contains("program_slot")) {
    t.program_slot = field<std::string>(json["program_slot"], "origin", what + ", program_slot");
    t.program_bytes = bytes_of_region(json, "program_slot", what);
  }
  if (json.contains("emulator")) t.emulator = parse_emulator(json["emulator"], what + ", emulator");
  if (json.contains("power")) t.power = parse_power_sheet(json["power"], what + ", power");
  if (json.contains("costs")) t.costs = parse_cost_sheet(json["costs"], what + ", costs");
  return t;
}

const std::vector<Target>& targets() {
  static const std::vector<Target> all = [] {
    std::vector<Target> parsed;
    for (const host::EmbeddedFile& file : target_files())
      parsed.push_back(parse_target(file.text(), std::string(file.path)));
    return parsed;
  }();
  return all;
}

Target find_target(const std::string& name_or_path) {
  if (name_or_path.ends_with(".json"))
    return parse_target(host::read_text(name_or_path, {.limit_bytes = 1 << 20}), name_or_path);
  std::vector<std::string> known;
  for (const Target& t : targets()) {
    if (t.name == name_or_path) return t;
    known.push_back(t.name);
  }
  throw Error(Exit::usage, fmt::format("there is no target `{}`", name_or_path),
              host::did_you_mean(name_or_path, known,
                                 fmt::format("known: {}; a path to a target.json also works", fmt::join(known, ", "))));
}

}  // namespace dimple::target

#include "target/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "host/error.h"
#include "host/files.h"
#include "host/json.h"
#include "host/suggest.h"
#include "kernels/select.h"
#include "target/costs.h"

namespace dimple::target {
namespace {

using host::Error;
using host::Exit;
using host::Json;

constexpr const char* kFoundHere = "here";  // in place of a list of instruction sets

template <class T>
T field(const Json& json, const char* name, const std::string& what) {
  return host::json_value<T>(json, name, what, Exit::input);
}

// Above 0, and neither true nor a text.
double positive_number(const Json& json, const char* name, const std::string& what, double most) {
  if (json.is_object() && json.contains(name) && !json[name].is_number())
    throw Error(Exit::input, fmt::format("{}: `{}` is of the wrong type", what, name), "it is a number");
  const auto value = field<double>(json, name, what);
  if (!(value > 0)) throw Error(Exit::input, fmt::format("{}: `{}` is {}, and must be above 0", what, name, value));
  if (value >= most)
    throw Error(Exit::input, fmt::format("{}: `{}` is {}, and must be below {}", what, name, value, most));
  return value;
}

// A number that counts something there is.
int64_t positive(const Json& json, const char* name, const std::string& what) {
  const double value = positive_number(json, name, what, 1e15);
  if (value != std::floor(value))
    throw Error(Exit::input, fmt::format("{}: `{}` is {}, and must be a whole number", what, name, value));
  return static_cast<int64_t>(value);
}

// A misspelled field would be none at all.
void refuse_unknown(const Json& json, const std::vector<std::string>& known, const std::string& what) {
  if (!json.is_object()) throw Error(Exit::input, what + " is of the wrong type", "it is an object");
  for (const auto& [name, value] : json.items())
    if (std::ranges::find(known, name) == known.end())
      throw Error(Exit::input, fmt::format("{}: there is no field `{}`", what, name),
                  host::did_you_mean(name, known, fmt::format("known: {}", fmt::join(known, ", "))));
}

// "host" has costs where "host/avx2" does. A target may name itself before its own are there: they are counted with it.
std::string parse_costs_name(const Json& json, const char* name, const std::string& itself, const std::string& what) {
  const auto value = field<std::string>(json, name, what);
  const std::vector<std::string> known = names_of_costs();
  const bool has_costs = std::ranges::any_of(
      known, [&](const std::string& costs) { return costs == value || costs.starts_with(value + "/"); });
  if (has_costs || value == itself) return value;
  throw Error(Exit::input, fmt::format("{}: `{}` is {}, which has no costs", what, name, value),
              host::did_you_mean(value, known, fmt::format("known: {}", fmt::join(known, ", "))));
}

int64_t bytes_of_region(const Json& json, const char* name, const std::string& what) {
  if (!json.contains(name)) return 0;
  const std::string where = fmt::format("{}, {}", what, name);
  refuse_unknown(json[name], {"origin", "bytes"}, where);
  return positive(json[name], "bytes", where);
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
  refuse_unknown(json, {"command", "package", "image", "arguments"}, what);
  return {field<std::string>(json, "command", what), field<std::string>(json, "package", what),
          field<std::string>(json, "image", what), field<std::vector<std::string>>(json, "arguments", what)};
}

CostSheet parse_cost_sheet(const Json& json, const std::string& itself, const std::string& what) {
  refuse_unknown(json, {"counted_on", "measured_on", "cycles_per_instruction", "flops_per_second", "source"}, what);
  if (json.contains("counted_on") + json.contains("measured_on") + json.contains("flops_per_second") > 1)
    throw Error(Exit::input, what + ": `counted_on`, `measured_on` and `flops_per_second` exclude each other");
  CostSheet sheet;
  sheet.source = field<std::string>(json, "source", what);
  if (json.contains("flops_per_second")) {
    sheet.flops_per_second = positive_number(json, "flops_per_second", what, 1e18);
  } else if (json.contains("measured_on")) {
    sheet.measured_on = parse_costs_name(json, "measured_on", itself, what);
  } else {
    sheet.counted_on = parse_costs_name(json, "counted_on", itself, what);
    sheet.cycles_per_instruction = positive_number(json, "cycles_per_instruction", what, 1000);
  }
  return sheet;
}

PowerSheet parse_power_sheet(const Json& json, const std::string& what) {
  refuse_unknown(json, {"active_watts", "source"}, what);
  return {positive_number(json, "active_watts", what, 1e6), field<std::string>(json, "source", what)};
}

}  // namespace

Target parse_target(std::string_view text, const std::string& what) {
  const Json json = host::parse_json(text, what, Exit::input);
  refuse_unknown(json,
                 {"name", "machine", "about", "compiler_flags", "instruction_sets", "ram", "flash", "stack_bytes",
                  "clock_hz", "program_slot", "emulator", "power", "costs"},
                 what);
  Target t;
  t.name = field<std::string>(json, "name", what);
  t.machine = field<std::string>(json, "machine", what);
  t.about = field<std::string>(json, "about", what);
  t.compiler_flags = field<std::string>(json, "compiler_flags", what);
  t.here = json.contains("instruction_sets") && json["instruction_sets"] == kFoundHere;
  t.isas =
      t.here ? kernels::isas_here() : parse_isas(field<std::vector<std::string>>(json, "instruction_sets", what), what);
  t.ram_bytes = bytes_of_region(json, "ram", what), t.flash_bytes = bytes_of_region(json, "flash", what);
  if (t.ram_bytes > 0) t.stack_bytes = positive(json, "stack_bytes", what);
  if (t.stack_bytes > t.ram_bytes)
    throw Error(Exit::input,
                fmt::format("{}: `stack_bytes` is {}, and there are {} of RAM", what, t.stack_bytes, t.ram_bytes));
  if (json.contains("clock_hz")) t.clock_hz = positive(json, "clock_hz", what);
  t.program_bytes = t.flash_bytes;
  if (json.contains("program_slot")) {
    t.program_slot = field<std::string>(json["program_slot"], "origin", what + ", program_slot");
    t.program_bytes = bytes_of_region(json, "program_slot", what);
  }
  if (json.contains("emulator")) t.emulator = parse_emulator(json["emulator"], what + ", emulator");
  if (json.contains("power")) t.power = parse_power_sheet(json["power"], what + ", power");
  if (json.contains("costs")) t.costs = parse_cost_sheet(json["costs"], t.name, what + ", costs");
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

#include "target/costs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "host/document.h"
#include "host/error.h"
#include "target/target.h"

namespace dimple::target {
namespace {

constexpr const char* kEveryOther = "*";
constexpr const char* kNanoseconds = "ns";

using host::Error;
using host::Exit;

// Instructions unless it says so: files of chips have no `unit`.
CostUnit unit_of(const host::Json& json, const std::string& what) {
  if (!json.contains("unit")) return CostUnit::instructions;
  const auto unit = host::json_value<std::string>(json, "unit", what, Exit::input);
  if (unit != kNanoseconds)
    throw Error(Exit::input, fmt::format("{}: `unit` is {}", what, unit), "known: ns; without it, instructions");
  return CostUnit::nanoseconds;
}

// "targets/host/costs-avx2.json": "host/avx2".
std::string name_of_costs(const std::string& path) {
  const std::string folder = path.substr(path.find('/') + 1), file = folder.substr(folder.find('/') + 1);
  const std::string name = folder.substr(0, folder.find('/'));
  const size_t dash = file.find('-');
  return dash == std::string::npos ? name : name + "/" + file.substr(dash + 1, file.rfind('.') - dash - 1);
}

const std::map<std::string, Costs, std::less<>>& all_costs() {
  static const std::map<std::string, Costs, std::less<>> all = [] {
    std::map<std::string, Costs, std::less<>> parsed;
    for (const host::EmbeddedFile& file : cost_files())
      parsed.emplace(name_of_costs(std::string(file.path)), parse_costs(file.text(), std::string(file.path)));
    return parsed;
  }();
  return all;
}

}  // namespace

const KernelCost& Costs::of(std::string_view kernel) const {
  const auto named = [&](std::string_view name) { return std::ranges::find(kernels, name, &KernelCost::kernel); };
  const auto found = named(kernel);
  return found != kernels.end() ? *found : *named(kEveryOther);
}

Costs parse_costs(std::string_view text, const std::string& what) {
  const host::Json json = host::parse_json(text, what, Exit::input);
  Costs costs;
  costs.counted_on = host::json_value<std::string>(json, "counted_on", what, Exit::input);
  costs.unit = unit_of(json, what);
  for (const host::Json& line : host::json_value<std::vector<host::Json>>(json, "kernels", what, Exit::input)) {
    KernelCost& cost = costs.kernels.emplace_back();
    host::from_json(cost, line, what + ", kernels", Exit::input);
    for (const double rate :
         {cost.step, cost.input, cost.output, cost.pixel, cost.row, cost.product, cost.gathered, cost.weight})
      if (!(rate >= 0 && rate < 1e12))
        throw Error(Exit::input, fmt::format("{}: {} has a rate of {}", what, cost.kernel, rate),
                    "rates are at least 0");
  }
  if (std::ranges::find(costs.kernels, kEveryOther, &KernelCost::kernel) == costs.kernels.end())
    throw Error(Exit::input, what + ": there is no kernel `*`", "it stands for those that are not listed");
  return costs;
}

// Four digits: rates are not better than that.
std::string print_costs(const Costs& costs) {
  std::vector<std::string> lines;
  for (const KernelCost& c : costs.kernels)
    lines.push_back(
        fmt::format(R"(    {{"kernel": "{}", "step": {:.4g}, "input": {:.4g}, "output": {:.4g}, )"
                    R"("pixel": {:.4g}, "row": {:.4g}, "product": {:.4g}, "gathered": {:.4g}, "weight": {:.4g}}})",
                    c.kernel, c.step, c.input, c.output, c.pixel, c.row, c.product, c.gathered, c.weight));
  const std::string unit =
      costs.unit == CostUnit::nanoseconds ? fmt::format("  \"unit\": \"{}\",\n", kNanoseconds) : "";
  return fmt::format("{{\n  \"counted_on\": \"{}\",\n{}  \"kernels\": [\n{}\n  ]\n}}\n", costs.counted_on, unit,
                     fmt::join(lines, ",\n"));
}

const Costs* find_costs(std::string_view name) {
  const auto found = all_costs().find(name);
  return found == all_costs().end() ? nullptr : &found->second;
}

std::vector<std::string> names_of_costs() {
  std::vector<std::string> names;
  for (const auto& [name, costs] : all_costs()) names.push_back(name);
  return names;
}

}  // namespace dimple::target

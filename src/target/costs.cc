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

using host::Error;
using host::Exit;

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
  for (const host::Json& line : host::json_value<std::vector<host::Json>>(json, "kernels", what, Exit::input)) {
    KernelCost& cost = costs.kernels.emplace_back();
    host::from_json(cost, line, what + ", kernels", Exit::input);
    for (const double rate : {cost.step, cost.input, cost.output, cost.product, cost.gathered, cost.weight})
      if (!(rate >= 0 && rate < 1e12))
        throw Error(Exit::input, fmt::format("{}: {} takes {} instructions", what, cost.kernel, rate),
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
    lines.push_back(fmt::format(R"(    {{"kernel": "{}", "step": {:.4g}, "input": {:.4g}, "output": {:.4g}, )"
                                R"("product": {:.4g}, "gathered": {:.4g}, "weight": {:.4g}}})",
                                c.kernel, c.step, c.input, c.output, c.product, c.gathered, c.weight));
  return fmt::format("{{\n  \"counted_on\": \"{}\",\n  \"kernels\": [\n{}\n  ]\n}}\n", costs.counted_on,
                     fmt::join(lines, ",\n"));
}

const Costs* find_costs(std::string_view target) {
  static const std::map<std::string, Costs, std::less<>> all = [] {
    std::map<std::string, Costs, std::less<>> parsed;
    for (const host::EmbeddedFile& file : cost_files()) {
      const std::string path(file.path), name = path.substr(path.find('/') + 1);
      parsed.emplace(name.substr(0, name.find('/')), parse_costs(file.text(), path));
    }
    return parsed;
  }();
  const auto found = all.find(target);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace dimple::target

#include "inference/level.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "host/suggest.h"

namespace dimple::inference {

using kernels::Isa;

std::vector<std::string> levels_here() {
  std::vector<std::string> levels;
  for (const Isa isa : kernels::kIsas)
    if (kernels::isas_here().has(isa)) levels.emplace_back(kernels::name_of(isa));
  return levels;
}

kernels::IsaSet isas_up_to(const std::string& level) {
  if (level.empty()) return kernels::isas_here();
  std::vector<std::string> known;
  for (const Isa isa : kernels::kIsas) known.emplace_back(kernels::name_of(isa));
  host::check_choice("isa", level, known);
  const std::vector<std::string> here = levels_here();
  if (std::ranges::find(here, level) == here.end())
    throw host::Error(host::Exit::usage, fmt::format("this processor has no {}", level),
                      fmt::format("it has {}", fmt::join(here, ", ")));
  return up_to(kernels::kIsas[std::ranges::find(known, level) - known.begin()], kernels::isas_here());
}

}  // namespace dimple::inference

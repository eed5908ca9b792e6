#include "search/costs.h"

#include <limits>

#include "compile/lower.h"
#include "format/reader.h"
#include "host/error.h"
#include "ir/cost.h"
#include "profile/estimate.h"
#include "profile/needs.h"
#include "search/candidate.h"
#include "target/target.h"

namespace dimple::search {

void Costs::make_integer(const ir::Graph& structure, const std::string& key) {
  if (last_ == key) return;
  last_ = key;
  integer_.reset();
  try {
    integer_ = profile::integer_form(structure);
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::model) throw;
  }
}

Costs::Planned& Costs::planned(const ir::Graph& structure, const std::string& key) {
  const auto [at, is_new] = planned_.try_emplace(key);
  Planned& p = at->second;
  if (!is_new) return p;
  p.int8_kb = p.ram_kb = std::numeric_limits<double>::infinity();
  make_integer(structure, key);
  if (!integer_) return p;
  const std::vector<uint8_t> program = compile::plan(*integer_);
  p.int8_kb = static_cast<double>(program.size()) / 1000;
  p.ram_kb = static_cast<double>(format::view_program(program.data()).header->arena_bytes) / 1000;
  return p;
}

double Costs::of(const ir::Graph& structure, const std::string& figure) {
  const std::string name = target_of(figure);
  if (figure == "int8_kb" || figure == "ram_kb" || !name.empty()) {
    const std::string key = key_of(structure);
    Planned& p = planned(structure, key);
    if (name.empty()) return figure == "int8_kb" ? p.int8_kb : p.ram_kb;
    const auto [at, is_new] = p.ms.try_emplace(name, std::numeric_limits<double>::infinity());
    if (!is_new) return at->second;
    make_integer(structure, key);
    if (!integer_) return at->second;
    const target::Target chip = target::find_target(name);
    try {
      if (const auto us = profile::estimate_us(chip, profile::plan_without_limits(*integer_, chip)))
        at->second = *us / 1000;
    } catch (const host::Error& error) {
      if (error.exit() != host::Exit::model) throw;
    }
    return at->second;
  }
  const ir::Cost cost = ir::estimate_cost(structure);
  if (figure == "macs") return static_cast<double>(cost.multiply_adds);
  if (figure == "flops") return 2 * static_cast<double>(cost.multiply_adds);
  if (figure == "parameters") return static_cast<double>(cost.parameters);
  return static_cast<double>(4 * (cost.parameters + cost.statistics)) / 1000;  // float_kb
}

}  // namespace dimple::search

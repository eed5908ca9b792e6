#include "export/memory_chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "compile/tensor_lives.h"
#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "ir/graph.h"
#include "plot/charts.h"

namespace dimple::exports {
namespace {

using compile::Life;
using format::Program;

std::string name_of(const Program& p, uint32_t tensor) {
  if (tensor == p.header->input) return "input";
  for (size_t i = 0; i < p.steps.size(); ++i)
    if (p.steps[i].out == tensor) return fmt::format("{}.{}", i, ir::name_of(static_cast<ops::OpCode>(p.steps[i].op)));
  return {};
}

}  // namespace

std::string memory_chart(std::span<const uint8_t> program, const std::string& name) {
  const host::AlignedBytes copy(program);
  const Program p = format::view_program(copy.data());
  const std::vector<Life> lives = compile::lives_of(p);
  plot::BlockChart chart;
  chart.title = fmt::format("{}: {} bytes of arena", name, p.header->arena_bytes);
  chart.x_title = "step";
  chart.y_title = "byte of the arena";
  chart.tops.assign(p.steps.size(), 0);
  const auto add = [&](const std::string& what, Life life, uint32_t at, uint32_t bytes, size_t colour, bool pale) {
    chart.blocks.push_back(
        {what, double(life.first), double(life.last + 1), double(at), double(at + bytes), colour, pale});
    for (uint32_t i = life.first; i <= life.last; ++i) chart.tops[i] = std::max(chart.tops[i], double(at + bytes));
  };
  for (uint32_t t = 0; t < p.tensors.size(); ++t) {
    const std::string what = name_of(p, t);
    if (!what.empty()) add(what, lives[t], p.tensors[t].arena_at, p.tensors[t].bytes, t % 7, false);
  }
  for (uint32_t i = 0; i < p.steps.size(); ++i)
    if (p.steps[i].scratch_bytes > 0) add("scratch", {i, i}, p.steps[i].scratch_at, p.steps[i].scratch_bytes, 0, true);
  return plot::block_chart(chart);
}

}  // namespace dimple::exports

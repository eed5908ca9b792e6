#include "compile/tensor_lives.h"

#include <algorithm>
#include <utility>

#include "format/stripes.h"

namespace dimple::compile {
namespace {

using format::kNone;
using format::Program;

// Of ranges [from, to) that may overlap.
int64_t covered(std::vector<std::pair<int64_t, int64_t>> ranges) {
  std::ranges::sort(ranges);
  int64_t bytes = 0, end = 0;
  for (const auto& [from, to] : ranges) {
    bytes += std::max<int64_t>(0, to - std::max(from, end));
    end = std::max(end, to);
  }
  return bytes;
}

bool is_written(const Program& p, uint32_t tensor) {
  return tensor == p.header->input ||
         std::ranges::any_of(p.steps, [&](const format::StepRecord& step) { return step.out == tensor; });
}

}  // namespace

std::vector<Life> lives_of(const Program& p) {
  std::vector<Life> lives(p.tensors.size());
  const auto end = static_cast<uint32_t>(p.steps.size());
  for (uint32_t i = 0; i < end; ++i) {
    lives[p.steps[i].out] = {i, i};
    for (const uint32_t in : p.steps[i].in)
      if (in != kNone) lives[in].last = i;
  }
  for (const uint32_t asked : {p.header->output, p.header->logits}) lives[asked].last = end - 1;
  for (uint32_t i = 0; i + 1 < end; ++i) {
    if (!format::is_striped(p.tensors[p.steps[i].out])) continue;  // both steps at it are one
    for (const uint32_t in : p.steps[i].in)
      if (in != kNone) lives[in].last = std::max(lives[in].last, i + 1);
    lives[p.steps[i + 1].out].first = i;
  }
  return lives;
}

std::vector<int64_t> bytes_in_use(const Program& p) {
  const std::vector<Life> lives = lives_of(p);
  std::vector<std::vector<std::pair<int64_t, int64_t>>> ranges(p.steps.size());
  for (uint32_t t = 0; t < p.tensors.size(); ++t) {
    if (!is_written(p, t)) continue;
    for (uint32_t i = lives[t].first; i <= lives[t].last; ++i)
      ranges[i].emplace_back(p.tensors[t].arena_at, int64_t{p.tensors[t].arena_at} + p.tensors[t].bytes);
  }
  for (uint32_t i = 0; i < p.steps.size(); ++i)
    if (p.steps[i].scratch_bytes > 0)
      ranges[i].emplace_back(p.steps[i].scratch_at, int64_t{p.steps[i].scratch_at} + p.steps[i].scratch_bytes);
  std::vector<int64_t> bytes;
  for (auto& of_step : ranges) bytes.push_back(covered(std::move(of_step)));
  return bytes;
}

}  // namespace dimple::compile

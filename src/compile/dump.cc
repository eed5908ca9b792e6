#include "compile/dump.h"

#include <fmt/format.h>

#include <cstring>
#include <new>
#include <vector>

#include "format/attributes.h"
#include "format/reader.h"
#include "host/error.h"
#include "ir/attributes.h"

namespace dimple::compile {
namespace {

using format::kNone;
using format::Program;

// Programs are read in place and need their alignment, which a span of bytes does not promise.
struct alignas(format::kAlign) Block {
  uint8_t bytes[format::kAlign];
};

std::vector<Block> aligned_copy(std::span<const uint8_t> bytes) {
  std::vector<Block> blocks(bytes.size() / sizeof(Block) + 1);
  std::memcpy(blocks.data(), bytes.data(), bytes.size());
  return blocks;
}

std::string print_type(const format::TensorRecord& t) {
  const auto dtype = static_cast<DType>(t.dtype);
  const std::string type = fmt::format("{}[{},{},{}]", name_of(dtype), t.height, t.width, t.channels);
  return dtype == DType::f32 ? type : fmt::format("{} * {} @ {}", type, t.scale, t.zero_point);
}

std::string print_range(const format::TensorRecord& t) {
  return fmt::format("{}..{}", t.arena_at, t.arena_at + t.bytes);
}

ir::Op op_of(const Program& p, const format::StepRecord& s) {
  const uint32_t* words = p.attributes.data() + s.attributes;
  return ops::with_operator(static_cast<ops::OpCode>(s.op),
                            [&](auto kind) -> ir::Op { return format::load_attributes<decltype(kind)>(words); });
}

std::string print_step(const Program& p, size_t index) {
  const format::StepRecord& s = p.steps[index];
  const ir::Op op = op_of(p, s);
  std::string inputs, attributes;
  for (const uint32_t in : s.in)
    if (in != kNone) inputs += fmt::format("{}t{}@{}", inputs.empty() ? "" : " ", in, print_range(p.tensors[in]));
  for (const auto& [name, value] : ir::print_attributes(op)) attributes += fmt::format(" {}={}", name, value);
  const format::TensorRecord& out = p.tensors[s.out];
  return fmt::format("{:4}  {:<20} {:<28} -> {:<18} {:<34}{}\n", index, ir::name_of(op), inputs,
                     fmt::format("t{}@{}", s.out, print_range(out)), print_type(out), attributes);
}

}  // namespace

std::string dump_program(std::span<const uint8_t> program) {
  const std::vector<Block> copy = aligned_copy(program);
  const auto read = format::read_program({copy[0].bytes, program.size()});
  if (!read.ok()) throw host::Error(host::Exit::model, describe(read.status()));
  const Program& p = read.value();
  const format::Header& h = *p.header;
  std::string text =
      fmt::format("program of {} bytes, version {}, checksum {:08x}\n", h.file_bytes, h.version, h.checksum);
  text += fmt::format("  constants {} bytes, attributes {} bytes, metadata {} bytes\n", h.constant_bytes,
                      4 * h.attribute_words, h.metadata_bytes);
  text += fmt::format("  arena     {} bytes\n", h.arena_bytes);
  const auto line = [&](const char* what, uint32_t t) {
    text += fmt::format("  {:<9} t{}@{} {}\n", what, t, print_range(p.tensors[t]), print_type(p.tensors[t]));
  };
  line("input", h.input);
  line("logits", h.logits);
  line("output", h.output);
  for (size_t i = 0; i < p.steps.size(); ++i) text += print_step(p, i);
  return text;
}

}  // namespace dimple::compile

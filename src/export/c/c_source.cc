#include "export/c/c_source.h"

#include <set>
#include <type_traits>
#include <vector>

#include "base/dtype.h"
#include "base/memory.h"
#include "compile/metadata.h"
#include "export/c/c_text.h"
#include "format/attributes.h"
#include "format/reader.h"
#include "format/stripes.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "ops/op_list.h"
#include "runtime/executor.h"

namespace dimple::exports {
namespace {

using format::kNone;
using format::Program;
using format::StepRecord;
using format::TensorRecord;

DType dtype_of(const TensorRecord& t) { return static_cast<DType>(t.dtype); }
std::string_view c_type(const TensorRecord& t) {
  const DType dtype = dtype_of(t);
  return dtype == DType::s8 ? "int8_t" : dtype == DType::b1 ? "uint32_t" : "float";
}
std::string shape_text(const TensorRecord& t) {
  return fmt::format("{}x{}x{} {}", t.height, t.width, t.channels, name_of(dtype_of(t)));
}

ops::Shape shape_of(const TensorRecord& t) { return {t.height, t.width, t.channels}; }

class SourceWriter {
 public:
  SourceWriter(const Program& program, const compile::ProgramFacts& facts, std::string_view name, kernels::IsaSet isas)
      : program_(program), facts_(facts), name_(c_identifier(name)), macro_(c_macro(name)), isas_(isas) {
    for (const StepRecord& s : program_.steps) {
      const kernels::KernelInfo& kernel = info_of(s);
      kernels_.emplace(kernel.name);
      if (kernel.isa != kernels::Isa::portable && kernel.types.out == DType::f32) exact_ = false;
    }
  }

  CSources write() {
    write_header();
    write_source();
    return {.name = name_,
            .macro = macro_,
            .header = header_.text(),
            .source = source_.text(),
            .kernels = kernels_,
            .arena_bytes = program_.header->arena_bytes,
            .constant_bytes = static_cast<uint32_t>(program_.constants.size()),
            .exact = exact_};
  }

 private:
  const TensorRecord& tensor(uint32_t index) const { return program_.tensors[index]; }
  // Nothing is packed when the C form runs, so a kernel takes the weights as the program holds them.
  const kernels::KernelInfo& info_of(const StepRecord& step) const {
    const bool packed = step.layout != format::Layout::plain;
    const kernels::KernelInfo* kernel = runtime::kernel_of(program_, step, isas_);
    if (packed && kernel == nullptr)
      throw host::Error(
          host::Exit::usage,
          fmt::format("this program's weights are packed for kernels that the C form was not asked for ({})",
                      name_of(step.layout)),
          "--target names the chip that it was planned for");
    if (!packed && kernel != nullptr && kernel->weights != step.layout) kernel = runtime::kernel_of(program_, step, {});
    if (kernel == nullptr) throw host::Error(host::Exit::model, describe(Status::no_kernel));
    return *kernel;
  }
  std::string_view kernel_of(const StepRecord& step) const { return info_of(step).name; }
  const TensorRecord& input() const { return tensor(program_.header->input); }
  const TensorRecord& output() const { return tensor(program_.header->output); }
  const TensorRecord& logits() const { return tensor(program_.header->logits); }

  void write_header() {
    header_.line("/* Written by Dimple from a planned program; do not edit. How to use it:");
    header_.line(" *");
    header_.line(" *   static uint8_t arena[{}_ARENA_BYTES] __attribute__((aligned(16)));", macro_);
    header_.line(" *   {}* input = {}_input(arena);", c_type(input()), name_);
    header_.line(" *   ... fill it ...");
    header_.line(" *   {}_run(arena);", name_);
    header_.line(" *   ... read {}_output(arena), one number per label ...", name_);
    header_.line(" *");
    header_.line(" * The input has to be filled anew before every run. */");
    header_.line("#ifndef {}_H", macro_);
    header_.line("#define {}_H", macro_);
    header_.line("#include <stdint.h>");
    header_.blank();
    write_numbers();
    header_.blank();
    header_.line("#ifdef __cplusplus");
    header_.line("extern \"C\" {{");
    header_.line("#endif");
    header_.line("extern const char* const {}_labels[{}];", name_, facts_.labels.size());
    header_.line("{}* {}_input(void* arena);", c_type(input()), name_);
    header_.line("const {}* {}_output(const void* arena);", c_type(output()), name_);
    header_.line("const {}* {}_logits(const void* arena);", c_type(logits()), name_);
    header_.line("int32_t {}_run(void* arena); /* 0, or 21: the arena is not aligned to 16 bytes */", name_);
    header_.line("#ifdef __cplusplus");
    header_.line("}}");
    header_.line("#endif");
    header_.line("#endif");
  }

  void define(std::string_view name, const std::string& value) {
    header_.line("#define {}_{} {}", macro_, name, value);
  }

  void write_numbers() {
    define("ARENA_BYTES", fmt::format("{}u", program_.header->arena_bytes));
    define("INPUT_HEIGHT", c_literal(input().height));
    define("INPUT_WIDTH", c_literal(input().width));
    define("INPUT_CHANNELS", c_literal(input().channels));
    define("INPUT_SCALE", c_literal(input().scale));
    define("INPUT_ZERO_POINT", c_literal(input().zero_point));
    define("OUTPUTS", c_literal(static_cast<int32_t>(shape_of(output()).elements())));
    define("LOGITS", c_literal(static_cast<int32_t>(shape_of(logits()).elements())));
    define("LOGITS_SCALE", c_literal(logits().scale));
    define("LOGITS_ZERO_POINT", c_literal(logits().zero_point));
    image::Preprocess::visit(facts_.preprocess, [&](const char* field, const auto& value) {
      if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(value)>>) {
        define("PREPROCESS_" + c_macro(field), c_string(name_of(value)));
      } else {
        define("PREPROCESS_" + c_macro(field), c_literal(value));
      }
    });
  }

  void write_source() {
    source_.line("/* Written by Dimple from a planned program; do not edit. */");
    source_.line("#include \"{}.h\"", name_);
    source_.blank();
    source_.line("#include <stddef.h>");
    source_.blank();
    source_.line("#include \"ops/call.h\"");
    source_.blank();
    declare_kernels();
    write_labels();
    for (size_t i = 0; i < program_.steps.size(); ++i) write_tables(i);
    write_accessor("", "input", input());
    write_accessor("const ", "output", output());
    write_accessor("const ", "logits", logits());
    for (size_t i = 0; i < program_.steps.size(); ++i)
      if (is_striped(i)) {
        define_turns();
        break;
      }
    source_.blank();
    source_.open("int32_t {}_run(void* arena) {{", name_);
    source_.line("uint8_t* const base = (uint8_t*)arena;");
    source_.line("if ((uintptr_t)arena % 16u != 0) return 21;");
    for (size_t i = 0; i < program_.steps.size(); ++i) {
      if (is_striped(i))
        write_turns(i), ++i;
      else
        write_call(i);
    }
    source_.line("return 0;");
    source_.close("}");
  }

  static bool clamps_floats(const StepRecord& s) { return s.types.in == DType::f32 && s.types.out == DType::f32; }

  void declare_kernels() {
    source_.line("#ifdef __cplusplus");
    source_.line("extern \"C\" {{");
    source_.line("#endif");
    for (const std::string& kernel : kernels_)
      source_.line("void {}(const struct DimpleCall* call, struct DimpleRange rows);", kernel);
    source_.line("#ifdef __cplusplus");
    source_.line("}}");
    source_.line("#endif");
    source_.blank();
  }

  void write_labels() {
    source_.open("const char* const {}_labels[{}] = {{", name_, facts_.labels.size());
    for (const std::string& label : facts_.labels) source_.line("{},", c_string(label));
    source_.close("};");
    source_.blank();
  }

  template <class T>
  void constant(size_t step, std::string_view role, uint32_t at, int64_t count, std::string_view attribute = "") {
    if (at == kNone) return;
    const auto* const first = reinterpret_cast<const T*>(program_.constants.data() + at);
    source_.table(fmt::format("step{}_{}", step, role), std::span<const T>(first, static_cast<size_t>(count)),
                  attribute);
  }

  // The tables of one step: attributes, then what was learned, then the fixed-point scales.
  void write_tables(size_t index) {
    const StepRecord& s = program_.steps[index];
    ops::with_operator(static_cast<ops::OpCode>(s.op), [&](auto kind) {
      using Op = decltype(kind);
      const Op op = format::load_attributes<Op>(program_.attributes.data() + s.attributes);
      ops::Shape shapes[ops::kMaxInputs];
      for (int i = 0; i < ops::input_count(op); ++i) shapes[i] = shape_of(tensor(s.in[i]));
      const ops::ParameterCounts counts = ops::parameter_counts(op, shapes, !clamps_floats(s));
      write_attributes(index, op);
      const bool packed = s.layout != format::Layout::plain;
      if (packed)  // by words, and blocks begin at 16 bytes
        constant<int32_t>(index, "weight", s.weight, format::packed_bytes(s.layout, format::weight_of(program_, s)) / 4,
                          " __attribute__((aligned(16)))");
      if (clamps_floats(s)) {
        if (!packed) constant<float>(index, "weight", s.weight, counts.weight);
        constant<float>(index, "bias", s.bias, counts.bias);
      } else {
        if (!packed && bit_width(s.types.weight) < 8)  // kernels read them by the word
          constant<int32_t>(index, "weight", s.weight, bytes_of(s.types.weight, counts.weight) / 4);
        else if (!packed)
          constant<int8_t>(index, "weight", s.weight, counts.weight);
        constant<int32_t>(index, "bias", s.bias, counts.bias);
      }
      constant<int32_t>(index, "multiplier", s.multiplier, counts.scales);
      constant<int32_t>(index, "shift", s.shift, counts.scales);
      if (s.codebook != kNone)
        constant<int8_t>(index, "codebook", s.codebook,
                         counts.bias / s.codebook_channels * codebook_entries(s.types.weight));
    });
  }

  // The operator's own struct, field by field as visit() names them; every field is one word (format/attributes.h).
  template <class Op>
  void write_attributes(size_t index, const Op& op) {
    if (format::attribute_words<Op>() == 0) return;
    if (declared_.insert(Op::kName).second) {
      source_.open("struct {}_attributes {{", Op::kName);
      Op::visit(op, [&](const char* name, const auto& field) { source_.line("{} {};", c_type_of(field), name); });
      source_.close("};");
    }
    source_.open("static const struct {}_attributes step{}_attributes = {{", Op::kName, index);
    Op::visit(op, [&](const char* name, const auto& field) { source_.line(".{} = {},", name, literal_of(field)); });
    source_.close("};");
  }

  static const char* c_type_of(float) { return "float"; }
  template <class Integer>
  static const char* c_type_of(Integer) {
    return "int32_t";
  }
  static std::string literal_of(float value) { return c_literal(value); }
  template <class Integer>
  static std::string literal_of(Integer value) {
    return c_literal(static_cast<int32_t>(value));
  }

  void write_accessor(std::string_view constness, std::string_view what, const TensorRecord& t) {
    source_.blank();
    source_.open("{0}{1}* {2}_{3}({0}void* arena) {{", constness, c_type(t), name_, what);
    source_.line("return ({0}{1}*)({0}void*)(({0}uint8_t*)arena + {2});", constness, c_type(t), t.arena_at);
    source_.close("}");
  }

  std::string tensor_literal(const TensorRecord& t) const {
    return fmt::format("{{base + {}, {}, {}, {}, {}, {}}}", t.arena_at, t.height, t.width, t.channels, t.zero_point,
                       c_literal(t.scale));
  }

  bool is_striped(size_t index) const { return format::is_striped(tensor(program_.steps[index].out)); }

  void write_call(size_t index) {
    const StepRecord& s = program_.steps[index];
    source_.open("{{ /* {} -> {} */", shape_text(tensor(s.in[0])), shape_text(tensor(s.out)));
    write_call_struct(index, "const struct DimpleCall call");
    source_.line("const struct DimpleRange rows = {{0, {}}};", tensor(s.out).height);
    source_.line("{}(&call, rows);", kernel_of(s));
    source_.close("}");
  }

  // A tensor of which some rows are there, and its two steps (format/stripes.h).
  void write_turns(size_t index) {
    const StepRecord &writer = program_.steps[index], &reader = program_.steps[index + 1];
    const TensorRecord& t = tensor(writer.out);
    const ops::Window window = format::striped_window(reader.op, program_.attributes.data() + reader.attributes);
    const format::Stripes stripes = format::stripes_of(t, window, tensor(reader.out).height);
    source_.open("{{ /* {} -> {} -> {}, {} rows of the middle one at a time */", shape_text(tensor(writer.in[0])),
                 shape_text(t), shape_text(tensor(reader.out)), stripes.rows_there);
    write_call_struct(index, "struct DimpleCall writer");
    write_call_struct(index + 1, "struct DimpleCall reader");
    source_.line("static const struct Turn turns[] = {{");
    int32_t count = 0;
    stripes.for_turns([&](const format::Turn& turn) {
      source_.line("  {{{}, {{{}, {}}}, {{{}, {}}}}},", turn.kept_first, turn.made_first, turn.made_last,
                   turn.out_first, turn.out_last);
      ++count;
    });
    source_.line("}};");
    source_.line("run_in_turns(&writer, {}, &reader, {}, turns, {}, {});", kernel_of(writer), kernel_of(reader), count,
                 t.bytes / static_cast<uint32_t>(stripes.rows_there));
    source_.close("}");
  }

  void define_turns() {
    source_.blank();
    source_.line(
        "/* Rows of a tensor that move to the front of its memory, are made behind them, are written by its reader. "
        "*/");
    source_.line("struct Turn {{");
    source_.line("  int32_t kept_first;");
    source_.line("  struct DimpleRange made, out;");
    source_.line("}};");
    source_.line("typedef void (*Kernel)(const struct DimpleCall* call, struct DimpleRange rows);");
    source_.blank();
    source_.line(
        "static void run_in_turns(struct DimpleCall* writer, Kernel write, struct DimpleCall* reader, Kernel read,");
    source_.line("                         const struct Turn* turns, int32_t count, int32_t row_bytes) {{");
    source_.line("  uint8_t* const memory = (uint8_t*)writer->out.data;");
    source_.line("  int32_t front = 0, i, at;");
    source_.line("  for (i = 0; i < count; ++i) {{");
    source_.line("    const int32_t kept = (turns[i].made.first - turns[i].kept_first) * row_bytes;");
    source_.line("    const int32_t from = (turns[i].kept_first - front) * row_bytes;");
    source_.line("    for (at = 0; from > 0 && at < kept; ++at) memory[at] = memory[from + at];");
    source_.line("    front = turns[i].kept_first;");
    source_.line("    writer->out.data = reader->in[0].data = memory - front * row_bytes;");
    source_.line("    if (turns[i].made.first < turns[i].made.last) write(writer, turns[i].made);");
    source_.line("    read(reader, turns[i].out);");
    source_.line("  }}");
    source_.line("}}");
  }

  // Every field, in their order: C++ warns of one that is left out, and refuses another order.
  void write_call_struct(size_t index, std::string_view declaration) {
    const StepRecord& s = program_.steps[index];
    source_.open("{} = {{", declaration);
    std::string in = tensor_literal(tensor(s.in[0]));
    for (int i = 1; i < ops::kMaxInputs && s.in[i] != kNone; ++i) in += ", " + tensor_literal(tensor(s.in[i]));
    source_.line(".in = {{{}}},", in);
    source_.line(".out = {},", tensor_literal(tensor(s.out)));
    const auto words = [](auto kind) { return format::attribute_words<decltype(kind)>(); };
    const bool has_attributes = ops::with_operator(static_cast<ops::OpCode>(s.op), words) != 0;
    source_.line(".attributes = {},", has_attributes ? fmt::format("&step{}_attributes", index) : "NULL");
    for (const auto& [role, at] : {std::pair{"weight", s.weight}, std::pair{"bias", s.bias},
                                   std::pair{"multiplier", s.multiplier}, std::pair{"shift", s.shift}}) {
      source_.line(".{} = {},", role, at != kNone ? fmt::format("step{}_{}", index, role) : "NULL");
    }
    source_.line(".clamp_low = {}, .clamp_high = {},", c_literal(s.clamp_low), c_literal(s.clamp_high));
    source_.line(".clamp_low_f32 = {}, .clamp_high_f32 = {},", c_literal(s.clamp_low_f32), c_literal(s.clamp_high_f32));
    source_.line(".scratch = {},", s.scratch_bytes != 0 ? fmt::format("base + {}", s.scratch_at) : "NULL");
    source_.line(".codebook = {}, .codebook_channels = {},",
                 s.codebook != kNone ? fmt::format("step{}_codebook", index) : "NULL", s.codebook_channels);
    source_.close("};");
  }

  const Program& program_;
  const compile::ProgramFacts& facts_;
  std::string name_, macro_;
  kernels::IsaSet isas_;
  bool exact_ = true;
  std::set<std::string> kernels_;
  std::set<std::string_view> declared_;  // operators whose attribute struct stands already
  CText header_, source_;
};

}  // namespace

CSources write_c(std::span<const uint8_t> program, std::string_view name, kernels::IsaSet isas) {
  return write_c(program, compile::read_facts(program, std::string(name)), name, isas);
}

CSources write_c(std::span<const uint8_t> program, const compile::ProgramFacts& facts, std::string_view name,
                 kernels::IsaSet isas) {
  const host::AlignedBytes copy(program);
  const Result<Program> read = format::read_program({copy.data(), copy.size()});
  if (!read.ok()) throw host::Error(host::Exit::model, describe(read.status()));
  return SourceWriter(read.value(), facts, name, isas).write();
}

}  // namespace dimple::exports

#include "format/validate.h"

#include "base/dtype.h"
#include "base/fixed_point.h"
#include "format/step_facts.h"
#include "format/stripes.h"

namespace dimple::format {
namespace {

using ops::Shape;

bool inside(uint64_t at, uint64_t bytes, uint64_t size) { return at % kAlign == 0 && at + bytes <= size; }

bool finite(float value) { return value - value == 0; }

Shape shape_of(const TensorRecord& t) { return {t.height, t.width, t.channels}; }

// All rows, or some (format/stripes.h).
bool has_its_bytes(const TensorRecord& t, DType dtype) {
  const int64_t row = bytes_of(dtype, int64_t{t.width} * t.channels), all = row * t.height;
  return t.bytes == all || (t.bytes > 0 && t.bytes < all && t.bytes % row == 0);
}

bool tensor_fits(const TensorRecord& t, uint32_t arena_bytes) {
  if (t.dtype >= static_cast<uint32_t>(kDTypeCount)) return false;
  const auto dtype = static_cast<DType>(t.dtype);
  const bool integer = dtype == DType::s8, bits = dtype == DType::b1;
  if (!integer && !bits && dtype != DType::f32) return false;
  if (bits && t.channels % 32 != 0) return false;
  if (!sane(shape_of(t)) || !has_its_bytes(t, dtype)) return false;
  if (!finite(t.scale) || (integer && !(t.scale > 0))) return false;
  if (t.zero_point < -128 || t.zero_point > 127) return false;
  return inside(t.arena_at, t.bytes, arena_bytes);
}

bool written_before(const Program& p, uint32_t tensor, size_t step) {
  if (tensor == p.header->input) return true;
  for (size_t i = 0; i < step; ++i)
    if (p.steps[i].out == tensor) return true;
  return false;
}

// Where `count` elements should lie in the constants: nowhere when there are none.
bool constant_fits(const Program& p, uint32_t at, int64_t count, uint32_t element_bytes) {
  if (count == 0) return at == kNone;
  return count <= int64_t{kMaxFileBytes} &&
         inside(at, static_cast<uint64_t>(count) * element_bytes, p.constants.size());
}

const int32_t* words_at(const Program& p, uint32_t at) {
  return reinterpret_cast<const int32_t*>(p.constants.data() + at);
}

bool scales_fit(const Program& p, const StepRecord& s, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t shift = words_at(p, s.shift)[i];
    if (shift < 1 || shift > 62 || words_at(p, s.multiplier)[i] < 0) return false;
  }
  return true;
}

// One bias per sum, and as many products in each.
bool sums_fit(const Program& p, const StepRecord& s, const ops::ParameterCounts& counts) {
  for (int64_t i = 0; i < counts.bias; ++i)
    if (!ops::sum_fits(counts.weight / counts.bias, words_at(p, s.bias)[i])) return false;
  return true;
}

// Codes stay codes, so that sums are those of weights in s8: there are as many entries as a code can name.
bool codebook_fits(const Program& p, const StepRecord& s, int64_t out_channels, int64_t& unused) {
  const int64_t entries = codebook_entries(s.types.weight), channels = s.codebook_channels;
  if (entries == 0) return s.codebook == kNone && channels == 0;
  if (s.layout != Layout::plain || channels < 1 || out_channels % channels != 0) return false;
  const int64_t bytes = out_channels / channels * entries;
  unused -= bytes;
  return constant_fits(p, s.codebook, bytes, 1);
}

// The weights in the layout that the step names; everything else is always plain. `unused`: bytes of the constants that
// no step before has taken. Steps share none: thousands that name the same would be checked, and packed, once for each.
bool parameters_fit(const Program& p, const StepRecord& s, const ops::Dims& weight, const ops::ParameterCounts& counts,
                    int64_t& unused) {
  const bool integer = s.types.weight != DType::f32;
  const int64_t bytes =
      s.layout == Layout::plain ? bytes_of(s.types.weight, counts.weight) : packed_bytes(s.layout, weight);
  if (!constant_fits(p, s.weight, bytes, 1)) return false;
  if (!constant_fits(p, s.bias, counts.bias, 4)) return false;
  if (!constant_fits(p, s.multiplier, counts.scales, 4) || !constant_fits(p, s.shift, counts.scales, 4)) return false;
  unused -= bytes + 4 * (counts.bias + 2 * counts.scales);
  if (!codebook_fits(p, s, weight.extent(ops::Axis::out), unused)) return false;
  if (unused < 0 || !scales_fit(p, s, counts.scales)) return false;
  return !integer || sums_fit(p, s, counts);
}

bool clamps_fit(const StepRecord& s) {
  return s.clamp_low >= -128 && s.clamp_low <= s.clamp_high && s.clamp_high <= 127 &&
         s.clamp_low_f32 <= s.clamp_high_f32;  // false for NaN
}

bool is(const TensorRecord& t, DType dtype) { return t.dtype == static_cast<uint32_t>(dtype); }

// An integer operator that leaves codes what they are: they must mean the same on both sides.
bool codes_fit(ops::IntegerForm form, const TensorRecord& in, const TensorRecord& out) {
  if (form != ops::IntegerForm::same_codes && form != ops::IntegerForm::none) return true;
  return in.scale == out.scale && in.zero_point == out.zero_point;
}

// How many inputs there are, each there before it is read, and of which shapes; 0 when they do not fit.
int inputs_of(const Program& p, const StepRecord& s, size_t index, Shape (&shapes)[ops::kMaxInputs]) {
  int inputs = 0;
  for (int i = 0; i < ops::kMaxInputs; ++i) {
    if (s.in[i] == kNone) continue;
    if (i != inputs++ || s.in[i] >= p.tensors.size() || !written_before(p, s.in[i], index)) return 0;
    shapes[i] = shape_of(p.tensors[s.in[i]]);
  }
  return inputs;
}

bool is_known(ops::Activation activation) {
  return activation >= ops::Activation::none && activation <= ops::Activation::relu6;
}

// The output that the operator computes is the one that is there, and types and codes are those of the step.
bool output_fits(const Program& p, const StepRecord& s, const Shape& expected, int inputs, ops::IntegerForm form) {
  const TensorRecord& out = p.tensors[s.out];
  if (!sane(expected) || !(expected == shape_of(out)) || !is(out, s.types.out)) return false;
  const bool integer = s.types.out == DType::s8 && s.types.in == DType::s8;
  for (int i = 0; i < inputs; ++i) {
    const TensorRecord& in = p.tensors[s.in[i]];
    if (!is(in, s.types.in)) return false;
    if (integer && !codes_fit(form, in, out)) return false;
  }
  return true;
}

bool step_fits(const Program& p, const OperatorFacts& op, size_t index, int64_t& unused) {
  const StepRecord& s = p.steps[index];
  if (uint64_t{s.attributes} + op.attribute_words > p.attributes.size() || s.out >= p.tensors.size()) return false;
  Shape shapes[ops::kMaxInputs];
  const int inputs = inputs_of(p, s, index, shapes);
  if (inputs == 0) return false;
  const StepFacts facts = op.of(p.attributes.data() + s.attributes, shapes, inputs);
  if (!facts.fits || !is_known(facts.activation) || !output_fits(p, s, facts.out, inputs, op.form)) return false;
  const ops::ParameterCounts counts = ops::parameter_counts(facts.parameters, op.form, s.types.weight != DType::f32);
  return parameters_fit(p, s, facts.parameters.weight, counts, unused);
}

Status validate_step(const Program& p, size_t index, int64_t& unused) {
  const StepRecord& s = p.steps[index];
  if (!ops::is_operator(s.op)) return Status::unknown_operator;
  if (static_cast<uint32_t>(s.layout) >= kLayoutCount) return Status::unknown_layout;
  const OperatorFacts& op = facts_of(static_cast<ops::OpCode>(s.op));
  if (!op.has(s.types)) return Status::unknown_type;
  const bool in_arena = s.scratch_bytes == 0 || inside(s.scratch_at, s.scratch_bytes, p.header->arena_bytes);
  return in_arena && clamps_fit(s) && step_fits(p, op, index, unused) ? Status::ok : Status::malformed;
}

// Tensors of which some rows are there: written by one step, read by the next alone, neither of which touches another.
bool stripes_fit(const Program& p) {
  const auto striped = [&](uint32_t tensor) { return is_striped(p.tensors[tensor]); };
  if (striped(p.header->input) || striped(p.header->output) || striped(p.header->logits)) return false;
  for (size_t i = 0; i < p.steps.size(); ++i) {
    const StepRecord& s = p.steps[i];
    int inputs = 0;  // that are striped
    for (const uint32_t in : s.in) inputs += in != kNone && striped(in);
    if (inputs > 0) {
      if (i == 0 || s.in[0] != p.steps[i - 1].out || inputs != 1 || striped(s.out) || !may_be_striped(s.op))
        return false;
      const ops::Window window = striped_window(s.op, p.attributes.data() + s.attributes);
      if (stripes_of(p.tensors[s.in[0]], window, p.tensors[s.out].height).out_rows() < 1) return false;
    }
    if (!striped(s.out)) continue;
    if (!may_be_striped(s.op) || i + 1 == p.steps.size() || p.steps[i + 1].in[0] != s.out) return false;
    for (size_t k = 0; k < p.steps.size(); ++k)
      if (k != i && p.steps[k].out == s.out) return false;
  }
  return true;
}

// What it makes is the input, in the input's codes.
bool preprocess_fits(const Program& p) {
  const image::Preprocess& how = p.header->preprocess;
  if (how == image::Preprocess{.width = 0, .height = 0, .channels = 0}) return true;
  const TensorRecord& in = p.tensors[p.header->input];
  if (!sane(how) || in.width != how.width || in.height != how.height || in.channels != how.channels) return false;
  return in.dtype != static_cast<uint32_t>(DType::s8) ||
         (in.scale == image::code_scale(how.normalise) && in.zero_point == 0);
}

// None, or one for each output.
bool labels_fit(const Program& p) {
  if (p.labels.empty()) return true;
  int64_t ends = 0;
  for (const uint8_t c : p.labels) ends += c == 0;
  return p.labels[p.labels.size() - 1] == 0 && ends == shape_of(p.tensors[p.header->output]).elements();
}

}  // namespace

Status validate(const Program& p) {
  const Header& h = *p.header;
  if (h.step_count > kMaxSteps) return Status::malformed;
  if (h.input >= h.tensor_count || h.output >= h.tensor_count || h.logits >= h.tensor_count) return Status::malformed;
  for (const TensorRecord& tensor : p.tensors)
    if (!tensor_fits(tensor, h.arena_bytes)) return Status::malformed;
  int64_t unused = static_cast<int64_t>(p.constants.size());
  for (size_t i = 0; i < p.steps.size(); ++i) {
    const Status status = validate_step(p, i, unused);
    if (status != Status::ok) return status;
  }
  if (!written_before(p, h.output, p.steps.size()) || !written_before(p, h.logits, p.steps.size()))
    return Status::malformed;
  return stripes_fit(p) && preprocess_fits(p) && labels_fit(p) ? Status::ok : Status::malformed;
}

}  // namespace dimple::format

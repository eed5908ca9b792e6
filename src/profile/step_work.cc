#include "profile/step_work.h"

#include <fmt/format.h>

#include "format/attributes.h"
#include "host/error.h"
#include "ir/traits.h"
#include "runtime/executor.h"

namespace dimple::profile {
namespace {

ops::Shape shape_of(const format::TensorRecord& t) { return {t.height, t.width, t.channels}; }

int64_t weight_bytes_of(const format::StepRecord& step, const ops::Dims& weight) {
  if (step.weight == format::kNone || weight.elements() == 0) return 0;
  if (step.layout != format::Layout::plain) return format::packed_bytes(step.layout, weight);
  const int64_t books = step.codebook == format::kNone ? 0 : weight.extent(ops::Axis::out) / step.codebook_channels;
  return bytes_of(step.types.weight, weight.elements()) + books * codebook_entries(step.types.weight);
}

// Of an output pixel. Kernels of codes unpack them for one that fills up eight lanes.
int64_t products_of(const kernels::KernelInfo& kernel, const ops::Dims& weight) {
  const format::LayoutInfo& layout = format::info_of(kernel.weights);
  const int64_t lanes = layout.order != format::Order::plain        ? layout.lanes
                        : codebook_entries(kernel.types.weight) > 0 ? 8
                                                                    : 1;
  if (layout.order == format::Order::plain)
    return round_up(weight.extent(ops::Axis::out), lanes) * weight.per_channel();
  const format::PackedShape shape = format::packed_shape(layout, weight);
  return round_up(weight.extent(ops::Axis::out), lanes) * shape.rows *
         round_up<int64_t>(shape.row_length, layout.group);
}

// Kernels of packed weights do the pixels of a row in pairs.
int64_t pixels_done(const kernels::KernelInfo& kernel, const ops::Shape& out) {
  const bool pairs = format::info_of(kernel.weights).order != format::Order::plain && out.width > 1;
  return int64_t{out.height} * (pairs ? round_up<int64_t>(out.width, 2) : out.width);
}

template <class Op>
void add_work_of(const format::StepRecord& step, const kernels::KernelInfo& kernel, const Op& op, const ops::Shape* in,
                 const ops::Shape& out, StepWork& work) {
  const ops::Dims weight = ops::parameters_of(op, in).weight;
  work.multiply_adds = ops::multiply_adds(op, in, out);
  work.weights = weight.elements(), work.weight_bytes = weight_bytes_of(step, weight);
  work.pixels = int64_t{out.height} * out.width;
  work.products = work.multiply_adds;
  if constexpr (ops::is_linear<Op>()) work.products = pixels_done(kernel, out) * products_of(kernel, weight);
  if constexpr (requires { op.window; }) {
    work.rows = work.pixels * op.window.kernel_h;
    work.gathered = work.rows * op.window.kernel_w * in[0].channels;
  }
}

StepWork work_of_step(const format::Program& program, uint32_t index, kernels::IsaSet isas) {
  const format::StepRecord& step = program.steps[index];
  const format::TensorRecord& to = program.tensors[step.out];
  const ops::Shape out = shape_of(to);
  StepWork work;
  work.layer = fmt::format("{:03}.{}", index, ir::name_of(static_cast<ops::OpCode>(step.op)));
  const kernels::KernelInfo* const found = runtime::kernel_of(program, step, isas);
  if (found == nullptr)
    throw host::Error(host::Exit::model, fmt::format("step {} has no kernel on this machine", work.layer),
                      "a program for one chip runs on no other: use the model that it was planned from");
  const kernels::KernelInfo& kernel = *found;
  work.kernel = kernel.name;
  work.output = fmt::format("{}x{}x{}", out.height, out.width, out.channels);
  work.outputs = out.elements();
  ops::Shape in[ops::kMaxInputs];
  for (int i = 0; i < ops::kMaxInputs; ++i)
    if (step.in[i] != format::kNone) in[i] = shape_of(program.tensors[step.in[i]]), work.inputs += in[i].elements();
  ops::with_operator(static_cast<ops::OpCode>(step.op), [&](auto kind) {
    add_work_of(step, kernel, format::load_attributes<decltype(kind)>(program.attributes.data() + step.attributes), in,
                out, work);
  });
  // Of convolutions and dense layers; other operators bring codes to codes.
  if (step.weight != format::kNone && static_cast<DType>(to.dtype) == DType::s8) work.rescaled = work.outputs;
  return work;
}

}  // namespace

std::vector<StepWork> work_of_steps(const format::Program& program, kernels::IsaSet isas) {
  std::vector<StepWork> steps;
  for (uint32_t i = 0; i < program.steps.size(); ++i) steps.push_back(work_of_step(program, i, isas));
  return steps;
}

DType precision_of(const format::Program& program) {
  for (const format::StepRecord& step : program.steps)
    if (step.weight != format::kNone && step.bias != format::kNone) return step.types.weight;
  return DType::f32;
}

}  // namespace dimple::profile

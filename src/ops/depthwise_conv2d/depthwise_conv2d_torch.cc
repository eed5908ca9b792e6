#include "nn/level.h"
#include "nn/plain.h"
#include "nn/window.h"
#include "ops/depthwise_conv2d/depthwise_conv2d_torch_loops.h"

namespace dimple::ops {
DIMPLE_LOOPS(DepthwiseLoops, depthwise_loops)

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct Depthwise : torch::autograd::Function<Depthwise> {
  static DepthwiseSizes sizes_of(const Tensor& x, const Tensor& y, const std::vector<int64_t>& window) {
    return {x.size(0), x.size(2), x.size(3), x.size(1), y.size(2), y.size(3),
            window[0], window[1], window[2], window[3], window[4], window[5]};
  }

  static Tensor forward(AutogradContext* ctx, const Tensor& in, const Tensor& weight, const Tensor& bias,
                        const Window& w) {
    const Tensor x = nn::nhwc(in), taps = weight.contiguous();
    const Tensor y = nn::empty_nhwc(x, x.size(1), (x.size(2) + w.pad_top + w.pad_bottom - w.kernel_h) / w.stride_h + 1,
                                    (x.size(3) + w.pad_left + w.pad_right - w.kernel_w) / w.stride_w + 1);
    const std::vector<int64_t> window{w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.pad_top, w.pad_left};
    depthwise_loops().forward(sizes_of(x, y, window), x.data_ptr<float>(), taps.data_ptr<float>(),
                              bias.data_ptr<float>(), y.data_ptr<float>());
    ctx->save_for_backward({x, taps});
    ctx->saved_data["window"] = window;
    ctx->saved_data["input"] = in.requires_grad();
    return y;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &taps = saved[1], dy = nn::nhwc(gradients[0]);
    const DepthwiseSizes sizes = sizes_of(x, dy, ctx->saved_data["window"].toIntVector());
    Tensor dx;
    if (ctx->saved_data["input"].toBool()) {
      dx = torch::empty_like(x);
      depthwise_loops().input_gradient(sizes, dy.data_ptr<float>(), taps.data_ptr<float>(), dx.data_ptr<float>());
    }
    const Tensor dtaps = torch::empty_like(taps), dbias = torch::empty({sizes.channels}, taps.options());
    depthwise_loops().weight_gradient(sizes, x.data_ptr<float>(), dy.data_ptr<float>(), dtaps.data_ptr<float>(),
                                      dbias.data_ptr<float>());
    return {dx, dtaps, dbias, Tensor()};
  }
};

}  // namespace

Tensor forward(const DepthwiseConv2d& op, const nn::Slot& slot) {
  if (nn::runs_here(slot.in[0]) && !op.window.dilated())
    return nn::activate(Depthwise::apply(slot.in[0], slot.weight, slot.bias, op.window), op.activation);
  const Tensor weight = slot.weight.permute({2, 0, 1}).unsqueeze(1);
  return nn::activate(nn::convolve(slot, weight, op.window, weight.size(0)), op.activation);
}

}  // namespace dimple::ops

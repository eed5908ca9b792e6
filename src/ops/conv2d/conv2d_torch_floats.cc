#include "ops/conv2d/conv2d_torch_floats.h"

#include "nn/level.h"
#include "nn/plain.h"
#include "ops/conv2d/conv2d_torch_loops.h"

namespace dimple::ops {
DIMPLE_LOOPS(Conv2dLoops, conv2d_loops)

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct Convolution : torch::autograd::Function<Convolution> {
  static Tensor forward(AutogradContext* ctx, const Tensor& in, const Tensor& weight, const Tensor& bias,
                        const Conv2dSizes& sizes) {
    const Tensor x = nn::nhwc(in), y = nn::empty_nhwc(x, sizes.out, sizes.out_height, sizes.out_width);
    const Tensor w = weight.contiguous();
    conv2d_loops().forward(sizes, x.data_ptr<float>(), w.data_ptr<float>(), bias.data_ptr<float>(),
                           y.data_ptr<float>());
    ctx->save_for_backward({x, w});
    ctx->saved_data["input"] = in.requires_grad();
    ctx->saved_data["sizes"] = std::vector<int64_t>(
        {sizes.pictures, sizes.height, sizes.width, sizes.in, sizes.out_height, sizes.out_width, sizes.out,
         sizes.kernel_h, sizes.kernel_w, sizes.stride_h, sizes.stride_w, sizes.pad_top, sizes.pad_left});
    return y;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], dy = nn::nhwc(gradients[0]);
    const auto s = ctx->saved_data["sizes"].toIntVector();
    const Conv2dSizes sizes{s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11], s[12]};
    Tensor dx;
    if (ctx->saved_data["input"].toBool()) {
      dx = torch::empty_like(x);
      conv2d_loops().input_gradient(sizes, dy.data_ptr<float>(), weight.data_ptr<float>(), dx.data_ptr<float>());
    }
    const Tensor dweight = torch::empty_like(weight), dbias = torch::empty({sizes.out}, weight.options());
    conv2d_loops().weight_gradient(sizes, x.data_ptr<float>(), dy.data_ptr<float>(), dweight.data_ptr<float>(),
                                   dbias.data_ptr<float>());
    return {dx, dweight, dbias, Tensor()};
  }
};

}  // namespace

Tensor convolve_floats(const Tensor& x, const Tensor& weight, const Tensor& bias, const Window& w,
                       int64_t out_channels) {
  const int64_t height = x.size(2), width = x.size(3);
  const Conv2dSizes sizes{x.size(0),
                          height,
                          width,
                          x.size(1),
                          (height + w.pad_top + w.pad_bottom - w.kernel_h) / w.stride_h + 1,
                          (width + w.pad_left + w.pad_right - w.kernel_w) / w.stride_w + 1,
                          out_channels,
                          w.kernel_h,
                          w.kernel_w,
                          w.stride_h,
                          w.stride_w,
                          w.pad_top,
                          w.pad_left};
  return Convolution::apply(x, weight, bias, sizes);
}

}  // namespace dimple::ops

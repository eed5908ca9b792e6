#include "nn/product.h"

#include "nn/window.h"

namespace dimple::nn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct Multiplied : torch::autograd::Function<Multiplied> {
  static Tensor forward(AutogradContext* ctx, const Tensor& in, const Tensor& weight, const Tensor& bias,
                        const ProductPtr& product) {
    const Tensor x = nhwc(in), w = weight.contiguous();
    Tensor y = empty_nhwc(x, product->out_channels, product->out_height, product->out_width);
    product->forward(product->pictures, x.data_ptr<float>(), w.data_ptr<float>(), bias.data_ptr<float>(),
                     y.data_ptr<float>());
    ctx->save_for_backward({x, w});
    ctx->saved_data["product"] = torch::IValue::make_capsule(product);
    ctx->saved_data["input"] = in.requires_grad();
    ctx->saved_data["bias"] = bias.requires_grad();
    return y;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], dy = nhwc(gradients[0]);
    const auto& product = static_cast<const Product&>(*ctx->saved_data["product"].toCapsule());
    Tensor dx, dbias;
    if (ctx->saved_data["input"].toBool()) {
      dx = torch::empty_like(x);
      product.input_gradient(product.pictures, dy.data_ptr<float>(), weight.data_ptr<float>(), dx.data_ptr<float>());
    }
    if (ctx->saved_data["bias"].toBool()) dbias = torch::empty({product.out_channels}, weight.options());
    const Tensor dweight = torch::empty_like(weight);
    product.weight_gradient(product.pictures, x.data_ptr<float>(), dy.data_ptr<float>(), dweight.data_ptr<float>(),
                            dbias.defined() ? dbias.data_ptr<float>() : nullptr);
    return {dx, dweight, dbias, Tensor()};
  }
};

}  // namespace

Tensor multiply(const ProductPtr& product, const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return Multiplied::apply(x, weight, bias, product);
}

}  // namespace dimple::nn

#include "loops/level.h"
#include "nn/own_loops.h"
#include "nn/window.h"
#include "ops/activation.h"

namespace dimple::ops {

namespace {

using nn::Product;
using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// Pictures at a time: few enough that what a product writes is still near when it is read.
int64_t block_of(const Product& product) {
  constexpr int64_t kNear = 768 << 10;  // bytes: half of a small second-level cache
  return std::max<int64_t>(1, kNear / (4 * (product.in_floats + product.out_floats())));
}

// each(first picture, how many) for the blocks of a product.
template <class Each>
void for_blocks(const Product& product, const Each& each) {
  const int64_t block = block_of(product);
  for (int64_t first = 0; first < product.pictures; first += block)
    each(first, std::min(block, product.pictures - first));
}

loops::BatchNormSizes sizes_of(const Tensor& x, int64_t then, int64_t then_sum) {
  const ClampFloats bounds = clamp_floats(static_cast<Activation>(then)),
                    sum = clamp_floats(static_cast<Activation>(then_sum));
  const int64_t pixels = x.numel() / x.size(1);
  return {pixels, x.size(1), bounds.low, bounds.high, sum.low, sum.high, pixels};
}
loops::BatchNormSizes some_of(const loops::BatchNormSizes& all, const Product& product, int64_t pictures) {
  loops::BatchNormSizes some = all;
  some.pixels = pictures * product.out_height * product.out_width;
  return some;
}

// What one channel brings to the passes over its pixels.
struct Channels {
  Tensor all;  // 5 x channels
  float *mean, *variance, *inverse, *scale, *shift;
  explicit Channels(const Tensor& t)
      : all(t), mean(row(0)), variance(row(1)), inverse(row(2)), scale(row(3)), shift(row(4)) {}
  float* row(int64_t i) const { return all.data_ptr<float>() + i * all.size(1); }
};

// mean = k + S1 / n,   variance = S2 / n - (S1 / n)^2; what is gathered is the variance without bias.
void finish(const Channels& c, const float* k, const loops::BatchNormSizes& s, const Tensor& gamma, const Tensor& beta,
            Tensor statistics, double epsilon, double momentum) {
  const auto n = static_cast<float>(s.all_pixels);
  const float unbiased = n / std::max(1.0f, n - 1), keep = static_cast<float>(momentum);
  const float *weight = gamma.data_ptr<float>(), *bias = beta.data_ptr<float>();
  float *means = statistics.data_ptr<float>(), *variances = means + s.channels;
  for (int64_t i = 0; i < s.channels; ++i) {
    const float off = c.mean[i] / n;
    c.variance[i] = std::max(0.0f, c.variance[i] / n - off * off);
    c.mean[i] = k[i] + off;
    means[i] += keep * (c.mean[i] - means[i]);
    variances[i] += keep * (c.variance[i] * unbiased - variances[i]);
    c.inverse[i] = 1 / std::sqrt(c.variance[i] + static_cast<float>(epsilon));
    c.scale[i] = weight[i] * c.inverse[i];
    c.shift[i] = bias[i] - c.mean[i] * c.scale[i];
  }
}

// act(norm(in)), or act(norm(product(in))); act_sum(that + shortcut), where there is one.
struct Trained : torch::autograd::Function<Trained> {
  static Tensor forward(AutogradContext* ctx, const Tensor& in, const Tensor& weight, const Tensor& product_bias,
                        const Tensor& gamma, const Tensor& beta, const Tensor& shortcut, const nn::ProductPtr& product,
                        const Tensor& statistics, double epsilon, double momentum, int64_t then, int64_t then_sum) {
    TORCH_CHECK(in.numel() > 0, "a batch norm has nothing to gather from");
    const auto& loops = loops::batch_norm_loops();
    const Tensor source = nn::nhwc(in), w = product ? weight.contiguous() : Tensor();
    const Tensor x =
        product ? nn::empty_nhwc(source, product->out_channels, product->out_height, product->out_width) : source;
    const loops::BatchNormSizes sizes = sizes_of(x, then, then_sum);
    const Channels channels(torch::zeros({5, sizes.channels}, gamma.options().requires_grad(false)));
    float* const to = x.data_ptr<float>();
    std::vector<float> k(static_cast<size_t>(sizes.channels));
    if (!product) {
      std::copy_n(to, k.size(), k.data());
      loops.add_sums(sizes, to, k.data(), channels.mean, channels.variance);
    } else {
      for_blocks(*product, [&](int64_t first, int64_t count) {
        float* const y = to + first * product->out_floats();
        product->forward(count, source.data_ptr<float>() + first * product->in_floats, w.data_ptr<float>(),
                         product_bias.data_ptr<float>(), y);
        if (first == 0) std::copy_n(y, k.size(), k.data());
        loops.add_sums(some_of(sizes, *product, count), y, k.data(), channels.mean, channels.variance);
      });
    }
    finish(channels, k.data(), sizes, gamma, beta, statistics, epsilon, momentum);
    Tensor y = torch::empty_like(x);
    const bool sums = shortcut.numel() > 0;
    TORCH_CHECK(!sums || shortcut.sizes() == x.sizes(), "a sum of two shapes");
    const Tensor other = sums ? nn::nhwc(shortcut) : Tensor();
    loops.apply(sizes, to, channels.scale, channels.shift, sums ? other.data_ptr<float>() : nullptr,
                y.data_ptr<float>());

    std::vector<Tensor> kept{x, channels.all};
    if (product) kept.insert(kept.end(), {source, w});
    if (then_sum != static_cast<int64_t>(Activation::none)) kept.push_back(y);
    ctx->save_for_backward(kept);
    ctx->saved_data["shortcut"] = sums && shortcut.requires_grad();
    ctx->saved_data["then_sum"] = then_sum;
    if (product) ctx->saved_data["product"] = torch::IValue::make_capsule(product);
    ctx->saved_data["then"] = then;
    ctx->saved_data["input"] = in.requires_grad();
    ctx->saved_data["bias"] = product && product_bias.requires_grad();
    return y;
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto& loops = loops::batch_norm_loops();
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], given = nn::nhwc(gradients[0]);
    const Channels c(saved[1]);
    const int64_t then_sum = ctx->saved_data["then_sum"].toInt();
    const loops::BatchNormSizes sizes = sizes_of(x, ctx->saved_data["then"].toInt(), then_sum);
    const bool has_product = ctx->saved_data.count("product") > 0,
               clamped = then_sum != static_cast<int64_t>(Activation::none);
    const Tensor dy = clamped ? torch::empty_like(x) : given;
    const Tensor dbeta = torch::empty({sizes.channels}, c.all.options()),
                 dgamma = torch::empty({1, sizes.channels}, c.all.options());
    loops.gradient_sums(sizes, x.data_ptr<float>(), given.data_ptr<float>(),
                        clamped ? saved.back().data_ptr<float>() : nullptr, c.scale, c.shift, c.mean, c.inverse,
                        dbeta.data_ptr<float>(), dgamma.data_ptr<float>(), clamped ? dy.data_ptr<float>() : nullptr);
    const auto gradient = [&](const loops::BatchNormSizes& some, int64_t at, float* to) {
      loops.gradient(some, x.data_ptr<float>() + at, dy.data_ptr<float>() + at, c.scale, c.shift, c.mean, c.inverse,
                     dbeta.data_ptr<float>(), dgamma.data_ptr<float>(), to);
    };
    Tensor din, dweight, dbias;
    if (!has_product) {
      din = torch::empty_like(x);
      gradient(sizes, 0, din.data_ptr<float>());
    } else {
      // The product's output gradient is never there as a whole: a block of it goes on at once into the two gradients.
      const Tensor &source = saved[2], &weight = saved[3];
      const auto& product = static_cast<const Product&>(*ctx->saved_data["product"].toCapsule());
      const bool wants_input = ctx->saved_data["input"].toBool(), wants_bias = ctx->saved_data["bias"].toBool();
      if (wants_input) din = torch::empty_like(source);
      dweight = torch::empty_like(weight);
      if (wants_bias) dbias = torch::empty({sizes.channels}, c.all.options());
      const Tensor block =
          torch::empty({std::min(product.pictures, block_of(product)), product.out_floats()}, c.all.options());
      for_blocks(product, [&](int64_t first, int64_t count) {
        float* const d = block.data_ptr<float>();
        gradient(some_of(sizes, product, count), first * product.out_floats(), d);
        if (wants_input)
          product.input_gradient(count, d, weight.data_ptr<float>(), din.data_ptr<float>() + first * product.in_floats);
        const Tensor dw = first == 0 ? dweight : torch::empty_like(dweight);
        const Tensor db = first == 0 || !wants_bias ? dbias : torch::empty_like(dbias);
        product.weight_gradient(count, source.data_ptr<float>() + first * product.in_floats, d, dw.data_ptr<float>(),
                                wants_bias ? db.data_ptr<float>() : nullptr);
        if (first > 0) dweight.add_(dw);
        if (first > 0 && wants_bias) dbias.add_(db);
      });
    }
    const Tensor dshortcut = ctx->saved_data["shortcut"].toBool() ? dy : Tensor();
    return {din, dweight, dbias, dgamma, dbeta, dshortcut, Tensor(), Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor forward(const BatchNorm& op, const nn::Slot& slot) {
  const Tensor none = torch::empty({0});  // autograd wants its arguments defined
  const auto train_in_own_loops = [&](const Tensor& in, const Tensor& weight, const Tensor& bias,
                                      const nn::ProductPtr& p) {
    return Trained::apply(in, weight, bias, slot.weight, slot.bias, slot.shortcut.defined() ? slot.shortcut : none, p,
                          slot.statistics, double{op.epsilon}, double{op.momentum}, static_cast<int64_t>(slot.then),
                          static_cast<int64_t>(slot.then_sum));
  };
  if (slot.before)
    return train_in_own_loops(slot.before->x, slot.before->weight, slot.before->bias, slot.before->product);
  if (slot.training && nn::own_loops_fit(slot.in[0])) return train_in_own_loops(slot.in[0], none, none, {});
  const Tensor y = nn::activate(torch::batch_norm(slot.in[0], slot.weight[0], slot.bias, slot.statistics[0],
                                                  slot.statistics[1], slot.training, op.momentum, op.epsilon, false),
                                slot.then);
  return slot.shortcut.defined() ? nn::add(y, slot.shortcut, slot.then_sum) : y;
}

}  // namespace dimple::ops

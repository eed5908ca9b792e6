#include "loops/level.h"
#include "nn/product.h"
#include "nn/window.h"
#include "ops/activation.h"

namespace dimple::ops {

namespace {

using nn::Product;
using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// Pictures at a time: few enough that what a product writes is still in the cache when the norm reads it.
int64_t block_of(const Product& product) {
  constexpr int64_t kBytes = 768 << 10;  // half of a small second-level cache
  return std::max<int64_t>(1, kBytes / (4 * (product.in_floats + product.out_floats())));
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

// y = product(x), block by block, and each channel's sums over it about k, the values of y's first pixel.
void multiply_and_sum(const loops::BatchNormSizes& sizes, const Product& product, const float* x, const float* weight,
                      const float* bias, float* y, std::vector<float>& k, const Channels& c) {
  for_blocks(product, [&](int64_t first, int64_t count) {
    float* const block = y + first * product.out_floats();
    product.forward(count, x + first * product.in_floats, weight, bias, block);
    if (first == 0) std::copy_n(block, k.size(), k.data());
    loops::batch_norm_loops().add_sums(some_of(sizes, product, count), block, k.data(), c.mean, c.variance);
  });
}

struct Wanted {
  bool input, bias;
};

// The gradients of x, weight and bias. gradient(first picture, how many, to) writes a block of the output's gradient,
// which goes on at once into the three: it is never there as a whole.
template <class Gradient>
tensor_list product_gradients(const Product& product, const Tensor& x, const Tensor& weight, Wanted wanted,
                              const Gradient& gradient) {
  const Tensor dx = wanted.input ? torch::empty_like(x) : Tensor(), dweight = torch::empty_like(weight);
  const auto new_bias = [&] { return torch::empty({product.out_channels}, weight.options().requires_grad(false)); };
  const Tensor dbias = wanted.bias ? new_bias() : Tensor();
  const Tensor block = torch::empty({std::min(product.pictures, block_of(product)), product.out_floats()},
                                    weight.options().requires_grad(false));
  for_blocks(product, [&](int64_t first, int64_t count) {
    float* const d = block.data_ptr<float>();
    gradient(first, count, d);
    if (wanted.input)
      product.input_gradient(count, d, weight.data_ptr<float>(), dx.data_ptr<float>() + first * product.in_floats);
    const Tensor dw = first == 0 ? dweight : torch::empty_like(dweight);
    const Tensor db = first == 0 || !wanted.bias ? dbias : new_bias();
    product.weight_gradient(count, x.data_ptr<float>() + first * product.in_floats, d, dw.data_ptr<float>(),
                            wanted.bias ? db.data_ptr<float>() : nullptr);
    if (first > 0) dweight.add_(dw);
    if (first > 0 && wanted.bias) dbias.add_(db);
  });
  return {dx, dweight, dbias};
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
      multiply_and_sum(sizes, *product, source.data_ptr<float>(), w.data_ptr<float>(), product_bias.data_ptr<float>(),
                       to, k, channels);
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
    tensor_list before;
    if (has_product) {
      const auto& product = static_cast<const Product&>(*ctx->saved_data["product"].toCapsule());
      const Wanted wanted{ctx->saved_data["input"].toBool(), ctx->saved_data["bias"].toBool()};
      before = product_gradients(product, saved[2], saved[3], wanted, [&](int64_t first, int64_t count, float* to) {
        gradient(some_of(sizes, product, count), first * product.out_floats(), to);
      });
    } else {
      before = {torch::empty_like(x), Tensor(), Tensor()};
      gradient(sizes, 0, before[0].data_ptr<float>());
    }
    const Tensor dshortcut = ctx->saved_data["shortcut"].toBool() ? dy : Tensor();
    return {before[0], before[1], before[2], dgamma, dbeta, dshortcut, {}, {}, {}, {}, {}, {}};
  }
};

}  // namespace

Tensor forward(const BatchNorm& op, const nn::NormSlot& slot) {
  if (slot.product || (slot.training && nn::own_loops_fit(slot.in))) {
    const Tensor none = torch::empty({0});  // autograd wants its arguments defined
    const auto or_none = [&](const Tensor& t) { return t.defined() ? t : none; };
    return Trained::apply(slot.in, or_none(slot.product_weight), or_none(slot.product_bias), slot.gamma, slot.beta,
                          or_none(slot.shortcut), slot.product, slot.statistics, double{op.epsilon},
                          double{op.momentum}, static_cast<int64_t>(slot.then), static_cast<int64_t>(slot.then_sum));
  }
  const Tensor y = nn::activate(torch::batch_norm(slot.in, slot.gamma[0], slot.beta, slot.statistics[0],
                                                  slot.statistics[1], slot.training, op.momentum, op.epsilon, false),
                                slot.then);
  return slot.shortcut.defined() ? nn::add(y, slot.shortcut, slot.then_sum) : y;
}

}  // namespace dimple::ops

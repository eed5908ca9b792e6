// Our own convolution, dense product and batch norm against libtorch's, in values and gradients.
#include <gtest/gtest.h>

#include <random>

#include "loops/level.h"
#include "nn/product.h"
#include "nn/slot.h"

namespace dimple::ops {

namespace {

std::vector<const loops::Conv2dLoops*> levels() {
  std::vector<const loops::Conv2dLoops*> all{&loops::conv2d_loops_base};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(&loops::conv2d_loops_v3);
#endif
  if (&loops::conv2d_loops() != all.back()) all.push_back(&loops::conv2d_loops());
  return all;
}

using torch::Tensor;

// The largest difference, in parts of the largest value.
double difference(const Tensor& ours, const Tensor& theirs) {
  const Tensor want = theirs.to(torch::kFloat64);
  return ((ours.to(torch::kFloat64) - want).abs().max() / want.abs().max().clamp_min(1e-3)).item<double>();
}

class Pick {
 public:
  explicit Pick(uint32_t seed) : random_(seed) {}
  int operator()(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<uint32_t>(high - low + 1));
  }
  Window window(bool even) {
    Window w{(*this)(1, 4), (*this)(1, 4), (*this)(1, 3), (*this)(1, 3), 0, 0, 0, 0};
    w.pad_top = (*this)(0, w.kernel_h - 1), w.pad_left = (*this)(0, w.kernel_w - 1);
    w.pad_bottom = even ? w.pad_top : (*this)(0, w.kernel_h - 1);
    w.pad_right = even ? w.pad_left : (*this)(0, w.kernel_w - 1);
    return w;
  }

 private:
  std::mt19937 random_;
};

Tensor leaf(const Tensor& t) { return t.detach().clone().requires_grad_(); }

// theirs(x, weight, bias) in double; ours through the slot.
template <class Op, class Theirs>
void expect_same(const Op& op, const Tensor& x, const Tensor& weight, const Tensor& bias, const Theirs& theirs,
                 const std::string& what) {
  const Tensor a = leaf(x), w = leaf(weight), b = leaf(bias);
  const Tensor in[] = {a};
  const Tensor ours = forward(op, nn::Slot{in, w, b, true});
  const Tensor a2 = leaf(x.to(torch::kFloat64)), w2 = leaf(weight.to(torch::kFloat64)),
               b2 = leaf(bias.to(torch::kFloat64)), want = theirs(a2, w2, b2);
  ASSERT_EQ(ours.sizes(), want.sizes()) << what;
  const Tensor mix = torch::randn(ours.sizes());
  (ours * mix).sum().backward();
  (want * mix).sum().backward();
  EXPECT_LT(difference(ours, want), 1e-5) << what;
  EXPECT_LT(difference(a.grad(), a2.grad()), 1e-5) << what << ": gradient of the input";
  EXPECT_LT(difference(w.grad(), w2.grad()), 1e-5) << what << ": gradient of the weight";
  EXPECT_LT(difference(b.grad(), b2.grad()), 1e-5) << what << ": gradient of the bias";
}

std::string said(const Window& w, const Tensor& x) {
  std::ostringstream s;
  s << x.sizes() << " window " << w.kernel_h << "x" << w.kernel_w << " stride " << w.stride_h << "," << w.stride_w
    << " pads " << w.pad_top << "," << w.pad_left << "," << w.pad_bottom << "," << w.pad_right;
  return s.str();
}

Tensor padded(const Tensor& x, const Window& w) {
  return torch::constant_pad_nd(x, {w.pad_left, w.pad_right, w.pad_top, w.pad_bottom}, 0);
}

TEST(Conv2dFloats, GiveWhatLibtorchGives) {
  torch::manual_seed(1);
  Pick pick(1);
  for (int i = 0; i < 40; ++i) {
    const Window w = i % 4 == 0 ? Window{} : pick.window(false);
    const int in = pick(1, 20), out = pick(1, 70);
    const Tensor x = torch::randn({pick(1, 3), in, pick(4, 13), pick(4, 30)});
    expect_same(
        Conv2d{out, w}, x, torch::randn({out, w.kernel_h, w.kernel_w, in}), torch::randn({out}),
        [&](const Tensor& a, const Tensor& weight, const Tensor& bias) {
          return torch::conv2d(padded(a, w), weight.permute({0, 3, 1, 2}), bias,
                               std::vector<int64_t>{w.stride_h, w.stride_w});
        },
        said(w, x));
  }
}

// Whole vectors of channels and windows of 3x3, which go another way: tiles that hang over the border, margins of 0
// to 2.
TEST(Conv2dFloats, GiveWhatLibtorchGivesByTiles) {
  torch::manual_seed(8);
  Pick pick(8);
  for (int i = 0; i < 24; ++i) {
    const Window w{3, 3, 1, 1, pick(0, 2), pick(0, 2), pick(0, 2), pick(0, 2)};
    const int in = 16 * pick(1, 4), out = 16 * pick(1, 5);
    const Tensor x = torch::randn({pick(1, 5), in, pick(3, 13), pick(3, 30)});
    expect_same(
        Conv2d{out, w}, x, torch::randn({out, 3, 3, in}), torch::randn({out}),
        [&](const Tensor& a, const Tensor& weight, const Tensor& bias) {
          return torch::conv2d(padded(a, w), weight.permute({0, 3, 1, 2}), bias);
        },
        said(w, x));
  }
}

// What older machines run, as far as this one can run it too.
TEST(Conv2dFloats, GiveTheSameOnEveryLevelOfMachine) {
  torch::manual_seed(9);
  for (const int64_t kernel : {1, 2, 3})
    for (const int64_t channels : {12, 32}) {
      const loops::Conv2dSizes s{
          {3, 10, 11, 10, 11, kernel, kernel, 1, 1, (kernel - 1) / 2, (kernel - 1) / 2}, channels, 32};
      const Tensor x = torch::randn({s.pictures, s.height, s.width, s.in}), bias = torch::randn({s.out}),
                   weight = torch::randn({s.out, kernel, kernel, s.in}),
                   dy = torch::randn({s.pictures, s.out_height, s.out_width, s.out});
      std::vector<std::vector<Tensor>> results;
      for (const loops::Conv2dLoops* loops : levels()) {
        const Tensor y = torch::empty_like(dy), dx = torch::empty_like(x), dweight = torch::empty_like(weight),
                     dbias = torch::empty_like(bias);
        loops->forward(s, x.data_ptr<float>(), weight.data_ptr<float>(), bias.data_ptr<float>(), y.data_ptr<float>());
        loops->input_gradient(s, dy.data_ptr<float>(), weight.data_ptr<float>(), dx.data_ptr<float>());
        loops->weight_gradient(s, x.data_ptr<float>(), dy.data_ptr<float>(), dweight.data_ptr<float>(),
                               dbias.data_ptr<float>());
        results.push_back({y, dx, dweight, dbias});
        for (size_t i = 0; i < 4; ++i)
          EXPECT_LT(difference(results.back()[i], results[0][i]), 1e-5) << kernel << " " << i;
      }
    }
}

TEST(DepthwiseFloats, GiveWhatLibtorchGives) {
  torch::manual_seed(2);
  Pick pick(2);
  for (int i = 0; i < 40; ++i) {
    Window w = pick.window(false);
    if (i % 3 == 0) w = {3, 3, 1 + i % 2, 1 + i % 2, 1, 1, 1, 1};
    const int channels = i % 2 ? pick(1, 40) : 16 * pick(1, 4);
    const Tensor x = torch::randn({pick(1, 3), channels, pick(4, 13), pick(4, 30)});
    expect_same(
        DepthwiseConv2d{w}, x, torch::randn({w.kernel_h, w.kernel_w, channels}), torch::randn({channels}),
        [&](const Tensor& a, const Tensor& weight, const Tensor& bias) {
          return torch::conv2d(padded(a, w), weight.permute({2, 0, 1}).unsqueeze(1), bias,
                               std::vector<int64_t>{w.stride_h, w.stride_w}, std::vector<int64_t>{0, 0},
                               std::vector<int64_t>{1, 1}, channels);
        },
        said(w, x));
  }
}

TEST(DenseFloats, GiveWhatLibtorchGives) {
  torch::manual_seed(3);
  for (const auto& [in, out] : {std::pair{1, 1}, {7, 3}, {128, 7}, {100, 90}}) {
    const Tensor x = torch::randn({5, in, 1, 1});
    expect_same(
        Dense{out}, x, torch::randn({out, in}), torch::randn({out}),
        [](const Tensor& a, const Tensor& weight, const Tensor& bias) {
          return torch::linear(a.flatten(1), weight, bias).unsqueeze(-1).unsqueeze(-1);
        },
        std::to_string(in));
  }
}

TEST(BatchNormFloats, GiveWhatLibtorchGivesWithTheActivationBehind) {
  torch::manual_seed(4);
  for (const Activation then : {Activation::none, Activation::relu, Activation::relu6})
    for (const int channels : {1, 7, 16, 37, 64}) {
      const Tensor x = 3 * torch::randn({4, channels, 6, 5}) + 40;  // far from 0: variances must not cancel
      const Tensor gamma = leaf(torch::randn({1, channels})), beta = leaf(torch::randn({channels}));
      const Tensor a = leaf(x), statistics = torch::rand({2, channels}) + 0.5, before = statistics.clone();
      const Tensor ours = forward(BatchNorm{}, nn::NormSlot{a, gamma, beta, statistics, true, then});
      const auto wide = [](const Tensor& t) { return leaf(t.to(torch::kFloat64)); };
      const Tensor a2 = wide(x), gamma2 = wide(gamma), beta2 = wide(beta);
      const Tensor mean = before[0].to(torch::kFloat64), variance = before[1].to(torch::kFloat64);
      Tensor want = torch::batch_norm(a2, gamma2[0], beta2, mean, variance, true, 0.1, BatchNorm{}.epsilon, false);
      if (then == Activation::relu) want = torch::relu(want);
      if (then == Activation::relu6) want = torch::clamp(want, 0, 6);
      const Tensor mix = torch::randn(ours.sizes());
      (ours * mix).sum().backward();
      (want * mix).sum().backward();
      EXPECT_LT(difference(ours, want), 2e-5) << channels;
      EXPECT_LT(difference(a.grad(), a2.grad()), 2e-4) << channels;
      EXPECT_LT(difference(gamma.grad(), gamma2.grad()), 1e-4) << channels;
      EXPECT_LT(difference(beta.grad(), beta2.grad()), 1e-4) << channels;
      EXPECT_LT(difference(statistics[0], mean), 1e-5) << channels;
      EXPECT_LT(difference(statistics[1], variance), 1e-5) << channels;
    }
}

// A product that waits for its batch norm: in blocks of some pictures (these are too large for one), strided or not.
TEST(NormedProductFloats, GiveWhatLibtorchGives) {
  torch::manual_seed(5);
  for (const auto& [stride, depthwise, in, out] : std::vector<std::tuple<int, bool, int64_t, int64_t>>{
           {1, false, 20, 24}, {2, false, 20, 24}, {1, true, 20, 20}, {2, true, 20, 20}, {1, false, 32, 32}}) {
    const Window w{3, 3, stride, stride, 1, 1, 1, 1};
    const Tensor x = leaf(torch::randn({9, in, 50, 46})), bias = leaf(torch::randn({out}));
    const Tensor weight = leaf(depthwise ? torch::randn({3, 3, in}) : torch::randn({out, 3, 3, in}));
    const Tensor norm = leaf(torch::rand({1, out}) + 0.5), beta = leaf(torch::randn({out}));
    const Tensor read[] = {x};
    const nn::Slot before{read, weight, bias, true};
    const nn::ProductPtr convolution =
        depthwise ? product(DepthwiseConv2d{.window = w}, before)
                  : product(Conv2d{.out_channels = static_cast<int32_t>(out), .window = w}, before);
    ASSERT_TRUE(convolution);
    Tensor statistics = torch::stack({torch::zeros({out}), torch::ones({out})});
    nn::NormSlot slot{x, norm, beta, statistics, true, Activation::relu6};
    slot.product = convolution, slot.product_weight = weight, slot.product_bias = bias;
    const Tensor ours = forward(BatchNorm{.epsilon = 1e-3f, .momentum = 0.1f}, slot);

    const auto wide = [](const Tensor& t) { return leaf(t.to(torch::kFloat64)); };
    const Tensor x2 = wide(x), w2 = wide(weight), b2 = wide(bias), n2 = wide(norm), e2 = wide(beta);
    const Tensor theirs_weight = depthwise ? w2.permute({2, 0, 1}).unsqueeze(1) : w2.permute({0, 3, 1, 2});
    Tensor mean = torch::zeros({out}, torch::kFloat64), variance = torch::ones({out}, torch::kFloat64);
    const Tensor want =
        torch::clamp(torch::batch_norm(torch::conv2d(x2, theirs_weight, b2, stride, 1, 1, depthwise ? in : 1), n2[0],
                                       e2, mean, variance, true, 0.1, 1e-3, false),
                     0, 6);
    const Tensor mix = torch::randn(ours.sizes());
    (ours * mix).sum().backward();
    (want * mix).sum().backward();
    const std::string what = said(w, x) + (depthwise ? " depthwise" : "");
    EXPECT_LT(difference(ours, want), 1e-5) << what;
    EXPECT_LT(difference(statistics[0], mean), 1e-5) << what;
    EXPECT_LT(difference(statistics[1], variance), 1e-5) << what;
    EXPECT_LT(difference(x.grad(), x2.grad()), 2e-5) << what << ": gradient of the input";
    EXPECT_LT(difference(weight.grad(), w2.grad()), 2e-5) << what << ": gradient of the weight";
    EXPECT_LT(bias.grad().abs().max().item<double>(), 1e-2) << what << ": a norm takes the bias away";
    EXPECT_LT(difference(norm.grad(), n2.grad()), 2e-5) << what << ": gradient of gamma";
    EXPECT_LT(difference(beta.grad(), e2.grad()), 2e-5) << what << ": gradient of beta";
  }
}

}  // namespace
}  // namespace dimple::ops

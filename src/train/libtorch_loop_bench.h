// A training loop as a libtorch user would write it: the same two nets of its modules, the same augmentations in
// floating point, pixel by pixel. libtorch_loop_bench.cc compares ours with it.
#pragma once
#include <algorithm>
#include <cmath>
#include <random>

#include "data/dataset.h"
#include "ir/graph.h"
#include "media/decode.h"
#include "media/encode.h"
#include "nn/torch.h"

namespace dimple::train {

using torch::Tensor;

// Each picture of a set as a file would hold it.
using Files = std::vector<std::vector<uint8_t>>;

inline Files encode(const data::Dataset& set) {
  Files files;
  for (size_t i = 0; i < set.size(); ++i) {
    media::Picture picture(set.width, set.height, set.channels);
    std::ranges::copy(set.picture(i), picture.pixels.begin());
    files.push_back(media::encode_png(picture));
  }
  return files;
}

// Modules in the order in which the graph names them, so that both nets can begin with the same weights.
struct LibtorchNet : torch::nn::Module {
  virtual Tensor forward(Tensor x) = 0;

  torch::nn::Conv2d conv(int in, int out, int kernel, int stride, int groups = 1) {
    return add(
        "conv",
        torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).groups(groups)));
  }
  torch::nn::BatchNorm2d norm(int channels) { return add("norm", torch::nn::BatchNorm2d(channels)); }
  torch::nn::Linear linear(int in, int out) { return add("linear", torch::nn::Linear(in, out)); }

  std::vector<std::pair<Tensor, Tensor>> weights;  // weight and bias of each module, in order

 private:
  template <class Module>
  Module add(const std::string& name, Module m) {
    register_module(name + std::to_string(weights.size()), m);
    weights.emplace_back(m->weight, m->bias);
    return m;
  }
};

struct LibtorchDs48 final : LibtorchNet {
  explicit LibtorchDs48(int classes) {
    layers.push_back({conv(1, 16, 3, 1), norm(16)});
    int in = 16;
    for (const auto& [stride, out] :
         {std::pair{2, 32}, {1, 32}, {2, 64}, {1, 64}, {1, 64}, {1, 64}, {2, 128}, {1, 128}, {1, 128}}) {
      auto depthwise = conv(in, in, 3, stride, in);
      auto depthwise_norm = norm(in);
      auto pointwise = conv(in, out, 1, 1);
      layers.push_back({depthwise, depthwise_norm});
      layers.push_back({pointwise, norm(out)});
      in = out;
    }
    head = linear(in, classes);
  }
  Tensor forward(Tensor x) override {
    for (auto& [c, n] : layers) x = torch::nn::functional::relu6(n(c(x)));
    return head(torch::adaptive_avg_pool2d(x, {1, 1}).flatten(1));
  }
  std::vector<std::pair<torch::nn::Conv2d, torch::nn::BatchNorm2d>> layers;
  torch::nn::Linear head{nullptr};
};

struct LibtorchNano final : LibtorchNet {
  struct Layer {
    torch::nn::Conv2d conv{nullptr};
    torch::nn::BatchNorm2d norm{nullptr};
    Tensor operator()(const Tensor& x) { return norm(conv(x)); }
  };
  Layer layer(int in, int out, int stride, int kernel = 3) {
    auto c = conv(in, out, kernel, stride);
    return {c, norm(out)};
  }
  explicit LibtorchNano(int classes) {
    stem = layer(1, 16, 2), a1 = layer(16, 16, 1), a2 = layer(16, 16, 1);
    down = layer(16, 32, 2), b1 = layer(32, 32, 1), b2 = layer(32, 32, 1), b3 = layer(32, 32, 1), b4 = layer(32, 32, 1),
    b5 = layer(32, 32, 1);
    coarse = layer(32, 64, 2), squeeze = layer(64, 32, 1, 1), last = layer(32, 64, 1);
    head = linear(64, classes);
  }
  Tensor forward(Tensor x) override {
    using torch::relu;
    x = relu(stem(x));
    x = relu(x + a2(relu(a1(x))));
    x = relu(down(x));
    x = relu(x + b2(relu(b1(x))));
    x = relu(x + b4(relu(b3(x))));
    x = x + relu(b5(x));
    x = relu(last(relu(squeeze(relu(coarse(x))))));
    return head(torch::adaptive_avg_pool2d(x, {1, 1}).flatten(1));
  }
  Layer stem, a1, a2, down, b1, b2, b3, b4, b5, coarse, squeeze, last;
  torch::nn::Linear head{nullptr};
};

// The graph's initial weights, so that both trainings begin alike.
inline void copy_weights(const ir::Graph& graph, LibtorchNet& net) {
  const torch::NoGradGuard no_grad;
  size_t next = 0;
  for (const ir::Node& node : graph.nodes) {
    const auto it = graph.constants.find(node.name + ".weight");
    if (it == graph.constants.end()) continue;
    auto& [weight, bias] = net.weights.at(next++);
    const auto as_tensor = [](const ir::Tensor& t) {
      return torch::from_blob(const_cast<std::byte*>(t.data.data()), t.dims).clone();
    };
    Tensor w = as_tensor(it->second);
    if (std::holds_alternative<ops::BatchNorm>(node.op)) w = w[0];
    if (std::holds_alternative<ops::DepthwiseConv2d>(node.op)) w = w.permute({2, 0, 1}).unsqueeze(1);
    if (std::holds_alternative<ops::Conv2d>(node.op)) w = w.permute({0, 3, 1, 2});
    weight.copy_(w.reshape(weight.sizes()));
    bias.copy_(as_tensor(graph.constants.at(node.name + ".bias")));
  }
}

// One picture, altered as data::AugmentConfig's defaults say.
inline void augment_in_floats(std::vector<float>& p, int size, std::mt19937& random) {
  const auto unit = [&] { return std::uniform_real_distribution<float>(0, 1)(random); };
  const auto around = [&](float most) { return most * (2 * unit() - 1); };
  const float sign = unit() < 0.5f ? -1.0f : 1.0f, turn = around(12) * 0.01745329f, scale = 1 + around(0.12f);
  const float dx = around(0.08f) * static_cast<float>(size), dy = around(0.08f) * static_cast<float>(size);
  const float middle = static_cast<float>(size - 1) / 2, cosine = std::cos(turn) / scale, sine = std::sin(turn) / scale;
  const std::vector<float> from = p;
  const auto at = [&](int y, int x) {
    return from[static_cast<size_t>(std::clamp(y, 0, size - 1) * size + std::clamp(x, 0, size - 1))];
  };
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      const float tx = (static_cast<float>(x) - middle) * sign, ty = static_cast<float>(y) - middle;
      const float sx = middle + cosine * tx - sine * ty - dx, sy = middle + sine * tx + cosine * ty - dy;
      const float fx = std::floor(sx), fy = std::floor(sy), wx = sx - fx, wy = sy - fy;
      const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
      p[static_cast<size_t>(y * size + x)] = (1 - wy) * ((1 - wx) * at(iy, ix) + wx * at(iy, ix + 1)) +
                                             wy * ((1 - wx) * at(iy + 1, ix) + wx * at(iy + 1, ix + 1));
    }
  if (unit() < 0.8f) {
    const float gain = 1 + around(0.25f), brightness = around(24), curve = around(0.35f);
    const float side = unit() * 6.2831853f, slope = unit() * 0.3f;
    const float step_x = slope * std::cos(side) / middle, step_y = slope * std::sin(side) / middle;
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x) {
        float& v = p[static_cast<size_t>(y * size + x)];
        const float u = v / 255, bent = 255 * (u + curve * u * (1 - u));
        const float light = 1 + step_x * (static_cast<float>(x) - middle) + step_y * (static_cast<float>(y) - middle);
        v = std::clamp(((bent - 127.5f) * gain + 127.5f + brightness) * light, 0.0f, 255.0f);
      }
  }
  if (unit() < 0.15f) {
    const float share = unit() * 0.25f;
    const std::vector<float> sharp = p;
    std::vector<float> rows(p.size());
    const auto mix = [&](const std::vector<float>& in, std::vector<float>& out, int step_y, int step_x) {
      for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) {
          const auto read = [&](int sy, int sx) {
            return in[static_cast<size_t>(std::clamp(sy, 0, size - 1) * size + std::clamp(sx, 0, size - 1))];
          };
          out[static_cast<size_t>(y * size + x)] =
              share * (read(y - step_y, x - step_x) + read(y + step_y, x + step_x)) + (1 - 2 * share) * read(y, x);
        }
    };
    mix(sharp, rows, 0, 1);
    mix(rows, p, 1, 0);
  }
  if (unit() < 0.3f) {
    std::normal_distribution<float> noise(0, 10 * unit() + 1e-6f);
    for (float& v : p) v = std::clamp(v + noise(random), 0.0f, 255.0f);
  }
}

inline void standardise_in_floats(std::vector<float>& p) {
  double sum = 0, squares = 0;
  for (const float v : p) sum += v, squares += v * v;
  const double n = static_cast<double>(p.size()), mean = sum / n;
  const double deviation = std::max(1.0, std::sqrt(std::max(0.0, squares / n - mean * mean)));
  for (float& v : p) v = static_cast<float>((v - mean) / deviation);
}

// Decodes and augments a picture each time it is asked for, as loaders of picture folders do.
struct LibtorchData : torch::data::datasets::Dataset<LibtorchData> {
  LibtorchData(const data::Dataset* s, const Files* f) : set(s), files(f), rows(rows_of(*s, data::Split::train)) {}
  torch::data::Example<> get(size_t index) override {
    thread_local std::mt19937 random{std::random_device{}()};
    const auto row = static_cast<size_t>(rows[index]);
    const media::Picture picture = media::decode((*files)[row], "picture");
    std::vector<float> p(picture.pixels.begin(), picture.pixels.end());
    augment_in_floats(p, set->width, random);
    standardise_in_floats(p);
    return {torch::tensor(p).view({1, set->height, set->width}), torch::tensor(int64_t{set->label[row]})};
  }
  c10::optional<size_t> size() const override { return rows.size(); }

  const data::Dataset* set;
  const Files* files;
  std::vector<int32_t> rows;
};

}  // namespace dimple::train

// A training loop as a libtorch user would write it: modules, optimiser and DataLoader of its own. Only pictures are
// altered by our code on both sides. libtorch_loop_bench.cc compares ours with it.
#pragma once
#include <algorithm>
#include <functional>
#include <random>

#include "data/augment.h"
#include "edit/surgery.h"
#include "media/decode.h"
#include "media/encode.h"
#include "nn/torch.h"
#include "train/batches.h"
#include "train/workers.h"

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

// A module of libtorch for each node of a graph, with the graph's weights, so that both trainings begin alike.
class LibtorchNet : public torch::nn::Module {
 public:
  explicit LibtorchNet(const ir::Graph& graph) : graph_(graph) {
    const torch::NoGradGuard no_grad;
    for (const ir::Node& node : graph_.nodes)
      layers_.push_back(std::visit([&](const auto& op) { return layer(op, node.name); }, node.op));
  }

  // A value that has been read is given back, as in a function of locals.
  Tensor forward(const Tensor& x) {
    std::vector<Tensor> values{x};
    const auto take = [&](ir::Value v) {
      Tensor& value = values[static_cast<size_t>(v)];
      return edit::has_one_reader(graph_, v) ? std::move(value) : value;
    };
    for (size_t i = 0; i < layers_.size(); ++i) {
      const std::vector<ir::Value>& in = graph_.nodes[i].inputs;
      const Tensor first = take(in[0]);
      values.push_back(layers_[i](first, in.size() > 1 ? take(in[1]) : Tensor()));
    }
    return values.back();
  }

 private:
  using Layer = std::function<Tensor(const Tensor&, const Tensor&)>;

  Layer layer(const ops::Conv2d& o, const std::string& name) {
    return convolution(name, constant(name, "weight").permute({0, 3, 1, 2}), o.window, 1);
  }
  Layer layer(const ops::DepthwiseConv2d& o, const std::string& name) {
    const Tensor weight = constant(name, "weight").permute({2, 0, 1}).unsqueeze(1);
    return convolution(name, weight, o.window, weight.size(0));
  }
  Layer convolution(const std::string& name, const Tensor& weight, const ops::Window& w, int64_t groups) {
    return module(name, weight,
                  torch::nn::Conv2d(torch::nn::Conv2dOptions(groups * weight.size(1), weight.size(0), w.kernel_h)
                                        .stride(w.stride_h)
                                        .padding(w.pad_top)
                                        .groups(groups)));
  }
  Layer layer(const ops::BatchNorm&, const std::string& name) {
    const Tensor weight = constant(name, "weight")[0];
    return module(name, weight, torch::nn::BatchNorm2d(weight.size(0)));
  }
  Layer layer(const ops::Dense&, const std::string& name) {
    const Tensor weight = constant(name, "weight");
    return module(name, weight, torch::nn::Linear(weight.size(1), weight.size(0)));
  }
  Layer layer(const ops::Relu&, const std::string&) {
    return [](const Tensor& x, const Tensor&) { return torch::relu(x); };
  }
  Layer layer(const ops::Relu6&, const std::string&) {
    return [](const Tensor& x, const Tensor&) { return torch::nn::functional::relu6(x); };
  }
  Layer layer(const ops::Add&, const std::string&) {
    return [](const Tensor& x, const Tensor& y) { return x + y; };
  }
  Layer layer(const ops::GlobalAveragePool&, const std::string&) {
    return [](const Tensor& x, const Tensor&) { return torch::adaptive_avg_pool2d(x, {1, 1}).flatten(1); };
  }
  Layer layer(const ops::Dropout&, const std::string&) {  // its masks would differ: the graph's rate is 0
    return [](const Tensor& x, const Tensor&) { return x; };
  }
  template <class Op>
  Layer layer(const Op&, const std::string& name) {
    throw host::Error(host::Exit::failed, "libtorch's side has no module for " + name);
  }

  template <class Module>
  Layer module(const std::string& name, const Tensor& weight, Module m) {
    register_module(name, m);
    m->weight.copy_(weight), m->bias.copy_(constant(name, "bias"));
    return [m](const Tensor& x, const Tensor&) mutable { return m(x); };
  }
  Tensor constant(const std::string& name, const char* role) const {
    const ir::Tensor& t = graph_.constants.at(name + "." + role);
    return torch::from_blob(const_cast<std::byte*>(t.data.data()), t.dims);
  }

  const ir::Graph& graph_;
  std::vector<Layer> layers_;
};

// Decodes and augments a picture each time it is asked for, as loaders of picture folders do.
struct LibtorchData : torch::data::datasets::Dataset<LibtorchData> {
  LibtorchData(const data::Dataset* s, const Files* f) : set(s), files(f) {}
  torch::data::Example<> get(size_t row) override {
    thread_local std::mt19937_64 random{std::random_device{}()};
    const media::Picture picture = media::decode((*files)[row], "picture");
    std::vector<uint8_t> altered(picture.pixels.size());
    data::augment({}, random(), picture.pixels, set->width, set->height, 1, altered);
    Tensor p = torch::tensor(altered).view({1, set->height, set->width}).to(torch::kFloat32);
    return {(p - p.mean()) / p.std().clamp_min(1), torch::tensor(int64_t{set->label[row]})};
  }
  c10::optional<size_t> size() const override { return files->size(); }

  const data::Dataset* set;
  const Files* files;
};

class LibtorchLoop {
 public:
  // The graph and the set must outlive it. `nudge`: how far the weights to begin with are off.
  LibtorchLoop(const ir::Graph& graph, const data::Dataset& set, const Recipe& recipe, double nudge = 0)
      : set_(set),
        seed_(recipe.seed),
        batch_(static_cast<size_t>(recipe.batch)),
        net_(graph),
        sgd_(net_.parameters(), torch::optim::SGDOptions(recipe.learning_rate).momentum(0.9).nesterov(true)),
        rows_(data::rows_of(set, data::Split::train)) {
    Batch batch;
    BatchMaker(set, recipe).make_plain(rows_, batch);
    pictures_ = torch::from_blob(batch.pictures.data(), {batch.count, 1, set.height, set.width}).clone();
    labels_ = torch::tensor(std::vector<int64_t>(set.label.begin(), set.label.end()));
    const torch::NoGradGuard no_grad;
    for (Tensor& weight : net_.parameters())
      if (weight.dim() > 1) weight.mul_(1 + nudge * torch::randn_like(weight));
  }

  // The next step on tensors that are there, in our order; its mean loss. All rows of the set are trained on. Batch
  // norm sees one of `parts` of the batch at a time, as in our shares.
  double ready_step(int parts = 1) {
    const size_t per_epoch = rows_.size() / batch_;
    if (at_ % per_epoch == 0) order_ = shuffled(rows_, seed_, static_cast<int>(at_ / per_epoch));
    const auto first = order_.begin() + static_cast<std::ptrdiff_t>(at_++ % per_epoch * batch_);
    const Tensor rows = torch::tensor(std::vector<int64_t>(first, first + static_cast<std::ptrdiff_t>(batch_)));
    return step(pictures_.index_select(0, rows), labels_.index_select(0, rows), parts);
  }

  // Pictures, and the sum of their losses.
  std::pair<int64_t, double> loaded_steps(const Files& files, int steps) {
    auto loader = torch::data::make_data_loader(LibtorchData(&set_, &files).map(torch::data::transforms::Stack<>()),
                                                torch::data::samplers::RandomSampler(rows_.size()),
                                                torch::data::DataLoaderOptions().batch_size(batch_).workers(2));
    int64_t pictures = 0;
    double sum = 0;
    for (auto& batch : *loader) {
      sum += step(batch.data, batch.target, 1) * static_cast<double>(batch.data.size(0));
      pictures += batch.data.size(0);
      if (--steps == 0) break;
    }
    return {pictures, sum};
  }

 private:
  double step(const Tensor& pictures, const Tensor& labels, int parts) {
    sgd_.zero_grad();
    double sum = 0;
    for (int part = 0; part < parts; ++part) {
      const Range range = range_of(static_cast<size_t>(labels.size(0)), part, parts);
      const auto first = static_cast<int64_t>(range.first), last = static_cast<int64_t>(range.last);
      const Tensor loss = torch::nn::functional::cross_entropy(net_.forward(pictures.slice(0, first, last)),
                                                               labels.slice(0, first, last)) *
                          (static_cast<double>(last - first) / static_cast<double>(labels.size(0)));
      loss.backward();
      sum += loss.item<double>();
    }
    sgd_.step();
    return sum;
  }

  const data::Dataset& set_;
  uint64_t seed_;
  size_t batch_;
  LibtorchNet net_;
  torch::optim::SGD sgd_;
  std::vector<int32_t> rows_, order_;
  Tensor pictures_, labels_;
  size_t at_ = 0;
};

}  // namespace dimple::train

#include "train/teacher.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "ir/cost.h"
#include "model/model.h"
#include "train/evaluator.h"

namespace dimple::train {
namespace {

using host::Error;
using host::Exit;

void check_fits(const model::Model& teacher, const data::Dataset& set, const Recipe& recipe) {
  const image::Preprocess& p = teacher.preprocess;
  if (p.width != set.width || p.height != set.height || p.channels != set.channels)
    throw Error(Exit::model,
                fmt::format("the teacher {} reads {}x{}x{} pictures, this data has {}x{}x{}", recipe.teacher, p.width,
                            p.height, p.channels, set.width, set.height, set.channels));
  const bool standardised = p.normalise == image::Normalise::standardise;
  if (standardised != recipe.standardise)
    throw Error(Exit::model,
                fmt::format("the teacher {} was {}trained on standardised pictures", recipe.teacher,
                            standardised ? "" : "not "),
                standardised ? "--standardise" : "--no-standardise");
  for (const auto& [name, tensor] : teacher.graph.constants)
    if (tensor.dtype != DType::f32)
      throw Error(Exit::model, "the teacher " + recipe.teacher + " is no float model",
                  "name the model it was made from");
}

}  // namespace

Teacher::Teacher(const BatchMaker& maker, torch::Device device, const Options& options)
    : maker_(maker), device_(device) {
  const Recipe& recipe = maker.recipe();
  const model::Model model = model::load_model(recipe.teacher);
  check_fits(model, maker.set(), recipe);
  model::check_work(ir::work_of(model.graph), recipe.teacher, options.max_macs);
  std::vector<int64_t> order;
  for (const std::string& label : maker.set().labels) {
    const auto it = std::ranges::find(model.labels, label);
    if (it == model.labels.end())
      throw Error(Exit::model, fmt::format("the teacher {} does not know the class `{}`", recipe.teacher, label));
    order.push_back(it - model.labels.begin());
  }
  order_ = torch::tensor(order, torch::kLong).to(device);
  probabilities_ = std::holds_alternative<ops::Softmax>(model.graph.nodes.back().op);
  nets_.emplace_back(model.graph, device);
  for (int w = 1; w < options.workers; ++w) nets_.push_back(nets_[0].replica());
}

// The logarithm of a probability is its logit up to a constant, which softmax ignores.
torch::Tensor Teacher::logits(int worker, const torch::Tensor& pictures) {
  const torch::NoGradGuard no_grad;
  torch::Tensor out = nets_[static_cast<size_t>(worker)].forward(pictures, false).to(torch::kFloat32);
  if (probabilities_) out = out.clamp_min(1e-12).log();
  return out.index_select(1, order_);
}

void Teacher::fill_cache(std::span<const int32_t> rows) {
  const data::Dataset& set = maker_.set();
  torch::Tensor cache =
      torch::zeros({static_cast<int64_t>(set.size()), static_cast<int64_t>(set.labels.size())}).to(device_);
  for_chunks(maker_, rows, device_, [&](const torch::Tensor& pictures, size_t at) {
    cache.index_copy_(0, to_index(rows.subspan(at, static_cast<size_t>(pictures.size(0)))), logits(0, pictures));
  });
  cache_ = cache;
}

torch::Tensor Teacher::cached_logits(std::span<const int32_t> draws) const {
  return cache_.index_select(0, to_index(draws));
}

// A draw (train/sampler.h) is a row, some turns further on.
torch::Tensor Teacher::to_index(std::span<const int32_t> draws) const {
  std::vector<int64_t> where;
  for (const int32_t draw : draws) where.push_back(draw % static_cast<int32_t>(maker_.set().size()));
  return torch::tensor(where, torch::kLong).to(device_);
}

}  // namespace dimple::train

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

void check_fits(const model::Model& teacher, const std::string& file, const data::Dataset& set, bool standardise) {
  const image::Preprocess& p = teacher.preprocess;
  if (p.width < set.width || p.height < set.height || p.channels != set.channels)
    throw Error(Exit::model, fmt::format("the teacher {} reads {}x{}x{} pictures, this data has {}x{}x{}", file,
                                         p.width, p.height, p.channels, set.width, set.height, set.channels));
  const bool standardised = p.normalise == image::Normalise::standardise;
  if (standardised != standardise)
    throw Error(Exit::model,
                fmt::format("the teacher {} was {}trained on standardised pictures", file, standardised ? "" : "not "),
                standardised ? "--standardise" : "--no-standardise");
  for (const auto& [name, tensor] : teacher.graph.constants)
    if (tensor.dtype != DType::f32)
      throw Error(Exit::model, "the teacher " + file + " is no float model", "name the model it was made from");
}

}  // namespace

Teacher::Teacher(const BatchMaker& maker, torch::Device device, const Options& options)
    : maker_(maker), device_(device) {
  int64_t work = 0;
  for (const std::string& file : teacher_files(maker.recipe())) {
    members_.push_back(make_member(file, options.workers));
    work += ir::work_of(members_.back().nets[0].graph());
    model::check_work(work, file, options.max_macs);
  }
}

Teacher::Member Teacher::make_member(const std::string& file, int workers) const {
  const model::Model model = model::load_model(file);
  check_fits(model, file, maker_.set(), maker_.recipe().standardise);
  std::vector<int64_t> order;
  for (const std::string& label : maker_.set().labels) {
    const auto it = std::ranges::find(model.labels, label);
    if (it == model.labels.end())
      throw Error(Exit::model, fmt::format("the teacher {} does not know the class `{}`", file, label));
    order.push_back(it - model.labels.begin());
  }
  Member member;
  member.order = torch::tensor(order, torch::kLong).to(device_);
  member.probabilities = std::holds_alternative<ops::Softmax>(model.graph.nodes.back().op);
  member.input = model.graph.input.shape;
  member.nets.emplace_back(model.graph, device_);
  for (int w = 1; w < workers; ++w) member.nets.push_back(member.nets[0].replica());
  return member;
}

// The logarithm of a probability is its logit up to a constant, which softmax ignores.
torch::Tensor Teacher::Member::logits(int worker, const torch::Tensor& pictures) {
  torch::Tensor seen = pictures;
  if (pictures.size(2) != input.height || pictures.size(3) != input.width)
    seen = torch::upsample_bilinear2d(pictures, {input.height, input.width}, /*align_corners=*/false);
  torch::Tensor out = nets[static_cast<size_t>(worker)].forward(seen, false).to(torch::kFloat32);
  if (probabilities) out = out.clamp_min(1e-12).log();
  return out.index_select(1, order);
}

torch::Tensor Teacher::logits(int worker, const torch::Tensor& pictures) {
  const torch::NoGradGuard no_grad;
  if (members_.size() == 1) return members_[0].logits(worker, pictures);
  torch::Tensor sum;
  for (Member& member : members_) {
    const torch::Tensor one = torch::log_softmax(member.logits(worker, pictures), 1);
    sum = sum.defined() ? sum + one : one;
  }
  return sum / static_cast<double>(members_.size());
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

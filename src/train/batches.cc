#include "train/batches.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "host/random.h"
#include "image/normalise.h"
#include "train/views.h"

namespace dimple::train {
namespace {

constexpr uint64_t kMixupStream = 0x6D6978;  // apart from the draws of augmentation

// Johnk: x = u^(1/a), y = v^(1/a); given x + y <= 1, x / (x + y) is Beta(a, a). For a up to 4 at least one draw in 70
// is kept. In double, and again when both underflow.
double draw_beta(double alpha, host::Random& random) {
  while (true) {
    const double x = std::pow(static_cast<double>(random.unit()), 1 / alpha);
    const double y = std::pow(static_cast<double>(random.unit()), 1 / alpha);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

std::vector<float> class_weights(const data::Dataset& set, const std::vector<int32_t>& rows, float power) {
  std::vector<double> count(set.labels.size(), 0);
  for (const int32_t row : rows) ++count[static_cast<size_t>(set.label[static_cast<size_t>(row)])];
  std::vector<float> weight(count.size(), 0);
  double sum = 0;
  for (size_t c = 0; c < count.size(); ++c) {
    if (count[c] == 0) continue;
    weight[c] = static_cast<float>(std::pow(count[c], -double{power}));
    sum += weight[c] * count[c];
  }
  for (float& w : weight) w *= static_cast<float>(static_cast<double>(rows.size()) / sum);  // mean 1 over the pictures
  return weight;
}

// None in a set that has no training split: it can still be evaluated.
std::vector<int32_t> trained_on(const data::Dataset& set, const Recipe& recipe) {
  return data::rows_of(set, data::Split::train).empty() ? std::vector<int32_t>{} : training_rows(set, recipe);
}

}  // namespace

Mix draw_mix(std::span<const int32_t> rows, float alpha, uint64_t seed, int epoch, int32_t row) {
  host::Random random(host::seed_for(seed ^ kMixupStream, static_cast<uint64_t>(epoch), static_cast<uint64_t>(row)));
  const int32_t partner = rows[random.below(static_cast<uint32_t>(rows.size()))];
  const double b = draw_beta(alpha, random);
  return {partner, static_cast<float>(std::max(b, 1 - b))};
}

void blend(std::span<float> of, std::span<const float> other, float fraction) {
  assert(of.size() == other.size());
  for (size_t i = 0; i < of.size(); ++i) of[i] = fraction * of[i] + (1 - fraction) * other[i];
}

BatchMaker::BatchMaker(const data::Dataset& set, const Recipe& recipe)
    : set_(set),
      recipe_(recipe),
      partners_(trained_on(set, recipe)),
      class_weight_(class_weights(set, partners_, recipe.class_balance)) {}

void BatchMaker::put_picture(std::span<const uint8_t> pixels, float* out) const {
  thread_local std::vector<int8_t> codes;
  codes.resize(pixels.size());
  const image::Normalise how = recipe_.standardise ? image::Normalise::standardise : image::Normalise::offset;
  image::normalise(how, {pixels.data(), pixels.size()}, {codes.data(), codes.size()});
  const float scale = image::code_scale(how);
  for (size_t i = 0; i < codes.size(); ++i) out[i] = scale * static_cast<float>(codes[i]);
}

// (1 - smoothing) * ((1 - vote_share) * label + vote_share * votes) + smoothing / classes
void BatchMaker::put_target(int32_t row, float* out) const {
  const size_t classes = set_.labels.size(), r = static_cast<size_t>(row);
  const float even = recipe_.label_smoothing / static_cast<float>(classes), sure = 1 - recipe_.label_smoothing;
  const bool placed = set_.doubt.empty() || !(set_.doubt[r] & data::kDoubtPlace);
  const bool soft = recipe_.vote_agreement > 0 && agreement(set_, row) < recipe_.vote_agreement;
  const float votes = set_.target.empty() || !placed ? 0.0f : soft ? 1.0f : recipe_.vote_share;
  for (size_t c = 0; c < classes; ++c) {
    const float label = set_.label[r] == static_cast<int32_t>(c) ? 1.0f : 0.0f;
    const float voted = votes > 0 ? set_.target_of(r)[c] : 0.0f;
    out[c] = even + sure * ((1 - votes) * label + votes * voted);
  }
}

void BatchMaker::put_altered(int32_t row, uint64_t seed, float* out) const {
  thread_local std::vector<uint8_t> altered;
  altered.resize(set_.picture_bytes());
  data::augment(recipe_.augment, seed, set_.picture(static_cast<size_t>(row)), set_.width, set_.height, set_.channels,
                altered);
  put_picture(altered, out);
}

int BatchMaker::view_of_draw(int32_t draw, int epoch) const {
  const auto size = static_cast<int32_t>(set_.size());
  return view_of(recipe_.views, recipe_.seed, epoch, draw % size, draw / size);
}

uint64_t BatchMaker::alteration_seed(int32_t draw, int epoch) const {
  if (recipe_.views > 0) return view_seed(draw % static_cast<int32_t>(set_.size()), view_of_draw(draw, epoch));
  return host::seed_for(recipe_.seed, static_cast<uint64_t>(epoch), static_cast<uint64_t>(draw) + 1);
}

void BatchMaker::put(int32_t draw, int epoch, const Example& example) const {
  const size_t row = static_cast<size_t>(draw) % set_.size();
  if (recipe_.no_augment)
    put_picture(set_.picture(row), example.picture.data());
  else
    put_altered(static_cast<int32_t>(row), alteration_seed(draw, epoch), example.picture.data());
  put_target(static_cast<int32_t>(row), example.target.data());
  *example.weight = class_weight_[static_cast<size_t>(set_.label[row])];
}

void BatchMaker::mix_in(int32_t draw, int epoch, const Example& example) const {
  const Mix mix = draw_mix(partners_, recipe_.mixup, recipe_.seed, epoch, draw);
  thread_local std::vector<float> picture, target;
  float weight = 0;
  picture.resize(example.picture.size()), target.resize(example.target.size());
  put(mix.partner, epoch, {picture, target, &weight});
  blend(example.picture, picture, mix.fraction), blend(example.target, target, mix.fraction);
  *example.weight = mix.fraction * *example.weight + (1 - mix.fraction) * weight;
}

void BatchMaker::make(std::span<const int32_t> draws, int epoch, Batch& batch) const {
  const size_t size = set_.picture_bytes(), classes = set_.labels.size();
  batch.count = static_cast<int64_t>(draws.size());
  batch.pictures.resize(draws.size() * size);
  batch.targets.resize(draws.size() * classes);
  batch.weights.resize(draws.size());
  for (size_t i = 0; i < draws.size(); ++i) {
    const Example example{std::span(batch.pictures).subspan(i * size, size),
                          std::span(batch.targets).subspan(i * classes, classes), &batch.weights[i]};
    put(draws[i], epoch, example);
    if (recipe_.mixup > 0) mix_in(draws[i], epoch, example);
    if (!answers_) continue;
    const auto said = answers_->of(draws[i] % static_cast<int32_t>(set_.size()), view_of_draw(draws[i], epoch));
    batch.taught.resize(draws.size() * classes);
    std::ranges::copy(said, batch.taught.begin() + static_cast<std::ptrdiff_t>(i * classes));
  }
}

void BatchMaker::make_views(std::span<const int32_t> rows, int view, Batch& batch) const {
  const size_t size = set_.picture_bytes();
  batch.count = static_cast<int64_t>(rows.size());
  batch.pictures.resize(rows.size() * size);
  for (size_t i = 0; i < rows.size(); ++i)
    put_altered(rows[i], view_seed(rows[i], view), batch.pictures.data() + i * size);
}

void BatchMaker::make_plain(std::span<const int32_t> rows, Batch& batch) const {
  const size_t size = set_.picture_bytes();
  batch.count = static_cast<int64_t>(rows.size());
  batch.pictures.resize(rows.size() * size);
  for (size_t i = 0; i < rows.size(); ++i)
    put_picture(set_.picture(static_cast<size_t>(rows[i])), batch.pictures.data() + i * size);
}

}  // namespace dimple::train

#include "data/perceptual.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "image/grey.h"
#include "image/resize.h"

namespace dimple::data {
namespace {

constexpr int32_t kThumb = 16, kBands = 4, kBandBits = 16;
using Thumb = std::array<float, size_t{kThumb} * kThumb>;

// `out` is width x height grey. Sizes come from a checked set, so that nothing here can fail.
void shrink(const Dataset& set, size_t row, int32_t width, int32_t height, uint8_t* out) {
  std::array<uint8_t, size_t{kThumb} * kThumb * 3> room;
  const auto small = image::packed(room.data(), width, height, set.channels);
  const auto from = image::packed(set.picture(row).data(), set.width, set.height, set.channels);
  if (image::resize(from, {0, 0, set.width, set.height}, small) != Status::ok ||
      image::convert_channels(small, image::packed(out, width, height, 1)) != Status::ok)
    std::fill_n(out, static_cast<size_t>(width) * height, uint8_t{0});
}

// Mean 0, length 1; all 0 where the picture is flat.
Thumb thumbnail(const Dataset& set, size_t row) {
  std::array<uint8_t, size_t{kThumb} * kThumb> grey{};
  shrink(set, row, kThumb, kThumb, grey.data());
  const float mean = std::accumulate(grey.begin(), grey.end(), 0.0f) / static_cast<float>(grey.size());
  Thumb thumb;
  float squares = 0;
  for (size_t i = 0; i < grey.size(); ++i) {
    thumb[i] = static_cast<float>(grey[i]) - mean;
    squares += thumb[i] * thumb[i];
  }
  const float scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
  for (float& v : thumb) v *= scale;
  return thumb;
}

// Union by smallest row.
class Groups {
 public:
  explicit Groups(size_t n) : first_(n) { std::iota(first_.begin(), first_.end(), 0); }
  int32_t find(int32_t row) {
    while (first_[static_cast<size_t>(row)] != row)
      row = first_[static_cast<size_t>(row)] = first_[static_cast<size_t>(first_[static_cast<size_t>(row)])];
    return row;
  }
  void join(int32_t a, int32_t b) {
    a = find(a), b = find(b);
    first_[static_cast<size_t>(std::max(a, b))] = std::min(a, b);
  }

 private:
  std::vector<int32_t> first_;
};

}  // namespace

uint64_t difference_hash(const Dataset& set, size_t row) {
  constexpr int32_t kWidth = 9, kHeight = 8;
  std::array<uint8_t, size_t{kWidth} * kHeight> grey{};
  shrink(set, row, kWidth, kHeight, grey.data());
  uint64_t hash = 0;
  for (size_t y = 0; y < kHeight; ++y)
    for (size_t x = 0; x + 1 < kWidth; ++x)
      hash = hash << 1 | (grey[y * kWidth + x] > grey[y * kWidth + x + 1] ? 1u : 0u);
  return hash;
}

std::vector<int32_t> find_similar(const Dataset& set, const SimilarOptions& options) {
  // Byte copies are known; only the first of each kind is looked at.
  std::vector<int32_t> rows;
  for (size_t i = 0; i < set.size(); ++i)
    if (set.duplicate_of[i] == static_cast<int32_t>(i)) rows.push_back(set.duplicate_of[i]);
  std::vector<uint64_t> hash(set.size());
  std::vector<Thumb> thumb(set.size());
  for (const int32_t row : rows) {
    options.task.stop_if_cancelled();
    hash[static_cast<size_t>(row)] = difference_hash(set, static_cast<size_t>(row));
    thumb[static_cast<size_t>(row)] = thumbnail(set, static_cast<size_t>(row));
  }
  Groups groups(set.size());
  const auto same = [&](int32_t a, int32_t b) {
    const auto i = static_cast<size_t>(a), j = static_cast<size_t>(b);
    if (std::popcount(hash[i] ^ hash[j]) > options.most_bits) return false;
    return std::inner_product(thumb[i].begin(), thumb[i].end(), thumb[j].begin(), 0.0f) >= options.least_correlation;
  };
  for (int band = 0; band < kBands; ++band) {
    const auto band_of = [&](int32_t row) { return hash[static_cast<size_t>(row)] >> (band * kBandBits) & 0xFFFF; };
    // Equal hashes side by side: where a band holds more than can be compared, those that are most alike are.
    std::ranges::stable_sort(rows, {},
                             [&](int32_t row) { return std::pair(band_of(row), hash[static_cast<size_t>(row)]); });
    for (size_t first = 0, end; first < rows.size(); first = end) {
      for (end = first + 1; end < rows.size() && band_of(rows[end]) == band_of(rows[first]);) ++end;
      for (size_t i = first; i < end; ++i) {
        options.task.stop_if_cancelled();
        for (size_t j = i + 1; j < std::min(end, i + 1 + options.most_compared); ++j)
          if (same(rows[i], rows[j])) groups.join(rows[i], rows[j]);
      }
    }
  }
  std::vector<int32_t> similar(set.size());
  for (size_t i = 0; i < set.size(); ++i) similar[i] = groups.find(set.duplicate_of[i]);
  return similar;
}

}  // namespace dimple::data

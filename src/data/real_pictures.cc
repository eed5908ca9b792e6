#include "data/real_pictures.h"

#include <algorithm>

namespace dimple::data {

std::vector<int32_t> spread_rows(const Dataset& set, Split split, int most) {
  const auto all = rows_of(set, split);
  const size_t count = std::min(all.size(), static_cast<size_t>(std::max(0, most)));
  std::vector<int32_t> rows;
  for (size_t i = 0; i < count; ++i) rows.push_back(all[i * all.size() / count]);
  return rows;
}

std::vector<int8_t> codes_of(const Dataset& set, std::span<const int32_t> rows, image::Normalise how) {
  const size_t size = set.picture_bytes();
  std::vector<int8_t> codes(rows.size() * size);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto pixels = set.picture(static_cast<size_t>(rows[i]));
    image::normalise(how, {pixels.data(), size}, {codes.data() + i * size, size});
  }
  return codes;
}

}  // namespace dimple::data

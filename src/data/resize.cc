#include "data/resize.h"

#include <fmt/format.h>

#include "data/dataset.h"
#include "data/duplicates.h"
#include "host/error.h"
#include "image/grey.h"
#include "image/resize.h"

namespace dimple::data {

void resize_pictures(Dataset& set, int32_t extent, int32_t channels) {
  const int32_t width = extent > 0 ? extent : set.width, height = extent > 0 ? extent : set.height;
  if (channels == 0) channels = set.channels;
  if (width == set.width && height == set.height && channels == set.channels) return;
  Dataset out = set;
  out.width = width, out.height = height, out.channels = channels;
  out.pixels.assign(set.size() * out.picture_bytes(), 0);
  std::vector<uint8_t> resized(static_cast<size_t>(width) * height * set.channels);
  for (size_t i = 0; i < set.size(); ++i) {
    const auto from = image::packed(set.picture(i).data(), set.width, set.height, set.channels);
    const auto middle = image::packed(resized.data(), width, height, set.channels);
    const auto to = image::packed(out.pixels.data() + i * out.picture_bytes(), width, height, channels);
    Status status = image::resize(from, {0, 0, set.width, set.height}, middle);
    if (status == Status::ok) status = image::convert_channels(middle, to);
    if (status != Status::ok)
      throw host::Error(host::Exit::input, fmt::format("cannot make {} {}x{}x{}: {}", set.name, width, height, channels,
                                                       describe(status)));
  }
  set = std::move(out);
  set.duplicate_of = find_duplicates(set);
  set.sha256 = content_sha256(set);
}

}  // namespace dimple::data

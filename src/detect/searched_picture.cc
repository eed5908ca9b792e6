#include "detect/searched_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "faces/boxes.h"
#include "host/error.h"
#include "image/grey.h"
#include "image/resize.h"

namespace dimple::detect {
namespace {

int32_t whole_number(double v) { return static_cast<int32_t>(std::lround(v)); }

double search_scale(int longer_side, const SearchSize& size) {
  if (longer_side > size.longer_side) return double(size.longer_side) / longer_side;
  if (longer_side < size.grow_to) return std::min(double(size.grow_to) / longer_side, double(size.most_growth));
  return 1;
}

}  // namespace

image::Box SearchedPart::box_of(const DimpleFound& f) const {
  const double across = double(grey.width) / source.width, down = double(grey.height) / source.height;
  return {whole_number(f.x / across) + source.x, whole_number(f.y / down) + source.y,
          std::max(1, whole_number(f.width / across)), std::max(1, whole_number(f.height / down))};
}

SearchedPicture::SearchedPicture(const media::Picture& picture, const SearchSize& size)
    : view_(picture.view()), scale_(search_scale(std::max(picture.width, picture.height), size)) {
  const auto pad = [&](int side) { return std::min(side * size.pad_permille / 1000, int(size.most_pad / scale_)); };
  const int across = pad(picture.width), down = pad(picture.height);
  area_ = {-across, -down, picture.width + 2 * across, picture.height + 2 * down};
  if (picture.channels == 1) return;
  grey_ = media::Picture(picture.width, picture.height, 1);
  if (image::convert_channels(picture.view(), grey_.view()) != Status::ok)
    throw host::Error(host::Exit::failed, "cannot search a picture of this form");
  view_ = std::as_const(grey_).view();
}

SearchedPart SearchedPicture::part(const image::Box& source, double scale) const {
  SearchedPart part{{}, faces::intersection(source, area_)};
  const auto side = [&](int pixels) { return std::max(1, whole_number(pixels * scale)); };
  part.grey = media::Picture(side(part.source.width), side(part.source.height), 1);
  if (image::resize(view_, part.source, part.grey.view()) != Status::ok)
    throw host::Error(host::Exit::failed, "cannot search a picture of this size");
  return part;
}

}  // namespace dimple::detect

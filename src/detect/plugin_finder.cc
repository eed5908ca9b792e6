#include "detect/plugin_finder.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "host/error.h"

namespace dimple::detect {
namespace {

constexpr int32_t kLeastFace = 40;  // in the picture as searched
constexpr int32_t kMaxAnswers = 16384, kMaxPlaces = 1024;
constexpr int32_t kSameFace = 400, kSamePlace = 300;  // permille of overlap

constexpr DimpleSearch kClosely = {.least = kLeastFace, .most = 0, .step_permille = 1100, .neighbours = 5};

// The first look. In a picture of half the size the cascade looks for faces below 40 pixels at every second place only,
// and steps of 1.3 leave 13 of 37 sizes: under a quarter of the work. A face is hit often, so one hit will do, and what
// is no face is told by the second look.
constexpr int kShrink = 2;
constexpr DimpleSearch kForPlaces = {.least = kLeastFace / kShrink, .most = 0, .step_permille = 1300, .neighbours = 0};

// The second: around a place, faces of about its size.
constexpr double kSurroundings = 1.6, kSmaller = 0.7, kLarger = 1.4;

// No face lies in another: of two places of different size that the second look confirmed, the surer is the face.
void drop_nested(std::vector<faces::ScoredBox>& boxes) {
  constexpr int64_t kInside = 800;  // permille of the smaller one
  size_t kept = 0;
  for (const faces::ScoredBox& b : boxes) {
    const auto nested = [&](const faces::ScoredBox& surer) {
      const int64_t smaller = std::min(surer.box.area(), b.box.area());
      return faces::intersection(surer.box, b.box).area() * 1000 > smaller * kInside;
    };
    if (std::none_of(boxes.begin(), boxes.begin() + ptrdiff_t(kept), nested)) boxes[kept++] = b;
  }
  boxes.resize(kept);
}

}  // namespace

PluginFinder::PluginFinder(const Backend& backend, const FinderOptions& options)
    : backend_(backend), library_(backend.library, backend.package, options.plugin_folders), answer_(kMaxAnswers) {
  std::array<char, 256> reason{};
  handle_ = library_->make(backend.variant, options.threads, reason.data(), int32_t(reason.size()));
  const std::string why = reason.data();
  const bool memory = why.find("bad_alloc") != std::string::npos || why.find("allocate") != std::string::npos;
  if (!handle_)
    throw host::Error(memory ? host::Exit::resources : host::Exit::failed, "cannot start the face finder: " + why);
}

std::span<const DimpleFound> PluginFinder::ask(const SearchedPart& part, const DimpleSearch& search) {
  const int32_t count = library_->find(handle_, part.grey.pixels.data(), part.grey.width, part.grey.height, &search,
                                       answer_.data(), kMaxAnswers);
  if (count == -2) throw host::Error(host::Exit::resources, fmt::format("not enough memory for {}", describe()));
  if (count < 0) throw host::Error(host::Exit::failed, fmt::format("{} failed on a picture", describe()));
  return std::span(answer_).first(size_t(std::min(count, kMaxAnswers)));
}

void PluginFinder::search(const SearchedPart& part, const DimpleSearch& search, std::vector<faces::ScoredBox>& boxes) {
  for (const DimpleFound& f : ask(part, search)) {
    if (f.score < backend_.least_score) continue;
    const float above = f.score - backend_.least_score;
    boxes.push_back({image::crop_box(backend_.convention, part.box_of(f)), above / (1 + above)});
  }
}

// Where faces may be, as boxes of about their size.
std::vector<image::Box> PluginFinder::places(const SearchedPicture& picture) {
  const SearchedPart small = picture.whole(kShrink);
  std::vector<faces::ScoredBox> hits;
  for (const DimpleFound& f : ask(small, kForPlaces)) hits.push_back({small.box_of(f), f.score});
  hits.resize(faces::keep_best({hits.data(), hits.size()}, kSamePlace));
  if (hits.size() > kMaxPlaces) hits.resize(kMaxPlaces);
  std::vector<image::Box> boxes;
  for (const faces::ScoredBox& hit : hits) boxes.push_back(hit.box);
  return boxes;
}

std::vector<Found> PluginFinder::find(const media::Picture& picture) {
  const SearchedPicture searched(picture, {});
  std::vector<faces::ScoredBox> boxes;
  if (!backend_.looks_twice) {
    search(searched.whole(), kClosely, boxes);
  } else {
    for (const image::Box& place : places(searched)) {
      const auto side = int32_t(place.width * kSurroundings), more = (side - place.width) / 2;
      const double pixels = place.width * searched.scale();
      DimpleSearch closely = kClosely;
      closely.least = std::max(kLeastFace, int32_t(pixels * kSmaller)), closely.most = int32_t(pixels * kLarger);
      search(searched.part({place.x - more, place.y - more, side, side}), closely, boxes);
    }
  }
  std::erase_if(boxes, [&](const faces::ScoredBox& b) {  // in the padding
    return faces::intersection(b.box, {0, 0, picture.width, picture.height}).area() == 0;
  });
  boxes.resize(faces::keep_best({boxes.data(), boxes.size()}, kSameFace));
  drop_nested(boxes);
  std::vector<Found> found;
  for (const faces::ScoredBox& b : boxes) found.push_back({b.box, b.score});
  return found;
}

}  // namespace dimple::detect

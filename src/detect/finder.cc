#include "detect/finder.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <future>

#include "detect/plugin_library.h"
#include "faces/boxes.h"
#include "host/error.h"
#include "image/crop.h"
#include "image/grey.h"
#include "image/resize.h"

namespace dimple::detect {
namespace {

// A plug-in, and how its answers become ours. All numbers are of docs/results/face_finders.md.
struct Backend {
  const char* name;
  const char* library;  // of the plug-in
  const char* package;  // what to install
  const char* variant;
  float least_score;           // below it a box is more often wrong than right
  image::CropRule convention;  // from its box to Found's
};
constexpr Backend kCascade = {.name = "opencv-cascade",
                              .library = "libdimple_find_opencv.so",
                              .package = "libopencv-objdetect-dev and opencv-data",
                              .variant = "haarcascade_frontalface_alt2",
                              .least_score = 55.4f,
                              .convention = {}};
constexpr Backend kHog = {.name = "dlib-hog",
                          .library = "libdimple_find_dlib.so",
                          .package = "libdlib-dev",
                          .variant = "",
                          .least_score = 0.2f,
                          .convention = {.margin_permille = 134, .shift_permille = -85}};

media::Picture to_grey(const media::Picture& picture) {
  if (picture.channels == 1) return picture;
  media::Picture grey(picture.width, picture.height, 1);
  if (image::convert_channels(picture.view(), grey.view()) != Status::ok)
    throw host::Error(host::Exit::failed, "cannot search a picture of this form");
  return grey;
}

double search_scale(int longer_side, const SearchSize& size) {
  if (longer_side > size.longer_side) return double(size.longer_side) / longer_side;
  if (longer_side < size.grow_to) return std::min(double(size.grow_to) / longer_side, double(size.most_growth));
  return 1;
}

// The picture as it is searched, and the way back: a position there / scale - pad is one in the picture.
struct Searched {
  media::Picture grey;
  double x_scale = 1, y_scale = 1;
  int pad_x = 0, pad_y = 0;
};

Searched lay_out(const media::Picture& picture, const SearchSize& size) {
  Searched s;
  const double scale = search_scale(std::max(picture.width, picture.height), size);
  const auto pad = [&](int side) { return std::min(side * size.pad_permille / 1000, int(size.most_pad / scale)); };
  s.pad_x = pad(picture.width);
  s.pad_y = pad(picture.height);
  const int width = picture.width + 2 * s.pad_x, height = picture.height + 2 * s.pad_y;
  const auto part = [&](int side) { return std::max(1, int(std::lround(side * scale))); };
  s.grey = media::Picture(part(width), part(height), 1);
  s.x_scale = double(s.grey.width) / width;
  s.y_scale = double(s.grey.height) / height;
  if (image::resize(to_grey(picture).view(), {-s.pad_x, -s.pad_y, width, height}, s.grey.view()) != Status::ok)
    throw host::Error(host::Exit::failed, "cannot search a picture of this size");
  return s;
}

class PluginFinder final : public Finder {
 public:
  PluginFinder(const Backend& backend, const FinderOptions& options)
      : backend_(backend), library_(backend.library, backend.package, options.plugin_folders), size_(options.size) {
    std::array<char, 256> reason{};
    handle_ = library_->make(backend.variant, reason.data(), int32_t(reason.size()));
    const std::string why = reason.data();
    const bool memory = why.find("bad_alloc") != std::string::npos || why.find("allocate") != std::string::npos;
    if (!handle_)
      throw host::Error(memory ? host::Exit::resources : host::Exit::failed, "cannot start the face finder: " + why);
  }
  ~PluginFinder() override { library_->release(handle_); }
  PluginFinder(const PluginFinder&) = delete;
  PluginFinder& operator=(const PluginFinder&) = delete;

  std::string describe() override { return library_->library; }

  std::vector<Found> find(const media::Picture& picture) override {
    const Searched at = lay_out(picture, size_);
    constexpr int32_t kMaxFaces = 1024;
    std::vector<DimpleFound> raw(kMaxFaces);
    const int32_t count =
        library_->find(handle_, at.grey.pixels.data(), at.grey.width, at.grey.height, raw.data(), kMaxFaces);
    if (count == -2) throw host::Error(host::Exit::resources, fmt::format("not enough memory for {}", describe()));
    if (count < 0) throw host::Error(host::Exit::failed, fmt::format("{} failed on a picture", describe()));
    raw.resize(size_t(std::min(count, kMaxFaces)));

    std::vector<faces::ScoredBox> boxes;
    const auto whole = [](double v) { return int32_t(std::lround(v)); };
    for (const DimpleFound& f : raw) {
      if (f.score < backend_.least_score) continue;
      const image::Box box{whole(f.x / at.x_scale) - at.pad_x, whole(f.y / at.y_scale) - at.pad_y,
                           std::max(1, whole(f.width / at.x_scale)), std::max(1, whole(f.height / at.y_scale))};
      const image::Box face = image::crop_box(backend_.convention, box);
      if (faces::intersection(face, {0, 0, picture.width, picture.height}).area() == 0) continue;  // in the padding
      const float above = f.score - backend_.least_score;
      boxes.push_back({face, above / (1 + above)});
    }
    constexpr int32_t kSameFace = 400;  // permille of overlap
    boxes.resize(faces::keep_best({boxes.data(), boxes.size()}, kSameFace));
    std::vector<Found> found;
    for (const faces::ScoredBox& b : boxes) found.push_back({b.box, b.score});
    return found;
  }

 private:
  const Backend& backend_;
  PluginLibrary library_;
  SearchSize size_;
  void* handle_ = nullptr;
};

// The second takes longer to start than to search: it starts beside the first's start and search.
class BothFinders final : public Finder {
 public:
  explicit BothFinders(const FinderOptions& options) {
    coming_ = std::async(std::launch::async, [options] { return std::make_unique<PluginFinder>(kHog, options); });
    try {
      finders_.push_back(std::make_unique<PluginFinder>(kCascade, options));
    } catch (const host::Error&) {
      finders_.push_back(coming_.get());  // when that is missing too, its error is as good as the first's
    }
  }

  std::string describe() override {
    wait_for_second();
    std::string text;
    for (const auto& finder : finders_) text += (text.empty() ? "" : ", ") + finder->describe();
    return text;
  }

  // A face that both see keeps the box of the first.
  std::vector<Found> find(const media::Picture& picture) override {
    constexpr int32_t kSameFace = 250;  // permille of overlap
    std::vector<Found> all = finders_[0]->find(picture);
    wait_for_second();
    if (finders_.size() > 1) {
      const auto known = ptrdiff_t(all.size());
      for (const Found& found : finders_[1]->find(picture)) {
        const auto same = [&](const Found& f) { return faces::overlap_permille(f.box, found.box) > kSameFace; };
        if (std::none_of(all.begin(), all.begin() + known, same)) all.push_back(found);
      }
    }
    std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) { return a.score > b.score; });
    return all;
  }

 private:
  void wait_for_second() {
    if (!coming_.valid()) return;
    try {
      finders_.push_back(coming_.get());
    } catch (const host::Error&) {  // not installed: the first alone
    }
  }

  std::vector<std::unique_ptr<Finder>> finders_;
  std::future<std::unique_ptr<PluginFinder>> coming_;
};

}  // namespace

std::unique_ptr<Finder> make_finder(const FinderOptions& options) {
  if (options.name == "auto") return std::make_unique<BothFinders>(options);
  for (const Backend* backend : {&kCascade, &kHog})
    if (options.name == backend->name) return std::make_unique<PluginFinder>(*backend, options);
  throw host::Error(host::Exit::usage, fmt::format("there is no face finder `{}`", options.name),
                    fmt::format("choose one of {}", fmt::join(std::begin(kFinderNames), std::end(kFinderNames), ", ")));
}

}  // namespace dimple::detect

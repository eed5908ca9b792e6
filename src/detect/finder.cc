#include "detect/finder.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "detect/plugin_library.h"
#include "faces/boxes.h"
#include "host/error.h"
#include "image/grey.h"
#include "image/resize.h"

namespace dimple::detect {
namespace {

struct Backend {
  const char* name;
  const char* library;  // of the plug-in
  const char* package;  // what to install
  const char* variant;
};
constexpr Backend kBackends[] = {
    {"dlib-hog", "libdimple_find_dlib.so", "libdlib19.1", ""},
    {"opencv-cascade", "libdimple_find_opencv.so", "libopencv-objdetect406 and opencv-data",
     "haarcascade_frontalface_alt2"},
};
constexpr const char* kDefault = "dlib-hog";

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
  s.pad_x = picture.width * size.pad_permille / 1000;
  s.pad_y = picture.height * size.pad_permille / 1000;
  const int width = picture.width + 2 * s.pad_x, height = picture.height + 2 * s.pad_y;
  const double scale = search_scale(std::max(width, height), size);
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
  PluginFinder(PluginLibrary library, const std::string& variant, const FinderOptions& options)
      : library_(std::move(library)), size_(options.size), min_score_(options.min_score) {
    std::array<char, 256> reason{};
    handle_ = library_->make(variant.c_str(), reason.data(), int32_t(reason.size()));
    if (!handle_) throw host::Error(host::Exit::failed, fmt::format("cannot start the face finder: {}", reason.data()));
  }
  ~PluginFinder() override { library_->release(handle_); }
  PluginFinder(const PluginFinder&) = delete;
  PluginFinder& operator=(const PluginFinder&) = delete;

  std::string describe() const override { return library_->library; }

  std::vector<Found> find(const media::Picture& picture) override {
    const Searched at = lay_out(picture, size_);
    constexpr int32_t kMostFaces = 1024;
    std::vector<DimpleFound> raw(kMostFaces);
    const int32_t count =
        library_->find(handle_, at.grey.pixels.data(), at.grey.width, at.grey.height, raw.data(), kMostFaces);
    if (count < 0) throw host::Error(host::Exit::failed, fmt::format("{} failed on a picture", describe()));
    raw.resize(size_t(std::min(count, kMostFaces)));

    std::vector<faces::ScoredBox> boxes;
    const auto whole = [](double v) { return int32_t(std::lround(v)); };
    for (const DimpleFound& f : raw)
      if (f.score >= min_score_)
        boxes.push_back({{whole(f.x / at.x_scale) - at.pad_x, whole(f.y / at.y_scale) - at.pad_y,
                          std::max(1, whole(f.width / at.x_scale)), std::max(1, whole(f.height / at.y_scale))},
                         f.score});
    constexpr int32_t kSameFace = 400;  // permille of overlap
    boxes.resize(faces::keep_best({boxes.data(), boxes.size()}, kSameFace));
    std::vector<Found> found;
    for (const faces::ScoredBox& b : boxes) found.push_back({b.box, b.score});
    return found;
  }

 private:
  PluginLibrary library_;
  SearchSize size_;
  float min_score_;
  void* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<Finder> make_finder(const FinderOptions& options) {
  const size_t colon = options.name.find(':');
  std::string name = options.name.substr(0, colon);
  if (name == "auto") name = kDefault;
  for (const Backend& backend : kBackends) {
    if (name != backend.name) continue;
    const std::string variant = colon == std::string::npos ? backend.variant : options.name.substr(colon + 1);
    return std::make_unique<PluginFinder>(PluginLibrary(backend.library, backend.package, options.plugin_folders),
                                          variant, options);
  }
  throw host::Error(host::Exit::usage, fmt::format("there is no face finder `{}`", options.name),
                    fmt::format("choose one of {}", fmt::join(std::begin(kFinderNames), std::end(kFinderNames), ", ")));
}

}  // namespace dimple::detect

// One library's face finder: how its plug-in is asked, and how its answers become ours.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "detect/finder.h"
#include "detect/plugin_library.h"
#include "detect/searched_picture.h"
#include "faces/boxes.h"
#include "image/crop.h"

namespace dimple::detect {

struct Backend {
  const char* name;
  const char* library;  // of the plug-in
  const char* package;  // what to install
  const char* variant;
  float least_score;           // below it a box is more often wrong than right
  image::CropRule convention;  // from its box to Found's
  bool looks_twice;            // first for places, in a picture of half the size; then closely, there
};

// All numbers are of docs/results/face_finders.md.
inline constexpr Backend kCascade = {.name = "opencv-cascade",
                                     .library = "libdimple_find_opencv.so",
                                     .package = "libopencv-objdetect-dev and opencv-data",
                                     .variant = "haarcascade_frontalface_alt2",
                                     .least_score = 55.4f,
                                     .convention = {},
                                     .looks_twice = true};
inline constexpr Backend kHog = {.name = "dlib-hog",
                                 .library = "libdimple_find_dlib.so",
                                 .package = "libdlib-dev",
                                 .variant = "",
                                 .least_score = 0.2f,
                                 .convention = {.margin_permille = 134, .shift_permille = -85},
                                 .looks_twice = false};

class PluginFinder final : public Finder {
 public:
  PluginFinder(const Backend& backend, const FinderOptions& options);
  ~PluginFinder() override { library_->release(handle_); }
  PluginFinder(const PluginFinder&) = delete;
  PluginFinder& operator=(const PluginFinder&) = delete;

  std::string describe() override { return library_->library; }
  std::vector<Found> find(const media::Picture& picture) override;

 private:
  std::vector<image::Box> places(const SearchedPicture& picture);
  std::span<const DimpleFound> ask(const SearchedPart& part, const DimpleSearch& search);
  void search(const SearchedPart& part, const DimpleSearch& search, std::vector<faces::ScoredBox>& boxes);

  const Backend& backend_;
  PluginLibrary library_;
  void* handle_ = nullptr;
  std::vector<DimpleFound> answer_;
};

}  // namespace dimple::detect

// Where are the faces? One interface over what Debian ships, until our own finder is there.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "image/picture.h"
#include "media/picture.h"

namespace dimple::detect {

struct Found {
  image::Box box;   // may stick out of the picture
  float score = 0;  // larger is surer; each finder has a scale of its own
};

class Finder {
 public:
  virtual ~Finder() = default;
  // Surest first.
  virtual std::vector<Found> find(const media::Picture& picture) = 0;
  virtual std::string describe() const = 0;  // "dlib 19.24"
};

inline constexpr const char* kFinderNames[] = {"auto", "dlib-hog", "opencv-cascade"};

// How a finder's box lies against the framing of FER2013's pictures: what image::Preprocess takes for it.
// Measured by detect_bench; see docs/decisions/0003-face-finder.md.
struct Framing {
  int32_t margin_permille, shift_permille;
};
inline constexpr Framing kDlibFraming{0, 0};
inline constexpr Framing kOpencvFraming{0, 0};

// How the picture is laid out before it is searched.
struct SearchSize {
  int longer_side = 1000;  // larger pictures shrink to this
  int grow_to = 400;       // smaller ones grow towards this...
  int most_growth = 3;     // ...but not more than so many times
  int pad_permille = 150;  // of each side, around it: a face that fills the picture has no surroundings to be found by
};

struct FinderOptions {
  std::string name = "auto";                          // one of kFinderNames, or opencv-cascade:<file name without .xml>
  std::vector<std::filesystem::path> plugin_folders;  // looked in first
  SearchSize size = {};
  float min_score = -1e9f;
};

// Throws Error(Exit::usage) for an unknown name, Error(Exit::failed) when its plug-in is not there.
std::unique_ptr<Finder> make_finder(const FinderOptions& options = {});

}  // namespace dimple::detect

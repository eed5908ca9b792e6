// Where are the faces? One interface over what Debian ships, until our own finder is there.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "image/picture.h"
#include "media/picture.h"

namespace dimple::detect {

// Every finder's boxes are brought to one convention: a square from the middle of the forehead to the chin.
struct Found {
  image::Box box;   // may stick out of the picture
  float score = 0;  // 0 at its finder's threshold, towards 1 with certainty; no probability
};

class Finder {
 public:
  virtual ~Finder() = default;
  // Surest first.
  virtual std::vector<Found> find(const media::Picture& picture) = 0;
  virtual std::string describe() = 0;  // "OpenCV 4.6.0"
};

// auto: the cascade, whose boxes lie most steadily, and dlib-hog, which also knows tilted and half-turned faces, for
// pictures in which the cascade finds none. both: all that either finds. Where one of the two is not installed, the
// other alone.
inline constexpr const char* kFinderNames[] = {"auto", "both", "opencv-cascade", "dlib-hog"};

// How much larger than a found box FER2013 frames a face, and how much lower: what image::Preprocess of a model trained
// on it should hold. Measured by detect_bench; see docs/decisions/0003-face-finder.md.
inline constexpr int kFer2013MarginPermille = 48;
inline constexpr int kFer2013ShiftPermille = 16;

struct FinderOptions {
  std::string name = "auto";                               // one of kFinderNames
  std::vector<std::filesystem::path> plugin_folders = {};  // looked in first
  int threads = 0;                                         // for one picture; 0: as many as its library likes
};

// Throws Error(Exit::usage) for an unknown name, Error(Exit::failed) when its plug-in is not there.
std::unique_ptr<Finder> make_finder(const FinderOptions& options = {});

}  // namespace dimple::detect

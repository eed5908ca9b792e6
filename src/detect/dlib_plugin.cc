// dlib's frontal face detector: five HOG filters on an image pyramid, its weights inside dlib's header.
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/revision.h>

#include <cstdio>
#include <cstring>
#include <new>

#include "detect/plugin.h"

namespace {

struct Detector {
  dlib::frontal_face_detector hog;
};

// To unpack its filters takes a third of a second; a copy of them takes none.
const Detector& unpacked() {
  static const Detector detector{dlib::get_frontal_face_detector()};
  return detector;
}

void* make(const char*, int32_t, char* reason, int32_t reason_bytes) {
  try {
    return new Detector(unpacked());
  } catch (const std::exception& e) {
    std::snprintf(reason, static_cast<size_t>(reason_bytes), "%s", e.what());
    return nullptr;
  }
}

int32_t find(void* finder, const uint8_t* grey, int32_t width, int32_t height, const DimpleSearch*, DimpleFound* out,
             int32_t most) {
  try {
    dlib::array2d<unsigned char> picture(height, width);
    for (int32_t y = 0; y < height; ++y)
      std::memcpy(&picture[y][0], grey + int64_t{y} * width, static_cast<size_t>(width));
    std::vector<dlib::rect_detection> found;
    static_cast<Detector*>(finder)->hog(picture, found, 0.0);
    int32_t count = 0;
    for (const dlib::rect_detection& d : found) {
      if (count == most) break;
      out[count++] = {float(d.rect.left()), float(d.rect.top()), float(d.rect.width()), float(d.rect.height()),
                      float(d.detection_confidence)};
    }
    return count;
  } catch (const std::bad_alloc&) {
    return -2;
  } catch (const std::exception& e) {
    return std::strstr(e.what(), "allocate") ? -2 : -1;
  }
}

void release(void* finder) { delete static_cast<Detector*>(finder); }

#define DIMPLE_TEXT_(x) #x
#define DIMPLE_TEXT(x) DIMPLE_TEXT_(x)
constexpr DimpleFinderPlugin kPlugin = {DIMPLE_FINDER_ABI,
                                        "dlib " DIMPLE_TEXT(DLIB_MAJOR_VERSION) "." DIMPLE_TEXT(DLIB_MINOR_VERSION),
                                        make, find, release};

}  // namespace

extern "C" const DimpleFinderPlugin* dimple_finder_plugin(void) { return &kPlugin; }

// OpenCV's cascades of boosted stumps, as packaged in opencv-data. The variant is the name of a cascade file.
#include <opencv2/core.hpp>
#include <opencv2/objdetect.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <tuple>

#include "detect/plugin.h"

namespace {

struct Detector {
  cv::CascadeClassifier cascade;
};

void* make(const char* variant, int32_t threads, char* reason, int32_t reason_bytes) {
  try {
    if (threads > 0) cv::setNumThreads(threads);
    const std::string name = variant;
    const std::string folder = name.rfind("lbp", 0) == 0 ? "/lbpcascades/" : "/haarcascades/";
    const std::string path = DIMPLE_CASCADES + folder + name + ".xml";
    Detector detector;
    if (!detector.cascade.load(path)) {
      std::snprintf(reason, static_cast<size_t>(reason_bytes), "no cascade %s (package opencv-data)", path.c_str());
      return nullptr;
    }
    return new Detector(detector);
  } catch (const std::exception& e) {
    std::snprintf(reason, static_cast<size_t>(reason_bytes), "%s", e.what());
    return nullptr;
  }
}

// The library's threads tell what they found in no order.
bool stands_before(const DimpleFound& a, const DimpleFound& b) {
  return std::tie(b.score, a.y, a.x, a.width) < std::tie(a.score, b.y, b.x, b.width);
}

int32_t find(void* finder, const uint8_t* grey, int32_t width, int32_t height, const DimpleSearch* search,
             DimpleFound* out, int32_t most) {
  try {
    const cv::Mat picture(height, width, CV_8UC1, const_cast<uint8_t*>(grey));
    std::vector<cv::Rect> boxes;
    std::vector<int> stages;
    std::vector<double> weights;
    static_cast<Detector*>(finder)->cascade.detectMultiScale(
        picture, boxes, stages, weights, search->step_permille / 1000.0, search->neighbours, 0,
        {search->least, search->least}, {search->most, search->most}, true);
    std::vector<DimpleFound> found;
    for (size_t i = 0; i < boxes.size(); ++i) {
      const cv::Rect& b = boxes[i];
      found.push_back({float(b.x), float(b.y), float(b.width), float(b.height), float(weights[i])});
    }
    std::sort(found.begin(), found.end(), stands_before);
    const auto count = int32_t(std::min(found.size(), size_t(most)));
    std::copy_n(found.begin(), count, out);
    return count;
  } catch (const std::bad_alloc&) {
    return -2;
  } catch (const std::exception& e) {
    return std::strstr(e.what(), "allocate") ? -2 : -1;
  }
}

void release(void* finder) { delete static_cast<Detector*>(finder); }

constexpr DimpleFinderPlugin kPlugin = {DIMPLE_FINDER_ABI, "OpenCV " CV_VERSION, make, find, release};

}  // namespace

extern "C" const DimpleFinderPlugin* dimple_finder_plugin(void) { return &kPlugin; }

// What a face finder's plug-in offers: plain C, so that it may be built with the compiler and library it needs.
// `dimple` itself links neither OpenCV nor dlib; it opens the plug-in when a picture is to be searched.
#pragma once
#include <stdint.h>

extern "C" {

#define DIMPLE_FINDER_ABI 2

struct DimpleFound {
  float x, y, width, height;  // in pixels of the picture that was given
  float score;                // larger is surer; each finder has a scale of its own
};

// What the cascade looks for; dlib's finder knows one way only and takes no notice.
struct DimpleSearch {
  int32_t least, most;    // sides of a face in pixels; most 0: any
  int32_t step_permille;  // from one size to the next
  int32_t neighbours;     // hits around one place that make a face; 0: every hit is one
};

struct DimpleFinderPlugin {
  int32_t abi;          // DIMPLE_FINDER_ABI
  const char* library;  // what is behind it, with its version

  // `threads` for one picture, of all finders of this library; 0: as many as it likes. Null on failure, with the reason
  // in plain words.
  void* (*make)(const char* variant, int32_t threads, char* reason, int32_t reason_bytes);
  // Searches a grey picture with packed rows; returns how many it wrote, at most `most`; -1 when it
  // failed, -2 when no memory is left.
  int32_t (*find)(void* finder, const uint8_t* grey, int32_t width, int32_t height, const struct DimpleSearch* search,
                  struct DimpleFound* out, int32_t most);
  void (*release)(void* finder);
};

__attribute__((visibility("default"))) const struct DimpleFinderPlugin* dimple_finder_plugin(void);

}  // extern "C"

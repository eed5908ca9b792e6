// What a face finder's plug-in offers: plain C, so that it may be built with the compiler and library it needs.
// `dimple` itself links neither OpenCV nor dlib; it opens the plug-in when a picture is to be searched.
#pragma once
#include <stdint.h>

extern "C" {

#define DIMPLE_FINDER_ABI 1

struct DimpleFound {
  float x, y, width, height;  // in pixels of the picture that was given
  float score;                // larger is surer; each finder has a scale of its own
};

struct DimpleFinderPlugin {
  int32_t abi;          // DIMPLE_FINDER_ABI
  const char* library;  // what is behind it, with its version

  // Null on failure, with the reason in plain words.
  void* (*make)(const char* variant, char* reason, int32_t reason_bytes);
  // Searches a grey picture with packed rows; returns how many it wrote, at most `most`; -1 when it
  // failed, -2 when no memory is left.
  int32_t (*find)(void* finder, const uint8_t* grey, int32_t width, int32_t height, struct DimpleFound* out,
                  int32_t most);
  void (*release)(void* finder);
};

__attribute__((visibility("default"))) const struct DimpleFinderPlugin* dimple_finder_plugin(void);

}  // extern "C"

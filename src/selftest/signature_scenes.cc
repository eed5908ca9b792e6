#include "selftest/signature_scenes.h"

#include "selftest/signature_pictures.h"

namespace dimple::selftest {

image::View draw_scene(uint32_t scene, Span<uint8_t> pixels) {
  const image::MutableView view = image::packed(pixels.data(), kSceneWidth, kSceneHeight, kSceneChannels);
  draw_picture(kFirstScene + scene, view);
  return view;
}

}  // namespace dimple::selftest

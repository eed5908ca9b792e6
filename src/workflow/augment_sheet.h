// A sheet of what augmentation does, for people to look at: a row per step, each at full probability, and one for all
// of them together as a training would draw them.
#pragma once
#include <cstdint>
#include <string>

#include "data/augment.h"
#include "media/picture.h"

namespace dimple::workflow {

struct SheetOptions {
  int columns = 8, channels = 3, size = 96;
  uint64_t seed = 1;
};

// Of a drawn face, so that the sheet can be shown to anyone. Strengths are the config's.
media::Picture draw_augment_sheet(const data::AugmentConfig& config, const SheetOptions& options = {});

// dimple data augment: with the strengths of a training's settings (its args.toml, a recipe), or the usual ones for "".
void save_augment_sheet(const std::string& path, const std::string& recipe);

}  // namespace dimple::workflow

// A sheet of what augmentation does, for people to look at: a row per step, each at full probability, and one for all
// of them together as a training would draw them.
#pragma once
#include <cstdint>
#include <string>

#include "data/augment.h"
#include "host/document.h"
#include "media/picture.h"

namespace dimple::workflow {

struct SheetOptions {
  int columns = 8, channels = 3, size = 96;
  uint64_t seed = 1;
};

// Of a drawn face, so that the sheet can be published. Strengths are the config's.
media::Picture draw_augment_sheet(const data::AugmentConfig& config, const SheetOptions& options = {});

struct SheetReport {
  std::string sheet;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("sheet", self.sheet, "augment: the picture that was written");
  }
};

// dimple data augment: with the strengths of a training's settings (its args.toml, a recipe), or the usual ones for "".
// Without a path it is augment.png.
SheetReport save_augment_sheet(const std::string& path, const std::string& recipe);

}  // namespace dimple::workflow

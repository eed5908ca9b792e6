#include "workflow/augment_sheet.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "media/encode.h"

namespace dimple::workflow {
namespace {

// DIMPLE_SHEET=sheet.png leaves it for a person to look at.
TEST(AugmentSheet, HasARowForEveryStepAndIsTheSameEveryTime) {
  const media::Picture sheet = draw_augment_sheet({});
  int steps = 2;  // as it is, as trained
  const data::AugmentConfig config;
  data::AugmentConfig::visit(
      config, [&](std::string_view name, float, const char*) { steps += name.ends_with("_probability"); });
  EXPECT_EQ(sheet.height, 4 + steps * 100);
  EXPECT_EQ(sheet, draw_augment_sheet({}));
  EXPECT_NE(sheet, draw_augment_sheet({}, {.seed = 2}));
  if (const char* path = std::getenv("DIMPLE_SHEET")) media::save_picture(path, sheet);
}

}  // namespace
}  // namespace dimple::workflow

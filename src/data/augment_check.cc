#include <fmt/format.h>

#include <string_view>

#include "data/augment_steps.h"
#include "host/error.h"

namespace dimple::data {
namespace {

using host::Error;
using host::Exit;

struct Limit {
  std::string_view field;
  float low, high;
};

// Beside the probabilities, which are 0 to 1. What is not listed here may be any number that is not negative.
constexpr Limit kLimits[] = {{"shift", 0, 1},       {"scale", 0, 0.95f},  {"curve", 0, 1},     {"occlusion", 0, 1},
                             {"blur", 0, 1.0f / 3}, {"back_light", 0, 1}, {"crush", 0, 0.95f}, {"range", 0, 0.95f},
                             {"jpeg", 1, 95},       {"cutout", 0, 1}};

}  // namespace

void check(const AugmentConfig& config) {
  AugmentConfig::visit(config, [](std::string_view name, float value, const char*) {
    float low = 0, high = 1e6f;
    if (name.ends_with("_probability")) high = 1;
    for (const Limit& limit : kLimits)
      if (limit.field == name) low = limit.low, high = limit.high;
    if (!(value >= low && value <= high + 1e-6f))
      throw Error(Exit::usage, fmt::format("augment.{} is {}", name, value),
                  high < 1e6f ? fmt::format("{:.3g} to {:.3g} is possible", low, high) : "it may not be negative");
  });
  if (config.jpeg_probability > 0 && !augmenting::knows_jpeg())
    throw Error(Exit::usage, "augment.jpeg_probability: this build has no JPEG codec",
                "leave it at 0 here, or train with a full build");
}

}  // namespace dimple::data

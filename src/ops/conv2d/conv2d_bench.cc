#include "ops/kernel_bench.h"

namespace dimple::ops {
namespace {

struct Convolution {
  const char* name;
  Shape in;
  int32_t out_channels, kernel;

  Conv2d op() const {
    const int32_t border = kernel / 2;
    return {out_channels, {kernel, kernel, 1, 1, border, border, border, border}};
  }
};

constexpr Convolution kLayers[] = {
    {"first_48x48x1_to_8", {48, 48, 1}, 8, 3},       {"first_48x48x1_to_16", {48, 48, 1}, 16, 3},
    {"early_48x48x8_to_8", {48, 48, 8}, 8, 3},       {"early_24x24x16_to_16", {24, 24, 16}, 16, 3},
    {"middle_24x24x19_to_26", {24, 24, 19}, 26, 3},  {"middle_12x12x32_to_32", {12, 12, 32}, 32, 3},
    {"late_12x12x64_to_64", {12, 12, 64}, 64, 3},    {"late_6x6x64_to_64", {6, 6, 64}, 64, 3},
    {"late_24x24x64_to_64", {24, 24, 64}, 64, 3},    {"late_6x6x128_to_128", {6, 6, 128}, 128, 3},
    {"point_24x24x16_to_32", {24, 24, 16}, 32, 1},   {"point_24x24x32_to_64", {24, 24, 32}, 64, 1},
    {"point_12x12x64_to_64", {12, 12, 64}, 64, 1},   {"point_6x6x128_to_128", {6, 6, 128}, 128, 1},
    {"point_56x56x24_to_144", {56, 56, 24}, 144, 1}, {"point_7x7x960_to_320", {7, 7, 960}, 320, 1},
};

const bool kRegistered = register_layers(OpCode::conv2d, kLayers);

}  // namespace
}  // namespace dimple::ops

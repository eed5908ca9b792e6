#include "ops/kernel_bench.h"

namespace dimple::ops {
namespace {

struct Depthwise {
  const char* name;
  Shape in;
  int32_t kernel, stride;

  DepthwiseConv2d op() const {
    const int32_t border = kernel / 2;
    return {{kernel, kernel, stride, stride, border, border, border, border}};
  }
};

constexpr Depthwise kDepthwiseLayers[] = {
    {"48x48x16_by_2", {48, 48, 16}, 3, 2},     {"24x24x32", {24, 24, 32}, 3, 1},
    {"12x12x64", {12, 12, 64}, 3, 1},          {"6x6x128", {6, 6, 128}, 3, 1},
    {"56x56x144", {56, 56, 144}, 3, 1},        {"14x14x240_5x5", {14, 14, 240}, 5, 1},
    {"112x112x96_by_2", {112, 112, 96}, 3, 2},
};

const bool kDepthwiseRegistered = register_layers(OpCode::depthwise_conv2d, kDepthwiseLayers);

}  // namespace
}  // namespace dimple::ops

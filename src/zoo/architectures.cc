#include "zoo/architectures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "host/error.h"
#include "host/suggest.h"
#include "zoo/alexnet.h"
#include "zoo/attention_bnn.h"
#include "zoo/dimple_nano.h"
#include "zoo/ds48.h"
#include "zoo/efficientnet.h"
#include "zoo/embedded3.h"
#include "zoo/emotionnet_nano.h"
#include "zoo/mobilenet_v2.h"
#include "zoo/mobilenet_v3.h"
#include "zoo/nasnet_mobile.h"
#include "zoo/residual.h"

namespace dimple::zoo {
namespace {

template <class Config>
Config preset() {
  return {};
}

template <auto config_of>
ir::Graph make_sized(const Sizes& sizes) {
  if (!(sizes.width > 0 && sizes.width <= 16))
    throw host::Error(host::Exit::usage, "the width of an architecture must be above 0 and at most 16");
  auto config = config_of();
  if (sizes.input.height > 0) config.input = sizes.input;
  config.classes = sizes.classes;
  config.multiplier = sizes.width;
  if constexpr (requires { config.batch_norm; }) config.batch_norm = true;  // this one is for training
  return make(config);
}

template <auto config_of>
constexpr Architecture entry(std::string_view name, std::string_view what) {
  return {name, what, make_sized<config_of>, decltype(config_of())::kEdits};
}

constexpr Architecture kArchitectures[] = {
    entry<preset<DimpleNano>>("dimple_nano", "the net we ship: 48x48 grey, small convolutions, under 100 KB as int8"),
    entry<dimple_small>("dimple_small", "the same grown to what 350 KB hold"),
    entry<dimple_base>("dimple_base", "the same grown to what 1.5 MB hold, and a teacher"),
    entry<preset<MobileNetV2>>("mobilenet_v2",
                               "system B: inverted residuals, 3.5 M parameters, torchvision's weights fit"),
    entry<mobilenet_v3_small>("mobilenet_v3_small",
                              "system B: gates and hard-swish, 2.5 M parameters, torchvision's weights fit"),
    entry<mobilenet_v3_large>("mobilenet_v3_large",
                              "system B: gates and hard-swish, 5.5 M parameters, torchvision's weights fit"),
    entry<preset<EfficientNet>>("efficientnet_b0",
                                "system B: gates and swish, 5.3 M parameters, torchvision's weights fit"),
    entry<preset<NasNetMobile>>("nasnet_mobile", "system B: two searched cells, stacked; 5.3 M parameters"),
    entry<preset<AlexNet>>("alexnet", "system C's baseline, 61 M parameters, torchvision's weights fit"),
    entry<reduced_alexnet>("reduced_alexnet", "system C on the way down: the same wires, 64x64 grey, 5.1 M operations"),
    entry<preset<Embedded3>>("embedded3", "system C's last net: three convolutions, three pools"),
    entry<preset<AttentionBnn>>("attention_bnn",
                                "system D: attention around convolutions that can become binary, 70 K parameters"),
    entry<attention_bnn_plain>("attention_bnn_plain", "the same without attention"),
    entry<attention_bnn_early>("attention_bnn_early", "the same, attention in front of the batch norms"),
    entry<attention_bnn_relu>("attention_bnn_relu", "the same with relu for PReLU"),
    entry<attention_bnn_scaled>("attention_bnn_scaled", "the same, scaled by the size of what its convolutions read"),
    entry<dimple_binary>("dimple_binary", "system D's net grown to what 60 KB hold when its convolutions are bits"),
    entry<preset<EmotionNetNano>>("emotionnet_nano",
                                  "system E's residual net with a width for every layer, 141 K parameters"),
    entry<emotionnet_nano_s>("emotionnet_nano_s", "system E near the smaller published size, 137 K parameters"),
    entry<emotionnet_nano_l>("emotionnet_nano_l", "system E near the larger published size, 232 K parameters"),
    entry<preset<Residual>>("residual",
                            "a prototype for system E's search: three stages of residual pairs, 28 M multiply-adds"),
    entry<preset<Ds48>>("ds48", "depthwise-separable yardstick for timing, 65 K parameters"),
};

}  // namespace

ir::Shape parse_input(const std::string& text) {
  ir::Shape in;
  char end = 0;
  if (!text.empty() &&
      (std::sscanf(text.c_str(), "%dx%dx%d%c", &in.height, &in.width, &in.channels, &end) != 3 ||
       std::min({in.height, in.width, in.channels}) < 1 || std::max({in.height, in.width, in.channels}) > 4096))
    throw host::Error(host::Exit::usage, fmt::format("--input: cannot understand `{}`", text),
                      "for example --input 64x64x1");
  return in;
}

std::span<const Architecture> architectures() { return kArchitectures; }

std::vector<std::string> architecture_names() {
  std::vector<std::string> names;
  for (const Architecture& a : kArchitectures) names.emplace_back(a.name);
  return names;
}

std::string_view edits_of(std::string_view name) {
  const auto it = std::ranges::find(kArchitectures, name, &Architecture::name);
  return it == std::end(kArchitectures) ? std::string_view() : it->edits;
}

ir::Graph make(std::string_view name, const Sizes& sizes) {
  for (const Architecture& a : kArchitectures)
    if (a.name == name) return a.make(sizes);
  throw host::Error(host::Exit::usage, "there is no architecture '" + std::string(name) + "'",
                    host::did_you_mean(std::string(name), architecture_names()));
}

}  // namespace dimple::zoo

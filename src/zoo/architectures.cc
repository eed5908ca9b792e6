#include "zoo/architectures.h"

#include <string>
#include <vector>

#include "host/error.h"
#include "host/suggest.h"
#include "zoo/dimple_nano.h"
#include "zoo/ds48.h"
#include "zoo/embedded3.h"
#include "zoo/emotionnet_nano.h"

namespace dimple::zoo {
namespace {

template <class Config>
ir::Graph make_sized(const Sizes& sizes) {
  Config config;
  if (sizes.input.height > 0) config.input = sizes.input;
  config.classes = sizes.classes;
  if constexpr (requires { config.batch_norm; }) config.batch_norm = true;  // this one is for training
  return make(config);
}

constexpr Architecture kArchitectures[] = {
    {"dimple_nano", "the net we ship: 48x48 grey, small convolutions, under 100 KB as int8", make_sized<DimpleNano>},
    {"emotionnet_nano", "system E's residual net with a width for every layer, 141 K parameters",
     make_sized<EmotionNetNano>},
    {"embedded3", "system C's last net: three convolutions, three pools", make_sized<Embedded3>},
    {"ds48", "depthwise-separable yardstick for timing, 65 K parameters", make_sized<Ds48>},
};

}  // namespace

std::span<const Architecture> architectures() { return kArchitectures; }

ir::Graph make(std::string_view name, const Sizes& sizes) {
  std::vector<std::string> names;
  for (const Architecture& a : kArchitectures) {
    if (a.name == name) return a.make(sizes);
    names.emplace_back(a.name);
  }
  throw host::Error(host::Exit::usage, "there is no architecture '" + std::string(name) + "'",
                    host::did_you_mean(std::string(name), names));
}

}  // namespace dimple::zoo

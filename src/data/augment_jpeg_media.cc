// The camera compresses: through a JPEG and back, blocks and all.
#include <algorithm>

#include "data/augment_steps.h"
#include "media/decode.h"
#include "media/encode.h"

namespace dimple::data::augmenting {

bool knows_jpeg() { return true; }

void compress_jpeg(const Picture& p, int quality) {
  media::Picture picture(p.width, p.height, p.channels);
  std::ranges::copy(p.pixels, picture.pixels.begin());
  picture = media::decode(media::encode_jpeg(picture, quality), "a picture in memory");
  std::ranges::copy(picture.pixels, p.pixels.begin());
}

void jpeg(const AugmentConfig& config, Random& random, const Picture& p) {
  const float lowest = clamp(config.jpeg, 1.0f, 95.0f);
  compress_jpeg(p, static_cast<int>(lowest + random.unit() * (95 - lowest)));
}

}  // namespace dimple::data::augmenting

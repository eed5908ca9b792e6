#include "data/corrupt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "data/augment_steps.h"
#include "host/error.h"
#include "host/random.h"

namespace dimple::data {
namespace {

using host::Random;
using Strengths = std::array<float, kCorruptionStrengths>;

// Greys as numbers, so that several steps round once. Outside of the picture its border repeats.
struct Canvas {
  int32_t width, height, channels;
  std::vector<float> greys;

  float& at(int32_t x, int32_t y, int32_t c) { return greys[index(x, y, c)]; }
  float near(int32_t x, int32_t y, int32_t c) const {
    return greys[index(clamp(x, 0, width - 1), clamp(y, 0, height - 1), c)];
  }
  // Between four pixels.
  float between(float x, float y, int32_t c) const {
    const auto left = static_cast<int32_t>(std::floor(x)), top = static_cast<int32_t>(std::floor(y));
    const float right = x - static_cast<float>(left), below = y - static_cast<float>(top);
    return (near(left, top, c) * (1 - right) + near(left + 1, top, c) * right) * (1 - below) +
           (near(left, top + 1, c) * (1 - right) + near(left + 1, top + 1, c) * right) * below;
  }
  // A length that is meant for a width of 48.
  float scaled(float length) const { return length * static_cast<float>(width) / 48; }

  template <class F>  // f(x, y, c) becomes the grey there
  void redraw(F&& f) {
    std::vector<float> after(greys.size());
    for (int32_t y = 0; y < height; ++y)
      for (int32_t x = 0; x < width; ++x)
        for (int32_t c = 0; c < channels; ++c) after[index(x, y, c)] = f(x, y, c);
    greys = std::move(after);
  }
  template <class F>
  void each(F&& f) {
    for (float& grey : greys) grey = f(grey);
  }

 private:
  size_t index(int32_t x, int32_t y, int32_t c) const {
    return (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) *
               static_cast<size_t>(channels) +
           static_cast<size_t>(c);
  }
};

// Of mean 0 and deviation 1.
float normal(Random& random) {
  const float radius = std::sqrt(-2 * std::log(std::max(random.unit(), 1e-12f)));
  return radius * std::cos(2 * std::numbers::pi_v<float> * random.unit());
}

void gaussian_noise(Canvas& p, float deviation, Random& random) {
  p.each([&](float grey) { return grey + deviation * normal(random); });
}

// So many electrons make white: the fewer, the noisier, and the more so in light.
void shot_noise(Canvas& p, float electrons, Random& random) {
  p.each([&](float grey) {
    const float count = clamp(grey, 0.0f, 255.0f) / 255 * electrons;
    return (count + std::sqrt(count) * normal(random)) * 255 / electrons;
  });
}

// Rows, then columns.
void gaussian_blur(Canvas& p, float deviation, Random&) {
  const float sigma = p.scaled(deviation);
  const auto reach = static_cast<int32_t>(std::ceil(3 * sigma));
  std::vector<float> weights;
  float sum = 0;
  for (int32_t i = -reach; i <= reach; ++i) {
    weights.push_back(std::exp(-static_cast<float>(i * i) / (2 * sigma * sigma)));
    sum += weights.back();
  }
  const auto along = [&](int32_t dx, int32_t dy) {
    p.redraw([&](int32_t x, int32_t y, int32_t c) {
      float grey = 0;
      for (int32_t i = -reach; i <= reach; ++i)
        grey += weights[static_cast<size_t>(i + reach)] / sum * p.near(x + i * dx, y + i * dy, c);
      return grey;
    });
  };
  along(1, 0), along(0, 1);
}

// A lens out of focus makes a disc of every point.
void defocus_blur(Canvas& p, float radius, Random&) {
  const float r = p.scaled(radius);
  const auto reach = static_cast<int32_t>(std::ceil(r));
  p.redraw([&](int32_t x, int32_t y, int32_t c) {
    float grey = 0, weight = 0;
    for (int32_t dy = -reach; dy <= reach; ++dy)
      for (int32_t dx = -reach; dx <= reach; ++dx) {
        const float inside = clamp(r + 0.5f - std::hypot(static_cast<float>(dx), static_cast<float>(dy)), 0.0f, 1.0f);
        grey += inside * p.near(x + dx, y + dy, c), weight += inside;
      }
    return grey / weight;
  });
}

// The mean of what is seen from `steps` places. place(i, x, y) moves x and y, with i from 0 to 1.
template <class Place>
void mean_over(Canvas& p, int steps, Place&& place) {
  p.redraw([&](int32_t px, int32_t py, int32_t c) {
    float grey = 0;
    for (int i = 0; i < steps; ++i) {
      float x = static_cast<float>(px), y = static_cast<float>(py);
      place(static_cast<float>(i) / static_cast<float>(steps - 1), x, y);
      grey += p.between(x, y, c);
    }
    return grey / static_cast<float>(steps);
  });
}

void motion_blur(Canvas& p, float length, Random& random) {
  const float angle = std::numbers::pi_v<float> * random.unit(), way = p.scaled(length);
  const float dx = way * std::cos(angle), dy = way * std::sin(angle);
  const int steps = 2 * static_cast<int>(std::ceil(way)) + 1;
  mean_over(p, steps, [&](float i, float& x, float& y) { x += (i - 0.5f) * dx, y += (i - 0.5f) * dy; });
}

// The camera nears the face while the shutter is open, by this share.
void zoom_blur(Canvas& p, float share, Random&) {
  const float cx = static_cast<float>(p.width - 1) / 2, cy = static_cast<float>(p.height - 1) / 2;
  const int steps = 2 * static_cast<int>(std::ceil(share * cx)) + 1;
  mean_over(p, steps, [&](float i, float& x, float& y) {
    const float size = 1 + share * i;
    x = cx + (x - cx) / size, y = cy + (y - cy) / size;
  });
}

void brighter(Canvas& p, float greys, Random&) {
  p.each([&](float grey) { return grey + greys; });
}

// Less light, with the tone curve of a camera.
void darker(Canvas& p, float exponent, Random&) {
  p.each([&](float grey) { return 255 * std::pow(clamp(grey, 0.0f, 255.0f) / 255, exponent); });
}

void contrast(Canvas& p, float factor, Random&) {
  double sum = 0;
  for (const float grey : p.greys) sum += grey;
  const auto mean = static_cast<float>(sum / static_cast<double>(p.greys.size()));
  p.each([&](float grey) { return mean + factor * (grey - mean); });
}

// A veil of light grey, denser in some places: this share of it in the middle.
void haze(Canvas& p, float density, Random& random) {
  const float ax = random.around(1), ay = random.around(1);
  const float w = static_cast<float>(p.width), h = static_cast<float>(p.height);
  p.redraw([&](int32_t x, int32_t y, int32_t c) {
    const float place = ax * (static_cast<float>(x) / w - 0.5f) + ay * (static_cast<float>(y) / h - 0.5f);
    const float share = clamp(density * (1 + 0.5f * place), 0.0f, 1.0f);
    return p.near(x, y, c) * (1 - share) + 225 * share;
  });
}

// Drops on the lens, light and dark ones, that cover about this share of the picture.
void spatter(Canvas& p, float share, Random& random) {
  const auto area = static_cast<float>(p.width * p.height);
  for (float covered = 0; covered < share * area;) {
    const float radius = p.scaled(0.8f + 2.2f * random.unit());
    const float cx = random.unit() * static_cast<float>(p.width), cy = random.unit() * static_cast<float>(p.height);
    const float colour = random.chance(0.5f) ? 215.0f : 40.0f;
    for (int32_t y = 0; y < p.height; ++y)
      for (int32_t x = 0; x < p.width; ++x) {
        const float away = std::hypot(static_cast<float>(x) - cx, static_cast<float>(y) - cy);
        const float inside = 0.85f * clamp(radius + 0.5f - away, 0.0f, 1.0f);
        if (inside <= 0) continue;
        for (int32_t c = 0; c < p.channels; ++c) p.at(x, y, c) = p.near(x, y, c) * (1 - inside) + colour * inside;
      }
    covered += std::numbers::pi_v<float> * radius * radius;
  }
}

// A hand, a mask, hair: one grey rectangle, its sides this share of the picture's.
void occlusion(Canvas& p, float side, Random& random) {
  const int32_t w = static_cast<int32_t>(side * static_cast<float>(p.width)),
                h = static_cast<int32_t>(side * static_cast<float>(p.height));
  const auto left = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.width - w + 1))),
             top = static_cast<int32_t>(random.below(static_cast<uint32_t>(p.height - h + 1)));
  for (int32_t y = top; y < top + h; ++y)
    for (int32_t x = left; x < left + w; ++x)
      for (int32_t c = 0; c < p.channels; ++c) p.at(x, y, c) = 110;
}

// Fewer pixels, this share of them in each direction, drawn large.
void pixelate(Canvas& p, float share, Random&) {
  const float block = 1 / share;
  const auto edge = [&](int32_t i) { return static_cast<int32_t>(std::floor(static_cast<float>(i) * block)); };
  const auto block_of = [&](int32_t x) {
    auto i = static_cast<int32_t>(static_cast<float>(x) / block);
    while (edge(i + 1) <= x) ++i;
    return i;
  };
  p.redraw([&](int32_t x, int32_t y, int32_t c) {
    const int32_t bx = block_of(x), by = block_of(y);
    float sum = 0;
    int32_t count = 0;
    for (int32_t v = edge(by); v < std::min(edge(by + 1), p.height); ++v)
      for (int32_t u = edge(bx); u < std::min(edge(bx + 1), p.width); ++u) sum += p.near(u, v, c), ++count;
    return sum / static_cast<float>(count);
  });
}

std::vector<uint8_t> bytes_of(const Canvas& p) {
  std::vector<uint8_t> bytes(p.greys.size());
  std::ranges::transform(p.greys, bytes.begin(),
                         [](float grey) { return static_cast<uint8_t>(std::lround(clamp(grey, 0.0f, 255.0f))); });
  return bytes;
}

void through_jpeg(Canvas& p, float quality, Random&) {
  std::vector<uint8_t> bytes = bytes_of(p);
  augmenting::compress_jpeg({bytes, p.width, p.height, p.channels}, static_cast<int>(quality));
  std::ranges::copy(bytes, p.greys.begin());
}

struct Step {
  void (*apply)(Canvas&, float, Random&);
  Strengths strengths;
};
struct Corruption {
  const char* name;
  std::vector<Step> steps;
};

const std::vector<Corruption>& corruptions() {
  static const std::vector<Corruption> list = {
      {"gaussian_noise", {{gaussian_noise, {6, 12, 20, 30, 44}}}},
      {"shot_noise", {{shot_noise, {400, 130, 60, 25, 12}}}},
      {"gaussian_blur", {{gaussian_blur, {0.6f, 0.9f, 1.3f, 1.8f, 2.4f}}}},
      {"defocus_blur", {{defocus_blur, {1, 1.5f, 2.1f, 2.8f, 3.6f}}}},
      {"motion_blur", {{motion_blur, {2.5f, 4, 6, 8.5f, 11}}}},
      {"zoom_blur", {{zoom_blur, {0.06f, 0.11f, 0.17f, 0.25f, 0.34f}}}},
      {"brighter", {{brighter, {25, 50, 75, 100, 125}}}},
      {"darker", {{darker, {1.3f, 1.7f, 2.3f, 3.2f, 4.5f}}}},
      {"more_contrast", {{contrast, {1.3f, 1.7f, 2.3f, 3.2f, 4.5f}}}},
      {"less_contrast", {{contrast, {0.75f, 0.55f, 0.38f, 0.24f, 0.14f}}}},
      {"haze", {{haze, {0.2f, 0.35f, 0.5f, 0.64f, 0.77f}}}},
      {"spatter", {{spatter, {0.03f, 0.07f, 0.12f, 0.19f, 0.28f}}}},
      {"occlusion", {{occlusion, {0.15f, 0.24f, 0.33f, 0.43f, 0.54f}}}},
      {"jpeg", {{through_jpeg, {40, 22, 13, 8, 4}}}},
      {"pixelate", {{pixelate, {0.7f, 0.54f, 0.42f, 0.33f, 0.25f}}}},
      {"dark_and_noisy", {{darker, {1.2f, 1.5f, 1.9f, 2.4f, 3.1f}}, {gaussian_noise, {5, 9, 14, 20, 27}}}},
      {"bright_and_blurred", {{brighter, {20, 38, 56, 75, 95}}, {gaussian_blur, {0.5f, 0.75f, 1.05f, 1.4f, 1.8f}}}},
      {"blurred_and_compressed",
       {{gaussian_blur, {0.5f, 0.75f, 1.05f, 1.4f, 1.8f}}, {through_jpeg, {50, 32, 20, 13, 8}}}},
  };
  return list;
}

}  // namespace

std::vector<std::string> corruption_names() {
  std::vector<std::string> names;
  for (const Corruption& corruption : corruptions()) names.emplace_back(corruption.name);
  return names;
}

void corrupt(const std::string& name, int strength, uint64_t seed, std::span<const uint8_t> in, int32_t width,
             int32_t height, int32_t channels, std::span<uint8_t> out) {
  assert(strength >= 1 && strength <= kCorruptionStrengths);
  const auto it = std::ranges::find(corruptions(), name, &Corruption::name);
  if (it == corruptions().end())
    throw host::Error(host::Exit::usage, fmt::format("there is no corruption {}", name),
                      fmt::format("known are: {}", fmt::join(corruption_names(), ", ")));
  Random random(seed);
  Canvas canvas{width, height, channels, {in.begin(), in.end()}};
  for (const Step& step : it->steps) {
    if (step.apply == through_jpeg && !augmenting::knows_jpeg())
      throw host::Error(host::Exit::usage, fmt::format("corruption {}: this build has no JPEG codec", name));
    step.apply(canvas, step.strengths[static_cast<size_t>(strength - 1)], random);
    canvas.each([](float grey) { return clamp(grey, 0.0f, 255.0f); });
  }
  std::ranges::copy(bytes_of(canvas), out.begin());
}

}  // namespace dimple::data

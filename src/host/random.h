// A small random stream (SplitMix64): the same numbers on every machine, and cheap to start anew for each picture.
#pragma once
#include <cstddef>
#include <cstdint>

namespace dimple::host {

constexpr uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// One seed for (run, epoch, picture), so that the order in which threads work does not matter.
constexpr uint64_t seed_for(uint64_t run, uint64_t epoch, uint64_t index) {
  return mix(mix(mix(run + 0x9E3779B97F4A7C15u) + epoch + 0x9E3779B97F4A7C15u) + index + 0x9E3779B97F4A7C15u);
}

class Random {
 public:
  explicit constexpr Random(uint64_t seed) : state_(seed) {}

  constexpr uint64_t next() { return mix(state_ += 0x9E3779B97F4A7C15u); }
  constexpr float unit() { return static_cast<float>(next() >> 40) * 0x1p-24f; }  // [0, 1)
  constexpr float around(float most) { return most * (2 * unit() - 1); }          // [-most, most)
  constexpr bool chance(float probability) { return unit() < probability; }
  constexpr uint32_t below(uint32_t n) { return static_cast<uint32_t>((next() >> 32) * n >> 32); }

 private:
  uint64_t state_;
};

// A new order for anything with size() and [].
template <class Items>
void shuffle(Items& items, Random& random) {
  for (size_t i = items.size(); i > 1; --i) {
    const size_t j = random.below(static_cast<uint32_t>(i));
    auto held = items[i - 1];
    items[i - 1] = items[j];
    items[j] = held;
  }
}

}  // namespace dimple::host

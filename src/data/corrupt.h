// What befalls a picture between a face and its reader, in five strengths each: noise, blur, light, weather, something in
// front of the face, a codec, and mixtures of them. Unlike an augmentation (data/augment.h), nothing is learned from
// these: they show how far a reader can be trusted where its pictures are worse than those that it was made on.
//
// The kinds follow RAF-DB-C (Greco, Strisciuglio, Vento, Vigilante: Benchmarking deep networks for facial emotion
// recognition in the wild, 2022); how strong each is, is ours, chosen on 48x48 grey: a person still reads most faces at
// strength 3, and few at 5. Lengths grow with the picture's width.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace dimple::data {

inline constexpr int kCorruptionStrengths = 5;

// In the order of the list above.
std::vector<std::string> corruption_names();

// `strength`: 1 to 5. The same picture and seed give the same result. Throws host::Error(Exit::usage) for another name,
// and for one that this build cannot do (it has no codec).
void corrupt(const std::string& name, int strength, uint64_t seed, std::span<const uint8_t> in, int32_t width,
             int32_t height, int32_t channels, std::span<uint8_t> out);

}  // namespace dimple::data

#include "model/foreign_dtype.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace dimple::model {
namespace {

template <class From, class To>
bool cast(const std::byte* from, std::byte* to) {
  From value;
  std::memcpy(&value, from, sizeof value);
  if constexpr (std::is_integral_v<From> && std::is_integral_v<To> && sizeof(From) > sizeof(To))
    if (value < std::numeric_limits<To>::min() || value > std::numeric_limits<To>::max()) return false;
  const To result = static_cast<To>(value);
  std::memcpy(to, &result, sizeof result);
  return true;
}

template <float (*decode)(uint16_t)>
bool widen(const std::byte* from, std::byte* to) {
  uint16_t bits = 0;
  std::memcpy(&bits, from, sizeof bits);
  const float value = decode(bits);
  std::memcpy(to, &value, sizeof value);
  return true;
}

float from_brain(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

// A double too large for a float becomes an infinity, as every framework does.
bool narrow(const std::byte* from, std::byte* to) {
  double value = 0;
  std::memcpy(&value, from, sizeof value);
  constexpr double kMax = std::numeric_limits<float>::max();
  const float result = value > kMax    ? std::numeric_limits<float>::infinity()
                       : value < -kMax ? -std::numeric_limits<float>::infinity()
                                       : static_cast<float>(value);
  std::memcpy(to, &result, sizeof result);
  return true;
}

constexpr ForeignType kTypes[] = {
    {"FloatStorage", "F32", 4, DType::f32, cast<float, float>},
    {"DoubleStorage", "F64", 8, DType::f32, narrow},
    {"HalfStorage", "F16", 2, DType::f32, widen<from_half>},
    {"BFloat16Storage", "BF16", 2, DType::f32, widen<from_brain>},
    {"LongStorage", "I64", 8, DType::s32, cast<int64_t, int32_t>},
    {"IntStorage", "I32", 4, DType::s32, cast<int32_t, int32_t>},
    {"ShortStorage", "I16", 2, DType::s32, cast<int16_t, int32_t>},
    {"CharStorage", "I8", 1, DType::s8, cast<int8_t, int8_t>},
    {"ByteStorage", "U8", 1, DType::u8, cast<uint8_t, uint8_t>},
    {"BoolStorage", "BOOL", 1, DType::u8, cast<uint8_t, uint8_t>},
};

}  // namespace

std::span<const ForeignType> foreign_types() { return kTypes; }

float from_half(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const float sign = bits >> 15 ? -1.0f : 1.0f;
  if (exponent == 31)
    return fraction ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
}

}  // namespace dimple::model

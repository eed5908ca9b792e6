#include "data/datasets/affectnet/npy_whole.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "data/csv.h"
#include "host/error.h"

namespace dimple::data {
namespace {

struct Npy {
  std::string_view type;   // "<U1", "<i8", ...
  std::string_view shape;  // "", "1,"
  std::string_view data;
};

[[noreturn]] void refuse_array(const std::string& where, const std::string& why) {
  throw host::Error(host::Exit::input, fmt::format("cannot read {}: {}", where, why));
}

// What stands between `before` and `after`; nothing when either is missing.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  const size_t end = text.find(after);
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

// Magic, two bytes of version, the header's length in two bytes or four, the header, the data.
Npy parse(std::string_view bytes, const std::string& where) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  if (!bytes.starts_with(kMagic) || bytes.size() < 12) refuse_array(where, "it is no numpy file");
  const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(bytes[i])); };
  const size_t begin = byte(6) == 1 ? 10 : 12;
  size_t length = byte(8) | byte(9) << 8;
  if (begin == 12) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - begin) refuse_array(where, "it is cut short");
  const std::string_view header = bytes.substr(begin, length);
  return {between(header, "'descr': '", "'"), between(header, "'shape': (", ")"), bytes.substr(begin + length)};
}

template <class T>
double number_in(std::string_view data) {
  T value;
  std::memcpy(&value, data.data(), sizeof value);
  return static_cast<double>(value);
}

// Text is zero-filled; a letter of 'U' has four bytes.
int64_t whole_in_text(std::string_view data, size_t step, const std::string& where) {
  std::string text;
  for (size_t i = 0; i < data.size() && data[i] != 0; i += step) {
    for (size_t k = 1; k < step; ++k)
      if (data[i + k] != 0) refuse_array(where, "it holds text that is no number");
    text += data[i];
  }
  int64_t value = 0;
  if (!parse_number(text, INT32_MIN, INT32_MAX, value)) refuse_array(where, "it holds text that is no number");
  return value;
}

}  // namespace

int64_t read_npy_whole(std::string_view bytes, const std::string& where) {
  const Npy npy = parse(bytes, where);
  if (npy.type.size() < 2 || npy.type[0] == '>') refuse_array(where, "its header names no type that is known here");
  if (!npy.shape.empty() && npy.shape != "1,")
    refuse_array(where, fmt::format("it holds ({}) numbers, not one", npy.shape));
  const char kind = npy.type[1];
  int64_t digits = 0;
  if (!parse_number(npy.type.substr(2), 1, 64, digits))
    refuse_array(where, kind == 'O' ? "it holds a pickled object, which is never run" : "its header names no type");
  const auto size = static_cast<size_t>(digits) * (kind == 'U' ? 4 : 1);
  if (npy.data.size() != size)
    refuse_array(where, fmt::format("{} bytes of data instead of {}", npy.data.size(), size));
  if (kind == 'U' || kind == 'S') return whole_in_text(npy.data, kind == 'U' ? 4 : 1, where);

  double value = NAN;
  for (const auto& [type, read] : {std::pair<std::string_view, double (*)(std::string_view)>{"i1", number_in<int8_t>},
                                   {"b1", number_in<uint8_t>},
                                   {"u1", number_in<uint8_t>},
                                   {"u2", number_in<uint16_t>},
                                   {"u4", number_in<uint32_t>},
                                   {"u8", number_in<uint64_t>},
                                   {"i2", number_in<int16_t>},
                                   {"i4", number_in<int32_t>},
                                   {"i8", number_in<int64_t>},
                                   {"f4", number_in<float>},
                                   {"f8", number_in<double>}})
    if (npy.type.substr(1) == type) value = read(npy.data);
  if (!(std::abs(value) <= INT32_MAX) || value != std::trunc(value))
    refuse_array(where, fmt::format("its `{}` is no whole number", npy.type.substr(0, 8)));
  return static_cast<int64_t>(value);
}

}  // namespace dimple::data

// Files for tests: whole ones made by our own encoders, and ones that lie, made by hand.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/crc32.h"
#include "media/encode.h"
#include "media/picture.h"

namespace dimple::media::testing {

using Bytes = std::vector<uint8_t>;

inline Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

inline void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

inline Bytes big_endian(uint32_t v) { return {uint8_t(v >> 24), uint8_t(v >> 16), uint8_t(v >> 8), uint8_t(v)}; }

inline Bytes png_chunk(const std::string& type, const Bytes& data) {
  Bytes named = bytes_of(type);
  append(named, data);
  Bytes out = big_endian(uint32_t(data.size()));
  append(out, named);
  append(out, big_endian(crc32({named.data(), named.size()})));
  return out;
}

// A zlib stream, its bytes stored as they are.
inline Bytes zlib_of(const Bytes& raw) {
  Bytes out = {0x78, 0x01};
  uint32_t a = 1, b = 0;
  for (const uint8_t byte : raw) b = (b + (a = (a + byte) % 65521)) % 65521;
  for (size_t at = 0; at == 0 || at < raw.size(); at += 0xFFFF) {
    const size_t n = std::min<size_t>(raw.size() - at, 0xFFFF);
    append(out, {uint8_t(at + n == raw.size()), uint8_t(n), uint8_t(n >> 8), uint8_t(~n), uint8_t(~n >> 8)});
    out.insert(out.end(), raw.begin() + ptrdiff_t(at), raw.begin() + ptrdiff_t(at + n));
  }
  append(out, big_endian(b << 16 | a));
  return out;
}

// A zlib stream of 1 + 258 * runs zeros: one literal, then the longest match at distance 1, again and again.
inline Bytes zlib_of_zeros(size_t runs) {
  Bytes out = {0x78, 0x01};
  uint32_t held = 0, bits = 0;
  const auto put = [&](uint32_t value, uint32_t count) {  // least significant bit first
    held |= value << bits;
    for (bits += count; bits >= 8; bits -= 8, held >>= 8) out.push_back(uint8_t(held));
  };
  put(0b011, 3);       // the last block, with the fixed codes
  put(0b00001100, 8);  // literal 0; codes are written from their other end
  for (size_t i = 0; i < runs; ++i) {
    put(0b10100011, 8);  // length 258
    put(0b00000, 5);     // distance 1
  }
  put(0, 7);  // end of block
  put(0, 7);
  append(out, big_endian(uint32_t((1 + 258 * runs) % 65521) << 16 | 1));
  return out;
}

// A PNG with this header whose image data are this zlib stream, whatever the header says.
inline Bytes png_of(uint32_t width, uint32_t height, int bits, int colour_type, const Bytes& zlib,
                    const Bytes& extra = {}) {
  Bytes header = big_endian(width);
  append(header, big_endian(height));
  append(header, {uint8_t(bits), uint8_t(colour_type), 0, 0, 0});
  Bytes out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  append(out, png_chunk("IHDR", header));
  append(out, extra);
  append(out, png_chunk("IDAT", zlib));
  append(out, png_chunk("IEND", {}));
  return out;
}

// A gradient with a bright corner: it tells every turning and mirroring apart and survives JPEG.
inline Picture marked_picture(int width, int height, int channels) {
  Picture p(width, height, channels);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c)
        p.at(x, y)[c] =
            uint8_t(40 + 60 * x / width + (c == 1 ? 80 : 20) * y / height + (x < width / 4 && y < height / 4 ? 70 : 0));
  return p;
}

// "Exif", then a TIFF block of one entry: the orientation.
inline Bytes exif_of(int orientation, bool little_endian) {
  Bytes out = {'E', 'x', 'i', 'f', 0, 0};
  if (little_endian)
    append(out, {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, uint8_t(orientation),
                 0,   0,   0,  0, 0, 0, 0});
  else
    append(out, {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, uint8_t(orientation),
                 0,   0,   0, 0,  0, 0});
  return out;
}

// The JPEG with an APP1 segment right behind its first marker.
inline Bytes with_exif(const Bytes& jpeg, const Bytes& exif) {
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  const size_t length = exif.size() + 2;
  append(out, {0xFF, 0xE1, uint8_t(length >> 8), uint8_t(length)});
  append(out, exif);
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

}  // namespace dimple::media::testing

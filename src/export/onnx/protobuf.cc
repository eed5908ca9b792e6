#include "export/onnx/protobuf.h"

#include <bit>

namespace dimple::exports {
namespace {

// How a value is coded, in the low three bits of its key.
constexpr uint64_t kVarint = 0, kBytes = 2, kFourBytes = 5;

uint64_t key(int field, uint64_t coding) { return static_cast<uint64_t>(field) << 3 | coding; }

}  // namespace

// Seven bits a byte, the lowest first; the top bit says that more follow.
void Message::varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
  bytes_.push_back(static_cast<char>(value));
}

Message& Message::number(int field, int64_t value) {
  varint(key(field, kVarint));
  varint(static_cast<uint64_t>(value));
  return *this;
}

Message& Message::real(int field, float value) {
  varint(key(field, kFourBytes));
  const auto bits = std::bit_cast<uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) bytes_.push_back(static_cast<char>(bits >> shift));
  return *this;
}

Message& Message::text(int field, std::string_view bytes) {
  varint(key(field, kBytes));
  varint(bytes.size());
  bytes_.append(bytes);
  return *this;
}

}  // namespace dimple::exports

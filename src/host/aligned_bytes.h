// Memory on a 16-byte boundary, as programs and their arenas want it; a span of bytes promises no such thing.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace dimple::host {

class AlignedBytes {
 public:
  AlignedBytes() = default;
  explicit AlignedBytes(size_t bytes) : blocks_(bytes / sizeof(Block) + 1), size_(bytes) {}
  explicit AlignedBytes(std::span<const uint8_t> bytes) : AlignedBytes(bytes.size()) {
    if (!bytes.empty()) std::memcpy(data(), bytes.data(), bytes.size());
  }

  uint8_t* data() { return blocks_.empty() ? nullptr : blocks_.data()->bytes; }
  const uint8_t* data() const { return blocks_.empty() ? nullptr : blocks_.data()->bytes; }
  size_t size() const { return size_; }

 private:
  struct alignas(16) Block {
    uint8_t bytes[16];
  };
  std::vector<Block> blocks_;
  size_t size_ = 0;
};

}  // namespace dimple::host

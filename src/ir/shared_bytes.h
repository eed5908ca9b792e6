// Bytes that copies share until one of them is written: a graph that a pass or a search step copies costs no weights.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace dimple::ir {

class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(std::vector<std::byte> bytes) : bytes_(std::make_shared<std::vector<std::byte>>(std::move(bytes))) {}

  size_t size() const { return bytes_ ? bytes_->size() : 0; }
  bool empty() const { return size() == 0; }
  const std::byte* data() const { return bytes_ ? bytes_->data() : nullptr; }
  const std::byte* begin() const { return data(); }
  const std::byte* end() const { return data() + size(); }

  // For writing: from here on these bytes are this copy's alone.
  std::byte* data() { return own().data(); }
  void resize(size_t size) { own().resize(size); }

  bool operator==(const SharedBytes& other) const {
    return bytes_ == other.bytes_ || (size() == other.size() && std::equal(begin(), end(), other.begin()));
  }
  bool shares_with(const SharedBytes& other) const { return bytes_ == other.bytes_; }

 private:
  std::vector<std::byte>& own() {
    if (!bytes_) bytes_ = std::make_shared<std::vector<std::byte>>();
    if (bytes_.use_count() > 1) bytes_ = std::make_shared<std::vector<std::byte>>(std::as_const(*bytes_));
    // What another thread read before it let go of its copy was read before this one writes.
    std::atomic_thread_fence(std::memory_order_acquire);
    return *bytes_;
  }

  std::shared_ptr<std::vector<std::byte>> bytes_;
};

}  // namespace dimple::ir

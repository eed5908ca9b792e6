#include "nn/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#include <c10/core/CPUAllocator.h>
#include "nn/torch.h"

namespace dimple::nn {
namespace {

constexpr size_t kHugePage = size_t{2} << 20, kReserve = 16 * kHugePage, kPage = 4096, kLine = 64;

// There are eight sizes for each doubling, from 512 bytes on: at most an eighth of a larger block lies idle.
struct Size {
  size_t bytes, number;
};
Size size_of_block(size_t bytes) {
  const size_t wanted = std::max<size_t>(bytes, 512), step = std::bit_floor(wanted) / 8;
  const size_t steps = (wanted + step - 1) / step;  // 8 to 16
  return {steps * step, static_cast<size_t>(std::bit_width(step)) * 8 + steps - 8};
}

// Blocks are cut from large reservations and never returned to the system. In front of each stands its size.
class Store {
 public:
  void* take(size_t bytes) {
    const Size size = size_of_block(bytes + kLine);
    const std::lock_guard lock(mutex_);
    char* block = nullptr;
    // A block may be up to half as large again: batches and shares differ in size.
    for (size_t number = size.number; number < size.number + 5 && !block; ++number)
      if (std::vector<char*>& idle = idle_[number]; !idle.empty()) {
        block = idle.back();
        idle.pop_back();
      }
    if (!block) {
      block = cut(size.bytes);
      *reinterpret_cast<Size*>(block) = size;
    }
    memory_.handed_out += reinterpret_cast<const Size*>(block)->bytes;
    return block + kLine;
  }

  void give_back(void* data) {
    char* block = static_cast<char*>(data) - kLine;
    const std::lock_guard lock(mutex_);
    const Size size = *reinterpret_cast<const Size*>(block);
    memory_.handed_out -= size.bytes;
    idle_[size.number].push_back(block);
  }

  KeptMemory memory() {
    const std::lock_guard lock(mutex_);
    return memory_;
  }

 private:
  // Each block begins some cache lines further into its page than the one before. Blocks of one size would otherwise
  // share the last twelve bits of their addresses, and a load then waits for a store to another block (4K aliasing).
  char* cut(size_t size) {
    const size_t shift = kLine * (17 * cuts_++ % (kPage / kLine)), all = (size + shift + kLine - 1) / kLine * kLine;
    if (all > left_) reserve(all);
    char* block = next_ + shift;
    next_ += all, left_ -= all;
    return block;
  }

  void reserve(size_t least) {
    const size_t bytes = (std::max(least, kReserve) + kHugePage - 1) / kHugePage * kHugePage;
    void* memory = mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    const size_t address = reinterpret_cast<size_t>(memory),
                 aligned = (address + kHugePage - 1) / kHugePage * kHugePage;
    next_ = static_cast<char*>(memory) + (aligned - address), left_ = bytes;
    madvise(next_, bytes, MADV_HUGEPAGE);  // a wish
    memory_.reserved += bytes;
  }

  std::mutex mutex_;
  std::array<std::vector<char*>, size_t{64} * 8 + 8> idle_;
  char* next_ = nullptr;
  size_t left_ = 0, cuts_ = 0;
  KeptMemory memory_;
};

Store& store() {
  static auto* one = new Store;  // lives as long as the last tensor
  return *one;
}

void give_back(void* data) {
  if (data) store().give_back(data);
}

// libtorch has had two forms of `allocate`, and later versions ask for `copy_data`: a form that a version lacks is an
// ordinary function there, and unused.
struct Keeper final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) const { return make(bytes); }
  c10::DataPtr allocate(size_t bytes) { return make(bytes); }
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
  c10::DeleterFnPtr raw_deleter() const override { return give_back; }

  static c10::DataPtr make(size_t bytes) {
    void* data = bytes > 0 ? store().take(bytes) : nullptr;
    return {data, data, give_back, c10::DeviceType::CPU};
  }
};

}  // namespace

void keep_memory() {
  static Keeper* keeper = [] {
    auto* one = new Keeper;
    c10::SetCPUAllocator(one, 1);
    return one;
  }();
  (void)keeper;
}

KeptMemory kept_memory() { return store().memory(); }

}  // namespace dimple::nn

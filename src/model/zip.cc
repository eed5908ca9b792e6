#include "model/zip.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/crc32.h"
#include "host/error.h"

namespace dimple::model {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50, kEnd = 0x06054b50;
constexpr size_t kLocalBytes = 30, kCentralBytes = 46, kEndBytes = 22, kMaxComment = 0xFFFF;

class ZipReader {
 public:
  ZipReader(std::span<const uint8_t> bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  std::map<std::string, std::span<const uint8_t>, std::less<>> read() const {
    const uint64_t end = find_end();
    const uint64_t count = number(end + 10, 2);
    uint64_t at = number(end + 16, 4);
    std::map<std::string, Entry> entries;
    for (uint64_t i = 0; i < count; ++i) {
      if (number(at, 4) != kCentralHeader) refuse("its table of contents is damaged");
      const uint64_t name_bytes = number(at + 28, 2);
      const auto name = part(at + kCentralBytes, name_bytes);
      if (!entries.emplace(std::string(name.begin(), name.end()), entry(at)).second)
        refuse("an entry stands in it twice");
      at += kCentralBytes + name_bytes + number(at + 30, 2) + number(at + 32, 2);
    }
    check_apart(entries);
    std::map<std::string, std::span<const uint8_t>, std::less<>> found;
    for (const auto& [name, e] : entries) {
      if (crc32({e.data.data(), e.data.size()}) != e.crc) refuse("an entry is damaged: its checksum does not match");
      found.emplace(name, e.data);
    }
    return found;
  }

 private:
  struct Entry {
    uint64_t local;  // where its own header begins
    std::span<const uint8_t> data;
    uint64_t crc;
  };

  [[noreturn]] void refuse(const std::string& why) const {
    throw host::Error(host::Exit::model, fmt::format("cannot read {}: {}", source_, why));
  }

  std::span<const uint8_t> part(uint64_t at, uint64_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) refuse("the archive is cut short or damaged");
    return bytes_.subspan(at, count);
  }
  uint64_t number(uint64_t at, uint64_t count) const {  // little-endian
    uint64_t value = 0;
    const auto digits = part(at, count);
    for (size_t i = digits.size(); i-- > 0;) value = value << 8 | digits[i];
    return value;
  }

  // The end record is the last thing in the file but for a comment, whose length it tells.
  uint64_t find_end() const {
    if (bytes_.size() < kEndBytes) refuse("the archive is cut short or damaged");
    const uint64_t last = bytes_.size() - kEndBytes;
    for (uint64_t back = 0; back <= std::min<uint64_t>(last, kMaxComment); ++back)
      if (number(last - back, 4) == kEnd && number(last - back + 20, 2) == back) return last - back;
    refuse("the archive has no end; is it cut short?");
  }

  // Entries that share a body would be checked once for each, and unpack to more than the file holds: a bomb.
  void check_apart(const std::map<std::string, Entry>& entries) const {
    std::vector<const Entry*> in_order;
    for (const auto& [name, e] : entries) in_order.push_back(&e);
    std::ranges::sort(in_order, {}, &Entry::local);
    const uint8_t* end = bytes_.data();
    for (const Entry* e : in_order) {
      if (bytes_.data() + e->local < end) refuse("two entries share their bytes");
      end = e->data.data() + e->data.size();
    }
  }

  // What the central header at `at` promises, found behind the local one.
  Entry entry(uint64_t at) const {
    const uint64_t flags = number(at + 8, 2), method = number(at + 10, 2), crc = number(at + 16, 4);
    const uint64_t packed = number(at + 20, 4), size = number(at + 24, 4), local = number(at + 42, 4);
    if (flags & 1) refuse("it is encrypted");
    if (method != 0 || packed != size) refuse("an entry is compressed, which torch.save never does");
    if (size == 0xFFFFFFFF || local == 0xFFFFFFFF) refuse("it is larger than 4 GB");
    if (number(local, 4) != kLocalHeader) refuse("its table of contents points nowhere");
    const auto data = part(local + kLocalBytes + number(local + 26, 2) + number(local + 28, 2), size);
    return {local, data, crc};
  }

  std::span<const uint8_t> bytes_;
  const std::string& source_;
};

}  // namespace

std::map<std::string, std::span<const uint8_t>, std::less<>> read_stored_zip(std::span<const uint8_t> bytes,
                                                                             const std::string& source) {
  return ZipReader(bytes, source).read();
}

}  // namespace dimple::model

// Checkpoints made by hand, for tests: a zip archive of stored entries, and a pickle as torch.save would write it.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/crc32.h"

namespace dimple::model {

inline std::string little(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(i < 8 ? value >> 8 * i & 255 : 0);
  return text;
}

inline std::vector<uint8_t> stored_zip(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string file, contents;
  for (const auto& [name, data] : entries) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(data.data());
    const std::string sizes = little(crc32({bytes, data.size()}), 4) + little(data.size(), 4) + little(data.size(), 4) +
                              little(name.size(), 2);
    const std::string head = little(0, 2) + little(0, 2) + little(0, 4) + sizes;  // flags, stored, time
    contents +=
        little(0x02014b50, 4) + little(0, 4) + head + little(0, 2) + little(0, 10) + little(file.size(), 4) + name;
    file += little(0x04034b50, 4) + little(0, 2) + head + little(0, 2) + name + data;
  }
  const std::string end = little(0x06054b50, 4) + little(0, 4) + little(entries.size(), 2) + little(entries.size(), 2) +
                          little(contents.size(), 4) + little(file.size(), 4) + little(0, 2);
  file += contents + end;
  return {file.begin(), file.end()};
}

// Pieces of a pickle.
namespace pickled {

inline std::string text(const std::string& s) { return "X" + little(s.size(), 4) + s; }
inline std::string number(int64_t n) { return "\x8a\x08" + little(static_cast<uint64_t>(n), 8); }
inline std::string tuple(const std::string& items) { return "(" + items + "t"; }
inline std::string numbers(const std::vector<int64_t>& list) {
  std::string items;
  for (const int64_t n : list) items += number(n);
  return tuple(items);
}
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}

struct TensorText {
  std::string storage = "FloatStorage", key = "0";
  int64_t elements = 0, first = 0;
  std::vector<int64_t> dims, strides;
};
inline std::string tensor(const TensorText& t) {
  const std::string id =
      tuple(text("storage") + global("torch", t.storage) + text(t.key) + text("cpu") + number(t.elements));
  return global("torch._utils", "_rebuild_tensor_v2") +
         tuple(id + "Q" + number(t.first) + numbers(t.dims) + numbers(t.strides) + "\x89" +
               global("collections", "OrderedDict") + ")R") +
         "R";
}
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string pairs;
  for (const auto& [key, value] : items) pairs += text(key) + value;
  return "}(" + pairs + "u";
}
inline std::string whole(const std::string& value) { return "\x80\x02" + value + "."; }

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace pickled
}  // namespace dimple::model

#include "data/checksum.h"

#include "host/sha256.h"

namespace dimple::data {
namespace {

template <class T>
std::span<const uint8_t> bytes_of_all(std::span<const T> values) {
  return {reinterpret_cast<const uint8_t*>(values.data()), values.size_bytes()};
}

}  // namespace

std::string content_sha256(const Dataset& set) {
  const int32_t size[] = {set.width, set.height, set.channels, static_cast<int32_t>(set.size())};
  host::Sha256 hash;
  hash.update(bytes_of_all(std::span<const int32_t>(size)));
  hash.update(set.pixels);
  hash.update(bytes_of_all(std::span(set.label)));
  hash.update(bytes_of_all(std::span(set.split)));
  return hash.finish();
}

}  // namespace dimple::data

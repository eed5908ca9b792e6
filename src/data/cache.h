// A decoded Dataset as one file, for machines without codecs and archives: it needs nothing but a C++ library.
//
//   "DMPLDATA" | u32 version | u32 crc32 of all that follows | u64 bytes that follow | fields in the order of
//   visit_fields
//
// A number is itself, a string or vector its count (u64) and its items, a small struct its members; all little-endian.
#pragma once
#include <string>

#include "data/dataset.h"

namespace dimple::data {

inline constexpr uint32_t kCacheVersion = 3;

bool is_cache(const std::string& path);
void save_cache(const std::string& path, const Dataset& set);  // atomic
Dataset load_cache(const std::string& path);                   // throws host::Error(Exit::input)

}  // namespace dimple::data

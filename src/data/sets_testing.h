// Small sets and files for this room's tests. Pictures are noise: no face is needed to count rows.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "data/dataset.h"
#include "data/duplicates.h"
#include "host/error.h"
#include "host/own_folder_testing.h"
#include "host/random.h"

namespace dimple::data {

inline Dataset noise_set(int32_t pictures, uint64_t seed = 1) {
  Dataset set;
  set.name = "noise";
  set.width = 6;
  set.height = 4;
  set.labels = {"happy", "sad", "neutral"};
  host::Random random(seed);
  for (int32_t i = 0; i < pictures; ++i) {
    for (int32_t p = 0; p < 24; ++p) set.pixels.push_back(static_cast<uint8_t>(random.below(256)));
    set.label.push_back(i % 3);
    set.split.push_back(i % 5 == 4 ? Split::test : i % 5 == 3 ? Split::validation : Split::train);
    set.source_row.push_back(i);
  }
  set.duplicate_of = find_duplicates(set);
  return set;
}

inline void copy_picture(Dataset& set, size_t from, size_t to) {
  for (size_t i = 0; i < set.picture_bytes(); ++i)
    set.pixels[to * set.picture_bytes() + i] = set.pixels[from * set.picture_bytes() + i];
  set.duplicate_of = find_duplicates(set);
}

inline std::string temporary(const std::string& name) { return (host::own_folder() / name).string(); }

inline std::string write_file(const std::string& name, const std::string& text) {
  const std::string path = temporary(name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

// What an input error said; "" when there was none.
template <class Work>
std::string input_error(Work&& work) {
  try {
    work();
  } catch (const host::Error& error) {
    EXPECT_EQ(error.exit(), host::Exit::input) << error.what();
    return error.what();
  }
  return "";
}

// A file below the folder of real data, or a visible skip.
#define DIMPLE_REAL_DATA(path, relative)                                               \
  if (!std::getenv("DIMPLE_DATA")) GTEST_SKIP() << "DIMPLE_DATA is not set";           \
  const std::string path = std::string(std::getenv("DIMPLE_DATA")) + "/" + (relative); \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there"

}  // namespace dimple::data

// How work grows with the size of what is asked, for tests that bound it. Counted first: the bytes that were asked of
// `new` are the same on every machine, however busy. A walk through what is there asks for none, so processor time is
// looked at as well: of this thread alone, in samples of 2 ms or more, the best of several, and bounded widely.
#pragma once
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace dimple::host {

// By this thread, whether given back or not.
uint64_t bytes_asked_by(const std::function<void()>& work);

// Whether `work(8 * size)` takes less than three times what it should, which is 8 times what `work(size)` takes or, for
// `power` 2, 64 times. One power more lies as far above the bound.
testing::AssertionResult grows_with(const std::function<void(size_t)>& work, size_t size, int power = 1);

// Pieces of hostile files.
inline std::string repeated(size_t count, std::string_view piece) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += piece;
  return text;
}
template <class Piece>
std::string numbered(size_t count, Piece&& piece) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += piece(std::to_string(i));
  return text;
}

}  // namespace dimple::host

// Just enough csv for datasets: commas, optional double quotes around a field, any line end. No heap per field.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/platform.h"

namespace dimple::data {

// Cuts a stream of chunks into lines. A line that grows past `longest` is refused, so that memory stays bounded
// whatever comes out of a decompressor.
class Lines {
 public:
  static constexpr size_t kLongest = 1 << 20;
  using Take = std::function<void(std::string_view line, int64_t number)>;

  Lines(std::string source, Take take) : source_(std::move(source)), take_(std::move(take)) {}
  void feed(std::string_view chunk);
  void finish();  // hands over a last line without a line end
  int64_t count() const { return number_; }

 private:
  void hand_over(std::string_view line);

  std::string source_, rest_;
  Take take_;
  int64_t number_ = 0;  // of the last line handed over, from 1
};

// Fields without surrounding blanks and quotes; views into `line`.
void split_fields(std::string_view line, std::vector<std::string_view>& fields);

// Position of `name` among the fields of a header, ignoring case; -1: not there.
int find_column(const std::vector<std::string_view>& header, std::string_view name);

// All of `text` as a decimal number in [low, high]; false otherwise.
bool parse_number(std::string_view text, int64_t low, int64_t high, int64_t& value);

}  // namespace dimple::data

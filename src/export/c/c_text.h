// C source as it grows: indentation, literals and tables, so that a writer of C names statements and counts no spaces.
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace dimple::exports {

// A literal of exactly this value: the shortest decimal that reads back as the same float. What has none is a builtin of
// the compilers that build the kernels, for bare ones have no <math.h>.
std::string c_literal(float value);
std::string c_literal(int32_t value);

// With quotes; everything beyond printable ASCII is escaped.
std::string c_string(std::string_view text);

// A name that C accepts: other characters become underscores, and a leading digit gets one in front.
std::string c_identifier(std::string_view name);
std::string c_macro(std::string_view name);  // the same in capitals

class CText {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> pattern, Args&&... args) {
    add_line(fmt::format(pattern, std::forward<Args>(args)...));
  }
  void blank() { text_ += '\n'; }

  // The lines between open and close are one step further in.
  template <class... Args>
  void open(fmt::format_string<Args...> pattern, Args&&... args) {
    add_line(fmt::format(pattern, std::forward<Args>(args)...));
    ++depth_;
  }
  void close(std::string_view line) {
    --depth_;
    add_line(line);
  }

  // static const <type> <name>[n]<attribute> = {...}; as many values to a line as fit.
  void table(std::string_view name, std::span<const int8_t> values, std::string_view attribute = "") {
    write_table("int8_t", name, values, attribute);
  }
  void table(std::string_view name, std::span<const int32_t> values, std::string_view attribute = "") {
    write_table("int32_t", name, values, attribute);
  }
  void table(std::string_view name, std::span<const float> values, std::string_view attribute = "") {
    write_table("float", name, values, attribute);
  }

  const std::string& text() const { return text_; }

 private:
  void add_line(std::string_view line);
  template <class T>
  void write_table(std::string_view type, std::string_view name, std::span<const T> values, std::string_view attribute);

  std::string text_;
  size_t depth_ = 0;
};

}  // namespace dimple::exports

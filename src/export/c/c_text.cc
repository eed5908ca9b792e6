#include "export/c/c_text.h"

#include <cctype>
#include <cmath>

namespace dimple::exports {
namespace {

constexpr size_t kColumns = 120, kIndent = 2;

}  // namespace

std::string c_literal(float value) {
  if (std::isinf(value)) return value < 0 ? "-__builtin_inff()" : "__builtin_inff()";
  if (std::isnan(value)) return "__builtin_nanf(\"\")";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + "f";
}

// The smallest int32 has no literal of its own: C reads a minus and a number that does not fit.
std::string c_literal(int32_t value) { return value == INT32_MIN ? "(-2147483647 - 1)" : fmt::format("{}", value); }

std::string c_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 32 || byte > 126 || c == '?') {  // ?: no trigraphs; octal escapes end after three digits
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string c_identifier(std::string_view name) {
  std::string out;
  for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0]))) out.insert(out.begin(), '_');
  return out;
}

std::string c_macro(std::string_view name) {
  std::string out = c_identifier(name);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

void CText::add_line(std::string_view line) {
  text_.append(depth_ * kIndent, ' ');
  text_ += line;
  text_ += '\n';
}

template <class T>
void CText::write_table(std::string_view type, std::string_view name, std::span<const T> values,
                        std::string_view attribute) {
  open("static const {} {}[{}]{} = {{", type, name, values.size(), attribute);
  std::string row;
  for (const T value : values) {
    std::string item;
    if constexpr (sizeof(T) == 1) {
      item = fmt::format("{}", value);
    } else {
      item = c_literal(value);
    }
    if (depth_ * kIndent + row.size() + item.size() + 2 > kColumns) {
      add_line(std::string_view(row).substr(0, row.size() - 1));
      row.clear();
    }
    row += item + ", ";
  }
  if (!row.empty()) add_line(std::string_view(row).substr(0, row.size() - 2));
  close("};");
}

template void CText::write_table(std::string_view, std::string_view, std::span<const int8_t>, std::string_view);
template void CText::write_table(std::string_view, std::string_view, std::span<const int32_t>, std::string_view);
template void CText::write_table(std::string_view, std::string_view, std::span<const float>, std::string_view);

}  // namespace dimple::exports

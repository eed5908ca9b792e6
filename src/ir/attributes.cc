#include "ir/attributes.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <stdexcept>

namespace dimple::ir {
namespace {

using ops::Activation;

struct Group {
  std::string_view name;
  std::vector<std::string_view> fields;
};
const Group kGroups[] = {{"kernel", {"kernel_h", "kernel_w"}},
                         {"stride", {"stride_h", "stride_w"}},
                         {"pad", {"pad_top", "pad_left", "pad_bottom", "pad_right"}},
                         {"dilation", {"dilation_h", "dilation_w"}}};

std::string to_text(int32_t v) { return fmt::format("{}", v); }
std::string to_text(float v) { return fmt::format("{}", v); }
std::string to_text(Activation v) { return ops::name_of(v); }

template <class Number>
void from_text(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::invalid_argument(fmt::format("'{}' is not a number", text));
}
void from_text(std::string_view text, Activation& out) {
  for (const Activation a : {Activation::none, Activation::relu, Activation::relu6})
    if (text == ops::name_of(a)) {
      out = a;
      return;
    }
  throw std::invalid_argument(fmt::format("'{}' is not an activation (none, relu, relu6)", text));
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (size_t at = 0;;) {
    const size_t end = text.find(by, at);
    parts.push_back(text.substr(at, end - at));
    if (end == std::string_view::npos) return parts;
    at = end + 1;
  }
}

template <class T>
Attributes fields_of(const T& op) {
  Attributes out;
  T::visit(op, [&](const char* name, const auto& value) { out.emplace_back(name, to_text(value)); });
  return out;
}

template <class T>
Attributes print_fields(const T& op) {
  const Attributes mine = fields_of(op), defaults = fields_of(T{});
  Attributes out;
  for (size_t i = 0; i < mine.size();) {
    const Group* group = nullptr;
    for (const Group& g : kGroups)
      if (mine[i].first == g.fields[0]) group = &g;
    const size_t count = group ? group->fields.size() : 1;
    bool changed = false, same = true;
    std::string joined;
    for (size_t k = i; k < i + count; ++k) {
      changed |= mine[k].second != defaults[k].second;
      same &= mine[k].second == mine[i].second;
      joined += (k == i ? "" : "x") + mine[k].second;
    }
    if (changed) out.emplace_back(group ? std::string(group->name) : mine[i].first, same ? mine[i].second : joined);
    i += count;
  }
  return out;
}

// Grouped attributes spread over their fields.
std::map<std::string, std::string, std::less<>> ungroup(const Attributes& attributes) {
  std::map<std::string, std::string, std::less<>> out;
  const auto put = [&](std::string_view name, std::string_view value) {
    if (!out.emplace(name, value).second) throw std::invalid_argument(fmt::format("'{}' is given twice", name));
  };
  for (const auto& [name, value] : attributes) {
    const Group* group = nullptr;
    for (const Group& g : kGroups)
      if (name == g.name) group = &g;
    if (!group) {
      put(name, value);
      continue;
    }
    const auto parts = split(value, 'x');
    if (parts.size() != 1 && parts.size() != group->fields.size())
      throw std::invalid_argument(fmt::format("'{}' takes 1 or {} numbers", name, group->fields.size()));
    for (size_t i = 0; i < group->fields.size(); ++i) put(group->fields[i], parts[parts.size() == 1 ? 0 : i]);
  }
  return out;
}

template <class T>
Op parse_fields(const Attributes& attributes) {
  auto given = ungroup(attributes);
  T op;
  T::visit(op, [&](const char* name, auto& value) {
    if (const auto it = given.find(name); it != given.end()) {
      from_text(it->second, value);
      given.erase(it);
    }
  });
  if (!given.empty()) throw std::invalid_argument(fmt::format("{} has no '{}'", T::kName, given.begin()->first));
  return op;
}

}  // namespace

Attributes print_attributes(const Op& op) {
  return std::visit([](const auto& o) { return print_fields(o); }, op);
}

Op parse_op(std::string_view name, const Attributes& attributes) {
#define DIMPLE_X(Type, op_name) \
  if (name == #op_name) return parse_fields<ops::Type>(attributes);
  DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
  throw std::invalid_argument(fmt::format("there is no operator '{}'", name));
}

}  // namespace dimple::ir

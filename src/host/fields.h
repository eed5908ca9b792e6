// Fields are named once, in a struct's visit(self, f) with f(name, field, help). Flags, environment, TOML, JSON, its
// schema and help derive from that:
//
//   struct PredictRequest {
//     float min_score = 0.45f;
//     template <class Self, class F>
//     static void visit(Self& self, F&& f) { f("min_score", self.min_score, "below this the answer is `unsure`"); }
//   };
//
// min_score is --min-score, DIMPLE_MIN_SCORE and `min_score = 0.5` in TOML. A member that has a visit of its own is a
// group: augment.blur is --augment-blur, DIMPLE_AUGMENT_BLUR and `blur` in the TOML table [augment].
//
// help says what the field does: of a bool, an imperative for true ("write a run folder"), so that the help of a flag
// that is on by default can begin with "do not". The JSON schema (host/schema.h) takes the same text as description.
//
// Types: bool, int, int64_t, uint64_t, float, double, std::string, std::vector<std::string>, std::optional of these.
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "host/document.h"
#include "host/settings.h"
#include "host/visited.h"

namespace dimple::host {

// A field without its C++ type.
struct Field {
  enum class Kind { flag, integer, number, text, list };
  std::string name;  // groups are joined by a dot
  std::string help;
  Kind kind = Kind::text;
  std::string default_text;  // as it would be typed; "" for nothing
  std::function<void(const std::vector<std::string>&, const std::string& where)> set;  // throws a usage error
  bool given = false;  // apply_settings found it somewhere, be it with the value it has anyway

  std::string flag() const;          // --min-score
  std::string negated_flag() const;  // --no-save, of Kind::flag
  std::string environment() const;   // DIMPLE_MIN_SCORE
};

namespace detail {

void parse_into(bool& out, const std::vector<std::string>& words, const std::string& where);
void parse_into(int& out, const std::vector<std::string>& words, const std::string& where);
void parse_into(int64_t& out, const std::vector<std::string>& words, const std::string& where);
void parse_into(uint64_t& out, const std::vector<std::string>& words, const std::string& where);
void parse_into(float& out, const std::vector<std::string>& words, const std::string& where);
void parse_into(double& out, const std::vector<std::string>& words, const std::string& where);
void parse_into(std::string& out, const std::vector<std::string>& words, const std::string& where);
void parse_into(std::vector<std::string>& out, const std::vector<std::string>& words, const std::string& where);
template <class T>
void parse_into(std::optional<T>& out, const std::vector<std::string>& words, const std::string& where) {
  T value{};
  parse_into(value, words, where);
  out = std::move(value);
}

std::string text_of(bool value);
std::string text_of(int64_t value);
std::string text_of(uint64_t value);
std::string text_of(float value);
std::string text_of(double value);
std::string text_of(const std::string& value);
std::string text_of(const std::vector<std::string>& value);

template <class T>
constexpr Field::Kind kind_of() {
  if constexpr (OptionalOf<T>::value)
    return kind_of<typename OptionalOf<T>::Value>();
  else if constexpr (std::same_as<T, bool>)
    return Field::Kind::flag;
  else if constexpr (std::integral<T>)
    return Field::Kind::integer;
  else if constexpr (std::floating_point<T>)
    return Field::Kind::number;
  else if constexpr (std::same_as<T, std::vector<std::string>>)
    return Field::Kind::list;
  else
    return Field::Kind::text;
}

template <class T>
std::string default_of(const T& value) {
  if constexpr (OptionalOf<T>::value)
    return value ? default_of(*value) : "";
  else if constexpr (std::same_as<T, int>)
    return text_of(int64_t{value});
  else
    return text_of(value);
}

template <class T>
void collect(T& object, const std::string& prefix, std::vector<Field>& fields) {
  T::visit(object, [&](const char* name, auto& member, auto&&... help) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (Visited<Member>) {
      collect(member, prefix + name + ".", fields);
    } else {
      Field field;
      field.name = prefix + name;
      ((field.help = help), ...);
      field.kind = kind_of<Member>();
      field.default_text = default_of(member);
      field.set = [&member](const std::vector<std::string>& words, const std::string& where) {
        parse_into(member, words, where);
      };
      fields.push_back(std::move(field));
    }
  });
}

}  // namespace detail

// The fields refer to `object`, which must outlive them.
template <class T>
std::vector<Field> fields_of(T& object) {
  std::vector<Field> fields;
  detail::collect(object, "", fields);
  return fields;
}

}  // namespace dimple::host

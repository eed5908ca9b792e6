// JSON and TOML from the fields that a struct's visit names (host/fields.h). In JSON
//   bool, number, text       stay what they are
//   enumeration              is the name that name_of gives its value
//   std::optional            is left out when it is empty; OrNull is null instead
//   std::vector, std::array  is an array
//   Named, std::map          is an object with a key for each value
//   std::variant             is the alternative that it holds
//   visited struct           is an object
//   Json                     is itself
#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>

#include "host/error.h"
#include "host/json.h"
#include "host/visited.h"

namespace dimple::host {

// What the field `schema` of every report says; it rises when a field changes its meaning or goes.
inline constexpr int kReportSchema = 1;

// For a field that is left out when there is nothing to say.
template <class T>
std::optional<T> unless_empty(const T& value) {
  return value.empty() ? std::nullopt : std::optional<T>(value);
}

namespace detail {

double shortest(float value);  // 0.45f as 0.45, not as 0.44999998807907104

template <class T>
Json json_of(const T& value) {
  if constexpr (Visited<T>) {
    Json json = Json::object();
    T::visit(value, [&](const char* name, const auto& member, auto&&...) {
      if constexpr (OptionalOf<std::remove_cvref_t<decltype(member)>>::value) {
        if (member) json[name] = json_of(*member);
      } else {
        json[name] = json_of(member);
      }
    });
    return json;
  } else if constexpr (ObjectOf<T>::value) {
    Json json = Json::object();
    for (const auto& [name, element] : value) json[name] = json_of(element);
    return json;
  } else if constexpr (ArrayOf<T>::value) {
    Json json = Json::array();
    for (const auto& element : value) json.push_back(json_of(element));
    return json;
  } else if constexpr (VariantOf<T>::value) {
    return std::visit([](const auto& alternative) { return json_of(alternative); }, value);
  } else if constexpr (std::same_as<T, std::monostate>) {
    return nullptr;
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(name_of(value));
  } else if constexpr (std::same_as<T, float>) {
    return shortest(value);
  } else {
    return value;
  }
}

}  // namespace detail

template <class T>
Json to_json(const T& object) {
  return detail::json_of(object);
}

// Fills in what to_json wrote; a missing or mistyped field is an Error.
template <class T>
void from_json(T& object, const Json& json, const std::string& what, Exit exit = Exit::input) {
  T::visit(object, [&](const char* name, auto& member, auto&&...) {
    using Member = std::remove_cvref_t<decltype(member)>;
    static_assert(!std::is_enum_v<Member>, "to_json writes names, and nothing here reads them");
    if constexpr (Visited<Member>)
      from_json(member, json_value<Json>(json, name, what, exit), what, exit);
    else if constexpr (detail::OptionalOf<Member>::value)  // what has no value was left out
      member = json.is_object() && json.contains(name)
                   ? Member(json_value<typename detail::OptionalOf<Member>::Value>(json, name, what, exit))
                   : std::nullopt;
    else
      member = json_value<Member>(json, name, what, exit);
  });
}

// What an earlier version wrote: fields that it did not know stay as they are.
template <class T>
void update_from_json(T& object, const Json& json, const std::string& what, Exit exit = Exit::input) {
  Json all = to_json(object);
  if (json.is_object()) all.update(json);
  from_json(object, all, what, exit);
}

std::string toml_of(const Json& json);  // one level of tables

// TOML text of every field that is set, for a run folder's args.toml; it can be given to --config again.
template <class T>
std::string to_toml(const T& object) {
  return toml_of(to_json(object));
}

}  // namespace dimple::host

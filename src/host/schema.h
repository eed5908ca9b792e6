// JSON Schema (draft 07) from the fields that a struct's visit names: what --schema prints.
#pragma once
#include <concepts>
#include <string_view>
#include <type_traits>
#include <variant>

#include "host/document.h"

namespace dimple::host {
namespace detail {

enum class SchemaOf { document, settings };

template <class T>
Json schema_of(const T& value, SchemaOf what);

template <class... T>
Json any_of(const std::variant<T...>&, SchemaOf what) {
  return {{"anyOf", Json::array({schema_of(T{}, what)...})}};
}

template <class T>
Json object_schema(const T& object, SchemaOf what) {
  Json properties = Json::object(), required = Json::array();
  T::visit(object, [&](const char* name, const auto& member, auto&&... help) {
    using Member = std::remove_cvref_t<decltype(member)>;
    Json property = schema_of(member, what);
    ((std::string_view(help).empty() ? void() : void(property["description"] = help)), ...);
    if (what == SchemaOf::document) {
      if (!OptionalOf<Member>::value) required.push_back(name);
    } else if constexpr (!Visited<Member> && !OptionalOf<Member>::value) {
      property["default"] = json_of(member);
    }
    properties[name] = std::move(property);
  });
  Json schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (what == SchemaOf::document)
    schema["required"] = std::move(required);
  else
    schema["additionalProperties"] = false;
  return schema;
}

// `value` matters for its members' defaults and for those of visit's fields that are computed.
template <class T>
Json schema_of(const T& value, SchemaOf what) {
  if constexpr (Visited<T>)
    return object_schema(value, what);
  else if constexpr (OptionalOf<T>::value)
    return schema_of(typename OptionalOf<T>::Value{}, what);
  else if constexpr (ObjectOf<T>::value)
    return {{"type", "object"}, {"additionalProperties", schema_of(typename ObjectOf<T>::Value{}, what)}};
  else if constexpr (ArrayOf<T>::value)
    return {{"type", "array"}, {"items", schema_of(typename ArrayOf<T>::Value{}, what)}};
  else if constexpr (VariantOf<T>::value)
    return any_of(value, what);
  else if constexpr (std::same_as<T, Json>)
    return Json::object();  // anything
  else if constexpr (std::same_as<T, std::monostate>)
    return {{"type", "null"}};
  else if constexpr (std::same_as<T, bool>)
    return {{"type", "boolean"}};
  else if constexpr (std::integral<T>)
    return {{"type", "integer"}};
  else if constexpr (std::floating_point<T>)
    return {{"type", "number"}};
  else
    return {{"type", "string"}};
}

inline Json draft_07(Json schema) {
  Json named{{"$schema", "http://json-schema.org/draft-07/schema#"}};
  named.update(schema);
  return named;
}

}  // namespace detail

// Of the documents that to_json writes: every field that is no std::optional is required.
template <class T>
Json document_schema() {
  return detail::draft_07(detail::schema_of(T{}, detail::SchemaOf::document));
}

// Of what may be given to a verb as JSON or TOML: every field may be left out and then is what `defaults` has.
template <class T>
Json settings_schema(const T& defaults) {
  return detail::draft_07(detail::schema_of(defaults, detail::SchemaOf::settings));
}

}  // namespace dimple::host

// Which types the templates behind visit() tell apart.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace dimple::host {

// Values by name, in the order in which they were put in: an object of JSON.
template <class T>
using Named = std::vector<std::pair<std::string, T>>;

// A field that is always there and null where it has no value; std::optional is left out instead.
template <class T>
using OrNull = std::variant<std::monostate, T>;

// A struct with static visit(self, f).
template <class T>
concept Visited = requires(T& object) {
  T::visit(object, [](auto&&...) {});
};

namespace detail {

template <class T>
struct OptionalOf : std::false_type {};
template <class T>
struct OptionalOf<std::optional<T>> : std::true_type {
  using Value = T;
};

template <class T>
struct VariantOf : std::false_type {};
template <class... T>
struct VariantOf<std::variant<T...>> : std::true_type {};

template <class T>
struct ObjectOf : std::false_type {};
template <class T>
struct ObjectOf<Named<T>> : std::true_type {
  using Value = T;
};
template <class T>
struct ObjectOf<std::map<std::string, T>> : std::true_type {
  using Value = T;
};

template <class T>
struct ArrayOf : std::false_type {};
template <class T>
struct ArrayOf<std::vector<T>> : std::true_type {
  using Value = T;
};
template <class T, size_t N>
struct ArrayOf<std::array<T, N>> : std::true_type {
  using Value = T;
};

}  // namespace detail
}  // namespace dimple::host

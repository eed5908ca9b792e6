// A value or the reason there is none. For code below the freestanding line, where nothing is thrown.
#pragma once
#include "base/status.h"

namespace dimple {

template <class T>
class [[nodiscard]] Result {
 public:
  constexpr Result(T value) : value_(value), status_(Status::ok) {}  // NOLINT(google-explicit-constructor)
  constexpr Result(Status status) : value_(), status_(status) {}     // NOLINT(google-explicit-constructor)
  constexpr bool ok() const { return status_ == Status::ok; }
  constexpr Status status() const { return status_; }
  constexpr const T& value() const { return value_; }

 private:
  T value_;
  Status status_;
};

}  // namespace dimple

// The tensors that an operator learns, by the meaning of their axes. Where the weights of one output channel lie, how
// many elements a program holds, how other frameworks lay them out: all of it follows from here.
#pragma once
#include "ops/shape.h"

namespace dimple::ops {

enum class Axis : uint8_t {
  none,
  out,      // output channels
  in,       // input channels; an operator whose channels keep apart has none
  row,      // of the window
  column,   // of the window
  element,  // all elements of the input in NHWC order, whatever its shape
  part      // rows of different meaning, of which the first is learned and the others are gathered (batch norm)
};

struct Dim {
  Axis axis = Axis::none;
  int64_t extent = 1;
};

// The axes of a weight, the slowest first. One of them is `out`.
class Dims {
 public:
  constexpr Dims() = default;
  constexpr Dims(Dim a, Dim b = {}, Dim c = {}, Dim d = {}) : dims_{a, b, c, d} {}

  constexpr int rank() const {
    int n = 0;
    while (n < 4 && dims_[n].axis != Axis::none) ++n;
    return n;
  }
  constexpr const Dim& operator[](int i) const { return dims_[i]; }
  constexpr bool has(Axis axis) const {
    for (const Dim& d : dims_)
      if (d.axis == axis) return true;
    return false;
  }
  // 1 where there is no such axis.
  constexpr int64_t extent(Axis axis) const {
    for (const Dim& d : dims_)
      if (d.axis == axis) return d.extent;
    return 1;
  }
  constexpr int64_t elements() const {
    int64_t n = rank() == 0 ? 0 : 1;
    for (const Dim& d : dims_) n *= d.extent;
    return n;
  }
  constexpr int64_t per_channel() const { return elements() / extent(Axis::out); }

  // From one place along that axis to the next; 0 where there is no such axis.
  constexpr int64_t stride(Axis axis) const {
    int64_t inner = 1;
    for (int i = rank() - 1; i >= 0; inner *= dims_[i--].extent)
      if (dims_[i].axis == axis) return inner;
    return 0;
  }
  // Where the k-th weight of an output channel lies among all of them.
  constexpr int64_t index_of(int64_t channel, int64_t k) const {
    const int64_t inner = stride(Axis::out);
    return (k / inner * extent(Axis::out) + channel) * inner + k % inner;
  }

 private:
  Dim dims_[4];
};

struct Parameters {
  Dims weight = {};
  int64_t bias = 0;    // one per output channel, or none
  int64_t scales = 0;  // integer form only: how many multipliers, and as many shifts (base/fixed_point.h)
};

// The same in a program, as element counts; 0 = has none.
struct ParameterCounts {
  int64_t weight = 0;  // or a table in its place (ops/look_up.h)
  int64_t bias = 0;
  int64_t scales = 0;
};

inline constexpr int32_t kCodes = 256;  // of s8, and the length of a table

}  // namespace dimple::ops

// A network, once. Everything else (training, planning, export) executes, edits or prints this.
//
// Nodes stand in an order in which they can be run. A value is named by a number: 0 is the graph's input, i + 1 is what
// node i puts out. Constants are held by name: "<node>.weight", "<node>.bias", in integer graphs "<node>.weight_scale"
// (one float per output channel), and what weights in fewer bits need (ir/packed_weight.h).
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ir/tensor.h"
#include "ops/op_list.h"

namespace dimple::ir {

using ops::Shape;

template <class BeforeTheFirstComma, class... Types>
using VariantOf = std::variant<Types...>;

// One alternative per line of the operator list, in its order.
using Op = VariantOf<void
#define DIMPLE_X(Type, name) , ops::Type
                         DIMPLE_OPS(DIMPLE_X)
#undef DIMPLE_X
                     >;

inline ops::OpCode code_of(const Op& op) {
  return std::visit([](const auto& o) { return static_cast<ops::OpCode>(o.kNumber); }, op);
}
std::string_view name_of(const Op& op);
std::string_view name_of(ops::OpCode code);

// s8: real = scale * (code - zero_point). f32: a scale above 0 says that the value was trained for these codes, which
// the quantiser then takes as they are; nothing else looks at it.
struct ValueType {
  DType dtype = DType::f32;
  Shape shape;
  float scale = 0;
  int32_t zero_point = 0;

  bool operator==(const ValueType&) const = default;

  bool has_codes() const { return scale > 0; }
  bool has_codes_of(const ValueType& other) const { return scale == other.scale && zero_point == other.zero_point; }
  void take_codes_of(const ValueType& other) { scale = other.scale, zero_point = other.zero_point; }
};

using Value = int;
inline constexpr Value kInput = 0;

struct Node {
  std::string name;  // unique in its graph
  Op op;
  std::vector<Value> inputs;
  ValueType type;  // of what it puts out

  bool operator==(const Node&) const = default;
};

struct Graph {
  std::string name;
  ValueType input;
  std::vector<Node> nodes;
  std::map<std::string, Tensor> constants;

  bool operator==(const Graph&) const = default;

  Value output() const { return static_cast<Value>(nodes.size()); }
  const ValueType& type_of(Value v) const { return v == kInput ? input : nodes[static_cast<size_t>(v - 1)].type; }
  const Node& node_of(Value v) const { return nodes[static_cast<size_t>(v - 1)]; }
  const Tensor* constant(const std::string& node, std::string_view role) const {
    const auto it = constants.find(node + "." + std::string(role));
    return it == constants.end() ? nullptr : &it->second;
  }
};

}  // namespace dimple::ir

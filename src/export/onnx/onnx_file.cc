// Numbers of fields and codes are those of the format's own description, onnx.proto.
#include "export/onnx/onnx_file.h"

#include <cstring>

namespace dimple::exports {
namespace {

constexpr int kFormatVersion = 8, kOperators = 17;  // of the file, and of the set of operators that it speaks
constexpr int kInt64 = 7;                           // has no type of ours

int element_type(DType type) {
  switch (type) {
    case DType::f32: return 1;
    case DType::u8: return 2;
    case DType::s8: return 3;
    case DType::s32: return 6;
    case DType::b1:
    case DType::c4:
    case DType::c5: break;
  }
  return 0;
}

Message attribute(const OnnxAttribute& a) {
  constexpr int kName = 1, kReal = 2, kNumber = 3, kNumbers = 8, kType = 20;
  Message m;
  m.text(kName, a.first);
  if (const auto* number = std::get_if<int64_t>(&a.second)) {
    m.number(kNumber, *number).number(kType, 2);
  } else if (const auto* real = std::get_if<float>(&a.second)) {
    m.real(kReal, *real).number(kType, 1);
  } else {
    for (const int64_t n : std::get<std::vector<int64_t>>(a.second)) m.number(kNumbers, n);
    m.number(kType, 7);
  }
  return m;
}

Message tensor(const std::string& name, int type, const std::vector<int64_t>& dims, std::string_view bytes) {
  constexpr int kDims = 1, kType = 2, kName = 8, kRaw = 9;
  Message m;
  for (const int64_t d : dims) m.number(kDims, d);
  return m.number(kType, type).text(kName, name).text(kRaw, bytes);
}

Message end(const std::string& name, DType type, const std::vector<int64_t>& dims) {
  Message shape;
  for (const int64_t d : dims) shape.message(1, Message().number(1, d));
  const Message tensor_type = Message().number(1, element_type(type)).message(2, shape);
  return Message().text(1, name).message(2, Message().message(1, tensor_type));
}

// Of a graph.
constexpr int kNode = 1, kGraphName = 2, kConstant = 5, kInput = 11, kOutput = 12;

}  // namespace

void OnnxFile::node(const std::string& type, const std::vector<std::string>& inputs, const std::string& output,
                    const OnnxAttributes& attributes) {
  Message m;
  for (const std::string& name : inputs) m.text(1, name);
  m.text(2, output).text(3, output).text(4, type);  // named after what it puts out
  for (const OnnxAttribute& a : attributes) m.message(5, attribute(a));
  nodes_.message(kNode, m);
}

void OnnxFile::constant(const std::string& name, DType type, const std::vector<int64_t>& dims, std::string_view bytes) {
  constants_.message(kConstant, tensor(name, element_type(type), dims, bytes));
}

void OnnxFile::indices(const std::string& name, const std::vector<int64_t>& values) {
  std::string bytes(values.size() * sizeof(int64_t), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  constants_.message(kConstant, tensor(name, kInt64, {static_cast<int64_t>(values.size())}, bytes));
}

void OnnxFile::input(const std::string& name, DType type, const std::vector<int64_t>& dims) {
  ends_.message(kInput, end(name, type, dims));
}
void OnnxFile::output(const std::string& name, DType type, const std::vector<int64_t>& dims) {
  ends_.message(kOutput, end(name, type, dims));
}

std::string OnnxFile::finish(const std::string& name) const {
  // A message is its fields in any order, so three parts of one graph may be laid one behind the other.
  const std::string graph =
      nodes_.bytes() + Message().text(kGraphName, name).bytes() + constants_.bytes() + ends_.bytes();
  return Message()
      .number(1, kFormatVersion)
      .text(2, "dimple")
      .text(7, graph)
      .message(8, Message().number(2, kOperators))
      .bytes();
}

}  // namespace dimple::exports

// Numbers of fields and codes are those of the format's own description, schema.fbs.
#include "export/tflite/tflite_file.h"

#include <algorithm>

namespace dimple::exports {
namespace {

int element_type_of(DType type) {
  switch (type) {
    case DType::f32: return 0;
    case DType::s32: return 2;
    case DType::u8: return 3;
    case DType::s8: return 9;
    case DType::b1:
    case DType::c4:
    case DType::c5: break;
  }
  return 0;
}

// The first version of each operator that takes s8.
int version_of(Lite op) {
  switch (op) {
    case Lite::conv_2d:
    case Lite::depthwise_conv_2d: return 3;
    case Lite::reshape:
    case Lite::quantize:
    case Lite::hard_swish: return 1;
    default: return 2;
  }
}

FlatTable quantisation_table(const LiteQuantisation& q) {
  const std::vector<int64_t> zeros(q.scales.size(), q.zero_point);
  return FlatTable().reals(2, q.scales).longs(3, zeros).word(6, q.axis);
}

FlatTable tensor_table(const std::string& name, DType type, const std::vector<int32_t>& dims, size_t buffer,
                       const LiteQuantisation& q) {
  FlatTable t;
  t.words(0, dims).byte(1, element_type_of(type)).word(2, static_cast<int64_t>(buffer)).text(3, name);
  if (!q.scales.empty()) t.table(4, quantisation_table(q));
  return t;
}

}  // namespace

LiteFile::LiteFile() : buffers_(1) {}  // number 0 is that of tensors without bytes

int LiteFile::tensor(const std::string& name, DType type, const std::vector<int32_t>& dims, const LiteQuantisation& q) {
  tensors_.push_back(tensor_table(name, type, dims, 0, q));
  return static_cast<int>(tensors_.size()) - 1;
}

int LiteFile::constant(const std::string& name, DType type, const std::vector<int32_t>& dims, std::string_view bytes,
                       const LiteQuantisation& q) {
  tensors_.push_back(tensor_table(name, type, dims, buffers_.size(), q));
  buffers_.push_back(FlatTable().bytes(0, bytes));
  return static_cast<int>(tensors_.size()) - 1;
}

int LiteFile::code_of(Lite op) {
  const auto known = std::find(known_.begin(), known_.end(), op);
  if (known == known_.end()) {
    const int code = static_cast<int>(op);
    codes_.push_back(FlatTable().byte(0, code).word(2, version_of(op)).word(3, code));
    known_.push_back(op);
    return static_cast<int>(known_.size()) - 1;
  }
  return static_cast<int>(known - known_.begin());
}

void LiteFile::node(Lite op, const std::vector<int>& inputs, int output, const LiteOptions& options) {
  FlatTable n;
  n.word(0, code_of(op)).words(1, inputs).words(2, {output});
  if (options.type != 0) n.byte(3, options.type).table(4, options.table);
  nodes_.push_back(n);
}

std::vector<uint8_t> LiteFile::finish(const std::string& name, const std::vector<int>& inputs,
                                      const std::vector<int>& outputs) {
  constexpr int kVersion = 3;
  FlatTable graph;
  graph.tables(0, tensors_).words(1, inputs).words(2, outputs).tables(3, nodes_).text(4, name);
  FlatTable model;
  model.word(0, kVersion).tables(1, codes_).tables(2, {graph}).text(3, "dimple").tables(4, buffers_);
  return lay_out(model, "TFL3");
}

}  // namespace dimple::exports

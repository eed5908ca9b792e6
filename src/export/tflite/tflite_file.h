// The frame of a TensorFlow Lite file: tensors, their bytes, operators. What a node of ours becomes is in
// tflite_model.cc.
#pragma once
#include <string>
#include <vector>

#include "base/dtype.h"
#include "export/tflite/flatbuffer.h"
#include "ops/shape.h"

namespace dimple::exports {

// Operators of theirs, as the schema numbers them.
enum class Lite : uint8_t {
  add = 0,
  average_pool_2d = 1,
  concatenation = 2,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  dequantize = 6,
  logistic = 14,
  max_pool_2d = 17,
  mul = 18,
  relu = 19,
  relu6 = 21,
  reshape = 22,
  softmax = 25,
  pad = 34,
  mean = 40,
  padv2 = 60,
  quantize = 114,
  hard_swish = 117
};

struct LiteQuantisation {
  std::vector<float> scales;
  int64_t zero_point = 0;
  int axis = 0;  // along which scales differ
};

// What an operator is told: which table of the schema's union, and that table. 0: nothing.
struct LiteOptions {
  int type = 0;
  FlatTable table = {};
};

class LiteFile {
 public:
  LiteFile();

  // Their number in the file.
  int tensor(const std::string& name, DType type, const std::vector<int32_t>& dims, const LiteQuantisation& = {});
  int constant(const std::string& name, DType type, const std::vector<int32_t>& dims, std::string_view bytes,
               const LiteQuantisation& = {});
  void node(Lite op, const std::vector<int>& inputs, int output, const LiteOptions& = {});

  std::vector<uint8_t> finish(const std::string& name, const std::vector<int>& inputs, const std::vector<int>& outputs);

 private:
  int code_of(Lite op);

  FlatTables buffers_, tensors_, codes_, nodes_;
  std::vector<Lite> known_;
};

}  // namespace dimple::exports

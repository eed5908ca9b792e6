// The frame of an ONNX file: nodes, constants, and what goes in and out. What a node of ours becomes is in
// onnx_model.cc.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/dtype.h"
#include "export/onnx/protobuf.h"

namespace dimple::exports {

using OnnxAttribute = std::pair<std::string, std::variant<int64_t, float, std::vector<int64_t>>>;
using OnnxAttributes = std::vector<OnnxAttribute>;

class OnnxFile {
 public:
  void node(const std::string& type, const std::vector<std::string>& inputs, const std::string& output,
            const OnnxAttributes& attributes = {});
  // `bytes` as they lie in memory.
  void constant(const std::string& name, DType type, const std::vector<int64_t>& dims, std::string_view bytes);
  void indices(const std::string& name, const std::vector<int64_t>& values);
  void input(const std::string& name, DType type, const std::vector<int64_t>& dims);
  void output(const std::string& name, DType type, const std::vector<int64_t>& dims);

  std::string finish(const std::string& name) const;

 private:
  Message nodes_, constants_, ends_;
};

}  // namespace dimple::exports

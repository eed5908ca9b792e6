// A graph as an ONNX model, for those who run that: float, or integer as floats between pairs of QuantizeLinear and
// DequantizeLinear, which runtimes turn into integer kernels.
//
// What is different there: channels come before rows (the input is [1, channels, height, width], and so are weights),
// and codes are unsigned, 128 above ours, unless signed ones are asked for.
#pragma once
#include <cstdint>
#include <vector>

#include "ir/graph.h"

namespace dimple::exports {

struct OnnxOptions {
  // Codes as ours. ONNX Runtime 1.30 on x86 is two to three times slower with them where convolutions mix channels, and
  // a fifth faster in a net of depthwise and pointwise ones alone.
  bool signed_codes = false;
  // For readers that know a clamp only with its limits as attributes, as it was before operator set 11 (OpenCV 4.6).
  // Others may refuse what comes out.
  bool old_clip = false;
};

// An optimised graph (compile/pipeline.h). One that ends in scores gets its probabilities; an integer one puts out a
// second tensor beside them, "logits": its last codes.
// Throws host::Error(Exit::model) for an operator that has no form there.
std::vector<uint8_t> write_onnx(const ir::Graph&, const OnnxOptions& = {});

}  // namespace dimple::exports

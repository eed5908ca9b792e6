// What a program says of itself is facts or a model error, whatever its bytes are. Its length and checksum are made
// right, so that what is changed gets past the door.
#include <cstddef>
#include <cstring>

#include "base/crc32.h"
#include "compile/metadata.h"
#include "compile/quantise.h"
#include "format/program.h"
#include "host/fuzz_testing.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"

std::vector<std::string> dimple::fuzz::seeds() {
  model::Model m;
  ir::Builder g("small", {8, 8, 1});
  m.graph = g.finish(g.softmax(g.dense(g.global_average_pool(g.conv(g.input(), 4)), 3, "last")));
  ir::initialise(m.graph, 1);
  m.labels = {"happy", "sad", "neutral"};
  m.preprocess.width = m.preprocess.height = 8;
  std::vector<std::string> programs{text_of(compile::plan(m))};
  // The same in integers, the dense layer's weights as codes of four bits.
  ir::Tensor& weight = m.graph.constants.at("last.weight");
  weight = ir::pack_codes(DType::c4, weight.dims, std::vector<uint8_t>(static_cast<size_t>(weight.elements()), 9));
  m.graph.constants["last.codebook"] = ir::make_tensor(DType::f32, {1, 16}, std::vector<float>(16, 0.5f));
  m.graph.constants["last.weight_scale"] = ir::make_tensor(DType::f32, {3}, std::vector<float>(3, 1));
  const std::vector<int8_t> picture(64, 5);
  m.graph = compile::quantise(m.graph, {picture, image::code_scale(m.preprocess.normalise)}, {.threads = 1});
  programs.push_back(text_of(compile::plan(m)));
  return programs;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  if (size < sizeof(format::Header)) return 0;
  std::vector<uint8_t> program(data, data + size);
  const uint32_t bytes = static_cast<uint32_t>(size), sum = crc32({program.data() + 16, program.size() - 16});
  std::memcpy(program.data() + offsetof(format::Header, file_bytes), &bytes, sizeof bytes);
  std::memcpy(program.data() + offsetof(format::Header, checksum), &sum, sizeof sum);
  fuzz::expect_refusal(host::Exit::model, [&] { compile::read_facts(program, "fuzz"); });
  return 0;
}

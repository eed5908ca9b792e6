// What a program says of itself is facts or a model error, whatever its bytes are. Its length and checksum are made
// right, so that what is changed gets past the door.
#include <cstddef>
#include <cstring>

#include "base/crc32.h"
#include "compile/metadata.h"
#include "format/program.h"
#include "host/fuzz_testing.h"
#include "ir/builder.h"
#include "ir/initialise.h"

std::vector<std::string> dimple::fuzz::seeds() {
  model::Model m;
  ir::Builder g("small", {8, 8, 1});
  m.graph = g.finish(g.softmax(g.dense(g.global_average_pool(g.conv(g.input(), 4)), 3)));
  ir::initialise(m.graph, 1);
  m.labels = {"happy", "sad", "neutral"};
  m.preprocess.width = m.preprocess.height = 8;
  return {text_of(compile::plan(m))};
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

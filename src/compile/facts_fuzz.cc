// What a program says of itself is facts or a model error, whatever its bytes are. Input: (u16 offset, u8 value)
// triples written over a sound program, its checksum made right again.
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/bits.h"
#include "compile/metadata.h"
#include "format/program.h"
#include "host/error.h"
#include "ir/builder.h"
#include "ir/initialise.h"

namespace {

using namespace dimple;

std::vector<uint8_t> sound_program() {
  model::Model m;
  ir::Builder g("small", {8, 8, 1});
  m.graph = g.finish(g.softmax(g.dense(g.global_average_pool(g.conv(g.input(), 4)), 3)));
  ir::initialise(m.graph, 1);
  m.labels = {"happy", "sad", "neutral"};
  m.preprocess.width = m.preprocess.height = 8;
  return compile::plan(m);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<uint8_t> sound = sound_program();
  std::vector<uint8_t> program = sound;
  for (size_t i = 0; i + 3 <= size; i += 3) program[(data[i] | data[i + 1] << 8) % program.size()] = data[i + 2];
  const uint32_t sum = crc32({program.data() + 16, program.size() - 16});
  std::memcpy(program.data() + offsetof(format::Header, checksum), &sum, sizeof sum);
  try {
    compile::read_facts(program, "fuzz");
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::model) std::abort();
  }
  return 0;
}

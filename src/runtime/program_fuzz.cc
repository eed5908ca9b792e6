// A program is opened or refused, and one that was opened runs inside its arena, whatever its bytes say.
// Input: (u16 offset, u8 value) triples written over a sound program, its checksum made right again, so that the
// changes get past the door; inputs of an odd first byte are taken as a program as they are.
#include <cstring>
#include <vector>

#include "base/bits.h"
#include "compile/lower.h"
#include "compile/quantise.h"
#include "format/program.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "runtime/dimple.h"

namespace {

using namespace dimple;
using Bytes = std::vector<uint8_t>;

// Every operator that a program can hold; the folding ones (batch norm, dropout, drop path) are gone by then.
ir::Graph net_of_everything() {
  ir::Builder g("everything", {8, 8, 2});
  const ir::Value stem = g.prelu(g.conv(g.input(), 4, {.stride = 2}));
  const ir::Value sum = g.add(stem, g.relu6(g.depthwise(g.append(ops::Pad{1, 1, 1, 1}, {stem}), {.pad = 0})));
  const ir::Value gate = g.hard_sigmoid(g.conv(g.global_average_pool(sum), 4, {.kernel = 1}));
  const ir::Value excited = g.hard_swish(g.multiply(sum, gate));
  const ir::Value where = g.sigmoid(g.concat({g.channel_mean(excited), g.channel_max(excited)}));
  const ir::Value seen = g.multiply(excited, g.conv(where, 1));
  const ir::Value pooled = g.concat({g.max_pool(seen), g.average_pool(g.swish(seen)), g.relu(g.max_pool(stem))});
  const ir::Value both = g.add(g.global_max_pool(pooled), g.global_average_pool(pooled));
  ir::Graph graph = g.finish(g.softmax(g.dense(g.flatten(both), 3)));
  ir::initialise(graph, 1);
  return graph;
}

Bytes integer_program() {
  std::vector<int8_t> codes(128);
  for (int i = 0; i < 128; ++i) codes[static_cast<size_t>(i)] = static_cast<int8_t>(2 * (i - 64));
  return compile::plan(compile::quantise(net_of_everything(), {.codes = codes}, {.threads = 1}));
}

// Memory aligned as the interface asks for; one guard block behind it.
struct Aligned {
  explicit Aligned(size_t bytes) : blocks((bytes + 15) / 16) {}
  uint8_t* data() { return blocks.front().bytes; }
  struct alignas(16) Block {
    uint8_t bytes[16] = {};
  };
  std::vector<Block> blocks;
};

void seal(Bytes& program) {
  const uint32_t sum = crc32({program.data() + 16, program.size() - 16});
  std::memcpy(program.data() + offsetof(format::Header, checksum), &sum, sizeof sum);
}

void open_and_run(const Bytes& bytes) {
  constexpr uint32_t kMaxArena = 1 << 20;
  if (bytes.empty()) return;
  Aligned program(bytes.size());
  std::memcpy(program.data(), bytes.data(), bytes.size());
  const uint32_t size = static_cast<uint32_t>(bytes.size());
  const uint32_t arena_bytes = dimple_memory_bytes(program.data(), size);
  if (arena_bytes == 0 || arena_bytes > kMaxArena) return;
  Aligned arena(arena_bytes);
  dimple_session session;
  if (dimple_open(&session, program.data(), size, arena.data(), arena_bytes) == 0) dimple_run(&session);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Bytes sound[] = {compile::plan(net_of_everything()), integer_program()};
  if (size == 0) return 0;
  if (data[0] % 2 == 1) {
    open_and_run(Bytes(data + 1, data + size));
    return 0;
  }
  Bytes program = sound[data[0] / 2 % 2];
  for (size_t i = 1; i + 3 <= size; i += 3) program[(data[i] | data[i + 1] << 8) % program.size()] = data[i + 2];
  seal(program);
  open_and_run(program);
  return 0;
}

// A program is opened or refused, and one that was opened runs inside its arena and answers by what it was given,
// whatever its bytes say. Its length and checksum are made right first, so that what is changed gets past the door.
//
// Under the memory sanitizer it is built of the device's half alone, whose every byte is instrumented: its seeds are
// those that the other build writes.
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/crc32.h"
#include "format/program.h"
#include "runtime/dimple.h"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define DIMPLE_MEMORY_SANITIZER 1
#endif
#endif

#ifdef DIMPLE_MEMORY_SANITIZER
#include <sanitizer/msan_interface.h>
#else
#include "compile/lower.h"
#include "compile/quantise.h"
#include "host/fuzz_testing.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "ir/packed_weight.h"

namespace {

using namespace dimple;

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

// Codes of five and four bits, signs times signs, codes times signs.
ir::Graph net_of_few_bits() {
  ir::Builder g("few_bits", {8, 8, 2});
  const ir::Value five = g.relu(g.conv(g.input(), 32, {.stride = 2, .name = "five"}));
  const ir::Value signs = g.conv(g.sign(five), 8, {.name = "signs"});
  ir::Graph graph = g.finish(g.softmax(g.dense(g.conv(signs, 6, {.name = "bits"}), 3, "four")));
  ir::initialise(graph, 1);
  for (const auto& [node, type] : {std::pair{"five", DType::c5}, std::pair{"four", DType::c4},
                                   std::pair{"signs", DType::b1}, std::pair{"bits", DType::b1}}) {
    const std::string name = node;
    const auto channels = graph.constants.at(name + ".bias").elements();
    graph.constants[name + ".weight_scale"] =
        ir::make_tensor(DType::f32, {channels}, std::vector<float>(static_cast<size_t>(channels), 0.1f));
    if (type == DType::b1) continue;  // by the signs that it has
    ir::Tensor& weight = graph.constants.at(name + ".weight");
    const int64_t entries = codebook_entries(type);
    std::vector<uint8_t> codes(static_cast<size_t>(weight.elements()));
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<uint8_t>(i * 7 % static_cast<size_t>(entries));
    std::vector<float> book(static_cast<size_t>(entries));
    for (size_t i = 0; i < book.size(); ++i) book[i] = static_cast<float>(i) / 9 - 1;
    weight = ir::pack_codes(type, weight.dims, codes);
    graph.constants[name + ".codebook"] = ir::make_tensor(DType::f32, {1, entries}, book);
  }
  return graph;
}

}  // namespace

std::vector<std::string> dimple::fuzz::seeds() {
  std::vector<int8_t> codes(128);
  for (int i = 0; i < 128; ++i) codes[static_cast<size_t>(i)] = static_cast<int8_t>(2 * (i - 64));
  std::vector<std::string> programs{text_of(compile::plan(net_of_everything()))};
  for (const ir::Graph& net : {net_of_everything(), net_of_few_bits()})
    programs.push_back(text_of(compile::plan(compile::quantise(net, {.codes = codes}, {.threads = 1}))));
  return programs;
}
#endif

namespace {

// Aligned as the interface asks for, and not a byte longer: a sanitizer sees the next one.
struct Memory {
  explicit Memory(size_t size) {
    if (::posix_memalign(&bytes, 16, size) != 0) std::abort();
  }
  ~Memory() { std::free(bytes); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  void* bytes = nullptr;
};

void seal(uint8_t* program, uint32_t size) {
  const uint32_t sum = dimple::crc32({program + 16, size - 16});
  std::memcpy(program + offsetof(dimple::format::Header, file_bytes), &size, sizeof size);
  std::memcpy(program + offsetof(dimple::format::Header, checksum), &sum, sizeof sum);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr uint32_t kMaxMemory = 1 << 20;
  if (size < sizeof(dimple::format::Header) || size > UINT32_MAX) return 0;
  const uint32_t program_bytes = static_cast<uint32_t>(size);
  Memory program(size);
  std::memcpy(program.bytes, data, size);
  seal(static_cast<uint8_t*>(program.bytes), program_bytes);
  const uint32_t memory_bytes = dimple_memory_bytes(program.bytes, program_bytes);
  if (memory_bytes == 0 || memory_bytes > kMaxMemory) return 0;
  Memory memory(memory_bytes);
  dimple_session session;
  if (dimple_open(&session, program.bytes, program_bytes, memory.bytes, memory_bytes) != 0) return 0;
  const dimple_tensor_info input = dimple_input(&session);
  std::memset(input.data, 3, input.bytes);
  if (dimple_run(&session) != 0) std::abort();
#ifdef DIMPLE_MEMORY_SANITIZER
  const dimple_tensor_info output = dimple_output(&session);
  __msan_check_mem_is_initialized(output.data, output.bytes);
#endif
  return 0;
}

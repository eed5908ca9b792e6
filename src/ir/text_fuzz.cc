// Any text is a graph or an error; a graph survives being printed and read again.
#include "ir/text.h"

#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  return {R"(graph tiny
input : f32[48,48,1]
stem = conv2d(input) out_channels=8 kernel=3 stride=2x1 pad=0x0x1x1 activation=relu : f32[24,48,8]
deep = depthwise_conv2d(stem) : f32[24,48,8]
both = add(stem, deep) : f32[24,48,8]
pool = global_average_pool(both) : f32[1,1,8]
)",
          "graph codes\ninput : s8[4,4,2] * 0.0235 @ -128\nflat = flatten(input) : s8[1,1,32] * 0.0235 @ -128\n"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  try {
    const ir::Graph graph = ir::parse({reinterpret_cast<const char*>(data), size});
    if (!(ir::parse(ir::print(graph)) == graph)) std::abort();
  } catch (const host::Error&) {
  }
  return 0;
}

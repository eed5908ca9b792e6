// Any text is a graph or an error; a graph survives being printed and read again.
#include <cstdlib>

#include "host/error.h"
#include "ir/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  try {
    const ir::Graph graph = ir::parse({reinterpret_cast<const char*>(data), size});
    if (!(ir::parse(ir::print(graph)) == graph)) std::abort();
  } catch (const host::Error&) {
  }
  return 0;
}

// Any text is the table of a set, a split, or an input error that names the line.
#include <cstdlib>

#include "data/datasets/table/table.h"
#include "host/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  try {
    data::read_picture_table({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::input) std::abort();
  }
  return 0;
}

// Any bytes are a safetensors file or an error; what was read is written as a file that reads the same.
#include <cstdlib>

#include "host/error.h"
#include "model/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple::model;
  try {
    const SafeTensors file = read_safetensors({data, size}, "fuzz");
    const SafeTensors again = read_safetensors(write_safetensors(file), "again");
    if (again.metadata != file.metadata || again.tensors.size() != file.tensors.size()) std::abort();
  } catch (const dimple::host::Error&) {
  }
  return 0;
}

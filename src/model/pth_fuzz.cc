// Any bytes are a checkpoint or an error: as an archive, and as the pickle inside of one (which a checksum would guard
// from a fuzzer).
#include "host/error.h"
#include "model/pth.h"
#include "model/pth_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple::model;
  try {
    read_pth({data, size}, "fuzz");
  } catch (const dimple::host::Error&) {
  }
  try {
    const std::string pickle(reinterpret_cast<const char*>(data), size);
    read_pth(stored_zip({{"fuzz/data.pkl", pickle}, {"fuzz/data/0", std::string(64, '\1')}}), "fuzz");
  } catch (const dimple::host::Error&) {
  }
  return 0;
}

// Any bytes are a checkpoint or an error: as an archive, and as the pickle inside of one (which a checksum would guard
// from a fuzzer).
#include "model/pth.h"

#include "host/fuzz_testing.h"
#include "model/pth_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  using namespace dimple::model;
  const std::string weights = pickled::tensor({.elements = 16, .dims = {4, 4}, .strides = {4, 1}});
  const std::string half = pickled::tensor({.storage = "HalfStorage", .elements = 8, .dims = {2}, .strides = {2}});
  const std::string state = pickled::whole(pickled::dict({{"a.weight", weights}, {"b", half}}));
  const std::string nested = pickled::whole(
      pickled::dict({{"epoch", pickled::number(3)}, {"state_dict", pickled::dict({{"module.a.weight", weights}})}}));
  return {
      state, nested,
      fuzz::text_of(stored_zip({{"x/data.pkl", state}, {"x/data/0", std::string(64, '\1')}, {"x/version", "3\n"}}))};
}

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

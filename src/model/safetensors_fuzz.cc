// Any bytes are a safetensors file or an error; what was read is written as a file that reads the same. Files of other
// programs, with their types, are as well.
#include "model/safetensors.h"

#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  const auto file = [](const std::string& header, size_t bytes) {
    std::string length(8, '\0');
    length[0] = static_cast<char>(header.size());
    return length + header + std::string(bytes, '\x3C');
  };
  return {
      file(R"({"__metadata__":{"arch":"x"},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}})", 16),
      file(
          R"({"a":{"dtype":"I8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[],"data_offsets":[3,4]}})",
          4),
      file(
          R"({"h":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]},"i":{"dtype":"I64","shape":[1],"data_offsets":[4,12]}})",
          12)};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  fuzz::expect_refusal(host::Exit::model, [&] {
    const model::SafeTensors file = model::read_safetensors({data, size}, "fuzz");
    const model::SafeTensors again = model::read_safetensors(model::write_safetensors(file), "again");
    if (again.metadata != file.metadata || again.tensors.size() != file.tensors.size()) std::abort();
  });
  fuzz::expect_refusal(host::Exit::model, [&] { model::read_safetensors({data, size}, "fuzz", {.foreign = true}); });
  return 0;
}

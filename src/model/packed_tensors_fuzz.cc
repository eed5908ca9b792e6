// Whatever a file says of its packed tensors, they are restored or refused; restored ones are stored as they were.
#include "host/fuzz_testing.h"
#include "ir/packed_weight.h"
#include "model/packed_tensors.h"

std::vector<std::string> dimple::fuzz::seeds() {
  model::SafeTensors file;
  file.tensors["bits.weight"] = ir::pack_codes(DType::b1, {2, 1, 1, 33}, std::vector<uint8_t>(66, 1));
  file.tensors["four.weight"] = ir::pack_codes(DType::c4, {3, 5}, std::vector<uint8_t>(15, 9));
  file.tensors["five.weight"] = ir::pack_codes(DType::c5, {7}, std::vector<uint8_t>(7, 30));
  file.tensors["bias"] = ir::make_tensor(DType::f32, {3}, std::vector<float>{1, 2, 3});
  model::store_packed(file);
  return {text_of(model::write_safetensors(file))};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  fuzz::expect_refusal(host::Exit::model, [&] {
    model::SafeTensors file = model::read_safetensors({data, size}, "fuzz");
    model::restore_packed(file, "fuzz");
    model::SafeTensors again = file;
    model::store_packed(again);
    model::restore_packed(again, "again");
    if (!(again == file)) std::abort();
    for (const auto& [name, tensor] : file.tensors)
      if (bit_width(tensor.dtype) < 8 &&
          !(ir::pack_codes(tensor.dtype, tensor.dims, ir::unpack_codes(tensor)).data.size() == tensor.data.size()))
        std::abort();
  });
  return 0;
}

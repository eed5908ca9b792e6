// Any bytes are a whole number as numpy saves one, or an input error.
#include "data/datasets/affectnet/npy_whole.h"
#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  const auto npy = [](const std::string& type, const std::string& bytes) {
    std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (), }";
    header.resize(117, ' ');
    return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" + bytes;
  };
  return {npy("<i8", std::string("\x03\0\0\0\0\0\0\0", 8)), npy("<f8", std::string("\0\0\0\0\0\0\xF0?", 8)),
          npy("<U1", std::string("3\0\0\0", 4)), npy("|u1", "\x05"), npy("|O", "\x80\x04K\x01.")};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  fuzz::expect_refusal(host::Exit::input, [&] {
    data::read_npy_whole({reinterpret_cast<const char*>(data), size}, "fuzz");
  });
  return 0;
}

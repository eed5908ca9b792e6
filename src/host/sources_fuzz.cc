// Any file is a list of pictures or an input error.
#include "host/sources.h"

#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  using namespace std::string_literals;
  return {"path\na.png\nsub/b.jpg\n", "a.png,happy\n\"c d.webp\",sad\n",
          "\xFF\xFE"
          "a\0.\0p\0n\0g\0"s};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const fuzz::File file(data, size, ".csv");
  fuzz::expect_refusal(host::Exit::input, [&] { host::expand_sources({file.path()}); });
  return 0;
}

// Any text is a FER2013 csv, or an input error.
#include "data/csv.h"
#include "data/datasets/fer2013/fer2013.h"
#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  std::string pixels;
  for (int i = 0; i < 48 * 48; ++i) pixels += i ? " 7" : "255";
  return {
      "emotion,pixels,Usage\n0," + pixels + ",Training\n3," + pixels + ",PublicTest\n6," + pixels + ",PrivateTest\n",
      "Usage, emotion,\"pixels\"\r\nTraining,4,\"" + pixels + "\"\r\n", "emotion,pixels,Usage\n0,1 2,Training\n"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  fuzz::expect_refusal(host::Exit::input, [&] {
    data::Fer2013Csv csv("fuzz");
    data::Lines lines("fuzz", [&](std::string_view text, int64_t number) { csv.line(text, number); });
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    lines.feed(text.substr(0, size / 2));
    lines.feed(text.substr(size / 2));
    lines.finish();
    data::check(csv.finish(), "fuzz");
  });
  return 0;
}

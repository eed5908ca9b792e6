// Any text is a FER2013 csv, or an input error; and so are votes and doubts for a small one.
#include <cstdlib>
#include <string>

#include "data/csv.h"
#include "data/datasets/fer2013/fer2013.h"
#include "host/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  try {
    data::Fer2013Csv csv("fuzz");
    data::Lines lines("fuzz", [&](std::string_view text, int64_t number) { csv.line(text, number); });
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    lines.feed(text.substr(0, size / 2));
    lines.feed(text.substr(size / 2));
    lines.finish();
    data::check(csv.finish(), "fuzz");
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::input) std::abort();
  }
  return 0;
}

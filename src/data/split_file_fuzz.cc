// Any file is a split of a set, or an error: of input, or that of a person in two splits.
#include "data/split_file.h"

#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  return {"key,subject,label,split\na.png,p1,happy,train\nb.png,p2,sad,test\n",
          "key,subject,label,split\na.png,p1,happy,validation\nb.png,p1,sad,test\n"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  data::Dataset set;
  set.width = set.height = 1;
  set.labels = {"happy", "sad"};
  set.pixels = {1, 2};
  set.label = {0, 1};
  set.split = {data::Split::train, data::Split::train};
  set.subject = {"p1", "p2"};
  set.file = {"a.png", "b.png"};
  const fuzz::File file(data, size);
  try {
    data::apply_split_csv(set, file.path(), false);
    data::check(set, "fuzz");
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::input && error.exit() != host::Exit::gate) std::abort();
  }
  return 0;
}

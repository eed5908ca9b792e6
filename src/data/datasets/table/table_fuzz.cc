// Any text is the table of a set, a split, or an input error that names the line.
#include "data/datasets/table/table.h"
#include "host/fuzz_testing.h"

std::vector<std::string> dimple::fuzz::seeds() {
  return {"path,label,subject,split,mouth\na.png,happy,p1,train,open\n\"b,c.png\",sad,p2,test,\n",
          "label,path\nfear,sub/x.jpg\n"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  fuzz::expect_refusal(host::Exit::input, [&] {
    data::read_picture_table({reinterpret_cast<const char*>(data), size}, "fuzz");
  });
  return 0;
}

// Any bytes at all, with the checksum made right: they are refused, or run within their arena.
// Half of the inputs are taken as changes to a program that is right, since few bytes make one by chance.
#include "runtime/hostile_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  if (size == 0) return 0;
  std::vector<uint8_t> file(data + 1, data + size);
  if (data[0] % 2 == 0) {
    // (position, byte) after (position, byte), three bytes each
    file = format::tiny_program();
    for (size_t i = 1; i + 2 < size; i += 3) file[(data[i] * 256u + data[i + 1]) % file.size()] = data[i + 2];
  }
  (void)runtime::open_and_run(file);
  return 0;
}

// Part of every fuzzer: with --seeds=FOLDER it writes the inputs that fuzzing begins with, and ends.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "host/fuzz_testing.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr const char* kFlag = "--seeds=";
  if (*argc != 2 || std::strncmp((*argv)[1], kFlag, std::strlen(kFlag)) != 0) return 0;
  int number = 0;
  for (const std::string& seed : dimple::fuzz::seeds()) {
    const std::string path = (*argv)[1] + std::strlen(kFlag) + ("/seed-" + std::to_string(number++));
    std::FILE* file = std::fopen(path.c_str(), "wb");
    const bool written = file && std::fwrite(seed.data(), 1, seed.size(), file) == seed.size();
    if (!file || std::fclose(file) != 0 || !written) {
      std::perror(path.c_str());
      std::exit(1);
    }
  }
  std::exit(0);
}

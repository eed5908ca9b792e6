// Any file is an archive, a compressed stream, bytes as they are, or an input error.
#include <cstdlib>

#include "data/datasets/archive.h"
#include "host/fuzz_file_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const host::FuzzFile file(data, size);
  const auto expect_input_error = [](const auto& read) {
    try {
      read();
    } catch (const host::Error& error) {
      if (error.exit() != host::Exit::input) std::abort();
    }
  };
  size_t taken = 0;
  expect_input_error([&] {
    data::EntryFilter filter;
    filter.wanted = [](const std::string&) { return true; };
    data::read_entries(file.path(), filter, [&](const std::string&, std::string_view bytes) { taken += bytes.size(); });
  });
  expect_input_error([&] { data::read_stream(file.path(), [&](std::string_view chunk) { taken += chunk.size(); }); });
  return 0;
}

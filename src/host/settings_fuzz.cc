// Any text is TOML or a usage error, and JSON or an error; what was read is written and read again as it was.
#include <cstdlib>

#include "host/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    host::parse_toml(text, "fuzz");
  } catch (const host::Error& error) {
    if (error.exit() != host::Exit::usage) std::abort();
  }
  try {
    const host::Json json = host::parse_json(text, "fuzz");
    if (host::parse_json(host::print_json(json), "again") != json) std::abort();
  } catch (const host::Error&) {
  }
  return 0;
}

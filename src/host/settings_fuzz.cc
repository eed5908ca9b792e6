// Any text is TOML or a usage error, and JSON or an error; what was read is written and read again as it was.
#include "host/fuzz_testing.h"
#include "host/json.h"

std::vector<std::string> dimple::fuzz::seeds() {
  return {
      "# a recipe\narch = \"dimple_nano\"\nrate = 1e-3\nepochs = 0x10\n[train.augment]\nshift = [0.1, -2]\nmirror = "
      "true\nsince = 2026-01-01T00:00:00Z\n[[runs]]\nname = 'a'\n[[runs]]\nname = \"\"\"b\"\"\"\nin = {x = 1, y = "
      "inf}\n",
      R"({"name": "a\u00e9\ud83d\ude42", "list": [1, -2.5e-3, true, false, null, []], "map": {"": {}}})"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::expect_refusal(host::Exit::usage, [&] { host::parse_toml(text, "fuzz"); });
  try {
    const host::Json json = host::parse_json(text, "fuzz");
    if (host::parse_json(host::print_json(json), "again") != json) std::abort();
  } catch (const host::Error&) {
  }
  return 0;
}

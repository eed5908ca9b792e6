// Any text is a session of a game, and any other its consent, or an input error. An input is session.json and
// consent.json, with a zero between them.
#include <fstream>
#include <string_view>

#include "data/datasets/importers.h"
#include "host/fuzz_testing.h"

namespace {

constexpr const char* kSession =
    R"({"format": "dimple-session", "version": 1, "subject": "p1", "consent": "consent.json",
"rounds": [{"prompt": "happy", "frames": ["a.png", "../b.png"]}, {"prompt": "afraid", "frames": []}]})";
constexpr const char* kConsent = R"({"version": 1, "given": true, "given_by": "guardian", "date": "2026-03-01",
"purposes": ["train", "test"], "withdrawn": ""})";

}  // namespace

std::vector<std::string> dimple::fuzz::seeds() {
  return {kSession + std::string(1, '\0') + kConsent,
          std::string(kSession) + '\0' + R"({"version": 1, "given": false})", kSession};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dimple;
  static const std::filesystem::path folder = host::own_folder();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(text.find('\0'), size);
  std::ofstream(folder / "session.json", std::ios::binary) << text.substr(0, zero);
  std::ofstream(folder / "consent.json", std::ios::binary) << text.substr(std::min(zero + 1, size));
  data::LoadOptions options;
  options.faces = "whole";
  fuzz::expect_refusal(host::Exit::input, [&] { data::kSessionImporter.load(folder.string(), options); });
  return 0;
}

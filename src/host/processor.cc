#include "host/processor.h"

#include "host/files.h"

namespace dimple::host {

namespace {

std::string cpuinfo() {
  const char* const file = "/proc/cpuinfo";
  return file_exists(file) ? read_text(file) : "";
}

bool has_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    const auto ends = [&](size_t i) { return text[i] == ' ' || text[i] == '\n' || text[i] == '\t'; };
    if ((at == 0 || ends(at - 1)) && (end == text.size() || ends(end))) return true;
  }
  return false;
}

}  // namespace

std::string fast_features(std::string_view cpuinfo) {
  std::string features;
  for (const char* feature : {"avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "bf16"})
    if (has_word(cpuinfo, feature)) features += (features.empty() ? "" : " ") + std::string(feature);
  return features;
}

std::string fast_features() { return fast_features(cpuinfo()); }

std::string processor_name() {
  const std::string text = cpuinfo();
  const size_t key = text.find("model name"), colon = text.find(": ", key);
  if (key == std::string::npos || colon == std::string::npos) return "unknown";
  return text.substr(colon + 2, text.find('\n', colon) - colon - 2);
}

}  // namespace dimple::host

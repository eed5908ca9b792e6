#include "host/processor.h"

#include "host/files.h"

namespace dimple::host {

std::string processor_name() {
  const char* const file = "/proc/cpuinfo";
  if (!file_exists(file)) return "unknown";
  const std::string text = read_text(file);
  const size_t key = text.find("model name"), colon = text.find(": ", key);
  if (key == std::string::npos || colon == std::string::npos) return "unknown";
  return text.substr(colon + 2, text.find('\n', colon) - colon - 2);
}

}  // namespace dimple::host

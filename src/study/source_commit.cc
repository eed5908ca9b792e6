#include "study/source_commit.h"

#include <chrono>
#include <vector>

#include "host/error.h"
#include "host/files.h"
#include "host/process.h"

namespace dimple::study {

std::string source_commit() {
  try {
    const std::string folder = host::program_folder().string();
    const auto said = [&](std::vector<std::string> words) {
      words.insert(words.begin(), {"git", "-C", folder});
      const auto result = host::run_process(words, {.timeout = std::chrono::seconds(20)});
      return result.exit_code == 0 ? result.out : "";
    };
    std::string hash = said({"rev-parse", "--short=12", "HEAD"});
    while (!hash.empty() && hash.back() == '\n') hash.pop_back();
    if (hash.empty()) return "unknown";
    return said({"status", "--porcelain", "--untracked-files=no"}).empty() ? hash : hash + " with changes";
  } catch (const host::Error&) {
    return "unknown";
  }
}

}  // namespace dimple::study

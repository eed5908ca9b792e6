// Every source of src/ and apps/ with what it includes.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dimple::tests {

struct Includes {
  std::vector<std::string> ours;       // "room/file.h"
  std::vector<std::string> libraries;  // <file.h>
};

// Path as an #include spells it (src/ left away, apps/ kept) -> its includes. Sorted, so reports are stable.
using SourceTree = std::map<std::string, Includes>;

Includes parse_includes(const std::string& text);
SourceTree load_source_tree(const std::filesystem::path& repository);

// Tests, benches and fuzzers may include anything.
bool is_test(const std::string& path);

}  // namespace dimple::tests

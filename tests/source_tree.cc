#include "tests/source_tree.h"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace dimple::tests {

namespace fs = std::filesystem;

Includes parse_includes(const std::string& text) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*(?:"([^"]+)\"|<([^>]+)>))");
  Includes found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, kInclude)) continue;
    if (match[1].matched) found.ours.push_back(match[1]);
    if (match[2].matched) found.libraries.push_back(match[2]);
  }
  return found;
}

static std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

static void add_folder(SourceTree& tree, const fs::path& folder, const fs::path& names_start_at) {
  static const std::set<std::string> kSources{".h", ".cc", ".list", ".inc"};
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || !kSources.contains(entry.path().extension().string())) continue;
    tree[entry.path().lexically_relative(names_start_at).generic_string()] = parse_includes(read(entry.path()));
  }
}

SourceTree load_source_tree(const fs::path& repository) {
  SourceTree tree;
  add_folder(tree, repository / "src", repository / "src");
  add_folder(tree, repository / "apps", repository);
  return tree;
}

bool is_test(const std::string& path) {
  static const std::regex kTest(R"(_(test|bench|fuzz)\.cc$|_test_[a-z_]+\.h$|_testing\.h$)");
  return std::regex_search(path, kTest);
}

}  // namespace dimple::tests

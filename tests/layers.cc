#include <algorithm>
#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/layers.h"

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
  static const std::regex kTest(R"(_(test|bench|fuzz)\.cc$|_bench\.h$|_test_[a-z_]+\.h$|_testing\.(h|cc)$)");
  return std::regex_search(path, kTest);
}

std::vector<Layer> read_layers() {
  std::ifstream file(DIMPLE_SOURCE_DIR "/src/layers.txt");
  std::vector<Layer> layers;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string world;
    words >> world;
    if (world != "below" && world != "above") throw std::runtime_error("layers.txt: no world called " + world);
    Layer layer{world == "below", {}, {}};
    for (std::string room; words >> room;) {
      const bool lab = room.back() == '*';
      if (lab) room.pop_back();
      layer.rooms.push_back(room);
      if (lab) layer.knows_libtorch.insert(room);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

static const std::vector<Layer>& layers() {
  static const std::vector<Layer> all = read_layers();
  return all;
}

// The name under which a file stands in the table: its folder, or for a slice of ops/ the role in its name.
static std::string room_of(const std::string& path) {
  static const std::regex kRole(R"(_(kernel|rewrite|torch|emit)(_[a-z0-9_]+)?\.(cc|h)$)");
  std::string folder = path.substr(0, path.find('/'));
  std::smatch match;
  if (path.starts_with("workflow/lab/")) return "workflow/lab";
  if (folder != "ops") return folder;
  return std::regex_search(path, match, kRole) ? "ops:" + match[1].str() : folder;
}

std::optional<LayerPosition> position_of(const std::string& path) {
  const std::string room = room_of(path);
  for (int layer = 0; layer < static_cast<int>(layers().size()); ++layer) {
    const std::vector<std::string>& rooms = layers()[static_cast<size_t>(layer)].rooms;
    const auto it = std::ranges::find(rooms, room);
    if (it != rooms.end()) return LayerPosition{layer, static_cast<int>(it - rooms.begin())};
  }
  return std::nullopt;
}

std::vector<std::string> upward_includes(const SourceTree& tree) {
  std::vector<std::string> breaches;
  for (const auto& [path, includes] : tree) {
    std::optional<LayerPosition> here = position_of(path);
    if (!here) breaches.push_back(path + " stands in a folder that is in no layer");
    if (!here || is_test(path)) continue;
    for (const std::string& name : includes.ours) {
      if (!tree.contains(name)) continue;  // a generated file, or one beside an app
      std::optional<LayerPosition> there = position_of(name);
      if (there && *there > *here) breaches.push_back(path + " includes " + name + ", which stands above it");
    }
  }
  return breaches;
}

std::vector<std::string> include_circles(const SourceTree& tree) {
  enum class Mark { fresh, open, done };
  std::map<std::string, Mark> marks;
  std::vector<std::string> circles;
  std::function<void(const std::string&)> walk = [&](const std::string& path) {
    marks[path] = Mark::open;
    for (const std::string& name : tree.at(path).ours) {
      if (!tree.contains(name)) continue;
      if (marks[name] == Mark::open) circles.push_back(path + " includes " + name + ", which leads back to it");
      if (marks[name] == Mark::fresh) walk(name);
    }
    marks[path] = Mark::done;
  };
  for (const auto& [path, includes] : tree)
    if (marks[path] == Mark::fresh) walk(path);
  return circles;
}

std::vector<std::string> library_headers_below_the_line(const SourceTree& tree) {
  static const std::set<std::string> kAllowed{"stdint.h", "stddef.h"};
  std::vector<std::string> breaches;
  for (const auto& [path, includes] : tree) {
    std::optional<LayerPosition> here = position_of(path);
    if (!here || !layers()[static_cast<size_t>(here->layer)].freestanding || is_test(path)) continue;
    for (const std::string& name : includes.libraries)
      if (!kAllowed.contains(name)) breaches.push_back(path + " includes <" + name + "> below the line");
  }
  return breaches;
}

static bool names_libtorch(const Includes& includes) {
  static const std::regex kTorch(R"(^(torch|ATen|c10|caffe2)/)");
  for (const std::string& name : includes.libraries)
    if (std::regex_search(name, kTorch)) return true;
  return false;
}

static bool may_know_libtorch(const std::string& path) {
  const std::optional<LayerPosition> here = position_of(path);
  return here && layers()[static_cast<size_t>(here->layer)].knows_libtorch.contains(room_of(path));
}

std::vector<std::string> strangers_who_know_libtorch(const SourceTree& tree) {
  std::map<std::string, bool> knows;
  std::function<bool(const std::string&)> reaches = [&](const std::string& path) {
    auto [known, is_new] = knows.try_emplace(path, names_libtorch(tree.at(path)));
    if (!is_new || known->second) return known->second;
    for (const std::string& name : tree.at(path).ours)
      if (tree.contains(name) && reaches(name)) return knows[path] = true;
    return false;
  };
  std::vector<std::string> strangers;
  for (const auto& [path, includes] : tree)
    if (!is_test(path) && !may_know_libtorch(path) && reaches(path))
      strangers.push_back(path + " includes libtorch, itself or through a header");
  return strangers;
}

}  // namespace dimple::tests

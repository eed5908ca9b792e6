// Presets release, lab and ci compile a library's sources in batches (cmake/precompiled.cmake), where two files that hide
// the same name clash. Such pairs are found in the text: what begins in the first column of an anonymous namespace.
// Overloads pass, for what a function takes belongs to its name here; so do aliases, which may be said twice.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/layers.h"

namespace dimple::tests {
namespace {

// The library or test program that a file is compiled for: all that is below the line is one.
std::string library_of(const std::string& path) {
  static const std::vector<Layer> kLayers = read_layers();
  const std::string room = path.find("_torch") != std::string::npos ? "nn" : path.substr(0, path.find('/'));
  if (is_test(path)) return room + path.substr(path.rfind('_'));
  const std::optional<LayerPosition> place = position_of(path);
  return place && kLayers[static_cast<size_t>(place->layer)].freestanding ? "device" : room;
}

// "Row", "area(const Box& b) ", "kEdge": what a declaration gives a name to; "" for what may stand twice.
std::string name_in(const std::string& declaration) {
  static const std::regex kMayStandTwice(R"(^(static_assert|using|namespace|(struct|class) \w+;))");
  static const std::regex kType(R"(^(?:struct|class|union|enum(?: class)?) (\w+))");
  static const std::regex kFunction(R"(^[^=;{(]*?([^\s(*&]+\([^{;]*))"), kConstant(R"((\w+)(?:\[[^\]]*\])*\s*[={;])");
  std::smatch match;
  if (std::regex_search(declaration, kMayStandTwice)) return "";
  for (const std::regex& form : {kType, kFunction, kConstant})
    if (std::regex_search(declaration, match, form)) return match[1];
  return "";
}

std::vector<std::string> clashes(const std::map<std::string, std::string>& texts) {
  std::map<std::string, std::string> seen;  // library, namespace and name -> file
  std::vector<std::string> found;
  for (const auto& [path, text] : texts) {
    std::string outer, declaration;
    std::istringstream lines(text);
    bool hidden = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("namespace ")) hidden = line == "namespace {", outer = hidden ? outer : line;
      if (line.starts_with("}  // namespace")) hidden = false;
      const bool starts = hidden && !line.empty() && std::isalpha(line[0]) && !line.starts_with("template <");
      if (declaration.empty() && !starts) continue;
      declaration += line + "\n";
      if (declaration.find_first_of("{;") == std::string::npos) continue;
      const std::string name = name_in(std::exchange(declaration, ""));
      const auto [at, is_new] = seen.emplace(library_of(path) + ", " + outer + " " + name, path);
      if (!name.empty() && at->second != path) found.push_back(at->second + " and " + path + ": " + name);
    }
  }
  return found;
}

TEST(UnityNames, NoTwoFilesOfALibraryHideTheSameName) {
  std::map<std::string, std::string> texts;
  for (const auto& [path, includes] : load_source_tree(DIMPLE_SOURCE_DIR)) {
    if (!path.ends_with(".cc") || path.ends_with("_plugin.cc")) continue;  // a plug-in is a library of its own
    std::ifstream file(DIMPLE_SOURCE_DIR + std::string(path.starts_with("apps/") ? "/" : "/src/") + path);
    texts[path] = {std::istreambuf_iterator<char>(file), {}};
  }
  EXPECT_FALSE(texts["ir/call_plan.cc"].empty());
  EXPECT_THAT(clashes(texts), testing::IsEmpty());
}

TEST(UnityNames, SeesAPair) {
  const auto hide = [](const std::string& what) { return "namespace a {\nnamespace {\n" + what + "}  // namespace\n"; };
  const std::string area = "int area(const Box& b) {\n", other = "int area(const Ring& r) {\n";
  for (const std::string twice : {area.c_str(), "constexpr int kEdge[] =\n    {3};\n", "struct Row {\n"})
    EXPECT_THAT(clashes({{"image/a.cc", hide(twice)}, {"runtime/b.cc", hide(other + twice)}}),
                testing::ElementsAre(testing::HasSubstr("image/a.cc and runtime/b.cc: ")));
  EXPECT_TRUE(clashes({{"ir/a.cc", hide(area)}, {"zoo/b.cc", hide(area)}, {"ir/b.cc", hide(other)}}).empty());
}

}  // namespace
}  // namespace dimple::tests

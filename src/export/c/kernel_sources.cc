#include "export/c/kernel_sources.h"

#include <fmt/format.h>

#include <vector>

#include "host/error.h"

namespace dimple::exports {
namespace {

constexpr std::string_view kSources = "src/";

[[noreturn]] void fail_to_find(const std::string& what) {
  throw host::Error(host::Exit::failed, "this build does not carry " + what);
}

// The .cc file that defines a kernel; headers and declarations in other files do not count.
std::string source_of(const std::string& kernel) {
  const std::string definition = fmt::format("void {}(const DimpleCall", kernel);
  for (const host::EmbeddedFile& file : embedded_files())
    if (file.path.ends_with(".cc") && file.text().find(definition) != std::string_view::npos)
      return std::string(file.path.substr(kSources.size()));
  fail_to_find("the source of kernel " + kernel);
}

std::vector<std::string> includes_of(std::string_view text) {
  constexpr std::string_view kInclude = "#include \"";
  std::vector<std::string> names;
  for (size_t at = text.find(kInclude); at != std::string_view::npos; at = text.find(kInclude, at)) {
    at += kInclude.size();
    names.emplace_back(text.substr(at, text.find('"', at) - at));
  }
  return names;
}

}  // namespace

std::string_view embedded_text(std::string_view path) {
  for (const host::EmbeddedFile& file : embedded_files())
    if (file.path == path) return file.text();
  fail_to_find(std::string(path));
}

std::set<std::string> kernel_sources(const std::set<std::string>& kernels) {
  std::vector<std::string> open;
  for (const std::string& kernel : kernels) open.push_back(source_of(kernel));
  std::set<std::string> found;
  while (!open.empty()) {
    const std::string file = std::move(open.back());
    open.pop_back();
    if (!found.insert(file).second) continue;
    for (std::string& name : includes_of(embedded_text(fmt::format("{}{}", kSources, file))))
      open.push_back(std::move(name));
  }
  return found;
}

}  // namespace dimple::exports

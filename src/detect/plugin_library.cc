#include "detect/plugin_library.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <cstdlib>

#include "host/error.h"
#include "host/files.h"

namespace dimple::detect {
namespace {

std::vector<std::filesystem::path> search_path(std::vector<std::filesystem::path> folders) {
  if (const char* named = std::getenv("DIMPLE_PLUGINS"); named && *named) folders.emplace_back(named);
  folders.push_back(host::program_folder());
  folders.push_back(host::program_folder() / ".." / "lib" / "dimple");
#ifdef DIMPLE_PLUGIN_FOLDER
  folders.emplace_back(DIMPLE_PLUGIN_FOLDER);
#endif
  return folders;
}

}  // namespace

PluginLibrary::PluginLibrary(const std::string& file, const std::string& package,
                             const std::vector<std::filesystem::path>& folders) {
  std::string reason = "it was not built, or moved away from the program";
  for (const std::filesystem::path& folder : search_path(folders)) {
    const std::filesystem::path path = folder / file;
    if (!host::file_exists(path)) continue;
    library_ = std::shared_ptr<void>(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), [](void* handle) {
      if (handle) dlclose(handle);
    });
    if (library_) break;
    if (const char* why = dlerror()) reason = why;
  }
  // The loader has words for it only.
  if (!library_ && (reason.find("failed to map segment") != std::string::npos ||
                    reason.find("annot allocate memory") != std::string::npos))
    throw host::Error(host::Exit::resources, fmt::format("not enough memory for the face finder {}", file));
  if (!library_)
    throw host::Error(host::Exit::failed, fmt::format("cannot open the face finder {}: {}", file, reason),
                      fmt::format("it needs the package {}; DIMPLE_PLUGINS names the folder it lies in", package));
  using Entry = const DimpleFinderPlugin* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(library_.get(), "dimple_finder_plugin"));
  plugin_ = entry ? entry() : nullptr;
  if (!plugin_ || plugin_->abi != DIMPLE_FINDER_ABI)
    throw host::Error(host::Exit::failed, fmt::format("the face finder {} is of another version of Dimple", file),
                      "build both again");
}

}  // namespace dimple::detect

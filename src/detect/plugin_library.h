// A face finder's plug-in, opened when it is needed. It stays open until the program ends: not every library survives a
// second start.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "detect/plugin.h"

namespace dimple::detect {

class PluginLibrary {
 public:
  // Looked for in `folders`, in DIMPLE_PLUGINS, beside the program, in ../lib/dimple from there, and where this build
  // put it. Throws Error(Exit::failed) that names the plug-in and the package it needs.
  PluginLibrary(const std::string& file, const std::string& package, const std::vector<std::filesystem::path>& folders);

  const DimpleFinderPlugin* operator->() const { return plugin_; }

 private:
  std::shared_ptr<void> library_;
  const DimpleFinderPlugin* plugin_ = nullptr;
};

}  // namespace dimple::detect

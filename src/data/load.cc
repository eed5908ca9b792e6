#include "data/load.h"

#include <fmt/format.h>

#include <filesystem>

#include "data/cache.h"
#include "host/error.h"

namespace dimple::data {

Dataset load_dataset(const std::string& path, const LoadOptions& options) {
  std::error_code none;
  if (!std::filesystem::exists(path, none))
    throw host::Error(host::Exit::input, fmt::format("cannot read {}: no such file or folder", path));
  if (is_cache(path)) return load_cache(path);
  std::string known = "a tensor cache (dimple data cache)";
  for (const Importer& importer : importers()) {
    if (importer.recognises(path)) return importer.load(path, options);
    known += fmt::format(", {}", importer.what);
  }
  throw host::Error(host::Exit::input, fmt::format("cannot read {}: not a dataset that is known here", path),
                    "known are: " + known);
}

}  // namespace dimple::data

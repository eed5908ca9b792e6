#include "workflow/predict_folder.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "host/document.h"
#include "host/files.h"
#include "host/run_folder.h"

namespace dimple::workflow {

namespace fs = std::filesystem;

std::vector<NamedSource> name_drawings(std::vector<host::Source> sources) {
  constexpr size_t kLongest = 200;  // file systems take 255, endings and numbers included
  std::vector<NamedSource> named;
  std::set<std::string> used;
  std::map<std::string, int> alike;
  for (host::Source& source : sources) {
    std::string stem = source.name == "-" ? "stdin" : fs::path(source.name).stem().string();
    if (stem.size() > kLongest) stem.resize(kLongest);
    std::string name = stem;
    for (int& n = alike.try_emplace(stem, 1).first->second; !used.insert(name).second;)
      name = fmt::format("{}-{}", stem, ++n);
    named.push_back({std::move(source), std::move(name)});
  }
  return named;
}

fs::path PredictFolder::path() {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
  if (!path_.empty() || !request_.save) return path_;
  try {
    return path_ = request_.resume.empty() ? make() : fs::path(request_.resume);
  } catch (...) {
    failure_ = std::current_exception();
    throw;
  }
}

fs::path PredictFolder::make() const {
  const fs::path made = host::make_run_folder("predict", {request_.runs, request_.name});
  host::write_atomic(made / "args.toml", host::to_toml(request_));
  return made;
}

}  // namespace dimple::workflow

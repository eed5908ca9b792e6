// The run folder of predict, and what its pictures are called there.
#pragma once
#include <exception>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "host/sources.h"
#include "workflow/predict.h"

namespace dimple::workflow {

struct NamedSource {
  host::Source source;
  std::string drawing = {};  // its name in the run folder, without an ending
};

// Each by its source's own name, made unique among all of them: who reads them, in which order and in how many runs
// changes no name.
std::vector<NamedSource> name_drawings(std::vector<host::Source> sources);

// Made when there is something to put into it, by the thread that comes first. Where that fails, it fails for all in the
// same words: a second try would find what the first had begun.
class PredictFolder {
 public:
  explicit PredictFolder(const PredictRequest& request) : request_(request) {}  // which must outlive this

  std::filesystem::path path();  // "" with --no-save

 private:
  std::filesystem::path make() const;

  const PredictRequest& request_;
  std::mutex mutex_;
  std::filesystem::path path_;
  std::exception_ptr failure_;
};

}  // namespace dimple::workflow

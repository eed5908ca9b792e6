#include "train/request.h"

#include <algorithm>
#include <filesystem>

#include "host/fields.h"
#include "host/files.h"
#include "host/run_folder.h"

namespace dimple::train {
namespace {

namespace fs = std::filesystem;

// Earlier versions wrote the fields of a study into each training's args.toml. A training has no use for them.
struct SettingsFile {
  TrainRequest request;
  std::string study, out, folds, seeds, only;
  bool table = false;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    TrainRequest::visit(self.request, f);
    f("study", self.study), f("out", self.out), f("folds", self.folds), f("seeds", self.seeds), f("only", self.only),
        f("table", self.table);
  }
};

}  // namespace

TrainRequest load_request(const std::string& run_folder) {
  SettingsFile file;
  host::load_run_settings(file, run_folder, "train", "a training");
  return file.request;
}

TrainRequest resumed_request(const TrainRequest& asked) {
  const std::string& folder = asked.session.resume;
  TrainRequest request = load_request(folder);
  request.session.resume = folder;
  request.session.max_minutes = asked.session.max_minutes, request.session.cage = asked.session.cage;
  request.session.max_macs = std::max(request.session.max_macs, asked.session.max_macs);
  if (!asked.paths.data.empty()) {
    if (request.paths.test_data == request.paths.data) request.paths.test_data = asked.paths.data;
    request.paths.data = asked.paths.data;
  }
  if (!asked.paths.votes.empty()) request.paths.votes = asked.paths.votes;
  if (!asked.paths.test_data.empty()) request.paths.test_data = asked.paths.test_data;
  request.data.load.force = request.data.load.force || asked.data.load.force;
  // The weights depend on the number of shares, which must not follow the number of threads that are here today.
  if (const fs::path env = fs::path(folder) / "env.json"; request.recipe.shares == 0 && host::file_exists(env))
    request.recipe.shares = host::parse_json(host::read_text(env), env.string()).value("shares", 0);
  return request;
}

}  // namespace dimple::train

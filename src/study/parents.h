// The float networks that the cells of a compression study begin from: one for each architecture, given as a file, or
// trained here once:
//
//   <folder>/train/<arch>/      its training, gone on with after an interruption
//   <folder>/<arch>.json        when it is over: settings, figures, and which weights it left
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "host/task.h"
#include "study/trainings.h"

namespace dimple::study {

struct Parent {
  std::string file, sha256;
  host::Json made_with;  // {"file"} that was given, or {"settings"} of its training and what that took
};

class Parents {
 public:
  using Train = std::function<TrainedMember(const Member&)>;

  // `settings` of every training; `given`: files, by architecture.
  Parents(host::Json settings, std::map<std::string, std::string> given, std::filesystem::path folder, Train train);

  // Throws a usage error for a given file that is not there. To be asked before hours are spent.
  void check(const std::string& arch) const;

  // Nothing where it is still to be trained, or was trained by other settings.
  std::optional<Parent> find(const std::string& arch) const;

  // Trained, where there is none; nothing: its training was stopped, and the next call goes on. One that failed is not
  // tried twice.
  std::optional<Parent> make(const std::string& arch, const host::Task& task);

  // Whether a result says of its parent what is asked for now: {"file"} or {"settings"}.
  bool asked_for(const std::string& arch, const host::Json& made_with) const;

 private:
  host::Json settings_of(const std::string& arch) const;
  std::filesystem::path record_of(const std::string& arch) const { return folder_ / (arch + ".json"); }
  const std::string& checksum_of(const std::string& file) const;

  host::Json settings_;
  std::map<std::string, std::string> given_;
  std::filesystem::path folder_;
  Train train_;
  std::map<std::string, host::Error> failed_;
  mutable std::map<std::string, std::string> checksums_;  // by file
};

}  // namespace dimple::study

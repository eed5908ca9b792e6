#include "study/parents.h"

#include <fmt/format.h>

#include "host/files.h"
#include "host/sha256.h"

namespace dimple::study {

using host::Error;
using host::Exit;
using host::Json;

Parents::Parents(Json settings, std::map<std::string, std::string> given, std::filesystem::path folder, Train train)
    : settings_(std::move(settings)), given_(std::move(given)), folder_(std::move(folder)), train_(std::move(train)) {}

Json Parents::settings_of(const std::string& arch) const {
  Json settings = settings_;
  settings["arch"] = arch;
  return settings;
}

const std::string& Parents::checksum_of(const std::string& file) const {
  const auto [at, is_new] = checksums_.try_emplace(file);
  if (is_new) at->second = host::sha256_file(file);
  return at->second;
}

void Parents::check(const std::string& arch) const {
  const auto given = given_.find(arch);
  if (given != given_.end() && !host::file_exists(given->second))
    throw Error(Exit::usage, fmt::format("cannot read {}, the parent of {}: no such file", given->second, arch),
                "the paths under [parent.files] begin in the current folder");
}

bool Parents::asked_for(const std::string& arch, const Json& made_with) const {
  if (const auto given = given_.find(arch); given != given_.end()) return made_with.contains("file");
  return made_with.contains("settings") &&
         same_result(request_of(made_with.at("settings")), request_of(settings_of(arch)));
}

std::optional<Parent> Parents::find(const std::string& arch) const {
  if (const auto given = given_.find(arch); given != given_.end()) {
    if (!host::file_exists(given->second)) return {};
    return Parent{given->second, checksum_of(given->second), {{"file", given->second}}};
  }
  const std::filesystem::path path = record_of(arch);
  if (!host::file_exists(path)) return {};
  const Json record = host::parse_json(host::read_text(path), path.string());
  if (!asked_for(arch, record)) return {};
  const std::string file = (folder_ / host::json_value<std::string>(record, "weights", path.string())).string();
  if (!host::file_exists(file)) return {};
  Parent parent{file, checksum_of(file), Json::object()};
  for (const char* name : {"settings", "epochs", "seconds", "circumstances"})
    if (record.contains(name)) parent.made_with[name] = record[name];
  return parent;
}

std::optional<Parent> Parents::make(const std::string& arch, const host::Task& task) {
  check(arch);
  if (std::optional<Parent> there = find(arch)) return there;
  if (const auto failed = failed_.find(arch); failed != failed_.end()) throw failed->second;
  task.progress().say(fmt::format("the parent of {} is trained first", arch));
  host::make_folder(folder_);
  Json record{{"schema", 1}, {"arch", arch}, {"settings", result_settings(trainings(), settings_of(arch))}};
  try {
    const TrainedMember trained = train_({arch, {{"arch", arch}}, settings_of(arch)});
    if (trained.result.contains("unfinished")) return {};
    const std::filesystem::path weights = std::filesystem::path(trained.folder) / "weights" / "best.safetensors";
    record["weights"] = weights.lexically_proximate(folder_).string();
    record.update(trained.result);
    checksums_.erase((folder_ / record["weights"].get<std::string>()).string());
  } catch (const Error& error) {
    if (task.cancelled() || error.exit() == Exit::resources) throw;
    const Error why(error.exit(), fmt::format("its parent cannot be trained: {}", error.what()), error.hint());
    failed_.emplace(arch, why);
    throw why;
  }
  host::write_atomic(record_of(arch), record.dump(2) + "\n");
  return find(arch);
}

}  // namespace dimple::study

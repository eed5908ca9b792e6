#include "study/compressions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "host/files.h"
#include "host/processor.h"
#include "host/run_folder.h"
#include "study/compression_recipe.h"
#include "study/compression_table.h"
#include "study/source_commit.h"
#include "study/table.h"

namespace dimple::study {
namespace {

namespace fs = std::filesystem;
using compress::CompressReport;
using compress::CompressRequest;
using host::Error;
using host::Exit;
using host::Json;

std::string arch_of(const Member& cell) { return cell.settings.at("arch").get<std::string>(); }

// A shell's word.
std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) || std::string_view("-_./:=,@%+").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

// Where the data lies is not told: who does it again has it elsewhere.
std::string command_of(CompressRequest request) {
  const std::string data = fs::path(request.training.paths.data).filename().string();
  if (compress::asks_nothing(request.methods)) {
    std::string words = fmt::format("dimple val {} --model {}", shell_word(data), shell_word(request.model));
    const std::string& protocol = request.training.data.protocol;
    return protocol.empty() ? words : words + " --protocol " + shell_word(protocol);
  }
  std::string words = "dimple compress " + shell_word(std::exchange(request.model, ""));
  request.training.paths = {}, request.training.paths.data = data;
  request.training.session = {}, request.training.session.test = true;
  request.training.recipe.arch = train::Recipe{}.arch;  // the model's
  CompressRequest usual;
  const auto fields = host::fields_of(request), usually = host::fields_of(usual);
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].default_text == usually[i].default_text) continue;
    if (fields[i].kind == host::Field::Kind::flag)
      words += " " + (fields[i].default_text == "true" ? fields[i].flag() : fields[i].negated_flag());
    else
      words += fmt::format(" {} {}", fields[i].flag(), shell_word(fields[i].default_text));
  }
  return words;
}

bool can_go_on(const fs::path& folder, const CompressRequest& request) {
  if (!host::file_exists(folder / "args.toml") || !host::file_exists(folder / "original.safetensors")) return false;
  CompressRequest there;
  host::load_run_settings(there, folder, "compress", "a compression");
  return there.training.paths.data == request.training.paths.data && cell_identity(there) == cell_identity(request);
}

Json figures_in(const compress::Measurement& m, const compress::Measurement& parent) {
  Json figures = host::to_json(m);
  figures.erase("tested");
  if (!m.tested)
    for (const char* name : {"accuracy", "accuracy_deduplicated", "balanced_accuracy", "f1_macro"}) figures.erase(name);
  else
    figures["points_to_parent"] = 100 * (m.accuracy - parent.accuracy);
  if (m.here_us == 0) figures.erase("here_us");
  return figures;
}

Json result_of(const CompressReport& report, const CompressRequest& request, const Parent& parent,
               const std::string& built_from) {
  const compress::Measurement &first = report.stages.front().measurement, &last = report.stages.back().measurement;
  int64_t epochs = 0;
  double seconds = 0;
  for (const compress::StageReport& stage : report.stages) epochs += stage.epochs, seconds += stage.seconds;
  Json json{{"figures", figures_in(last, first)}, {"parent", {{"sha256", parent.sha256}}}};
  json["parent"].update(parent.made_with);
  json["parent"]["figures"] = figures_in(first, first);
  json["parent"]["figures"].erase("points_to_parent");
  json["stages"] = Json::array();
  for (const compress::StageReport& stage : report.stages) {
    Json& one = json["stages"].emplace_back(host::to_json(stage));
    one.erase("file");
  }
  json["epochs"] = epochs, json["seconds"] = seconds;
  json["parameters"] = last.parameters, json["multiply_adds"] = last.multiply_adds;
  json["command"] = command_of(request);
  Json& made_with = json["circumstances"] =
      circumstances_of(host::choose_threads(request.training.session.threads), request.training.recipe.precision,
                       built_from, report.data, report.data_sha256);
  if (!request.training.recipe.time.empty()) made_with["time of a stage"] = request.training.recipe.time;
  return json;
}

class Cells {
 public:
  Cells(Parents& parents, fs::path runs, const CompressionTools& tools, std::string built_from, const host::Task& task)
      : parents_(parents), runs_(std::move(runs)), tools_(tools), built_from_(std::move(built_from)), task_(task) {}

  Json run(const Member& cell);
  void drop_outdated(std::vector<MemberResult>& results) const;

 private:
  CompressRequest request_of_cell(const Member& cell, const Parent& parent) const;

  Parents& parents_;
  const fs::path runs_;
  const CompressionTools& tools_;
  const std::string built_from_;
  const host::Task& task_;
};

// One that is stopped has nothing wrong with it, wherever the stop found it.
Json Cells::run(const Member& cell) {
  const Json unfinished{{"unfinished", true}};
  try {
    const std::optional<Parent> parent = parents_.make(arch_of(cell), task_);
    if (!parent || task_.cancelled()) return unfinished;
    const CompressRequest request = request_of_cell(cell, *parent);
    const CompressReport report = tools_.compress(request);
    return report.finished ? result_of(report, request, *parent, built_from_) : unfinished;
  } catch (const Error&) {
    if (task_.cancelled()) return unfinished;
    throw;
  }
}

CompressRequest Cells::request_of_cell(const Member& cell, const Parent& parent) const {
  CompressRequest request = compression_of(cell.settings);
  request.model = parent.file;
  if (request.training.recipe.teacher == "parent") request.training.recipe.teacher = parent.file;
  // The checksum in its name: a run of another parent is never gone on with.
  if (!compress::asks_nothing(request.methods))
    choose_folder(request.training.session, runs_, "compress",
                  fmt::format("{},parent={}", cell.name, parent.sha256.substr(0, 8)),
                  [&](const fs::path& folder) { return can_go_on(folder, request); });
  return request;
}

// Where its parent is not here, an architecture's results are held against the first of them.
void Cells::drop_outdated(std::vector<MemberResult>& results) const {
  std::map<std::string, std::string> wanted;  // checksums
  std::map<std::string, int> dropped;
  for (MemberResult& r : results) {
    if (!has_run(r)) continue;
    const std::string arch = arch_of(r.member);
    const Json parent = host::json_value<Json>(r.result, "parent", r.member.name);
    const std::string checksum = host::json_value<std::string>(parent, "sha256", r.member.name);
    bool holds = parents_.asked_for(arch, parent);
    if (holds && !wanted.contains(arch)) {
      const std::optional<Parent> here = parents_.find(arch);
      wanted[arch] = here ? here->sha256 : checksum;
    }
    holds = holds && wanted[arch] == checksum;
    if (!holds) r.result = nullptr, ++dropped[arch];
  }
  for (const auto& [arch, count] : dropped)
    task_.progress().say(fmt::format("{} of {} {} made from another parent than it has now, and to be made anew", count,
                                     arch, count == 1 ? "is" : "are"));
}

// Where data lies and how the session is run, as it was asked for on this call, holds for the parents too.
Json with_paths_and_session(Json parent, const CompressRequest& compression, const std::vector<std::string>& given) {
  train::TrainRequest usable = compression.training;
  Json shared = host::to_json(usable.paths);
  shared.update(host::to_json(usable.data)), shared.update(host::to_json(usable.session));
  for (const char* name : {"name", "runs", "resume", "test"}) shared.erase(name);
  parent.update(those_given(flat(shared), given));
  return parent;
}

CompressionStudy study_in(const StudyFlags& request, const CompressRequest& compression,
                          const std::vector<std::string>& given) {
  Json asked = those_given(flat(host::to_json(compression)), given);
  for (const char* name : {"name", "runs", "test"}) asked.erase(name);
  return parse_compressions(read_recipe(request), request.study, asked);
}

}  // namespace

StudyReport compress_study(const StudyFlags& request, const CompressRequest& compression,
                           const std::vector<std::string>& given, const host::Task& task,
                           const CompressionTools& given_tools) {
  const StudyPlace place = place_of(request, compression.training.session);
  if (!compression.model.empty())
    throw Error(Exit::usage, "a study's cells begin from the parents that it names",
                "a model is for one compression, without --study");
  const CompressionStudy all = study_in(request, compression, given);
  const fs::path& runs = place.runs;
  const std::string built_from = request.table ? "" : source_commit();
  CompressionTools tools = given_tools;
  if (!tools.train)
    tools.train = [&](const Member& parent) { return train_member(parent, runs / "parents", built_from, {}, task); };
  if (!tools.compress)
    tools.compress = [&](const CompressRequest& cell) {
      return compress::asks_nothing(cell.methods) ? compress::measure_original(cell, task)
                                                  : compress::compress(cell, task);
    };
  Parents parents(with_paths_and_session(all.parent, compression, given), all.files, runs / "parents", tools.train);
  Cells cells(parents, runs, tools, built_from, task);
  const Kind kind{[](const Json& settings) { return cell_identity(compression_of(settings)); }, print_compressions,
                  [&](std::vector<MemberResult>& results) { cells.drop_outdated(results); }};
  if (!request.table)
    for (const Member& cell : all.cells) parents.check(arch_of(cell));
  return run_or_read(
      request, all.study, place, all.cells, [&](const Member& cell) { return cells.run(cell); }, task, kind);
}

}  // namespace dimple::study

#include "study/searches.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/files.h"
#include "host/processor.h"
#include "host/run_folder.h"
#include "host/sha256.h"
#include "study/source_commit.h"
#include "study/table.h"

namespace dimple::study {
namespace {

namespace fs = std::filesystem;
using host::Json;
using search::SearchReport;
using search::SearchRequest;

SearchRequest search_of(const Json& settings) {
  SearchRequest request;
  auto fields = host::fields_of(request);
  set_fields(fields, "search", settings);
  request.training.session.test = true;
  return request;
}

// Where data lies and how the session is run may differ.
Json result_identity(const SearchRequest& request) {
  Json identity = host::to_json(request);
  for (const Json& other : {host::to_json(request.training.paths), host::to_json(request.training.session)})
    for (const auto& [name, value] : other.items()) identity.erase(name);
  return flat(identity);
}

// What may grow is left out: a search that has come to its end goes on with more.
Json folder_identity(const SearchRequest& request) {
  Json identity = result_identity(request);
  for (const char* name : {"trials", "total_time", "confirm", "confirm_epochs", "confirm_time"}) identity.erase(name);
  return identity;
}

Kind searches() {
  return {[](const Json& settings) { return result_identity(search_of(settings)); }, print_table, {}};
}

bool can_go_on(const fs::path& folder, const SearchRequest& request) {
  if (!host::file_exists(folder / "args.toml") || !host::file_exists(folder / "first.safetensors")) return false;
  SearchRequest there;
  host::load_run_settings(there, folder, "search", "a search");
  // Shares are fixed when a search begins.
  if (request.training.recipe.shares == 0) there.training.recipe.shares = 0;
  const train::DataPaths &paths = request.training.paths, &paths_there = there.training.paths;
  return paths_there.data == paths.data && paths_there.votes == paths.votes &&
         folder_identity(there) == folder_identity(request);
}

Json figures_in(const SearchReport& report) {
  const search::NetworkReport& found = report.found;
  Json figures{{"score", found.score},
               {"accuracy", found.accuracy},
               {"quality", found.quality},
               {"cost", found.cost},
               {"share_of_cost", found.cost / report.first.cost},
               {"first_score", report.first.score},
               {"hypervolume", report.hypervolume},
               {"trials", report.trials},
               {"failed", report.failed},
               {"trials_per_hour", 3600 * static_cast<double>(report.trials) / std::max(report.seconds, 1e-9)},
               {"meets_all", found.missed.empty() ? 1 : 0}};
  if (found.nested) figures["nested"] = *found.nested;
  if (found.test_score) figures["test_score"] = *found.test_score;
  if (report.rank_correlation) figures["rank_correlation"] = *report.rank_correlation;
  return figures;
}

Json result_of(const SearchReport& report, const SearchRequest& request, const std::string& built_from) {
  Json json{{"figures", figures_in(report)},
            {"path", report.found.path},
            {"seconds", report.seconds},
            {"parameters", report.found.parameters},
            {"multiply_adds", report.found.multiply_adds}};
  Json& made_with = json["circumstances"] =
      circumstances_of(host::choose_threads(request.training.session.threads), request.training.recipe.precision,
                       built_from, report.data, report.data_sha256);
  const std::string& first = request.model.empty() ? request.training.recipe.arch : request.model;
  for (const auto& [what, file] : {std::pair("init", first), std::pair("teacher", request.training.recipe.teacher)})
    if (host::file_exists(file)) made_with[what] = "sha256 " + host::sha256_file(file);
  return json;
}

Study study_in(const StudyFlags& flags, const SearchRequest& asked, const std::vector<std::string>& given) {
  Json document = read_recipe(flags);
  if (!document.contains("columns")) document["columns"] = {"score", "nested", "test_score", "cost"};
  Study study = parse_study(document, flags.study);
  Json more = those_given(flat(host::to_json(asked)), given);
  for (const char* name : {"name", "runs", "test"}) more.erase(name);
  study.base.update(more);
  return study;
}

}  // namespace

StudyReport search_study(const StudyFlags& flags, const SearchRequest& asked, const std::vector<std::string>& given,
                         const host::Task& task, const SearchTool& tool) {
  const StudyPlace place = place_of(flags, asked.training.session);
  const Study study = study_in(flags, asked, given);
  const std::vector<Member> members = members_of(study);
  // A mistake in any search's settings is said before hours are spent on the others.
  for (const Member& member : members) {
    const SearchRequest request = search_of(member.settings);
    if (!flags.table) search::check(request);
  }
  const std::string built_from = flags.table ? "" : source_commit();
  const auto run = [&](const Member& member) -> Json {
    SearchRequest request = search_of(member.settings);
    choose_folder(request.training.session, place.runs, "search", member.name,
                  [&](const fs::path& folder) { return can_go_on(folder, request); });
    const SearchReport report = tool ? tool(request) : search::search(request, {}, task);
    return report.finished ? result_of(report, request, built_from) : Json{{"unfinished", true}};
  };
  return run_or_read(flags, study, place, members, run, task, searches());
}

}  // namespace dimple::study

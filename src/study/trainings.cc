#include "study/trainings.h"

#include <fmt/format.h>

#include "host/files.h"
#include "host/json.h"
#include "study/source_commit.h"
#include "train/start.h"
#include "train/training.h"

namespace dimple::study {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;
using host::Json;

void put_axis(Study& study, Axis axis) {
  for (Axis& there : study.axes)
    if (there.name == axis.name) {
      there = std::move(axis);
      return;
    }
  study.axes.push_back(std::move(axis));
}

Study study_of(const StudyRequest& request, const train::TrainRequest& training,
               const std::vector<std::string>& given) {
  Study study;
  study.title = "Runs", study.columns = {"accuracy", "balanced_accuracy", "f1_macro"};
  if (!request.study.empty()) study = parse_study(read_recipe(request), request.study);
  study.base.update(those_given(settings_of(training), given));
  const Json protocol = study.base.value("protocol", Json(""));
  if (!request.folds.empty()) put_axis(study, make_axis("fold", request.folds, protocol.get<std::string>()));
  if (!request.seeds.empty()) put_axis(study, make_axis("seed", request.seeds, {}));
  return study;
}

void check_member(const Member& member, bool runs) {
  const train::TrainRequest request = request_of(member.settings);
  if (!runs) return;
  train::check(request.recipe), train::check(request.session);
  train::check_network(request.recipe);
}

// One of other settings, or that stopped before its first checkpoint, cannot be gone on with.
bool can_go_on(const fs::path& folder, const train::TrainRequest& request) {
  if (!host::file_exists(folder / "weights" / "last.safetensors")) return false;
  const train::TrainRequest there = train::load_request(folder.string());
  return there.paths.data == request.paths.data && there.paths.votes == request.paths.votes &&
         same_result(there, request);
}

}  // namespace

TrainedMember train_member(const Member& member, const fs::path& runs, const std::string& built_from,
                           const train::Rank& rank, const host::Task& task) {
  train::TrainRequest request = request_of(member.settings);
  choose_folder(request.session, runs, "train", member.name,
                [&](const fs::path& folder) { return can_go_on(folder, request); });
  const train::TrainReport report = train::train(request, rank, task);
  if (!report.finished) return {report.folder, {{"unfinished", true}}};
  const auto& test = std::get<train::TestReport>(report.test);  // every member is tested (request_of)
  Json json{{"figures", host::to_json(test)},
            {"validation", {{"accuracy", report.progress.best_val_acc}, {"epoch", report.progress.best_epoch}}},
            {"epochs", report.epochs.size()},
            {"seconds", report.progress.elapsed_s},
            {"parameters", report.parameters},
            {"multiply_adds", report.multiply_adds},
            {"nan_skipped", report.progress.nan_skipped},
            {"rollbacks", report.progress.rollbacks}};
  Json& made_with = json["circumstances"] =
      circumstances_of(report.threads, report.precision, built_from, report.data, report.data_sha256);
  if (!request.paths.test_data.empty())
    made_with["test data"] = fmt::format("{}, sha256 {}", test.data, test.data_sha256);
  if (!report.init_sha256.empty()) made_with["init"] = "sha256 " + report.init_sha256;
  if (!request.recipe.time.empty()) made_with["time"] = request.recipe.time;
  return {report.folder, std::move(json)};
}

StudyReport train_study(const StudyRequest& request, const train::TrainRequest& training,
                        const std::vector<std::string>& given, const train::Rank& rank, const host::Task& task) {
  const StudyPlace place = place_of(request, training.session, rank);
  const Study study = study_of(request, training, given);
  const std::vector<Member> members = members_of(study);
  // A mistake in any member's settings is said before hours are spent on the others.
  for (const Member& member : members) check_member(member, !request.table);
  const std::string built_from = request.table ? "" : source_commit();
  return run_or_read(
      request, study, place, members,
      [&](const Member& member) { return train_member(member, place.runs, built_from, rank, task).result; }, task,
      trainings());
}

}  // namespace dimple::study

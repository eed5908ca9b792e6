#include "workflow/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "data/cache.h"
#include "data/perceptual.h"
#include "data/quarantine.h"
#include "data/split.h"
#include "host/suggest.h"
#include "workflow/data_files.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

// A group with as many values as pictures (a clip's name) is shortened to its most frequent ones.
std::vector<DataReport::GroupRow> count_groups(const data::Dataset& set) {
  std::vector<DataReport::GroupRow> rows;
  for (const data::Group& group : set.groups) {
    std::map<std::string, int64_t> counts;
    for (const std::string& value : group.value) ++counts[value.empty() ? "(unknown)" : value];
    DataReport::GroupRow row{group.name, {counts.begin(), counts.end()}};
    std::ranges::stable_sort(row.values, std::greater{}, &std::pair<std::string, int64_t>::second);
    rows.push_back(std::move(row));
  }
  return rows;
}

DataReport describe(const data::Dataset& set) {
  DataReport report;
  report.name = set.name, report.sha256 = set.sha256, report.classes = set.labels;
  report.size = fmt::format("{}x{}x{}", set.width, set.height, set.channels);
  report.pictures = static_cast<int64_t>(set.size());
  std::set<std::string> people(set.subject.begin(), set.subject.end());
  people.erase("");
  report.subjects = static_cast<int64_t>(people.size());
  report.shared_subjects = data::shared_subjects(set);
  for (const uint8_t doubt : set.doubt) report.doubtful += (doubt & ~data::kDoubtConsent) != 0;
  report.votes = !set.votes.empty();
  report.duplicates = data::report_duplicates(set);
  report.groups = count_groups(set);
  report.quarantine = set.quarantine, report.left_out = set.left_out;
  for (const data::Split split : {data::Split::train, data::Split::validation, data::Split::test}) {
    DataReport::SplitRow row{data::name_of(split), std::vector<int64_t>(set.labels.size()), 0};
    for (const int32_t r : data::rows_of(set, split))
      ++row.count[static_cast<size_t>(set.label[static_cast<size_t>(r)])], ++row.pictures;
    if (row.pictures > 0) report.splits.push_back(std::move(row));
  }
  return report;
}

void check_data(const DataRequest& request, const data::Dataset& set, DataReport& report, const host::Task& task) {
  task.progress().start(0, "looking for copies");
  report.similar = data::report_duplicates(set, data::find_similar(set, {.task = task}));
  task.progress().finish();
  if (request.save) report.folder = write_data_files(request, set, report).string();
}

// Pictures that are for tests only are tested; not at all when others of the same person are learned from.
void keep_tests_apart(data::Dataset& set, bool force) {
  const auto kept_apart = [&](size_t i) { return force ? data::lacks_consent(set, i) : data::for_tests_only(set, i); };
  std::set<std::string> learned;
  for (size_t i = 0; i < set.size(); ++i)
    if (set.split[i] != data::Split::test && !kept_apart(i)) learned.insert(set.subject[i]);
  std::vector<int32_t> rows;
  for (size_t i = 0; i < set.size(); ++i) {
    if (kept_apart(i) && set.split[i] != data::Split::test && learned.contains(set.subject[i])) continue;
    if (kept_apart(i)) set.split[i] = data::Split::test;
    rows.push_back(static_cast<int32_t>(i));
  }
  const auto dropped = static_cast<int32_t>(set.size() - rows.size());
  if (dropped > 0) set = data::select_rows(set, rows);
  data::leave_out(set, "for tests only, and the same person is learned from", dropped);
}

void split_data(const DataRequest& request, data::Dataset set, DataReport& report) {
  const std::string out = request.out.empty() ? "split.csv" : request.out;
  if (!set.test_only.empty() && set.test_only == std::vector{set.name} && !request.load.force)
    throw Error(Exit::gate, fmt::format("{} is for tests only: it is not split", set.name),
                "--force does it nevertheless");
  if (request.folds > 0) {
    const auto fold_of = data::subject_folds(set, request.folds);
    const std::filesystem::path path(out);
    const data::Dataset all = set;
    for (int fold = 0; fold < request.folds; ++fold) {
      set = all;
      data::split_by_fold(set, fold_of, request.folds, fold);
      keep_tests_apart(set, request.load.force);
      auto file = path;
      file.replace_filename(fmt::format("{}.{}{}", path.stem().string(), fold, path.extension().string()));
      report.files.push_back(write_split(set, file));
    }
    return;
  }
  if (request.test < 0 || request.validation < 0 || request.test + request.validation >= 1 ||
      request.test + request.validation <= 0)
    throw Error(Exit::usage, fmt::format("--test {} and --validation {}: shares of the pictures, less than 1 together",
                                         request.test, request.validation));
  std::vector<data::Split> parts{data::Split::train};
  std::vector<double> shares{1.0 - request.test - request.validation};
  if (request.validation > 0) parts.push_back(data::Split::validation), shares.push_back(request.validation);
  if (request.test > 0) parts.push_back(data::Split::test), shares.push_back(request.test);
  const auto part_of = data::deal_subjects(set, shares);
  for (size_t i = 0; i < set.size(); ++i) set.split[i] = parts[static_cast<size_t>(part_of[i])];
  keep_tests_apart(set, request.load.force);
  report = describe(set);
  report.files.push_back(write_split(set, out));
}

}  // namespace

DataReport data(const DataRequest& request, const host::Task& task) {
  if (request.what.size() != 2)
    throw Error(Exit::usage, "say what to do, and with which data", "dimple data check fer2013.csv.xz");
  const std::string &action = request.what[0], &path = request.what[1];
  host::check_choice("what", action, {"list", "check", "split", "cache"});
  if (action == "split") host::check_choice("by", request.by, {"subject"});
  data::LoadOptions options = request.load;
  options.task = task;
  const data::Dataset set = data::load_dataset(path, options);
  DataReport report = describe(set);
  if (action == "check") check_data(request, set, report, task);
  if (action == "split") split_data(request, set, report);
  if (action == "cache") {
    const std::string cache = !request.out.empty() ? request.out : set.name + ".dimpledata";
    data::save_cache(cache, set);
    report.cache_bytes = static_cast<int64_t>(std::filesystem::file_size(cache));
    report.files.push_back(cache);
  }
  return report;
}

}  // namespace dimple::workflow

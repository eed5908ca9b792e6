#include "workflow/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "data/cache.h"
#include "data/perceptual.h"
#include "data/split.h"
#include "host/suggest.h"
#include "workflow/data_files.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

host::Named<host::Named<int64_t>> count_groups(const data::Dataset& set) {
  host::Named<host::Named<int64_t>> groups;
  for (const data::Group& group : set.groups) {
    std::map<std::string, int64_t> counts;
    for (const std::string& value : group.value) ++counts[value.empty() ? "(unknown)" : value];
    groups.push_back({group.name, {counts.begin(), counts.end()}});
    std::ranges::stable_sort(groups.back().second, std::greater{}, &std::pair<std::string, int64_t>::second);
  }
  return groups;
}

SplitCounts count_split(const data::Dataset& set, data::Split split) {
  SplitCounts counts;
  for (const std::string& label : set.labels) counts.classes.push_back({label, 0});
  for (const int32_t row : data::rows_of(set, split))
    ++counts.classes[static_cast<size_t>(set.label[static_cast<size_t>(row)])].second, ++counts.pictures;
  return counts;
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
  for (const data::BadFile& bad : set.quarantine) report.quarantine.push_back({bad.file, bad.why});
  for (const data::LeftOut& out : set.left_out) report.left_out.push_back({out.why, out.pictures});
  for (const data::Split split : {data::Split::train, data::Split::validation, data::Split::test}) {
    SplitCounts counts = count_split(set, split);
    if (counts.pictures > 0) report.splits.push_back({data::name_of(split), std::move(counts)});
  }
  return report;
}

void check_data(const DataRequest& request, const data::Dataset& set, DataReport& report, const host::Task& task) {
  task.progress().start(0, "looking for copies");
  report.similar = data::report_duplicates(set, data::find_similar(set, {.task = task}));
  task.progress().finish();
  if (request.save) report.folder = write_data_files(request, set, report).string();
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
  data::Dataset set = data::load_dataset(path, options);
  std::vector<std::string> files;
  if (action == "split") files = split_data(request, set);
  DataReport report = describe(set);
  report.files = std::move(files);
  if (action == "check") check_data(request, set, report, task);
  if (action == "cache") {
    const std::string cache = !request.out.empty() ? request.out : set.name + ".dimpledata";
    data::save_cache(cache, set);
    report.cache = CacheFile{cache, static_cast<int64_t>(std::filesystem::file_size(cache))};
    report.files.push_back(cache);
  }
  return report;
}

ImportersReport list_importers() {
  ImportersReport report;
  for (const data::Importer& importer : data::importers())
    report.importers.push_back({importer.name, importer.what, importer.licence});
  return report;
}

}  // namespace dimple::workflow

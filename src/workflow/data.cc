#include "workflow/data.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "data/cache.h"
#include "data/load.h"
#include "host/fields.h"
#include "host/suggest.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

DataReport describe(const data::Dataset& set) {
  DataReport report;
  report.name = set.name, report.sha256 = set.sha256, report.classes = set.labels;
  report.size = fmt::format("{}x{}x{}", set.width, set.height, set.channels);
  report.pictures = static_cast<int64_t>(set.size());
  report.subjects = static_cast<int64_t>(std::set<std::string>(set.subject.begin(), set.subject.end()).size());
  for (const uint8_t doubt : set.doubt) report.doubtful += doubt != 0;
  report.votes = !set.votes.empty();
  report.duplicates = data::report_duplicates(set);
  for (const data::Split split : {data::Split::train, data::Split::validation, data::Split::test}) {
    DataReport::SplitRow row{data::name_of(split), std::vector<int64_t>(set.labels.size()), 0};
    for (const int32_t r : data::rows_of(set, split))
      ++row.count[static_cast<size_t>(set.label[static_cast<size_t>(r)])], ++row.pictures;
    if (row.pictures > 0) report.splits.push_back(std::move(row));
  }
  return report;
}

}  // namespace

DataReport data(const DataRequest& request, host::Progress& progress) {
  if (request.what.size() != 2)
    throw Error(Exit::usage, "say what to do, and with which data", "dimple data check fer2013.csv.xz");
  const std::string &action = request.what[0], &path = request.what[1];
  host::check_choice("what", action, {"check", "cache"});
  data::LoadOptions options;
  options.votes = request.votes;
  options.progress = &progress;
  const data::Dataset set = data::load_dataset(path, options);
  DataReport report = describe(set);
  if (action == "cache") {
    report.cache = !request.out.empty() ? request.out : set.name + ".dimpledata";
    data::save_cache(report.cache, set);
    report.cache_bytes = static_cast<int64_t>(std::filesystem::file_size(report.cache));
  }
  return report;
}

host::Json to_json(const DataReport& r) {
  using host::Json;
  Json splits = Json::object();
  for (const auto& row : r.splits) {
    Json counts = Json::object();
    for (size_t c = 0; c < r.classes.size(); ++c) counts[r.classes[c]] = row.count[c];
    splits[row.split] = {{"pictures", row.pictures}, {"classes", counts}};
  }
  Json json{{"schema", 1},
            {"data", r.name},
            {"sha256", r.sha256},
            {"size", r.size},
            {"pictures", r.pictures},
            {"classes", r.classes},
            {"splits", splits},
            {"subjects", r.subjects},
            {"votes", r.votes},
            {"doubtful", r.doubtful},
            {"duplicates", host::to_json(r.duplicates)}};
  if (!r.cache.empty()) json["cache"] = {{"path", r.cache}, {"bytes", r.cache_bytes}};
  return json;
}

}  // namespace dimple::workflow

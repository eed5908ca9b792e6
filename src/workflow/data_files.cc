#include "workflow/data_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "data/quarantine.h"
#include "data/split.h"
#include "data/split_file.h"
#include "host/error.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "image/grey.h"
#include "media/encode.h"
#include "plot/charts.h"

namespace dimple::workflow {
namespace {

std::string classes_svg(const DataReport& report) {
  plot::BarChart chart{.title = fmt::format("{}: {} pictures", report.name, report.pictures),
                       .value_title = "share of the pictures"};
  double highest = 0;
  for (size_t c = 0; c < report.classes.size(); ++c) {
    int64_t count = 0;
    for (const auto& [split, counts] : report.splits) count += counts.classes[c].second;
    const double share = static_cast<double>(count) / static_cast<double>(report.pictures);
    highest = std::max(highest, share);
    chart.bars.push_back({.name = fmt::format("{} ({})", report.classes[c], count), .value = share});
  }
  chart.axis_end = std::min(1.0, highest * 1.1);
  return plot::bar_chart(chart);
}

// A row for each class, the first pictures of it.
media::Picture contact_sheet(const data::Dataset& set) {
  constexpr int kColumns = 16, kGap = 2;
  const int classes = static_cast<int>(set.labels.size());
  media::Picture sheet(kColumns * (set.width + kGap), classes * (set.height + kGap), 3, 255);
  std::vector<int> shown(set.labels.size());
  for (size_t i = 0; i < set.size(); ++i) {
    int& column = shown[static_cast<size_t>(set.label[i])];
    if (column == kColumns) continue;
    const auto from = image::packed(set.picture(i).data(), set.width, set.height, set.channels);
    auto to = sheet.view();
    to.data = sheet.at(column++ * (set.width + kGap), set.label[i] * (set.height + kGap));
    to.width = set.width, to.height = set.height;
    if (image::convert_channels(from, to) != Status::ok) break;
  }
  return sheet;
}

}  // namespace

std::filesystem::path write_data_files(const DataRequest& request, const data::Dataset& set, DataReport& report) {
  const auto folder = host::make_run_folder("data", {request.runs, request.name});
  report.folder = folder.string();
  host::write_atomic(folder / "classes.svg", classes_svg(report));
  if (!set.quarantine.empty()) host::write_atomic(folder / "quarantine.csv", data::quarantine_csv(set));
  if (request.contact_sheet) media::save_picture(folder / "contact_sheet.png", contact_sheet(set));
  host::write_atomic(folder / "summary.json", host::print_json(host::to_json(report), 2) + "\n");
  return folder;
}

namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

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

std::string write_split(const data::Dataset& set, const fs::path& path) {
  host::write_atomic(path, data::split_csv(set));
  return path.string();
}

std::vector<std::string> write_folds(const DataRequest& request, const data::Dataset& all, const fs::path& path) {
  std::vector<std::string> files;
  const auto fold_of = data::subject_folds(all, request.folds);
  for (int fold = 0; fold < request.folds; ++fold) {
    data::Dataset set = all;
    data::split_by_fold(set, fold_of, request.folds, fold);
    keep_tests_apart(set, request.load.force);
    fs::path file = path;
    file.replace_filename(fmt::format("{}.{}{}", path.stem().string(), fold, path.extension().string()));
    files.push_back(write_split(set, file));
  }
  return files;
}

void deal_splits(const DataRequest& request, data::Dataset& set) {
  if (request.test < 0 || request.validation < 0 || request.test + request.validation >= 1 ||
      request.test + request.validation <= 0)
    throw Error(Exit::usage, fmt::format("--test {} and --validation {}: shares of the pictures, less than 1 together",
                                         request.test, request.validation));
  std::vector<data::Split> splits{data::Split::train};
  std::vector<double> shares{1.0 - request.test - request.validation};
  if (request.validation > 0) splits.push_back(data::Split::validation), shares.push_back(request.validation);
  if (request.test > 0) splits.push_back(data::Split::test), shares.push_back(request.test);
  const auto dealt = data::deal_subjects(set, shares);
  for (size_t i = 0; i < set.size(); ++i) set.split[i] = splits[static_cast<size_t>(dealt[i])];
  keep_tests_apart(set, request.load.force);
}

}  // namespace

std::vector<std::string> split_data(const DataRequest& request, data::Dataset& set) {
  if (!set.test_only.empty() && set.test_only == std::vector{set.name} && !request.load.force)
    throw Error(Exit::gate, fmt::format("{} is for tests only: it is not split", set.name),
                "--force does it nevertheless");
  const std::string out = request.out.empty() ? "split.csv" : request.out;
  if (request.folds > 0) return write_folds(request, set, out);
  deal_splits(request, set);
  return {write_split(set, out)};
}

}  // namespace dimple::workflow

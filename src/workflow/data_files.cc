#include "workflow/data_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/quarantine.h"
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

}  // namespace dimple::workflow

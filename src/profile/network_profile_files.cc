#include <fmt/format.h>

#include <filesystem>

#include "host/csv.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "plot/charts.h"
#include "profile/network_profile.h"

namespace dimple::profile {
namespace {

std::string text_of(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "";
}

std::string profile_csv(const NetworkProfile& p) {
  std::string text =
      "layer,kernel,output,weights,weight_bytes,multiply_adds,bytes_in_use,instructions,estimated_us,measured_us,"
      "limit_share,share\n";
  for (const LayerProfile& l : p.layers)
    text += host::csv_line({host::csv_text(l.layer), l.kernel, l.output, fmt::format("{}", l.weights),
                            fmt::format("{}", l.weight_bytes), fmt::format("{}", l.multiply_adds),
                            fmt::format("{}", l.bytes_in_use), text_of(l.instructions, 0), text_of(l.estimated_us, 3),
                            text_of(l.measured_us, 3), text_of(l.limit_share, 5), fmt::format("{:.5f}", l.share)});
  return text;
}

// The peak and what takes a tenth of the time or more stand out.
std::string profile_svg(const NetworkProfile& p) {
  plot::BarPanels chart;
  chart.title = fmt::format("{} on {}", p.model, p.machine);
  chart.note = fmt::format("{:.2f} M multiply-adds, {:.1f} kB of program, {:.1f} kB of arena",
                           static_cast<double>(p.multiply_adds) / 1e6, static_cast<double>(p.program_bytes) / 1000,
                           static_cast<double>(p.arena_bytes) / 1000);
  if (p.us()) chart.note += fmt::format(", {:.3g} ms {}", *p.us() / 1000, p.measured_us ? "measured" : "estimated");
  plot::BarPanel time{"share of the time, %", {}, 1}, use{"kB of arena in use", {}, 1}, weights{"kB of weights", {}, 1};
  for (const LayerProfile& l : p.layers) {
    chart.names.push_back(l.layer + " " + l.output);
    time.bars.push_back({.value = 100 * l.share, .loud = l.share >= 0.1});
    use.bars.push_back({.value = static_cast<double>(l.bytes_in_use) / 1000, .loud = l.layer == p.peak_layer});
    weights.bars.push_back({.value = static_cast<double>(l.weight_bytes) / 1000});
  }
  chart.panels = {time, use, weights};
  return plot::bar_panels(chart);
}

}  // namespace

std::vector<std::string> write_profile(const std::string& folder, const NetworkProfile& p) {
  host::make_folder(folder);
  std::vector<std::string> written;
  for (const auto& [name, text] : {std::pair("profile.csv", profile_csv(p)), {"profile.svg", profile_svg(p)}}) {
    written.push_back((std::filesystem::path(folder) / name).string());
    host::write_atomic(written.back(), text);
  }
  return written;
}

}  // namespace dimple::profile

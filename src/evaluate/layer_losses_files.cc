#include <fmt/format.h>

#include <filesystem>

#include "evaluate/layer_losses.h"
#include "host/csv.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "plot/charts.h"

namespace dimple::evaluate {
namespace {

namespace fs = std::filesystem;

std::string layers_csv(const LayerLosses& losses) {
  std::string text = "layer,op,weight_bytes,multiply_adds,snr_db,accuracy,loss,loss_low,loss_high,same_answer\n";
  const auto add = [&](std::vector<std::string> fields, const PairedAccuracy& a) {
    for (const double v : {a.accuracy, a.loss, a.interval[0], a.interval[1], a.same_answer})
      fields.push_back(fmt::format("{:.5f}", v));
    text += host::csv_line(fields);
  };
  for (const LayerLoss& l : losses.layers)
    add({host::csv_text(l.layer), l.op, fmt::format("{}", l.weight_bytes), fmt::format("{}", l.multiply_adds),
         fmt::format("{:.2f}", l.snr_db)},
        l.alone);
  return text;
}

std::string layers_svg(const LayerLosses& losses) {
  plot::BarPanels chart;
  chart.title = fmt::format("{}: one layer in int8 at a time", losses.model);
  chart.note =
      fmt::format("{:.2f} % right in float, {:.2f} % with all layers in int8; {} pictures for noise, {} for accuracy",
                  100 * losses.float_accuracy, 100 * losses.integer.accuracy, losses.noise_pictures, losses.pictures);
  plot::BarPanel noise{"signal to noise, dB", {}, 1}, loss{"accuracy lost, points, with 95 % interval", {}, 2};
  for (const LayerLoss& l : losses.layers) {
    chart.names.push_back(l.layer);
    noise.bars.push_back({l.snr_db});
    loss.bars.push_back(
        {100 * l.alone.loss, 100 * l.alone.interval[0], 100 * l.alone.interval[1], l.alone.interval[0] > 0});
  }
  chart.panels = {noise, loss};
  return plot::bar_panels(chart);
}

}  // namespace

std::vector<std::string> write_layer_losses(const std::string& path, const LayerLosses& losses) {
  const std::string ending = fs::path(path).extension().string();
  const bool one = ending == ".csv" || ending == ".json" || ending == ".svg";
  if (!one) host::make_folder(path);
  std::vector<std::string> written;
  const auto write = [&](const std::string& kind, const std::string& text) {
    if (one && kind != ending) return;
    written.push_back(one ? path : (fs::path(path) / ("layers" + kind)).string());
    host::write_atomic(written.back(), text);
  };
  write(".csv", layers_csv(losses));
  write(".json", host::print_json(host::to_json(losses), 2) + "\n");
  write(".svg", layers_svg(losses));
  return written;
}

}  // namespace dimple::evaluate

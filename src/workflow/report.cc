#include "workflow/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>
#include <thread>

#include "host/files.h"
#include "inference/opened_model.h"
#include "model/card.h"
#include "workflow/models.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

ValReport measure(const ReportRequest& request, const std::string& model, const host::Task& task) {
  ValRequest val_request;
  val_request.data = request.data, val_request.model = model, val_request.protocol = request.protocol;
  val_request.load.votes = request.votes, val_request.save = false;
  return val(val_request, task);
}

model::CardFigure figure(std::string name, const evaluate::Figure& f) {
  return {std::move(name), f.value, f.interval.low, f.interval.high};
}

std::string input_of(const inference::OpenedModel& model) {
  const image::Preprocess& p = model.preprocess;
  return fmt::format("{}x{} {}, {}, crop margin {} permille and shift {} permille of the face finder's box", p.width,
                     p.height, p.channels == 1 ? "grey" : "RGB", image::name_of(p.normalise), p.margin_permille,
                     p.shift_permille);
}

model::Card make_card(const ReportRequest& request, const CardReport& r) {
  const inference::OpenedModel opened = inference::open_model(request.model);
  const ModelsReport models_report = models({request.model});
  model::Card card;
  card.name = opened.name, card.summary = request.summary, card.licence = request.licence, card.labels = opened.labels;
  card.input = input_of(opened);
  if (!models_report.models.empty()) {
    const ModelRow& row = models_report.models.front();
    card.weight_bytes = row.weight_bytes, card.multiply_adds = row.multiply_adds, card.parameters = row.parameters;
    card.arena_bytes = row.arena_bytes;
  }
  card.training_data = request.training;
  std::istringstream leaks(opened.leaks);
  for (std::string leak; std::getline(leaks, leak);) card.limits.push_back(leak);
  card.test_data = fmt::format(
      "{}, protocol {}, {} split: {} pictures, {} without byte copies of training pictures; sha256 {}; no flips or "
      "crops averaged",
      r.model.data, r.model.protocol, r.model.split, r.model.raw.count, r.model.deduplicated.count,
      r.model.data_sha256);
  card.command = request.command;
  card.measured_on =
      fmt::format("{} threads, compiler {}, program sha256 {}", r.model.threads, __VERSION__, r.model.model_sha256);
  card.figures = {figure("accuracy, raw", r.model.accuracy),
                  figure("accuracy, deduplicated", r.model.accuracy_deduplicated),
                  figure("balanced accuracy", r.model.balanced_accuracy), figure("macro F1", r.model.f1_macro)};
  if (r.model.classes.size() == 2) card.figures.push_back(figure("AUC", r.model.figures["auc"]));
  if (r.parent.raw.count > 0) {
    card.figures.push_back(figure("accuracy of the float parent, raw", r.parent.accuracy));
    card.figures.push_back({"int8 minus float, accuracy", r.model.accuracy.value - r.parent.accuracy.value, {}, {}});
    card.figures.push_back({"int8 minus float, balanced accuracy",
                            r.model.balanced_accuracy.value - r.parent.balanced_accuracy.value,
                            {},
                            {}});
  }
  const size_t n = r.model.classes.size();
  for (size_t c = 0; c < n; ++c) {
    const metrics::ClassFigures& f = r.model.raw.per_class[c];
    card.per_class.push_back({r.model.classes[c], f.support, f.precision, f.recall, f.f1});
    const auto row = r.model.raw.confusion.begin() + static_cast<std::ptrdiff_t>(c * n);
    card.confusion.emplace_back(row, row + static_cast<std::ptrdiff_t>(n));
  }
  return card;
}

}  // namespace

CardReport report(const ReportRequest& request, const host::Task& task) {
  if (request.data.empty())
    throw Error(Exit::usage, "a card needs figures", "name the test data: --data fer2013.csv.xz");
  CardReport out;
  out.model = measure(request, request.model, task);
  if (!request.parent.empty()) out.parent = measure(request, request.parent, task);
  const std::filesystem::path path = request.out;
  host::write_atomic(path, model::print_card(make_card(request, out)));
  out.path = path.string();
  host::Json figures{{"schema", 1}, {"model", to_json(out.model)}};
  if (out.parent.raw.count > 0) figures["parent"] = to_json(out.parent);
  out.figures_path = std::filesystem::path(path).replace_extension(".json").string();
  host::write_atomic(out.figures_path, figures.dump(2) + "\n");
  return out;
}

}  // namespace dimple::workflow

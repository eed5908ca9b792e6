#include "workflow/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>

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
  val_request.load.votes = request.votes, val_request.load.cage = request.cage, val_request.save = false;
  val_request.max_macs = request.max_macs;
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

std::vector<model::CardFigure> card_figures(const CardFigures& measured) {
  const evaluate::Figures& own = measured.model.figures;
  std::vector<model::CardFigure> figures = {
      figure("accuracy, raw", own["accuracy"]), figure("accuracy, deduplicated", own["accuracy_deduplicated"]),
      figure("balanced accuracy", own["balanced_accuracy"]), figure("macro F1", own["f1_macro"])};
  if (measured.model.classes.size() == 2) figures.push_back(figure("AUC", own["auc"]));
  if (!measured.parent) return figures;
  const evaluate::Figures& parent = measured.parent->figures;
  const auto loss = [&](const char* name) { return own[name].value - parent[name].value; };
  figures.push_back(figure("accuracy of the float parent, raw", parent["accuracy"]));
  figures.push_back({"int8 minus float, accuracy", loss("accuracy"), {}, {}});
  figures.push_back({"int8 minus float, balanced accuracy", loss("balanced_accuracy"), {}, {}});
  return figures;
}

model::Card make_card(const ReportRequest& request, const CardFigures& measured) {
  const inference::OpenedModel opened = inference::open_model(request.model, request.max_macs);
  const ModelsReport described = models({request.model});
  const ValReport& own = measured.model;
  model::Card card;
  card.name = opened.name, card.summary = request.summary, card.licence = request.licence, card.labels = opened.labels;
  card.input = input_of(opened);
  if (!described.models.empty()) {
    const ModelSummary& model = described.models.front();
    card.weight_bytes = model.weight_bytes, card.multiply_adds = model.multiply_adds;
    card.parameters = model.parameters, card.arena_bytes = model.arena_bytes;
  }
  card.training_data = request.training;
  std::istringstream leaks(opened.leaks);
  leaks.exceptions(std::ios::badbit);  // a stream keeps for itself that memory has run out
  for (std::string leak; std::getline(leaks, leak);) card.limits.push_back(leak);
  card.test_data = fmt::format(
      "{}, protocol {}, {} split: {} pictures, {} without byte copies of training pictures; sha256 {}; no flips or "
      "crops averaged",
      own.data, own.protocol, own.split, own.figures.raw.count, own.figures.deduplicated.count, own.data_sha256);
  card.command = request.command;
  card.measured_on =
      fmt::format("{} threads, compiler {}, program sha256 {}", own.threads, __VERSION__, own.model_sha256);
  card.figures = card_figures(measured);
  for (size_t c = 0; c < own.classes.size(); ++c) {
    const metrics::ClassFigures& f = own.figures.raw.per_class[c];
    card.per_class.push_back({own.classes[c], f.support, f.precision, f.recall, f.f1});
  }
  card.confusion = own.figures.raw.confusion_rows();
  return card;
}

}  // namespace

CardReport report(const ReportRequest& request, const host::Task& task) {
  if (request.data.empty())
    throw Error(Exit::usage, "a card needs figures", "name the test data: --data fer2013.csv.xz");
  CardReport out;
  out.figures.model = measure(request, request.model, task);
  if (!request.parent.empty()) out.figures.parent = measure(request, request.parent, task);
  const std::filesystem::path path = request.out;
  host::write_atomic(path, model::print_card(make_card(request, out.figures)));
  out.path = path.string();
  out.figures_path = std::filesystem::path(path).replace_extension(".json").string();
  host::write_atomic(out.figures_path, host::print_json(host::to_json(out.figures), 2) + "\n");
  return out;
}

}  // namespace dimple::workflow

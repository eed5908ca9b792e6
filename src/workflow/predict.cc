#include "workflow/predict.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>

#include "host/error.h"
#include "host/fields.h"
#include "host/files.h"
#include "host/sources.h"
#include "host/terminal.h"
#include "workflow/predict_files.h"
#include "workflow/predict_reader.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using host::Error;
using host::Exit;
using inference::Executor;

void check_request(const PredictRequest& request) {
  if (request.sources.empty()) {
    throw Error(Exit::usage, "no picture was named", "for example: dimple predict my.jpg, or dimple predict folder/");
  }
  if (request.min_face < 0) throw Error(Exit::usage, "--min-face is a number of pixels, not below 0");
  if (request.min_score < 0 || request.min_score > 1) throw Error(Exit::usage, "--min-score is between 0 and 1");
  if (request.save_crops && request.blur_faces) {
    throw Error(Exit::usage, "--save-crops keeps the very faces that --blur-faces hides", "choose one of them");
  }
  const Executor executor = inference::parse_executor(request.executor);
  if (executor == Executor::replay && request.record.empty()) {
    throw Error(Exit::usage, "--executor replay needs a record", "--record FILE, as --executor record wrote it");
  }
  if (executor == Executor::record && request.record.empty() && !request.save) {
    throw Error(Exit::usage, "--executor record with --no-save needs --record FILE");
  }
}

// What a run folder was asked for.
PredictRequest resumed_request(const std::string& folder) {
  const fs::path args = fs::path(folder) / "args.toml";
  if (!host::file_exists(args))
    throw Error(Exit::usage, folder + " is not a run folder of predict", "it has no args.toml");
  PredictRequest request;
  auto fields = host::fields_of(request);
  host::apply_settings(fields, {.config_path = args.string(), .verb = "predict"});
  request.resume = folder;
  return request;
}

// Every source that the run folder does not answer yet, and at once into it.
void read_sources(std::vector<host::Source> sources, bool alone, PictureReader& reader, const host::Task& task,
                  const std::function<void(const PictureLine&)>& on_picture, PredictReport& report) {
  PredictSummary& summary = report.summary;
  std::optional<PredictionFiles> files;
  if (!summary.request.resume.empty()) {
    const std::set<std::string> done = files.emplace(reader.folder(), report.labels).resume(summary);
    std::erase_if(sources, [&](const host::Source& source) { return done.contains(source.name); });
  }
  task.progress().start(static_cast<int64_t>(sources.size()), "reading");
  for (const host::Source& source : sources) {
    summary.interrupted = task.cancelled();
    if (summary.interrupted) break;
    const PictureLine line{summary.model, alone ? reader.read(source) : reader.read_or_explain(source)};
    const host::Json document = host::to_json(line);
    count(document, summary);
    if (!line.picture.unwritten.empty()) task.progress().say("dimple: " + host::printable(line.picture.unwritten));
    if (line.picture.unwritten_exit != Exit::fine) report.unwritten_exit = line.picture.unwritten_exit;
    if (summary.request.save) {
      if (!files) files.emplace(reader.folder(), report.labels);
      files->add(line, document);
    }
    report.pictures.push_back(line.picture);
    if (on_picture) on_picture(line);
    task.progress().advance(1, source.name);
  }
  task.progress().finish();
}

PredictReport read_all(const PredictRequest& request, const host::Task& task,
                       const std::function<void(const PictureLine&)>& on_picture) {
  check_request(request);
  const std::vector<host::Source> sources = host::expand_sources(request.sources);
  const bool alone = sources.size() == 1 && !host::is_folder(request.sources[0]);
  if (alone && sources[0].kind == host::Source::Kind::file && host::is_missing(sources[0].name)) {
    throw Error(Exit::input, fmt::format("cannot read {}: no such file", sources[0].name),
                "looked in the current folder; a folder, a glob, list.csv or - also work (dimple predict --help)");
  }
  const auto start = Clock::now();
  const inference::OpenedModel model = inference::open_model(request.model, request.max_macs);
  PictureReader reader(request, model);
  PredictReport report;
  report.labels = model.labels;
  PredictSummary& summary = report.summary;
  summary.request = request;
  summary.model = model.name, summary.model_sha256 = model.sha256, summary.finder = reader.describe_finder();
  read_sources(sources, alone, reader, task, on_picture, report);
  summary.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  report.folder = reader.folder().string();
  report.layers = reader.network().differences();
  if (inference::parse_executor(request.executor) == Executor::record) {
    const fs::path record =
        request.record.empty() ? fs::path(report.folder) / "layers.safetensors" : fs::path(request.record);
    reader.network().save_record(record.string());
  }
  if (!report.folder.empty()) write_summary(report.folder, summary);
  return report;
}

}  // namespace

PredictReport predict(const PredictRequest& request, const host::Task& task,
                      const std::function<void(const PictureLine&)>& on_picture) {
  if (request.resume.empty()) return read_all(request, task, on_picture);
  if (!request.sources.empty())
    throw Error(Exit::usage, "--resume goes on with what its run was asked for", "name no pictures beside it");
  return read_all(resumed_request(request.resume), task, on_picture);
}

}  // namespace dimple::workflow

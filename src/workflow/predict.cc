#include "workflow/predict.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>

#include "host/error.h"
#include "host/fields.h"
#include "host/files.h"
#include "host/processor.h"
#include "host/sources.h"
#include "host/terminal.h"
#include "workflow/predict_crew.h"
#include "workflow/predict_files.h"
#include "workflow/predict_folder.h"

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
  host::choose_threads(request.threads);
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
  PredictRequest request;
  host::load_run_settings(request, folder, "predict", "a prediction");
  request.resume = folder;
  return request;
}

// What becomes of a result, in the order of the sources: it is kept at once.
class Results {
 public:
  Results(PredictReport& report, PredictFolder& folder, const host::Task& task,
          const std::function<void(const PictureLine&)>& on_picture)
      : report_(report), folder_(folder), task_(task), on_picture_(on_picture) {}

  // Leaves the sources that the run folder does not answer yet.
  void resume(std::vector<NamedSource>& sources) {
    if (report_.summary.request.resume.empty()) return;
    const std::set<std::string> done = files().resume(report_.summary);
    std::erase_if(sources, [&](const NamedSource& source) { return done.contains(source.source.name); });
  }

  void take(PictureResult picture) {
    PredictSummary& summary = report_.summary;
    const PictureLine line{summary.model, std::move(picture)};
    const host::Json document = host::to_json(line);
    count(document, summary);
    if (!line.picture.unwritten.empty()) task_.progress().say("dimple: " + host::printable(line.picture.unwritten));
    if (line.picture.unwritten_exit != Exit::fine) report_.unwritten_exit = line.picture.unwritten_exit;
    if (summary.request.save) files().add(line, document);
    report_.pictures.push_back(line.picture);
    if (on_picture_) on_picture_(line);
    task_.progress().advance(1, line.picture.source);
  }

 private:
  PredictionFiles& files() {
    if (!files_) files_.emplace(folder_.path(), report_.labels);
    return *files_;
  }

  PredictReport& report_;
  PredictFolder& folder_;
  const host::Task& task_;
  const std::function<void(const PictureLine&)>& on_picture_;
  std::optional<PredictionFiles> files_;
};

PredictReport read_all(const PredictRequest& request, const host::Task& task,
                       const std::function<void(const PictureLine&)>& on_picture) {
  check_request(request);
  std::vector<NamedSource> sources = name_drawings(host::expand_sources(request.sources));
  const bool alone = sources.size() == 1 && !host::is_folder(request.sources[0]);
  const host::Source& first = sources[0].source;
  if (alone && first.kind == host::Source::Kind::file && host::is_missing(first.name)) {
    throw Error(Exit::input, fmt::format("cannot read {}: no such file", first.name),
                "looked in the current folder; a folder, a glob, list.csv or - also work (dimple predict --help)");
  }
  const auto start = Clock::now();
  const inference::OpenedModel model = inference::open_model(request.model, request.max_macs);
  PredictFolder folder(request);
  PredictReport report;
  report.labels = model.labels;
  PredictSummary& summary = report.summary;
  summary.request = request;
  summary.model = model.name, summary.model_sha256 = model.sha256;
  Results results(report, folder, task, on_picture);
  results.resume(sources);
  PredictCrew crew(request, model, folder, sources.size());
  task.progress().start(static_cast<int64_t>(sources.size()), "reading");
  summary.interrupted = !crew.read({sources, alone, task}, [&](PictureResult r) { results.take(std::move(r)); });
  task.progress().finish();
  summary.finder = crew.describe_finder();
  summary.threads = crew.threads();
  summary.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  report.folder = folder.path().string();
  report.layers = crew.network().differences();
  if (inference::parse_executor(request.executor) == Executor::record) {
    const fs::path record =
        request.record.empty() ? fs::path(report.folder) / "layers.safetensors" : fs::path(request.record);
    crew.network().save_record(record.string());
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

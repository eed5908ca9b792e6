#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "host/error.h"
#include "host/files.h"
#include "media/drawn_face.h"
#include "media/encode.h"
#include "show_faces.h"
#include "show_layers.h"
#include "verb.h"
#include "workflow/predict.h"

namespace dimple::cli {

using host::Exit;
using host::Style;
using workflow::PictureResult;
using workflow::PredictReport;

namespace {

constexpr size_t kMaxShownInFull = 3;  // pictures; more become a line each

std::string plural(int64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// Sums over all pictures, whichever thread read them.
std::string timing_text(const PredictReport& report) {
  double decode_ms = 0, find_ms = 0, read_ms = 0, draw_ms = 0;
  for (const PictureResult& picture : report.pictures) {
    decode_ms += picture.decode_ms, find_ms += picture.find_ms;
    read_ms += picture.read_ms, draw_ms += picture.draw_ms;
  }
  const workflow::PredictSummary& s = report.summary;
  return fmt::format(
      "model {} ({})\ndecoding {:.1f} ms, looking for faces {:.0f} ms with {}, reading them {:.1f} ms, drawing {:.1f} "
      "ms; {}\n",
      s.model, s.model_sha256.substr(0, 12), decode_ms, find_ms, s.finder, read_ms, draw_ms,
      plural(s.threads, "thread"));
}

std::string summary_text(const PredictReport& report, bool verbose, const host::Terminal& terminal) {
  const workflow::PredictSummary& s = report.summary;
  std::string text;
  if (s.pictures > 1) {
    text += fmt::format("{}, {}", plural(s.pictures, "picture"), plural(s.faces, "face"));
    if (s.without_face > 0) text += fmt::format(", {} without a face", s.without_face);
    if (s.unreadable > 0) text += fmt::format(", {} unreadable", s.unreadable);
    text += fmt::format(", {:.1f} s\n", s.seconds);
  }
  if (verbose) text += timing_text(report);
  if (!report.folder.empty()) text += styled(terminal, Style::dim, fmt::format("written to {}/", report.folder)) + "\n";
  return text;
}

void print_for_people(const Invocation& call, const PredictReport& report) {
  const bool full = report.pictures.size() <= kMaxShownInFull || call.common().verbose;
  for (const PictureResult& picture : report.pictures)
    call.print(full ? in_full(picture, call.out()) : in_a_line(picture, call.out()));
  if (!report.layers.empty()) call.print(layer_table(report.layers, call.out()));
  call.print("\n" + summary_text(report, call.common().verbose, call.out()));
}

Exit exit_of(const PredictReport& report, const host::Task& task) {
  const workflow::PredictSummary& s = report.summary;
  if (s.interrupted) return task.cancel_exit();
  if (!inference::layers_agree(report.layers)) return Exit::gate;
  if (s.unreadable > 0) return Exit::input;
  if (report.unwritten_exit != Exit::fine) return report.unwritten_exit;
  if (s.request.fail_on_no_face && s.without_face > 0) return Exit::no_face;
  return Exit::fine;
}

// A face to read where there is no portrait: drawn beside its place.
std::string draw_sample(const std::filesystem::path& portrait) {
  std::filesystem::create_directories(portrait.parent_path());
  const std::filesystem::path drawn = portrait.parent_path() / "drawn-face.png";
  media::save_picture(drawn, media::draw_framed_face({.size = 192, .channels = 3, .smile = 1, .open = 0.3f}));
  return drawn.string();
}

// Without a picture the front door names the sample portrait that it has fetched, or could not fetch.
void add_sample(workflow::PredictRequest& request) {
  const char* sample = std::getenv("DIMPLE_SAMPLE");
  if (!request.sources.empty() || !request.resume.empty() || sample == nullptr) return;
  if (host::file_exists(sample)) {
    request.sources = {sample};
    return;
  }
  std::fputs(fmt::format("dimple: there is no sample portrait ({}): reading a drawn face\n", sample).c_str(), stderr);
  request.sources = {draw_sample(sample)};
  request.detect = false;  // the face fills the picture
}

void print_line(const workflow::PictureLine& line) {
  std::puts(host::print_json(host::to_json(line)).c_str());
  std::fflush(stdout);
}

}  // namespace

int run_predict(Invocation& call) {
  workflow::PredictRequest request;
  if (!call.parse<PredictReport>(request, "sources")) return 0;
  add_sample(request);
  if (request.jsonl && call.common().json) throw host::Error(Exit::usage, "--json and --jsonl exclude each other");
  const PredictReport report = workflow::predict(request, call.task(), [&](const workflow::PictureLine& line) {
    if (request.jsonl) print_line(line);
  });
  if (!request.jsonl && !call.common().quiet) print_for_people(call, report);
  call.print_report(report);
  return static_cast<int>(exit_of(report, call.task()));
}

}  // namespace dimple::cli

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>

#include "host/error.h"
#include "host/files.h"
#include "host/interrupt.h"
#include "image/resize.h"
#include "media/drawn_face.h"
#include "media/encode.h"
#include "plot/terminal.h"
#include "verbs.h"
#include "workflow/predict.h"
#include "workflow/predict_files.h"

namespace dimple::cli {

using host::Exit;
using host::Style;
using workflow::FaceResult;
using workflow::PictureResult;
using workflow::PredictReport;

namespace {

constexpr int kBarColumns = 30;
constexpr size_t kMostShownInFull = 3;    // pictures; more become a line each
constexpr size_t kMostFacesWithBars = 4;  // on a picture; more become a line each

std::string face_title(const PredictReport& report, const FaceResult& face, size_t number,
                       const host::Terminal& terminal) {
  const std::string where = fmt::format("{}x{} at {},{}", face.box.width, face.box.height, face.box.x, face.box.y);
  const std::string shown = shown_label(report, face);
  std::string title =
      fmt::format("  face {}  {}", number + 1, styled(terminal, face.abstain ? Style::yellow : Style::green, shown));
  title += face.abstain ? fmt::format(" ({})", face.reason) : fmt::format(" {:.0f} %", 100 * face.score);
  return title + styled(terminal, Style::dim, fmt::format("   {}", where)) + "\n";
}

// One bar per expression, the likeliest first.
std::string face_bars(const PredictReport& report, const FaceResult& face, const host::Terminal& terminal) {
  std::vector<size_t> order(face.scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return face.scores[a] > face.scores[b]; });
  size_t widest = 0;
  for (const std::string& label : report.labels) widest = std::max(widest, label.size());
  std::string text;
  for (const size_t i : order) {
    const bool top = static_cast<int>(i) == face.label;
    text += fmt::format("    {}  {} {:5.1f} %\n", host::padded(report.labels[i], static_cast<int>(widest)),
                        styled(terminal, top && !face.abstain ? Style::green : Style::blue,
                               plot::bar(face.scores[i], kBarColumns, terminal)),
                        100 * face.scores[i]);
  }
  return text;
}

// A face among many: its place, its label, one bar.
std::string face_line(const PredictReport& report, const FaceResult& face, size_t number,
                      const host::Terminal& terminal) {
  const Style style = face.abstain ? Style::yellow : Style::green;
  const std::string shown = host::padded(shown_label(report, face), 10);
  const std::string more = face.abstain ? "  " + face.reason : "";
  return fmt::format("  face {:<3} {} {} {:3.0f} %{}\n", number + 1, styled(terminal, style, shown),
                     styled(terminal, style, plot::bar(face.score, 20, terminal)), 100 * face.score, more);
}

std::string in_full(const PredictReport& report, const PictureResult& picture, const host::Terminal& terminal) {
  std::string text = styled(terminal, Style::bold, picture.source);
  if (!picture.problem.empty()) return text + "\n  " + styled(terminal, Style::red, picture.problem) + "\n";
  text += styled(terminal, Style::dim, fmt::format("  {}x{}", picture.width, picture.height)) + "\n";
  if (picture.faces.empty()) text += "  no face found\n";
  for (size_t i = 0; i < picture.faces.size(); i++) {
    if (picture.faces.size() > kMostFacesWithBars) {
      text += face_line(report, picture.faces[i], i, terminal);
      continue;
    }
    text += face_title(report, picture.faces[i], i, terminal) + face_bars(report, picture.faces[i], terminal);
  }
  return text;
}

// "happy 99 %, unsure" for a few faces, "12 faces: 9 happy, 3 neutral" for many.
std::string faces_in_a_line(const PredictReport& report, const PictureResult& picture) {
  std::string text;
  if (picture.faces.size() <= kMostFacesWithBars) {
    for (const FaceResult& face : picture.faces) {
      text += (text.empty() ? "" : ", ") + shown_label(report, face);
      if (!face.abstain) text += fmt::format(" {:.0f} %", 100 * face.score);
    }
    return text;
  }
  std::map<std::string, int> counts;
  for (const FaceResult& face : picture.faces) counts[shown_label(report, face)]++;
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [label, count] : counts) order.emplace_back(-count, label);
  std::sort(order.begin(), order.end());
  for (const auto& [count, label] : order) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", -count, label);
  return fmt::format("{} faces: {}", picture.faces.size(), text);
}

std::string in_a_line(const PredictReport& report, const PictureResult& picture, const host::Terminal& terminal) {
  if (!picture.problem.empty()) return styled(terminal, Style::red, picture.problem) + "\n";
  const std::string faces =
      picture.faces.empty() ? styled(terminal, Style::dim, "no face") : faces_in_a_line(report, picture);
  return fmt::format("{}  {}\n", picture.source, faces);
}

std::string layers_text(const PredictReport& report, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const inference::LayerDifference& layer : report.differences) {
    rows.push_back({layer.layer, std::to_string(layer.elements), std::to_string(layer.different),
                    fmt::format("{:.6g}", layer.largest)});
  }
  return "\n" + plot::table({{"layer"}, {"values", true}, {"different", true}, {"largest", true}}, rows, terminal);
}

std::string plural(int64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string summary(const PredictReport& report, bool verbose, const host::Terminal& terminal) {
  std::string text;
  if (report.pictures.size() > 1) {
    text += fmt::format("{}, {}", plural(static_cast<int64_t>(report.pictures.size()), "picture"),
                        plural(report.faces(), "face"));
    if (report.without_face() > 0) text += fmt::format(", {} without a face", report.without_face());
    if (report.unreadable() > 0) text += fmt::format(", {} unreadable", report.unreadable());
    text += fmt::format(", {:.1f} s\n", report.seconds);
  }
  if (verbose) {
    double find_ms = 0, read_ms = 0;
    for (const PictureResult& picture : report.pictures) {
      find_ms += picture.find_ms;
      for (const FaceResult& face : picture.faces) read_ms += face.latency_ms;
    }
    text += fmt::format("model {} ({})\n", report.model, report.model_sha256.substr(0, 12));
    text +=
        fmt::format("looking for faces {:.0f} ms with {}, reading them {:.1f} ms\n", find_ms, report.finder, read_ms);
  }
  if (!report.folder.empty()) text += styled(terminal, Style::dim, fmt::format("written to {}/", report.folder)) + "\n";
  return text;
}

Exit exit_of(const workflow::PredictRequest& request, const PredictReport& report, const host::Task& task) {
  if (report.interrupted) return task.cancel_exit();
  if (!report.layers_agree()) return Exit::gate;
  if (report.unreadable() > 0) return Exit::input;
  if (request.fail_on_no_face && report.without_face() > 0) return Exit::no_face;
  return Exit::fine;
}

// A face to read where there is no portrait: drawn beside its place, framed as FER2013 frames faces.
std::string draw_sample(const std::filesystem::path& portrait) {
  const media::Picture whole = media::draw_face({.size = 240, .channels = 3, .smile = 1, .open = 0.3f});
  media::Picture face(192, 192, 3);
  if (image::resize(whole.view(), {24, 34, face.width, face.height}, face.view()) != Status::ok)
    throw host::Error(Exit::failed, "cannot frame the drawn face");
  std::filesystem::create_directories(portrait.parent_path());
  const std::filesystem::path drawn = portrait.parent_path() / "drawn-face.png";
  media::save_picture(drawn, face);
  return drawn.string();
}

// Without a picture the front door names the sample portrait that it has fetched, or could not fetch.
void add_sample(workflow::PredictRequest& request) {
  const char* sample = std::getenv("DIMPLE_SAMPLE");
  if (!request.sources.empty() || sample == nullptr) return;
  if (host::file_exists(sample)) {
    request.sources = {sample};
    return;
  }
  fmt::print(stderr, "dimple: there is no sample portrait ({}): reading a drawn face\n", sample);
  request.sources = {draw_sample(sample)};
  request.detect = false;  // the face fills the picture
}

}  // namespace

int run_predict(Invocation& invocation) {
  workflow::PredictRequest request;
  if (!invocation.parse(request, "sources")) return 0;
  add_sample(request);
  if (request.jsonl && invocation.common().json) {
    throw host::Error(Exit::usage, "--json and --jsonl exclude each other");
  }
  const host::Terminal& terminal = invocation.out();
  const bool people = !request.jsonl && !invocation.common().json && !invocation.common().quiet;
  const PredictReport report =
      workflow::predict(request, invocation.task(), [&](const PredictReport& so_far, const PictureResult& picture) {
        if (!request.jsonl) return;
        const std::string line = json_of(so_far, picture).dump(-1, ' ', false, host::Json::error_handler_t::replace);
        fmt::print("{}\n", line);
        std::fflush(stdout);
      });
  if (people) {
    const bool full = report.pictures.size() <= kMostShownInFull || invocation.common().verbose;
    for (const PictureResult& picture : report.pictures) {
      invocation.print(full ? in_full(report, picture, terminal) : in_a_line(report, picture, terminal));
    }
    if (!report.differences.empty()) invocation.print(layers_text(report, terminal));
    invocation.print("\n" + summary(report, invocation.common().verbose, terminal));
  }
  invocation.print_json(json_of(report));
  return static_cast<int>(exit_of(request, report, invocation.task()));
}

}  // namespace dimple::cli

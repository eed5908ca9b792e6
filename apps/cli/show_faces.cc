#include "show_faces.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "plot/terminal.h"

namespace dimple::cli {

using host::Style;
using workflow::FaceResult;
using workflow::PictureResult;

namespace {

constexpr int kBarColumns = 30;
constexpr size_t kMaxFacesWithBars = 4;  // on a picture; more become a line each

Style style_of(const FaceResult& face) { return face.abstain ? Style::yellow : Style::green; }

std::string face_title(const FaceResult& face, size_t number, const host::Terminal& terminal) {
  const std::string where = fmt::format("{}x{} at {},{}", face.box.width, face.box.height, face.box.x, face.box.y);
  std::string title = fmt::format("  face {}  {}", number + 1, styled(terminal, style_of(face), face.shown()));
  title += face.abstain ? fmt::format(" ({})", face.reason) : fmt::format(" {:.0f} %", 100 * face.score);
  return title + styled(terminal, Style::dim, fmt::format("   {}", where)) + "\n";
}

// One bar per expression, the likeliest first.
std::string face_bars(const FaceResult& face, const host::Terminal& terminal) {
  auto scores = face.scores;
  std::ranges::stable_sort(scores, std::greater{}, &std::pair<std::string, float>::second);
  size_t widest = 0;
  for (const auto& [label, score] : scores) widest = std::max(widest, label.size());
  std::string text;
  for (const auto& [label, score] : scores) {
    const bool chosen = label == face.label && !face.abstain;
    text += fmt::format("    {}  {} {:5.1f} %\n", host::padded(label, static_cast<int>(widest)),
                        styled(terminal, chosen ? Style::green : Style::blue, plot::bar(score, kBarColumns, terminal)),
                        100 * score);
  }
  return text;
}

// A face among many: its label and one bar.
std::string face_line(const FaceResult& face, size_t number, const host::Terminal& terminal) {
  const std::string more = face.abstain ? "  " + face.reason : "";
  return fmt::format("  face {:<3} {} {} {:3.0f} %{}\n", number + 1,
                     styled(terminal, style_of(face), host::padded(face.shown(), 10)),
                     styled(terminal, style_of(face), plot::bar(face.score, 20, terminal)), 100 * face.score, more);
}

// "happy 99 %, unsure" for a few faces, "12 faces: 9 happy, 3 neutral" for many.
std::string faces_in_a_line(const PictureResult& picture) {
  std::string text;
  if (picture.faces.size() <= kMaxFacesWithBars) {
    for (const FaceResult& face : picture.faces) {
      text += (text.empty() ? "" : ", ") + face.shown();
      if (!face.abstain) text += fmt::format(" {:.0f} %", 100 * face.score);
    }
    return text;
  }
  std::map<std::string, int> counts;
  for (const FaceResult& face : picture.faces) ++counts[face.shown()];
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [label, count] : counts) order.emplace_back(-count, label);
  std::ranges::sort(order);
  for (const auto& [count, label] : order) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", -count, label);
  return fmt::format("{} faces: {}", picture.faces.size(), text);
}

}  // namespace

std::string in_full(const PictureResult& picture, const host::Terminal& terminal) {
  std::string text = styled(terminal, Style::bold, host::printable(picture.source));
  if (!picture.read()) return text + "\n  " + styled(terminal, Style::red, host::printable(picture.problem)) + "\n";
  text += styled(terminal, Style::dim, fmt::format("  {}x{}", picture.width, picture.height)) + "\n";
  if (picture.faces.empty()) text += "  no face found\n";
  const bool bars = picture.faces.size() <= kMaxFacesWithBars;
  for (size_t i = 0; i < picture.faces.size(); ++i) {
    const FaceResult& face = picture.faces[i];
    text += bars ? face_title(face, i, terminal) + face_bars(face, terminal) : face_line(face, i, terminal);
  }
  return text;
}

std::string in_a_line(const PictureResult& picture, const host::Terminal& terminal) {
  if (!picture.read()) return styled(terminal, Style::red, host::printable(picture.problem)) + "\n";
  const std::string faces = picture.faces.empty() ? styled(terminal, Style::dim, "no face") : faces_in_a_line(picture);
  return fmt::format("{}  {}\n", host::printable(picture.source), faces);
}

}  // namespace dimple::cli

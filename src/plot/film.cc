#include "plot/film.h"

#include <fmt/format.h>

#include <algorithm>

#include "plot/svg.h"

namespace dimple::plot {
namespace {

constexpr double kFilmWidth = 760, kFace = 208, kFaceLeft = 28, kFaceTop = 56;
constexpr double kBarLeft = 372, kBarWidth = 330, kBarTop = 104, kBarPitch = 25;

std::string base64(const std::vector<uint8_t>& bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const uint32_t three = bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    for (size_t k = 0; k < 4; ++k) text += k <= left ? kDigits[three >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

// One value for each frame, and the first once more, so that the end meets the beginning.
template <class Value>
std::string values_of(const Film& film, const Value& value) {
  std::string text;
  for (const FilmFrame& frame : film.frames) text += value(frame) + ";";
  return text + value(film.frames.front());
}

std::string animate(const Film& film, std::string_view attribute, const std::string& values, bool discrete) {
  return fmt::format(R"(<animate attributeName="{}" dur="{}s" repeatCount="indefinite"{} values="{}"/>)", attribute,
                     film.seconds, discrete ? R"( calcMode="discrete")" : "", values);
}

std::string moving_face(const Film& film) {
  std::string shifts;
  for (size_t i = 0; i < film.frames.size(); ++i) shifts += fmt::format("{} 0;", -kFace * static_cast<double>(i));
  shifts += "0 0";
  return fmt::format(R"svg(<clipPath id="face"><rect x="{0}" y="{1}" width="{2}" height="{2}" rx="14"/></clipPath>
<g clip-path="url(#face)"><g><animateTransform attributeName="transform" type="translate" dur="{3}s" repeatCount="indefinite" calcMode="discrete" values="{4}"/>
<image x="{0}" y="{1}" width="{5}" height="{2}" preserveAspectRatio="none" href="data:image/jpeg;base64,{6}"/></g></g>
)svg",
                     kFaceLeft, kFaceTop, kFace, film.seconds, shifts, kFace * static_cast<double>(film.frames.size()),
                     base64(film.strip));
}

std::string moving_bar(const Film& film, size_t label) {
  const double y = kBarTop + kBarPitch * static_cast<double>(label);
  const auto width = [&](const FilmFrame& frame) { return fmt::format("{:.1f}", kBarWidth * frame.scores[label]); };
  const auto fill = [&](const FilmFrame& frame) {
    return std::string(frame.shown == film.labels[label] ? "#f7c948" : "#7aa2f7");
  };
  return fmt::format(R"(<text x="{}" y="{}" text-anchor="end" fill="#c8cedd">{}</text>
<rect x="{}" y="{}" width="{}" height="14" rx="7" fill="#2a2f3c"/>
<rect x="{}" y="{}" width="{}" height="14" rx="7" fill="{}">{}{}</rect>
)",
                     kBarLeft - 14, y + 12, escaped(film.labels[label]), kBarLeft, y, kBarWidth, kBarLeft, y,
                     width(film.frames.front()), fill(film.frames.front()),
                     animate(film, "width", values_of(film, width), false),
                     animate(film, "fill", values_of(film, fill), true));
}

// The answer in words: one text for each that is ever given, of which one is seen at a time.
std::string moving_answer(const Film& film) {
  std::vector<std::string> answers = film.labels;
  answers.emplace_back("unsure");
  std::string text;
  for (const std::string& answer : answers) {
    if (std::ranges::find(film.frames, answer, &FilmFrame::shown) == film.frames.end()) continue;
    const auto seen = [&](const FilmFrame& frame) { return std::string(frame.shown == answer ? "1" : "0"); };
    text += fmt::format(
        R"(<text x="{}" y="78" font-size="24" font-weight="600" fill="{}" opacity="{}">{}{}</text>
)",
        kBarLeft, answer == "unsure" ? "#7f879c" : "#f7c948", seen(film.frames.front()), escaped(answer),
        animate(film, "opacity", values_of(film, seen), true));
  }
  return text;
}

}  // namespace

std::string film(const Film& film) {
  const double height = kBarTop + kBarPitch * static_cast<double>(film.labels.size()) + 44;
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" font-family="Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif" font-size="15">
<title>{2}</title>
<rect width="{0}" height="{1}" rx="14" fill="#1b1e27"/>
<text x="{3}" y="36" fill="#8bd5ca">{2}</text>
)",
      kFilmWidth, height, escaped(film.title), kFaceLeft);
  svg += moving_face(film) + moving_answer(film);
  for (size_t label = 0; label < film.labels.size(); ++label) svg += moving_bar(film, label);
  return svg + fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"12\" fill=\"#7f879c\">{}</text>\n</svg>\n", kFaceLeft,
                           height - 16, escaped(film.footnote));
}

}  // namespace dimple::plot

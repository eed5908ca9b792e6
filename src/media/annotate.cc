#include "media/annotate.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "image/grey.h"
#include "image/resize.h"

namespace dimple::media {
namespace {

constexpr int kReadableSide = 560;  // smaller pictures are enlarged
constexpr size_t kMaxPanels = 3;    // with more faces, bars would bury the picture
constexpr Colour kPaper{18, 20, 26, 0.78f}, kInk{255, 255, 255}, kQuietInk{206, 211, 220}, kTrack{255, 255, 255, 0.14f};
constexpr Colour kUnsure{190, 196, 206};

Picture enlarged(const Picture& picture, int times) {
  Picture rgb(picture.width, picture.height, 3);
  if (image::convert_channels(picture.view(), rgb.view()) != Status::ok || times == 1) return rgb;
  Picture large(picture.width * times, picture.height * times, 3);
  return image::resize(rgb.view(), {0, 0, rgb.width, rgb.height}, large.view()) == Status::ok ? large : rgb;
}

bool meet(const Rect& a, const Rect& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

// Sizes that all follow from the height of a capital letter.
struct Style {
  float letter, pad, row, bar, line;

  static Style for_picture(int width, int height) {
    const float letter = std::clamp(float(std::min(width, height)) / 48, 9.0f, 30.0f);
    return {letter, letter * 0.75f, letter * 1.75f, letter * 5.5f, std::max(2.0f, letter * 0.2f)};
  }
  TextStyle text(Colour colour, float weight = 1) const { return {letter, weight, colour}; }
};

class Painter {
 public:
  Painter(Picture& picture, const std::vector<AnnotatedFace>& faces, int times)
      : picture_(picture), style_(Style::for_picture(picture.width, picture.height)) {
    for (const AnnotatedFace& face : faces) {
      const image::Box& b = face.box;
      boxes_.push_back({float(b.x * times), float(b.y * times), float(b.width * times), float(b.height * times)});
    }
    // All boxes and labels first: a panel must not cover any of them.
    for (size_t i = 0; i < faces.size(); ++i) draw_box(faces[i], boxes_[i]);
    for (size_t i = 0; i < faces.size(); ++i) draw_label(faces[i], boxes_[i]);
    for (size_t i = 0; i < faces.size(); ++i) draw_bars(faces[i], boxes_[i]);
  }

 private:
  static Colour colour_of(const AnnotatedFace& face) {
    return face.abstain ? kUnsure : colour_of_expression(face.label);
  }

  void draw_box(const AnnotatedFace& face, const Rect& box) {
    const float radius = std::min(box.width, box.height) * 0.09f;
    outline_rounded(picture_, box, radius, style_.line * 2, Colour{0, 0, 0, 0.28f});
    outline_rounded(picture_, box, radius, style_.line, colour_of(face));
  }

  bool within(const Rect& r) const {
    return r.x >= 0 && r.y >= 0 && r.right() <= float(picture_.width) && r.bottom() <= float(picture_.height);
  }

  Rect moved_inside(Rect r) const {
    r.x = std::clamp(r.x, 0.0f, std::max(0.0f, float(picture_.width) - r.width));
    r.y = std::clamp(r.y, 0.0f, std::max(0.0f, float(picture_.height) - r.height));
    return r;
  }

  // Above the box, else below it, at its left or its right end: the first place that hides no face and no label.
  Rect place_label(const Rect& box, float width, float height) const {
    const float above = box.y - height - style_.line, below = box.bottom() + style_.line;
    std::vector<Rect> places;
    for (const float y : {above, below})
      for (const float x : {box.x, box.right() - width}) places.push_back(moved_inside({x, y, width, height}));
    for (const Rect& place : places)
      if (free(place)) return place;
    return moved_inside({box.x, above >= 0 ? above : below, width, height});
  }

  void draw_label(const AnnotatedFace& face, const Rect& box) {
    const std::string words = face.abstain ? "unsure" : face.label;
    const std::string more =
        face.abstain ? face.reason : fmt::format("{:.0f}%", std::floor(double(face.score) * 100 + 0.5));
    const TextStyle strong = style_.text(kInk, 1.35f), quiet = style_.text(kQuietInk);
    const float gap = more.empty() ? 0 : style_.letter * 0.6f, dot = style_.letter * 0.8f;
    const float width = dot + style_.letter * 0.55f + text_width(words, strong) + gap + text_width(more, quiet);
    const Rect chip = place_label(box, width + 2 * style_.pad, style_.letter + 2 * style_.pad);
    labels_.push_back(chip);
    fill_rounded(picture_, chip, chip.height / 2, kPaper);
    float x = chip.x + style_.pad;
    const float baseline = chip.y + style_.pad + style_.letter;
    fill_rounded(picture_, {x, baseline - (style_.letter + dot) / 2, dot, dot}, dot / 2, colour_of(face));
    x += dot + style_.letter * 0.55f;
    draw_text(picture_, {x, baseline}, words, strong);
    draw_text(picture_, {x + text_width(words, strong) + gap, baseline}, more, quiet);
  }

  bool free(const Rect& r) const {
    const auto touches = [&](const Rect& other) { return meet(r, other); };
    return within(r) && std::none_of(boxes_.begin(), boxes_.end(), touches) &&
           std::none_of(labels_.begin(), labels_.end(), touches) &&
           std::none_of(panels_.begin(), panels_.end(), touches);
  }

  // Beside the face if possible, then below and above, then the corners of a picture with one face.
  std::optional<Rect> place_for(const Rect& box, float width, float height) const {
    const float gap = style_.pad, w = float(picture_.width), h = float(picture_.height);
    const float level = std::clamp(box.y, gap, std::max(gap, h - height - gap));
    std::vector<Rect> places = {{box.right() + gap, level, width, height},
                                {box.x - gap - width, level, width, height},
                                {box.x, box.bottom() + gap, width, height},
                                {box.x, box.y - style_.letter - 3 * style_.pad - gap - height, width, height}};
    if (boxes_.size() == 1)
      for (const float y : {h - height - gap, gap})
        for (const float x : {w - width - gap, gap}) places.push_back({x, y, width, height});
    for (const Rect& place : places)
      if (free(place)) return place;
    return std::nullopt;
  }

  void draw_bars(const AnnotatedFace& face, const Rect& box) {
    if (face.scores.empty() || boxes_.size() > kMaxPanels) return;
    const TextStyle quiet = style_.text(kQuietInk), strong = style_.text(kInk, 1.2f);
    float names = 0;
    for (const auto& [name, score] : face.scores) names = std::max(names, text_width(name, strong));
    const float width = names + style_.bar + 3 * style_.pad;
    const float height = style_.row * float(face.scores.size()) + style_.pad * 1.2f;
    const auto place = place_for(box, width, height);
    if (!place) return;
    panels_.push_back(*place);
    fill_rounded(picture_, *place, style_.letter * 0.7f, kPaper);
    const auto best = std::max_element(face.scores.begin(), face.scores.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    float y = place->y + style_.pad * 0.6f;
    for (const auto& score : face.scores) {
      const bool top = &score == &*best;
      const float baseline = y + (style_.row + style_.letter) / 2, thick = style_.letter * 0.72f;
      draw_text(picture_, {place->x + style_.pad, baseline}, score.first, top ? strong : quiet);
      const Rect track{place->x + 2 * style_.pad + names, baseline - (style_.letter + thick) / 2, style_.bar, thick};
      fill_rounded(picture_, track, thick / 2, kTrack);
      const float filled = track.width * std::clamp(score.second, 0.0f, 1.0f);
      if (filled >= 1)
        fill_rounded(picture_, {track.x, track.y, std::max(filled, thick), thick}, thick / 2,
                     colour_of_expression(score.first).with_alpha(top ? 1.0f : 0.72f));
      y += style_.row;
    }
  }

  Picture& picture_;
  Style style_;
  std::vector<Rect> boxes_, labels_, panels_;
};

}  // namespace

Colour colour_of_expression(const std::string& label) {
  static constexpr std::pair<const char*, Colour> kColours[] = {
      {"happy", {255, 200, 74}},    {"happiness", {255, 200, 74}}, {"sad", {98, 152, 255}},
      {"sadness", {98, 152, 255}},  {"angry", {255, 99, 92}},      {"anger", {255, 99, 92}},
      {"fear", {178, 132, 255}},    {"disgust", {124, 208, 124}},  {"surprise", {255, 150, 72}},
      {"neutral", {156, 214, 222}}, {"contempt", {222, 140, 190}},
  };
  for (const auto& [name, colour] : kColours)
    if (label == name) return colour;
  return {140, 186, 235};
}

Picture annotate(const Picture& picture, const std::vector<AnnotatedFace>& faces) {
  const int side = std::max(1, std::min(picture.width, picture.height));
  const int longest = std::max(picture.width, picture.height);
  int times = faces.empty() ? 1 : (kReadableSide + side - 1) / side;
  while (times > 1 && longest * times > 4 * kReadableSide) --times;  // a long thin picture does not become a huge one
  Picture out = enlarged(picture, std::max(times, 1));
  const Painter painter(out, faces, out.width / std::max(1, picture.width));
  return out;
}

}  // namespace dimple::media

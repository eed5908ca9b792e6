#include "plot/svg.h"

#include <fmt/format.h>

#include <array>

namespace dimple::plot {

std::string escaped(std::string_view words) {
  std::string out;
  for (const char c : words) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;  // XML allows no other control characters
    }
  }
  return out;
}

std::string series_colour(size_t index) {
  static constexpr std::array<const char*, 8> kColours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                       "#56b4e9", "#b8860b", "#6a4fa3", "#5f6b7a"};
  return kColours[index % kColours.size()];
}

Svg::Svg(double width, double height) : width_(width), height_(height) { rectangle({0, 0}, width, height, "#ffffff"); }

void Svg::rectangle(Point at, double width, double height, std::string_view fill, double radius, double opacity) {
  body_ += fmt::format(R"(<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="{}")", at.x, at.y, width,
                       height, fill);
  if (radius > 0) body_ += fmt::format(R"( rx="{:.1f}")", radius);
  if (opacity < 1) body_ += fmt::format(R"( fill-opacity="{:.3f}")", opacity);
  body_ += "/>\n";
}

void Svg::line(Point from, Point to, const LineStyle& style) { polyline({from, to}, style); }

void Svg::polyline(const std::vector<Point>& points, const LineStyle& style) {
  body_ += "<polyline points=\"";
  for (const Point& p : points) body_ += fmt::format("{:.2f},{:.2f} ", p.x, p.y);
  body_ +=
      fmt::format(R"(" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round" stroke-linecap="round"{}/>)",
                  style.colour, style.width, style.dashed ? R"( stroke-dasharray="4 4")" : "");
  body_ += '\n';
}

void Svg::circle(Point centre, double radius, std::string_view fill) {
  body_ +=
      fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"{}\"/>\n", centre.x, centre.y, radius, fill);
}

void Svg::text(Point at, std::string_view words, const TextStyle& style) {
  const char* anchor = style.anchor == Anchor::start ? "start" : style.anchor == Anchor::middle ? "middle" : "end";
  body_ += fmt::format(R"(<text x="{:.2f}" y="{:.2f}" font-size="{}" text-anchor="{}" fill="{}")", at.x, at.y,
                       style.size, anchor, style.colour);
  if (style.bold) body_ += R"( font-weight="600")";
  if (style.turn_degrees != 0)
    body_ += fmt::format(R"svg( transform="rotate({} {:.2f} {:.2f})")svg", style.turn_degrees, at.x, at.y);
  body_ += fmt::format(">{}</text>\n", escaped(words));
}

std::string Svg::finish() const {
  return fmt::format(
             R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" font-family="Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif">)",
             width_, height_) +
         '\n' + body_ + "</svg>\n";
}

}  // namespace dimple::plot

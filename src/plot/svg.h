// A small SVG writer: shapes go in, the text of a complete document comes out. Coordinates are pixels from the top
// left.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace dimple::plot {

struct Point {
  double x = 0, y = 0;
};

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12;
  Anchor anchor = Anchor::start;
  std::string colour = "#3c4048";
  bool bold = false;
  double turn_degrees = 0;  // about its own point
};

struct LineStyle {
  std::string colour = "#3c4048";
  double width = 1;
  bool dashed = false;
};

class Svg {
 public:
  Svg(double width, double height);  // a white page
  void rectangle(Point at, double width, double height, std::string_view fill, double radius = 0, double opacity = 1);
  void line(Point from, Point to, const LineStyle& style);
  void polyline(const std::vector<Point>& points, const LineStyle& style);
  void circle(Point centre, double radius, std::string_view fill);
  void text(Point at, std::string_view words, const TextStyle& style = {});
  std::string finish() const;

 private:
  double width_, height_;
  std::string body_;
};

// Colours that can be told apart, by colour-blind eyes too (Okabe and Ito), on white.
std::string series_colour(size_t index);

std::string escaped(std::string_view words);  // & < > " ' as XML wants them

}  // namespace dimple::plot

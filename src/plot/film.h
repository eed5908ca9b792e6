// A moving picture, as SVG text that plays in a browser and on a page: a face, and bars that follow what is read of it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace dimple::plot {

struct FilmFrame {
  std::string shown;          // "happy", "unsure"
  std::vector<float> scores;  // in the order of the labels, 0 to 1
};

struct Film {
  std::string title, footnote;
  std::vector<std::string> labels;
  std::vector<FilmFrame> frames;
  std::vector<uint8_t> strip;  // a JPEG: the square faces of the frames from left to right
  double seconds = 6;          // until it begins again
};
std::string film(const Film& film);

}  // namespace dimple::plot

// A labelled set of drawn faces, for verbs that read one.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "media/drawn_face.h"
#include "media/encode.h"

namespace dimple::tests {

// Eight people, glad and sad in turn: 0.png to 7.png and labels.csv. All of them are to be tested on, or the first half
// for one split, the second for another.
inline void plant_faces(const std::filesystem::path& folder, const char* first = "test", const char* second = "test") {
  std::filesystem::create_directories(folder);
  std::ofstream table(folder / "labels.csv");
  table << "path,label,subject,split\n";
  for (int i = 0; i < 8; ++i) {
    media::save_picture(folder / (std::to_string(i) + ".png"),
                        media::draw_framed_face({.size = 48, .smile = i % 2 ? 1.0f : -1.0f}));
    table << i << ".png," << (i % 2 ? "happy" : "sad") << ",p" << i << "," << (i < 4 ? first : second) << "\n";
  }
}

}  // namespace dimple::tests

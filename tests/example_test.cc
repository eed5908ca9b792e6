// The C example against the program: one answer, whichever way it is asked for.
#include <gmock/gmock.h>

#include <fstream>

#include "host/files.h"
#include "host/json.h"
#include "inference/opened_model.h"
#include "media/drawn_face.h"
#include "media/encode.h"
#include "tests/command.h"

namespace dimple::tests {
namespace {

using host::Json;

class ReadFaceInC : public InOwnFolder {
 protected:
  ReadFaceInC() { host::write_atomic(folder_ / "reader.dimple", inference::open_model("dimple-nano").program); }

  void show(const media::Picture& picture) {
    media::save_picture(folder_ / "face.png", picture);
    std::ofstream file(folder_ / "face.ppm", std::ios::binary);
    file << (picture.channels == 1 ? "P5 " : "P6 ") << picture.width << " " << picture.height << " 255\n";
    file.write(reinterpret_cast<const char*>(picture.pixels.data()), static_cast<int64_t>(picture.pixels.size()));
  }
  Answer example(const std::string& box = "") {
    return run_here(DIMPLE_READ_FACE " reader.dimple face.ppm " + box + " 2>&1");
  }
  std::string predicted() {
    const Answer answer = run_here(DIMPLE_PROGRAM " predict --no-detect --no-save --json face.png");
    const Json face = host::parse_json(answer.output, "standard output")["results"].at(0)["faces"].at(0);
    if (face["abstain"].get<bool>()) return "unsure: " + face["reason"].get<std::string>() + "\n";
    char text[80];
    snprintf(text, sizeof text, "%s %.3f\n", face["label"].get<std::string>().c_str(), face["score"].get<double>());
    return text;
  }
};

TEST_F(ReadFaceInC, SaysWhatPredictSays) {
  for (const int channels : {1, 3}) {
    for (const int size : {24, 48, 200}) {
      show(media::draw_face({.size = size, .channels = channels}));
      const Answer answer = example();
      EXPECT_EQ(answer.exit, 0);
      EXPECT_EQ(answer.output, predicted()) << size;
    }
  }
}

TEST_F(ReadFaceInC, TakesABoxAndRefusesOneOutsideThePicture) {
  show(media::draw_face({.size = 200, .channels = 3}));
  EXPECT_EQ(example("40 40 31 31").output, "unsure: small\n");
  const Answer outside = example("200 0 50 50");
  EXPECT_EQ(outside.exit, 1);
  EXPECT_EQ(outside.output, "read_face: an argument is out of range\n");
}

}  // namespace
}  // namespace dimple::tests

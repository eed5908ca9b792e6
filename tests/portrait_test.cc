// A photo's whole way, as a newcomer walks it: the sample portrait through the finished program and its shipped reader.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>

#include "host/files.h"
#include "host/json.h"
#include "media/decode.h"
#include "media/encode.h"
#include "tests/command.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using host::Json;
using testing::HasSubstr;
using testing::StartsWith;

class Portrait : public InOwnFolder {
 protected:
  void SetUp() override {
    const char* sample = getenv("DIMPLE_SAMPLE");
    if (sample == nullptr || !fs::exists(sample))
      GTEST_SKIP() << "DIMPLE_SAMPLE names no picture (./dimple test fetches it)";
    sample_ = sample;
  }

  Answer dimple(const std::string& arguments) { return run_here(DIMPLE_PROGRAM " " + arguments); }
  Json faces(const std::string& arguments) {
    const Answer answer = dimple("predict --json " + arguments);
    EXPECT_EQ(answer.exit, 0);
    return host::parse_json(answer.output, "standard output")["results"].at(0)["faces"];
  }

  std::string sample_;
};

TEST_F(Portrait, IsFoundWithoutBeingNamedAndReadsHappy) {
  const Json found = faces("");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["label"], "happy");
  EXPECT_FALSE(found[0]["abstain"].get<bool>());
}

TEST_F(Portrait, ShowsABarPerExpressionAndLeavesARunFolder) {
  const Answer answer = dimple("predict " + sample_);
  EXPECT_EQ(answer.exit, 0);
  for (const char* expression : {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"})
    EXPECT_THAT(answer.output, HasSubstr(expression));
  const fs::path run_folder = folder_ / "runs/predict/1";
  EXPECT_THAT(host::read_text(run_folder / "predictions.csv"), StartsWith("source,frame,"));
  bool annotated = false;
  for (const auto& entry : fs::directory_iterator(run_folder)) {
    const std::string end = entry.path().extension().string();
    annotated = annotated || end == ".png" || end == ".jpg";
  }
  EXPECT_TRUE(annotated);
}

TEST_F(Portrait, MirroredSheStillSmiles) {
  const media::Picture picture = media::load_picture(sample_);
  media::Picture mirrored = picture;
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x)
      std::copy_n(picture.at(picture.width - 1 - x, y), picture.channels, mirrored.at(x, y));
  media::save_picture(folder_ / "mirrored.png", mirrored);
  const Json found = faces("mirrored.png");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["label"], "happy");
}

TEST_F(Portrait, APictureOfNobodyHasNoFace) {
  media::save_picture(folder_ / "wall.png", media::Picture(320, 240, 3, 170));
  EXPECT_EQ(faces("wall.png").size(), 0u);
  EXPECT_EQ(dimple("predict --quiet --fail-on-no-face wall.png").exit, 4);
}

TEST_F(Portrait, EveryExecutorSaysTheSame) {
  const Json scores = faces(sample_)[0]["scores"];
  EXPECT_EQ(faces("--executor reference " + sample_)[0]["scores"], scores);
  EXPECT_EQ(dimple("predict --quiet --executor check " + sample_).exit, 0);
}

}  // namespace
}  // namespace dimple::tests

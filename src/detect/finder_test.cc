#include "detect/finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "detect/plugin_library.h"
#include "host/error.h"
#include "host/files.h"
#include "host/own_folder_testing.h"
#include "media/decode.h"
#include "media/draw.h"

namespace dimple::detect {
namespace {

using ::testing::HasSubstr;

// Hills, a sun, a house: shapes and edges, and no face.
media::Picture scene_without_a_face() {
  media::Picture p(640, 480, 3);
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x) {
      p.at(x, y)[0] = uint8_t(90 + y / 5);
      p.at(x, y)[1] = uint8_t(140 + y / 6);
      p.at(x, y)[2] = uint8_t(220 - y / 4);
    }
  media::fill_rounded(p, {480, 40, 90, 90}, 45, {255, 220, 120});
  media::fill_rounded(p, {-100, 330, 500, 400}, 200, {70, 130, 70});
  media::fill_rounded(p, {250, 360, 600, 400}, 180, {60, 110, 60});
  media::fill_rounded(p, {120, 250, 160, 130}, 2, {170, 90, 70});
  media::fill_rounded(p, {180, 310, 40, 70}, 2, {70, 40, 30});
  return p;
}

class EveryFinder : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Finder> finder = make_finder({.name = GetParam()});
};

TEST_P(EveryFinder, SeesNobodyWhereNobodyIs) {
  EXPECT_TRUE(finder->find(scene_without_a_face()).empty());
  EXPECT_TRUE(finder->find(media::Picture(320, 240, 1, 128)).empty());
}

TEST_P(EveryFinder, AcceptsPicturesOfAnyForm) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 3000}, {3000, 2}, {48, 48}, {5000, 3000}})
    EXPECT_TRUE(finder->find(media::Picture(width, height, 3, 90)).empty()) << width << "x" << height;
}

TEST_P(EveryFinder, SaysWhatStandsBehindIt) { EXPECT_FALSE(finder->describe().empty()); }

INSTANTIATE_TEST_SUITE_P(Finder, EveryFinder, ::testing::ValuesIn(kFinderNames));

TEST(Finder, AutoStartsTheSecondLibraryWhenThereIsNothingToSee) {
  const auto finder = make_finder();
  const std::string first = finder->describe();
  EXPECT_EQ(first, make_finder({.name = "opencv-cascade"})->describe());
  EXPECT_TRUE(finder->find(scene_without_a_face()).empty());
  EXPECT_EQ(finder->describe(), first + ", " + make_finder({.name = "dlib-hog"})->describe());
}

TEST(Finder, RefusesAnUnknownName) {
  try {
    make_finder({.name = "crystal-ball"});
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::usage);
    EXPECT_THAT(e.hint(), HasSubstr("opencv-cascade"));
  }
}

TEST(PluginLibrary, NamesThePluginAndThePackageThatAreMissing) {
  try {
    PluginLibrary("libdimple_find_nothing.so", "libnothing-dev", {});
    FAIL();
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::failed);
    EXPECT_THAT(e.what(), HasSubstr("libdimple_find_nothing.so"));
    EXPECT_THAT(e.hint(), HasSubstr("libnothing-dev"));
  }
}

TEST(PluginLibrary, RefusesALibraryThatIsNone) {
  const std::filesystem::path& folder = host::own_folder();
  std::ofstream(folder / "libdimple_find_text.so") << "not a library";
  EXPECT_THROW(PluginLibrary("libdimple_find_text.so", "nothing", {folder}), host::Error);
}

// --- real faces, where they are at hand

std::filesystem::path data_folder() {
  const char* folder = std::getenv("DIMPLE_DATA");
  return folder ? folder : "";
}

TEST(Finder, FindsFacesInGroupPhotos) {
  if (data_folder().empty()) GTEST_SKIP() << "DIMPLE_DATA is not set";
  const auto finder = make_finder();
  size_t faces = 0;
  for (const char* name : {"19.jpg", "21.jpg", "3.jpg", "9.jpg"}) {
    const media::Picture picture = media::load_picture(data_folder() / "faces" / "photos" / name);
    const auto found = finder->find(picture);
    faces += found.size();
    for (size_t i = 1; i < found.size(); ++i) EXPECT_GE(found[i - 1].score, found[i].score) << name;
    for (const Found& f : found) {
      EXPECT_GT(f.box.x + f.box.width / 2, 0);
      EXPECT_LT(f.box.x + f.box.width / 2, picture.width);
    }
  }
  EXPECT_GE(faces, 18u);  // of 23 that a neural finder sees
  EXPECT_LE(faces, 25u);
}

// What one sees beside the other is what either sees; auto is the cascade as long as it sees any.
TEST(Finder, AutoIsTheCascadeWhereThatFindsFaces) {
  if (data_folder().empty()) GTEST_SKIP() << "DIMPLE_DATA is not set";
  const media::Picture picture = media::load_picture(data_folder() / "faces" / "photos" / "19.jpg");
  const auto cascade = make_finder({.name = "opencv-cascade"})->find(picture);
  const auto found = make_finder()->find(picture), both = make_finder({.name = "both"})->find(picture);
  ASSERT_FALSE(cascade.empty());
  ASSERT_EQ(found.size(), cascade.size());
  for (size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].box, cascade[i].box);
  EXPECT_GE(both.size(), cascade.size());
}

// The library's threads hand their hits over in any order.
TEST(Finder, FindsTheSameOnAnyNumberOfThreads) {
  if (data_folder().empty()) GTEST_SKIP() << "DIMPLE_DATA is not set";
  const media::Picture picture = media::load_picture(data_folder() / "faces" / "photos" / "21.jpg");
  const auto alone = make_finder({.name = "opencv-cascade", .threads = 1})->find(picture);
  const auto together = make_finder({.name = "opencv-cascade", .threads = 4})->find(picture);
  ASSERT_EQ(alone.size(), together.size());
  for (size_t i = 0; i < alone.size(); ++i) EXPECT_EQ(alone[i].box, together[i].box);
}

}  // namespace
}  // namespace dimple::detect

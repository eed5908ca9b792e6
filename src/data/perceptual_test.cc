#include "data/perceptual.h"

#include <chrono>
#include <cmath>
#include <numeric>

#include "data/load.h"
#include "data/sets_testing.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

constexpr int32_t kExtent = 48;

// Smooth pictures, each of its own: sums of a few waves.
Dataset smooth_set(int32_t pictures) {
  Dataset set;
  set.name = "waves";
  set.width = set.height = kExtent;
  set.labels = {"happy", "sad"};
  host::Random random(7);
  for (int32_t i = 0; i < pictures; ++i) {
    float wave[4][3];
    for (auto& w : wave)
      for (float& v : w) v = random.around(0.4f);
    for (int32_t y = 0; y < kExtent; ++y)
      for (int32_t x = 0; x < kExtent; ++x) {
        float sum = 128;
        for (const auto& w : wave)
          sum += 25 * std::sin(w[0] * static_cast<float>(x) + w[1] * static_cast<float>(y) + 20 * w[2]);
        set.pixels.push_back(static_cast<uint8_t>(std::clamp(sum, 0.0f, 255.0f)));
      }
    set.label.push_back(i % 2);
    set.split.push_back(i % 4 == 3 ? Split::test : Split::train);
  }
  set.duplicate_of = find_duplicates(set);
  return set;
}

void change(Dataset& set, size_t row, auto&& how) {
  for (size_t i = 0; i < set.picture_bytes(); ++i) {
    uint8_t& pixel = set.pixels[row * set.picture_bytes() + i];
    pixel = static_cast<uint8_t>(std::clamp(how(static_cast<float>(pixel)), 0.0f, 255.0f));
  }
  set.duplicate_of = find_duplicates(set);
}

TEST(Similar, FindsCopiesThatWereBrightenedOrSavedAgain) {
  Dataset set = smooth_set(200);
  host::Random random(5);
  copy_picture(set, 10, 150), change(set, 150, [](float v) { return v * 1.05f + 6; });
  copy_picture(set, 11, 151), change(set, 151, [&](float v) { return v + random.around(4); });
  const auto similar = find_similar(set);
  EXPECT_EQ(similar[150], 10);
  EXPECT_EQ(similar[151], 11);
  const DuplicateReport report = report_duplicates(set, similar);
  EXPECT_EQ(report.groups, 2);
  EXPECT_EQ(report.test_copies, 0);  // 11 and 151 are both tested, 10 and 150 both trained on
}

// Seen in training, and a little brighter in a test: a leak that bytes do not show.
TEST(Similar, NearCopiesAcrossSplitsAreCounted) {
  Dataset set = smooth_set(200);
  const auto brighter = [](float v) { return v + 6; };
  set.split[157] = Split::validation;
  copy_picture(set, 12, 155), change(set, 155, brighter);
  copy_picture(set, 13, 157), change(set, 157, brighter);
  copy_picture(set, 14, 158), change(set, 158, brighter);  // both trained on
  const DuplicateReport looks = report_duplicates(set, find_similar(set));
  EXPECT_EQ(looks.groups, 3);
  EXPECT_EQ(looks.spanning_groups, 2);
  EXPECT_EQ(looks.test_copies, 1);
  EXPECT_EQ(looks.validation_copies, 1);
  EXPECT_EQ(report_duplicates(set).test_copies, 0);
}

TEST(Similar, LeavesDifferentPicturesAlone) {
  const Dataset set = smooth_set(500);
  const auto similar = find_similar(set);
  for (size_t i = 0; i < set.size(); ++i) EXPECT_EQ(similar[i], static_cast<int32_t>(i));
}

TEST(Similar, ByteCopiesAreSimilarToo) {
  Dataset set = smooth_set(20);
  copy_picture(set, 3, 12);
  EXPECT_EQ(find_similar(set)[12], 3);
}

// Brighter from left to right, all of them, and each row by an amount of its own: one band holds them all.
Dataset one_band(int32_t pictures) {
  Dataset set;
  set.width = set.height = 16;
  set.labels = {"happy"};
  host::Random random(3);
  for (int32_t i = 0; i < pictures; ++i) {
    for (int32_t y = 0; y < 16; ++y)
      for (int32_t from = static_cast<int32_t>(random.below(128)), x = 0; x < 16; ++x)
        set.pixels.push_back(static_cast<uint8_t>(from + 8 * x));
    set.label.push_back(0), set.split.push_back(Split::train);
  }
  set.duplicate_of = find_duplicates(set);
  return set;
}

TEST(Similar, TakesTimeByTheNumberOfPictures) {
  const Dataset set = one_band(1600);
  const auto find = [&](size_t pictures) {
    std::vector<int32_t> rows(pictures);
    std::iota(rows.begin(), rows.end(), 0);
    find_similar(select_rows(set, rows), {.most_compared = 8});
  };
  EXPECT_TRUE(host::grows_with(find, 200));
}

TEST(RealData, SimilarPicturesOfFer2013AreFoundInSeconds) {
  DIMPLE_REAL_DATA(path, "fer2013/fer2013.csv.xz");
  const Dataset set = load_dataset(path);
  const auto before = std::chrono::steady_clock::now();
  const auto similar = find_similar(set);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  const DuplicateReport bytes = report_duplicates(set), looks = report_duplicates(set, similar);
  std::printf("%.1f s; groups by bytes %lld, by looks %lld; copies in test %lld, %lld\n", seconds,
              static_cast<long long>(bytes.groups), static_cast<long long>(looks.groups),
              static_cast<long long>(bytes.test_copies), static_cast<long long>(looks.test_copies));
  EXPECT_LT(seconds, 60);
  EXPECT_GE(looks.pictures, bytes.pictures);
}

}  // namespace
}  // namespace dimple::data

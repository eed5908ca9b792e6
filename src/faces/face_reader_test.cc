#include "faces/face_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "base/crc32.h"
#include "export/sample_programs_testing.h"
#include "format/program.h"

namespace dimple::faces {
namespace {

constexpr int32_t kWidth = 90, kHeight = 70;
constexpr dimple_face_options kTakeAll{.min_score = 0, .min_quality = 0, .min_face = 1};

int32_t as_int(Status status) { return static_cast<int32_t>(status); }

// A program at work on an own picture: noise with smooth parts, in rows of its own length.
struct Desk {
  std::vector<uint8_t> program, memory, pixels, scratch;
  dimple_session session{};
  dimple_picture picture{};
  dimple_face_answer answer{};

  explicit Desk(std::vector<uint8_t> of = exports::sample_integer_program(), int32_t channels = 3)
      : program(std::move(of)), memory(dimple_memory_bytes(program.data(), bytes())) {
    EXPECT_EQ(open(), 0);
    show(channels);
  }
  uint32_t bytes() const { return static_cast<uint32_t>(program.size()); }
  int32_t open() {
    return dimple_open(&session, program.data(), bytes(), memory.data(), static_cast<uint32_t>(memory.size()));
  }
  void show(int32_t channels, int32_t gap = 7) {
    const int32_t row_bytes = kWidth * channels + gap;
    std::mt19937 random(3);
    pixels.resize(static_cast<size_t>(row_bytes * kHeight));
    for (uint8_t& pixel : pixels) pixel = static_cast<uint8_t>(random());
    picture = {pixels.data(), kWidth, kHeight, channels, row_bytes};
    scratch.resize(dimple_face_scratch_bytes(&session, channels));
  }
  int32_t read(const dimple_box& box, const dimple_face_options& options = kTakeAll) {
    return dimple_read_face(&session, &options, &picture, &box, scratch.data(), static_cast<uint32_t>(scratch.size()),
                            &answer);
  }
  std::vector<float> scores() const { return {answer.scores, answer.scores + answer.score_count}; }
};

// What the same chain gives, each link called by itself.
std::vector<float> by_hand(Desk& desk, const image::Preprocess& how, const image::Box& box) {
  std::vector<uint8_t> scratch(image::scratch_bytes(how, desk.picture.channels));
  std::vector<int8_t> codes(how.pixels());
  const image::View view{desk.pixels.data(), kWidth, kHeight, desk.picture.channels, desk.picture.row_bytes};
  EXPECT_EQ(image::preprocess(how, view, box, {scratch.data(), scratch.size()}, {codes.data(), codes.size()}),
            Status::ok);
  const dimple_tensor_info input = dimple_input(&desk.session);
  for (size_t i = 0; i < codes.size(); ++i) {
    if (input.dtype == DIMPLE_S8) static_cast<int8_t*>(input.data)[i] = codes[i];
    if (input.dtype == DIMPLE_F32)
      static_cast<float*>(input.data)[i] = static_cast<float>(codes[i]) * image::code_scale(how.normalise);
  }
  EXPECT_EQ(dimple_run(&desk.session), 0);
  const auto* scores = static_cast<const float*>(dimple_output(&desk.session).data);
  return {scores, scores + 3};
}

image::Preprocess recorded(const std::vector<uint8_t>& program) {
  format::Header header;
  std::memcpy(&header, program.data(), sizeof header);
  return header.preprocess;
}

TEST(ReadFace, IsPreprocessingThenTheProgramThenTheHighestScore) {
  for (const std::vector<uint8_t>& program : {exports::sample_integer_program(), exports::sample_float_program(),
                                              exports::sample_integer_program({24, 20, 3})}) {
    for (const int32_t channels : {1, 3, 4}) {
      Desk desk(program, channels);
      ASSERT_EQ(desk.read({20, 10, 44, 40}), 0);
      const std::vector<float> scores = desk.scores();
      EXPECT_EQ(scores, by_hand(desk, recorded(program), {20, 10, 44, 40}));
      EXPECT_EQ(scores[desk.answer.label], *std::max_element(scores.begin(), scores.end()));
      EXPECT_EQ(desk.answer.score, scores[desk.answer.label]);
      EXPECT_GT(desk.answer.quality, 0.5f);
      EXPECT_EQ(desk.answer.unsure, DIMPLE_SURE);
    }
  }
}

TEST(ReadFace, WithoutABoxTakesThePictureForAFaceFromEdgeToEdge) {
  Desk desk;
  ASSERT_EQ(dimple_read_face(&desk.session, &kTakeAll, &desk.picture, nullptr, desk.scratch.data(),
                             static_cast<uint32_t>(desk.scratch.size()), &desk.answer),
            0);
  EXPECT_EQ(desk.scores(), by_hand(desk, framed(recorded(desk.program)), {0, 0, kWidth, kHeight}));
}

TEST(ReadFace, RowsOfLengthNothingLieDirectlyBehindEachOther) {
  Desk desk;
  desk.show(3, 0);
  ASSERT_EQ(desk.read({20, 10, 44, 40}), 0);
  const std::vector<float> scores = desk.scores();
  desk.picture.row_bytes = 0;
  ASSERT_EQ(desk.read({20, 10, 44, 40}), 0);
  EXPECT_EQ(desk.scores(), scores);
}

TEST(ReadFace, WithoutOptionsHasThoseOfPredict) {
  const dimple_face_options defaults = dimple_face_defaults();
  EXPECT_EQ(defaults.min_score, 0.45f);
  EXPECT_EQ(defaults.min_quality, 0.2f);
  EXPECT_EQ(defaults.min_face, 32);
  Desk desk;
  const dimple_box box{20, 10, 31, 40};
  ASSERT_EQ(dimple_read_face(&desk.session, nullptr, &desk.picture, &box, desk.scratch.data(),
                             static_cast<uint32_t>(desk.scratch.size()), &desk.answer),
            0);
  EXPECT_EQ(desk.answer.unsure, DIMPLE_UNSURE_SMALL);
}

TEST(ReadFace, IsUnsureOfWhatIsSmallOrBlurredOrHasALowScore) {
  Desk desk;
  const auto why = [&](const dimple_face_options& options) {
    EXPECT_EQ(desk.read({20, 10, 44, 40}, options), 0);
    return desk.answer.unsure;
  };
  EXPECT_EQ(why(kTakeAll), DIMPLE_SURE);
  const float score = desk.answer.score, quality = desk.answer.quality;
  EXPECT_EQ(why({score, quality, 40}), DIMPLE_SURE) << "a limit that is met is met";
  EXPECT_EQ(why({score, quality, 41}), DIMPLE_UNSURE_SMALL);
  EXPECT_EQ(why({score, std::nextafter(quality, 2.0f), 40}), DIMPLE_UNSURE_BLURRED);
  EXPECT_EQ(why({std::nextafter(score, 2.0f), quality, 40}), DIMPLE_UNSURE_LOW_SCORE);
  EXPECT_EQ(why({2, 2, 41}), DIMPLE_UNSURE_SMALL);
  EXPECT_EQ(why({2, 2, 40}), DIMPLE_UNSURE_BLURRED);
  EXPECT_NE(desk.answer.scores, nullptr) << "an unsure answer has its scores too";
}

TEST(ReadFace, SaysInEnglishWhyItIsUnsure) {
  EXPECT_STREQ(dimple_describe_unsure(DIMPLE_SURE), "");
  EXPECT_STREQ(dimple_describe_unsure(DIMPLE_UNSURE_SMALL), "small");
  EXPECT_STREQ(dimple_describe_unsure(DIMPLE_UNSURE_BLURRED), "blurred");
  EXPECT_STREQ(dimple_describe_unsure(DIMPLE_UNSURE_LOW_SCORE), "low score");
}

TEST(ReadFace, ReadsABoxThatSticksOutAndRefusesOneThatShowsNothing) {
  Desk desk;
  EXPECT_EQ(desk.read({-20, -20, 40, 40}), 0);
  EXPECT_EQ(desk.read({kWidth - 1, kHeight - 1, 40, 40}), 0);
  EXPECT_EQ(desk.read({-40, 0, 40, 40}), as_int(Status::bad_argument));
  EXPECT_EQ(desk.answer.scores, nullptr);
  EXPECT_EQ(desk.read({0, kHeight, 40, 40}), as_int(Status::bad_argument));
  EXPECT_EQ(desk.read({5, 5, 0, 40}), as_int(Status::bad_argument));
  EXPECT_EQ(desk.read({5, 5, 40, -1}), as_int(Status::bad_argument));
  EXPECT_EQ(desk.read({INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}), as_int(Status::bad_argument));
  EXPECT_EQ(desk.read({INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX}), as_int(Status::bad_argument));
}

TEST(ReadFace, AnswersNullPointersWithAStatus) {
  Desk desk;
  const dimple_box box{20, 10, 44, 40};
  const auto room = static_cast<uint32_t>(desk.scratch.size());
  const auto read = [&](dimple_session* session, const dimple_picture* picture, void* scratch, dimple_face_answer* to) {
    return dimple_read_face(session, nullptr, picture, &box, scratch, room, to);
  };
  EXPECT_EQ(read(&desk.session, &desk.picture, desk.scratch.data(), &desk.answer), 0);
  EXPECT_EQ(read(nullptr, &desk.picture, desk.scratch.data(), &desk.answer), as_int(Status::bad_argument));
  EXPECT_EQ(read(&desk.session, nullptr, desk.scratch.data(), &desk.answer), as_int(Status::bad_argument));
  EXPECT_EQ(read(&desk.session, &desk.picture, desk.scratch.data(), nullptr), as_int(Status::bad_argument));
  EXPECT_EQ(read(&desk.session, &desk.picture, nullptr, &desk.answer), as_int(Status::memory_too_small));
  desk.picture.pixels = nullptr;
  EXPECT_EQ(read(&desk.session, &desk.picture, desk.scratch.data(), &desk.answer), as_int(Status::bad_argument));
  EXPECT_EQ(dimple_face_scratch_bytes(nullptr, 3), 0u);
}

TEST(ReadFace, RefusesPicturesThatAreNone) {
  const auto status_of = [](int32_t dimple_picture::*field, int32_t value) {
    Desk desk;
    desk.picture.*field = value;
    return desk.read({20, 10, 44, 40});
  };
  for (const int32_t value : {0, -1, INT32_MIN, INT32_MAX}) {
    EXPECT_EQ(status_of(&dimple_picture::width, value), as_int(Status::bad_argument));
    EXPECT_EQ(status_of(&dimple_picture::height, value), as_int(Status::bad_argument));
    EXPECT_EQ(status_of(&dimple_picture::channels, value), as_int(Status::bad_argument));
  }
  EXPECT_EQ(status_of(&dimple_picture::channels, 2), as_int(Status::bad_argument));
  EXPECT_EQ(status_of(&dimple_picture::row_bytes, 3 * kWidth - 1), as_int(Status::bad_argument));
}

TEST(ReadFace, WantsScratchForForeignChannelsOnly) {
  Desk desk;
  EXPECT_EQ(dimple_face_scratch_bytes(&desk.session, 1), 0u);
  EXPECT_EQ(dimple_face_scratch_bytes(&desk.session, 3), 20u * 20 * 3);
  EXPECT_EQ(dimple_face_scratch_bytes(&desk.session, 0), 0u);
  EXPECT_EQ(dimple_face_scratch_bytes(&desk.session, INT32_MAX), 0u);
  desk.scratch.resize(20 * 20 * 3 - 1);
  EXPECT_EQ(desk.read({20, 10, 44, 40}), as_int(Status::memory_too_small));
  desk.show(1);
  const dimple_box box{20, 10, 44, 40};
  EXPECT_EQ(dimple_read_face(&desk.session, nullptr, &desk.picture, &box, nullptr, 0, &desk.answer), 0);
}

TEST(ReadFace, WantsAnOpenSession) {
  Desk desk;
  desk.session = {};
  EXPECT_EQ(desk.read({20, 10, 44, 40}), as_int(Status::wrong_order));
  EXPECT_EQ(dimple_face_scratch_bytes(&desk.session, 3), 0u);
}

template <class Change>
std::vector<uint8_t> with_header(Change change) {
  std::vector<uint8_t> program = exports::sample_integer_program();
  format::Header header;
  std::memcpy(&header, program.data(), sizeof header);
  change(header);
  std::memcpy(program.data(), &header, sizeof header);
  header.checksum = crc32({program.data() + 16, program.size() - 16});
  std::memcpy(program.data(), &header, sizeof header);
  return program;
}

TEST(ReadFace, RefusesAProgramThatDoesNotSayHowAFaceBecomesItsInput) {
  Desk desk(with_header([](format::Header& h) { h.preprocess = {.width = 0, .height = 0, .channels = 0}; }));
  EXPECT_EQ(desk.read({20, 10, 44, 40}), as_int(Status::reads_no_faces));
  EXPECT_STREQ(dimple_describe(as_int(Status::reads_no_faces)),
               "the program reads no faces: it does not say how one becomes its input, or its output is no list of "
               "scores");
}

TEST(ReadFace, RefusesAProgramWhoseOutputIsNoListOfScores) {
  Desk desk(with_header([](format::Header& h) { h.output = h.logits; }));
  EXPECT_EQ(desk.read({20, 10, 44, 40}), as_int(Status::reads_no_faces));
}

TEST(Judge, TakesAScoreThatIsNoNumberForALowOne) {
  const float scores[] = {NAN, 0.3f};
  EXPECT_EQ(judge(kTakeAll, {0, 0, 50, 50}, 1, {scores, 2}).unsure, DIMPLE_UNSURE_LOW_SCORE);
}

// Boxes anywhere, and pictures of all kinds: an answer or a refusal, twice the same, and not a byte beside the memory
// that was asked for.
TEST(ReadFace, StandsAnyBoxOnAnyPicture) {
  constexpr size_t kGuard = 64;
  std::mt19937 random(7);
  const auto side = [&](int32_t small) {
    return random() % 16 == 0 ? static_cast<int32_t>(random()) : static_cast<int32_t>(random() % 200) - small;
  };
  Desk desk;
  int answered = 0;
  for (int round = 0; round < 2000; ++round) {
    desk.show(1 + static_cast<int32_t>(random() % 4), static_cast<int32_t>(random() % 9));
    desk.picture.width = 1 + static_cast<int32_t>(random() % kWidth);
    desk.picture.height = 1 + static_cast<int32_t>(random() % kHeight);
    const dimple_box box{side(80), side(80), side(20), side(20)};
    const size_t need = desk.scratch.size();
    std::vector<uint8_t> room(need + 2 * kGuard, 0x5A);
    const auto read = [&] {
      return dimple_read_face(&desk.session, nullptr, &desk.picture, &box, room.data() + kGuard,
                              static_cast<uint32_t>(need), &desk.answer);
    };
    const int32_t status = read();
    const dimple_face_answer first = desk.answer;
    ASSERT_EQ(read(), status);
    ASSERT_EQ(first.label, desk.answer.label);
    ASSERT_EQ(first.score, desk.answer.score);
    ASSERT_EQ(first.quality, desk.answer.quality);
    ASSERT_EQ(first.unsure, desk.answer.unsure);
    for (size_t i = 0; i < kGuard; ++i) ASSERT_TRUE(room[i] == 0x5A && room[need + 2 * kGuard - 1 - i] == 0x5A);
    if (status != 0) {
      ASSERT_EQ(status, as_int(Status::bad_argument));
      continue;
    }
    ++answered;
    ASSERT_LT(first.label, 3u);
    ASSERT_TRUE(first.quality >= 0 && first.quality <= 1);
    ASSERT_TRUE(first.score >= 0 && first.score <= 1);
  }
  EXPECT_GT(answered, 200);
}

}  // namespace
}  // namespace dimple::faces

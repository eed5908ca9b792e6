#include "workflow/predict_crew.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <fstream>

#include "host/own_folder_testing.h"
#include "media/encode.h"

namespace dimple::workflow {
namespace {

constexpr int kPictures = 40;

class Crew : public testing::Test {
 protected:
  Crew() {
    const std::filesystem::path& folder = host::own_folder();
    for (int i = 0; i < kPictures; ++i) {
      const std::string path = (folder / fmt::format("{:02}.png", i)).string();
      media::save_picture(path, media::Picture(48 + i, 48, 1, static_cast<uint8_t>(i)));
      sources_.push_back({.kind = host::Source::Kind::file, .name = path});
    }
    request_.detect = request_.save = false;
    request_.threads = 3;
  }

  // The widths of what came, which tell the pictures apart.
  std::vector<int> read(const host::Task& task, const std::function<void()>& at_each = {}) {
    PredictFolder folder(request_);
    const std::vector<NamedSource> named = name_drawings(sources_);
    PredictCrew crew(request_, model_, folder, named.size());
    std::vector<int> widths;
    whole_ = crew.read({named, false, task}, [&](const PictureResult& result) {
      widths.push_back(result.width);
      if (at_each) at_each();
    });
    threads_ = crew.threads();
    return widths;
  }

  std::vector<int> first(size_t count) const {
    std::vector<int> widths;
    for (size_t i = 0; i < count; ++i) widths.push_back(48 + static_cast<int>(i));
    return widths;
  }

  PredictRequest request_;
  std::vector<host::Source> sources_;
  const inference::OpenedModel model_ = inference::open_model("dimple-nano");
  bool whole_ = false;
  int threads_ = 0;
};

TEST_F(Crew, GivesResultsInTheOrderOfThePictures) {
  for (const int threads : {1, 2, 3, 60}) {
    request_.threads = threads;
    EXPECT_EQ(read({}), first(kPictures)) << threads;
    EXPECT_TRUE(whole_);
    EXPECT_EQ(threads_, std::min(threads, kPictures));
  }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a decoder stayed behind";
}

TEST_F(Crew, KeepsLayersOnOneThread) {
  request_.executor = "check";
  EXPECT_EQ(read({}), first(kPictures));
  EXPECT_EQ(threads_, 1);
}

struct Counted final : host::Cancel {
  int signal() const override { return told = has_come(), told ? 15 : 0; }
  bool has_come() const override { return taken >= 5; }
  std::atomic<int> taken = 0;
  mutable std::atomic<bool> told = false;
};

TEST_F(Crew, StopsAtASignalAndTakesWhatIsInHand) {
  for (const int threads : {1, 3}) {
    Counted cancel;
    host::NoProgress progress;
    request_.threads = threads;
    const std::vector<int> widths = read({progress, cancel}, [&] { ++cancel.taken; });
    EXPECT_FALSE(whole_);
    EXPECT_TRUE(cancel.told);
    EXPECT_GE(widths.size(), 5u);
    EXPECT_LT(widths.size(), size_t{kPictures});
    EXPECT_EQ(widths, first(widths.size()));
  }
}

TEST_F(Crew, EndsItsThreadsWhenAResultCannotBeKept) {
  EXPECT_THROW(read({}, [] { throw host::Error(host::Exit::resources, "the disk is full"); }), host::Error);
}

// What is thrown about a picture comes in its place.
TEST_F(Crew, AFailureComesAfterThePicturesBeforeIt) {
  request_.save = true;
  request_.runs = (host::own_folder() / "runs").string();
  request_.name = "taken";
  std::filesystem::create_directories(host::own_folder() / "runs/predict/taken");
  std::ofstream(host::own_folder() / "00.png") << "no picture";
  int taken = 0;
  EXPECT_THROW(read({}, [&] { ++taken; }), host::Error);
  EXPECT_EQ(taken, 1);
}

TEST_F(Crew, EveryThreadNeedsItsFinder) {
  request_.detect = true;
  request_.finder = "crystal-ball";
  EXPECT_THROW(read({}), host::Error);
}

TEST(NameDrawings, AreUniqueAndStayTheSame) {
  const auto names = [](const std::vector<std::string>& paths) {
    std::vector<host::Source> sources;
    for (const std::string& path : paths) sources.push_back({.name = path});
    std::vector<std::string> drawings;
    for (const NamedSource& named : name_drawings(sources)) drawings.push_back(named.drawing);
    return drawings;
  };
  EXPECT_EQ(names({"a/x.png", "b/x.jpg", "c/x-2.png", "c/x.png", "-"}),
            (std::vector<std::string>{"x", "x-2", "x-2-2", "x-3", "stdin"}));
  EXPECT_EQ(names({std::string(300, 'y') + ".png"})[0].size(), 200u);
}

}  // namespace
}  // namespace dimple::workflow

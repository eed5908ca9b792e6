#include "host/sources.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "host/error.h"
#include "host/files.h"
#include "host/growth_testing.h"

namespace dimple::host {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class Sources : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "dimple-sources-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    make_folder(folder_ / "below");
    for (const char* file : {"b.JPG", "a.png", "notes.txt", "below/c.webp"}) std::ofstream(folder_ / file).put('x');
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::string> names_of(const std::vector<std::string>& words) {
    std::vector<std::string> names;
    for (const Source& source : expand_sources(words))
      names.push_back(fs::path(source.name).lexically_relative(folder_));
    return names;
  }
  std::string in(const char* name) { return (folder_ / name).string(); }

  fs::path folder_;
};

TEST_F(Sources, AFolderIsItsPicturesAndThoseBelow) {
  EXPECT_THAT(names_of({folder_.string()}), ElementsAre("a.png", "b.JPG", "below/c.webp"));
}

TEST_F(Sources, AGlobIsSorted) { EXPECT_THAT(names_of({in("?.*")}), ElementsAre("a.png", "b.JPG")); }

TEST_F(Sources, TakeTimeByTheirNumber) {
  const auto read_list = [&](size_t rows) {
    write_atomic(folder_ / "list.csv", std::string_view("path\n" + repeated(rows, "a.png\n")));
    expand_sources({in("list.csv")});
  };
  EXPECT_TRUE(grows_with(read_list, 200));
  std::ofstream(folder_ / std::string(200, 'a')).put('x');
  const auto match = [&](size_t stars) { EXPECT_THROW(expand_sources({in("") + repeated(stars, "a*") + "b"}), Error); };
  EXPECT_TRUE(grows_with(match, 10));  // tried from every place, 80 stars would never end
}

TEST_F(Sources, ANamedFileIsTakenWhateverItIsCalled) {
  EXPECT_THAT(names_of({in("notes.txt"), in("nosuch.jpg")}), ElementsAre("notes.txt", "nosuch.jpg"));
}

TEST_F(Sources, AnEmptyFolderAmongOthersIsARowAndAloneAnError) {
  make_folder(folder_ / "empty");
  const auto sources = expand_sources({in("a.png"), in("empty"), in("*.gif")});
  ASSERT_EQ(sources.size(), 3u);
  EXPECT_EQ(sources[1].kind, Source::Kind::nothing);
  EXPECT_THAT(sources[1].problem, testing::HasSubstr("no pictures in the folder"));
  EXPECT_THAT(sources[2].problem, testing::HasSubstr("no file matches"));
  EXPECT_THROW(expand_sources({in("empty")}), Error);
}

TEST_F(Sources, AListNamesFilesBesideItself) {
  std::ofstream(folder_ / "list.csv") << "id,path\n1,a.png\n2,\"below/c.webp\"\n";
  EXPECT_THAT(names_of({in("list.csv")}), ElementsAre("a.png", "below/c.webp"));
  std::ofstream(folder_ / "bare.csv") << "a.png\nb.JPG\n";
  EXPECT_THAT(names_of({in("bare.csv")}), ElementsAre("a.png", "b.JPG"));
}

TEST_F(Sources, AShortLineInAListIsNamed) {
  std::ofstream(folder_ / "list.csv") << "id,path\n1\n";
  try {
    expand_sources({in("list.csv")});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("line 2 names no file"));
  }
}

TEST_F(Sources, ADashIsStandardInput) {
  EXPECT_EQ(expand_sources({"-"}).at(0).kind, Source::Kind::standard_input);
  EXPECT_THROW(expand_sources({"-", "-"}), Error);
}

TEST_F(Sources, NothingToLookAtIsAnError) {
  make_folder(folder_ / "empty");
  for (const std::string& word : {in("empty"), in("*.tiff")}) {
    try {
      expand_sources({word});
      FAIL() << word;
    } catch (const Error& error) {
      EXPECT_EQ(error.exit(), Exit::input) << word;
    }
  }
}

TEST_F(Sources, MovingPicturesAndAddressesAreRefusedByName) {
  for (const char* word : {"film.mp4", "cam:0", "rtsp://door/1", "https://example.org/a.jpg"}) {
    EXPECT_THROW(expand_sources({word}), Error) << word;
  }
}

}  // namespace
}  // namespace dimple::host

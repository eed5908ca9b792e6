#include "data/datasets/fer2013/fer2013.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

#include "data/datasets/importers.h"
#include "data/sets_testing.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

std::string pixels_of(int seed, int count = 48 * 48) {
  host::Random random(static_cast<uint64_t>(seed));
  std::string text;
  for (int i = 0; i < count; ++i) text += (i ? " " : "") + std::to_string(random.below(256));
  return text;
}

std::string row(int label, int seed, const char* usage) {
  return std::to_string(label) + "," + pixels_of(seed) + "," + usage + "\n";
}

std::string small_csv() {
  return "emotion,pixels,Usage\n" + row(0, 1, "Training") + row(3, 2, "Training") + row(6, 3, "PublicTest") +
         row(3, 2, "PrivateTest");
}

std::string xz(const std::string& name, const std::string& text) {
  const std::string path = temporary(name);
  struct archive* a = archive_write_new();
  archive_write_add_filter_xz(a);
  archive_write_set_format_raw(a);
  archive_write_open_filename(a, path.c_str());
  struct archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "x");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(a, entry);
  archive_write_data(a, text.data(), text.size());
  archive_entry_free(entry);
  archive_write_close(a);
  archive_write_free(a);
  return path;
}

Dataset load(const std::string& path) { return load_dataset(path); }

std::string refusal_of_csv(const std::string& text) {
  const std::string path = write_file("bad/fer2013.csv", text);
  return input_error([&] { load(path); });
}

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Fer2013, TakesTimeByItsRows) {
  const std::string one = row(3, 1, "Training");
  const auto read = [&](size_t rows) {
    Fer2013Csv csv("x");
    csv.line("emotion,pixels,Usage", 1);
    for (size_t i = 0; i < rows; ++i) csv.line(std::string_view(one).substr(0, one.size() - 1), 2);
    EXPECT_EQ(csv.finish().size(), rows);
  };
  EXPECT_TRUE(host::grows_with(read, 20));
}

TEST(Fer2013, ReadsRowsSplitsAndTwins) {
  const Dataset set = load(write_file("plain/fer2013.csv", small_csv()));
  EXPECT_EQ(set.name, "fer2013");
  EXPECT_EQ(set.label, (std::vector<int32_t>{0, 3, 6, 3}));
  EXPECT_EQ(set.labels[3], "happy");
  EXPECT_EQ(set.split, (std::vector<Split>{Split::train, Split::train, Split::validation, Split::test}));
  EXPECT_EQ(set.duplicate_of, (std::vector<int32_t>{0, 1, 2, 1}));
  EXPECT_TRUE(set.votes.empty());
  EXPECT_EQ(set.sha256.size(), 64u);
}

TEST(Fer2013, ACompressedFileIsTheSameSet) {
  EXPECT_EQ(load(xz("packed.csv.xz", small_csv())), load(write_file("plain/fer2013.csv", small_csv())));
}

TEST(Fer2013, AFolderIsReadByTheFileInIt) {
  write_file("folder/fer2013.csv", small_csv());
  EXPECT_EQ(load(temporary("folder")).size(), 4u);
}

TEST(Fer2013, FindsColumnsByNameInAnyOrderAndLineEnd) {
  const std::string text = "Usage, emotion,\"pixels\"\r\nTraining,4,\"" + pixels_of(1) + "\"\r\n";
  const Dataset set = load(write_file("order/fer2013.csv", text));
  EXPECT_EQ(set.label, std::vector<int32_t>{4});
  const Dataset usual = load(write_file("plain/fer2013.csv", small_csv()));
  EXPECT_TRUE(std::ranges::equal(set.picture(0), usual.picture(0)));
}

TEST(Fer2013, SaysWhichLineIsWrongAndWhy) {
  const std::string head = "emotion,pixels,Usage\n", good = row(0, 1, "Training");
  expect_in(refusal_of_csv(""), "empty");
  expect_in(refusal_of_csv(head), "no rows");
  expect_in(refusal_of_csv("emotion,Usage\n0,Training\n"), "no column `pixels`");
  expect_in(refusal_of_csv("a,b,c\n"), "no column `emotion`");
  expect_in(refusal_of_csv(head + good + "3\n"), "line 3: 1 fields");
  expect_in(refusal_of_csv(head + good + "7," + pixels_of(1) + ",Training\n"), "line 3: emotion `7`");
  expect_in(refusal_of_csv(head + "happy," + pixels_of(1) + ",Training\n"), "line 2: emotion `happy`");
  expect_in(refusal_of_csv(head + good + "0," + pixels_of(1, 2303) + ",Training\n"),
            "line 3: 2303 pixels instead of 2304");
  expect_in(refusal_of_csv(head + "0," + pixels_of(1, 2305) + ",Training\n"), "2305 pixels");
  expect_in(refusal_of_csv(head + "0,256 " + pixels_of(1, 2303) + ",Training\n"), "pixel 0 is 256");
  expect_in(refusal_of_csv(head + "0,-1 " + pixels_of(1, 2303) + ",Training\n"), "pixel 0 is not a number");
  expect_in(refusal_of_csv(head + "0,99999999999 " + pixels_of(1, 2303) + ",Training\n"), "pixel 0 is not a number");
  expect_in(refusal_of_csv(head + "0,,Training\n"), "0 pixels");
  expect_in(refusal_of_csv(head + "0," + pixels_of(1) + ",Test\n"), "Usage `Test`");
  EXPECT_EQ(refusal_of_csv(head + good), "");
}

TEST(Fer2013, AFileCutInTheMiddleIsRefused) {
  const std::string whole = small_csv();
  expect_in(refusal_of_csv(whole.substr(0, whole.size() - 2000)), "line 5");
  const std::string packed = xz("cut.csv.xz", whole);
  std::filesystem::resize_file(packed, std::filesystem::file_size(packed) / 2);
  EXPECT_NE(input_error([&] { kFer2013Importer.load(packed, {}); }), "");
}

std::string votes_csv(const std::string& rows) {
  return "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n" + rows;
}

TEST(Fer2013, JoinsVotesRowByRow) {
  const std::string csv = write_file("votes/fer2013.csv", small_csv());
  write_file("votes/fer2013new.csv",
             votes_csv("Training,a.png,4,0,0,1,3,2,0,0,0,0\nTraining,b.png,0,10,0,0,0,0,0,0,0,0\n"
                       "PublicTest,c.png,10,0,0,0,0,0,0,0,0,0\nPrivateTest,,0,9,0,0,0,0,0,0,0,1\n"));
  write_file("votes/doubtful_rows.csv", "row,flags\n2,3\n");
  const Dataset set = load(csv);
  EXPECT_EQ(set.votes_of(1)[1], 10);
  EXPECT_EQ(set.votes_of(3)[9], 1);
  EXPECT_EQ(set.doubt, (std::vector<uint8_t>{0, 0, 3, 0}));
}

TEST(Fer2013, VotesOfAnotherFileAreRefused) {
  const std::string csv = write_file("plain/fer2013.csv", small_csv());
  const auto refusal = [&](const std::string& rows) {
    LoadOptions options;
    options.votes = write_file("other/votes.csv", rows);
    return input_error([&] { load_dataset(csv, options); });
  };
  const std::string one = "Training,a,4,0,0,1,3,2,0,0,0,0\n";
  expect_in(refusal(votes_csv(one)), "votes for 1 pictures, but there are 4");
  expect_in(refusal(votes_csv(one + one + one)), "line 4: Usage `Training`, but picture 2 is in validation");
  expect_in(refusal(votes_csv("Training,a,4,0\n")), "short row");
  expect_in(refusal(votes_csv("Training,a,x,0,0,1,3,2,0,0,0,0\n")), "no number of votes");
  expect_in(refusal("Usage,neutral\n"), "no column `happiness`");
  LoadOptions options;
  options.votes = "/nonexistent/votes.csv";
  expect_in(input_error([&] { load_dataset(csv, options); }), "/nonexistent/votes.csv");
}

TEST(Fer2013, DoubtsAboutRowsThatAreNotThereAreRefused) {
  const std::string csv = write_file("plain/fer2013.csv", small_csv());
  LoadOptions options;
  for (const char* text : {"row,flags\n4,1\n", "row,flags\n1\n", "a,b\n", "row,flags\n-1,1\n"}) {
    options.doubtful = write_file("other/doubts.csv", text);
    EXPECT_NE(input_error([&] { load_dataset(csv, options); }), "") << text;
  }
}

TEST(RealData, Fer2013IsTheKnownSet) {
  DIMPLE_REAL_DATA(path, "fer2013/fer2013.csv.xz");
  const Dataset set = load(path);
  EXPECT_EQ(rows_of(set, Split::train).size(), 28'709u);
  EXPECT_EQ(rows_of(set, Split::validation).size(), 3'589u);
  EXPECT_EQ(rows_of(set, Split::test).size(), 3'589u);
  const DuplicateReport report = report_duplicates(set);
  EXPECT_EQ(report.groups, 1'514);  // 1,513 of faces, and the twelve pictures that are wholly black
  EXPECT_EQ(report.spanning_groups, 557);
  EXPECT_EQ(report.conflicting_groups, 57);
  EXPECT_EQ(report.validation_copies, 280);
  EXPECT_EQ(report.test_copies, 288);
  EXPECT_EQ(set.votes.size(), 358'870u);
  EXPECT_EQ(std::ranges::count_if(set.doubt, [](uint8_t d) { return (d & kDoubtPixels) != 0; }), 177);
  EXPECT_EQ(std::ranges::count_if(set.doubt, [](uint8_t d) { return (d & kDoubtPlace) != 0; }), 71);
}

}  // namespace
}  // namespace dimple::data

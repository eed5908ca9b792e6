#include "data/datasets/picture_tree.h"

#include <gmock/gmock.h>

#include <cstdio>
// jpeglib.h needs <cstdio> before it.
#include <jpeglib.h>

#include "data/cache.h"
#include "data/datasets/tree_testing.h"
#include "data/quarantine.h"
#include "host/growth_testing.h"
#include "media/hostile_files_testing.h"

namespace dimple::data {
namespace {

using media::testing::Bytes;
using testing::HasSubstr;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::string wide_png() {
  Bytes rows;
  for (int y = 0; y < 8; ++y) {
    rows.push_back(0);
    for (int x = 0; x < 8; ++x) media::testing::append(rows, {uint8_t(x * 30), 7});
  }
  return text_of(media::testing::png_of(8, 8, 16, 0, media::testing::zlib_of(rows)));
}

// What a printer's shop saves; our own encoder cannot.
std::string cmyk_jpeg() {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = info.image_height = 8;
  info.input_components = 4;
  info.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_start_compress(&info, TRUE);
  std::vector<unsigned char> row(8 * 4, 255);           // marked as Adobe does: 255 is no ink...
  for (size_t x = 0; x < 8; ++x) row[4 * x + 3] = 200;  // ...but a little black
  while (info.next_scanline < info.image_height) {
    JSAMPROW rows = row.data();
    jpeg_write_scanlines(&info, &rows, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string text(reinterpret_cast<char*>(bytes), size);
  std::free(bytes);
  return text;
}

// 58 pictures, of which three are bad, one is wide, one is in inks, one is turned, one is called by another name than
// it deserves.
std::vector<File> shaken_tree() {
  std::vector<File> files;
  for (int i = 0; i < 51; ++i) files.emplace_back((i % 2 ? "happy/" : "sad/") + std::to_string(100 + i) + ".png", "");
  const auto marked = media::testing::marked_picture(12, 8, 3);
  const std::string jpeg = text_of(media::encode_jpeg(marked));
  files.emplace_back("happy/empty.png", " ");
  files.back().second.clear();
  files.emplace_back("happy/cut.jpg", jpeg.substr(0, jpeg.size() / 2));
  files.emplace_back("sad/text.png", "this is no picture");
  files.emplace_back("sad/wide.png", wide_png());
  files.emplace_back("sad/inks.jpg", cmyk_jpeg());
  files.emplace_back("sad/turned.jpg",
                     text_of(media::testing::with_exif(media::encode_jpeg(marked), media::testing::exif_of(6, true))));
  files.emplace_back("sad/jpeg_by_nature.png", jpeg);
  return files;
}

std::string plant_shaken(const std::string& name, const std::vector<File>& files = shaken_tree()) {
  const std::string path = plant(name, files);
  write_file(name + "/happy/empty.png", "");  // plant() gives a nameless file a picture
  return path;
}

class Listener final : public host::Progress {
 public:
  void say(std::string_view line) override { heard += std::string(line) + "\n"; }
  std::string heard;
};

TEST(PictureTree, AFewBadFilesAreListedAndTheRestGoesOn) {
  Listener listener;
  LoadOptions options;
  const host::Cancel never;
  options.task = {listener, never};
  const Dataset set = load_dataset(plant_shaken("shaken"), options);
  EXPECT_EQ(set.size(), 55u);
  ASSERT_EQ(set.quarantine.size(), 3u);
  EXPECT_EQ(set.quarantine[0].file, "happy/cut.jpg");
  EXPECT_THAT(set.quarantine[0].why, HasSubstr("cut short"));
  EXPECT_THAT(set.quarantine[1].why, HasSubstr("empty"));
  EXPECT_THAT(set.quarantine[2].why, HasSubstr("text file"));
  EXPECT_THAT(listener.heard, HasSubstr("3 bad files"));
  EXPECT_THAT(quarantine_csv(set), HasSubstr("happy/cut.jpg,"));
  save_cache(temporary("shaken.dimpledata"), set);
  EXPECT_EQ(load_cache(temporary("shaken.dimpledata")), set);
}

TEST(PictureTree, RefusesASetThatIsMostlyBad) {
  std::vector<File> files = {{"happy/a.png", ""}, {"sad/b.png", ""}, {"sad/c.png", "x"}};
  const std::string why = input_error([&] { load_dataset(plant("broken", files)); });
  EXPECT_THAT(why, HasSubstr("1 of 3 pictures are bad"));
  EXPECT_THAT(why, HasSubstr("sad/c.png"));
}

// 16 bits become 8, EXIF turns the picture, contents decide about the format.
TEST(PictureTree, ReadsWhatAPictureHoldsWhateverItIsCalled) {
  LoadOptions options;
  options.size = 8;
  options.channels = 3;
  const Dataset set = load_dataset(plant_shaken("shaken_content"), options);
  const auto picture = [&](const std::string& name) {
    const auto it = std::ranges::find(set.file, name);
    EXPECT_NE(it, set.file.end()) << name;
    return set.picture(static_cast<size_t>(it - set.file.begin()));
  };
  EXPECT_EQ(picture("sad/wide.png")[3], 30);
  EXPECT_NEAR(picture("sad/inks.jpg")[0], 200, 4);
  // The bright corner is at the top left; orientation 6 turns it to the top right.
  const auto upright = picture("sad/jpeg_by_nature.png"), turned = picture("sad/turned.jpg");
  EXPECT_GT(turned[7 * 3], turned[7 * 8 * 3] + 20);
  EXPECT_FALSE(std::ranges::equal(upright, turned));
}

TEST(PictureTree, UnknownLabelsAreCountedNotSwallowed) {
  const std::string path =
      plant("fer_strange", {{"train/happy/a.png", ""}, {"train/pride/b.png", ""}, {"train/pride/c.png", ""}});
  const Dataset set = load_dataset(path);
  EXPECT_EQ(set.size(), 1u);
  ASSERT_EQ(set.left_out.size(), 1u);
  EXPECT_EQ(set.left_out[0], (LeftOut{"labelled `pride`", 2}));
}

TEST(PictureTree, MoreReasonsThanAnyoneReadsBecomeOne) {
  Dataset set;
  for (int i = 0; i < 1002; ++i) leave_out(set, std::to_string(i), 2);
  leave_out(set, "7");
  EXPECT_EQ(set.left_out.size(), 1001u);
  EXPECT_EQ(set.left_out[7], (LeftOut{"7", 3}));
  EXPECT_EQ(set.left_out.back(), (LeftOut{"for other reasons", 4}));
}

TEST(PictureTree, HasOnlySoManyClasses) {
  const std::string path = plant("classes", {{"a.png", ""}, {"b.png", ""}});
  PictureTree tree{.name = "classes"};
  tree.read = [](const std::string& name) {
    std::vector<Entry> entries;
    for (int i = 0; i < 600; ++i) entries.push_back({.label = name + std::to_string(i)});
    return entries;
  };
  EXPECT_THAT(input_error([&] { load_tree(tree, path, whole_pictures()); }), HasSubstr("more than 1000 classes"));
}

TEST(PictureTree, TakesTheSizeAndTheChannelsAskedFor) {
  const std::string path = plant("sized", {{"happy/a.png", ""}, {"sad/b.png", ""}});
  EXPECT_EQ(load_dataset(path).width, 16);  // small squares stay as they are
  LoadOptions options;
  options.size = 24, options.channels = 3;
  const Dataset set = load_dataset(path, options);
  EXPECT_EQ(set.picture_bytes(), 24u * 24 * 3);
  for (const int bad : {-1, 1025}) {
    options.size = bad;
    EXPECT_THROW(load_dataset(path, options), host::Error);
  }
}

TEST(PictureTree, WithoutAFaceAPictureIsLeftOut) {
  const std::string path = plant("faceless", {{"happy/a.png", ""}, {"sad/b.png", ""}});
  LoadOptions options;
  options.faces = "find";
  try {
    load_dataset(path, options);
    FAIL() << "noise has no faces";
  } catch (const host::Error& error) {
    if (error.exit() == host::Exit::failed) GTEST_SKIP() << "no face finder is installed: " << error.what();
    EXPECT_EQ(error.exit(), host::Exit::input);
  }
}

TEST(EntryTable, FindsAPathByItsWholeEnd) {
  EntryTable table;
  table.add("b/c.png", {.label = "happy"});
  EXPECT_EQ(table.find("a/b/c.png").size(), 1u);
  EXPECT_EQ(table.find("b/c.png").size(), 1u);
  EXPECT_TRUE(table.find("xb/c.png").empty());
  EXPECT_TRUE(table.find("c.png").empty());
}

TEST(EntryTable, HoldsOnlySoManyFacesOfAPicture) {
  EntryTable table;
  for (int i = 0; i < 1000; ++i) table.add("a.png", {.label = "happy"});
  table.add("b.png", {.label = "happy"});
  EXPECT_THAT(input_error([&] { table.add("a.png", {}); }), HasSubstr("a.png: more than 1000 faces in one picture"));
}

}  // namespace
}  // namespace dimple::data

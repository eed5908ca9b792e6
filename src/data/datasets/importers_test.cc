// Every importer reads a miniature of its set, built with the names that the set is documented (or, where its card says
// so, guessed) to have.
#include <gmock/gmock.h>

#include <map>

#include "data/datasets/csv_rows.h"
#include "data/datasets/importers.h"
#include "data/datasets/table/table.h"
#include "data/datasets/tree_testing.h"
#include "data/pool.h"
#include "data/split.h"
#include "host/growth_testing.h"

namespace dimple::data {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Miniature {
  std::string importer, folder;
  std::vector<File> files;
  std::vector<std::string> rows;  // in order of file names
};

std::string tiff_of(int extent) {
  const auto u16 = [](int v) { return std::string{static_cast<char>(v), static_cast<char>(v >> 8)}; };
  const auto u32 = [&](int v) { return u16(v) + u16(v >> 16); };
  const auto field = [&](int tag, int value) { return u16(tag) + u16(4) + u32(1) + u32(value); };
  const int pixels = extent * extent;
  return "II" + u16(42) + u32(8 + pixels) + std::string(static_cast<size_t>(pixels), 'g') + u16(6) +
         field(256, extent) + field(257, extent) + field(258, 8) + field(259, 1) + field(262, 1) + field(273, 8) +
         u32(0);
}

// A numpy file of one value, as numpy writes it: 128 bytes with the header, then the value, filled up with
// zeros.
std::string npy_of(const std::string& type, const std::string& value, size_t bytes) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (), }";
  header.resize(128 - 10 - 1, ' ');
  std::string data = value;
  data.resize(bytes, '\0');
  return std::string("\x93NUMPY\1\0v\0", 10) + header + "\n" + data;
}

const std::vector<Miniature>& miniatures() {
  static const std::string raf_points = "1 2\n3 4\n5 6\n7 8\n9 10\n";
  static const std::vector<Miniature> list = {
      {"fer2013_folders",
       "fer2013_mini",
       {{"train/angry/a.png", ""},
        {"test/happy/b.jpg", ""},
        {"validation/neutral/c.png", ""},
        {"train/pride/d.png", ""}},
       {"happy test", "angry train", "neutral validation"}},
      {"cohn_kanade",
       "ck_mini",
       {{"cohn-kanade-images/S005/001/S005_001_00000001.png", ""},
        {"cohn-kanade-images/S005/001/S005_001_00000002.png", ""},
        {"cohn-kanade-images/S005/001/S005_001_00000003.png", ""},
        {"cohn-kanade-images/S005/001/S005_001_00000004.png", ""},
        {"cohn-kanade-images/S010/002/S010_002_00000001.png", ""},
        {"Emotion/S005/001/S005_001_00000004_emotion.txt", "   3.0000000e+00\n"}},
       {"disgust train S005", "disgust train S005", "disgust train S005"}},
      {"jaffe",
       "jaffe_mini",
       {{"KA.AN1.39.tiff", tiff_of(8)}, {"KL.NE2.56.tiff", tiff_of(8)}, {"README", "x"}},
       {"angry train ka", "neutral train kl"}},
      {"kdef",
       "kdef_mini",
       {{"AF01/AF01ANS.JPG", ""}, {"BM17/BM17AFHL.JPG", ""}},
       {"angry train f01 female/straight/a", "fear train m17 male/half left/b"}},
      {"rafd",
       "rafd_mini",
       {{"Rafd090_01_Caucasian_female_angry_frontal.jpg", ""}, {"Rafd045_10_Kid_male_contemptuous_left.jpg", ""}},
       {"contempt train 10 kid/male/child/045/left", "angry train 01 caucasian/female/adult/090/frontal"}},
      {"rafdb",
       "raf_mini",
       {{"EmoLabel/list_patition_label.txt", "train_00001.jpg 5\ntest_0001.jpg 1\n"},
        {"Image/aligned/train_00001_aligned.jpg", ""},
        {"Image/aligned/test_0001_aligned.jpg", ""},
        {"Image/original/train_00001.jpg", ""},
        {"Annotation/manual/train_00001_manu_attri.txt", raf_points + "1\n2\n1\n"}},
       {"surprise test //", "sad train female/Asian/4-19"}},
      {"affectnet",
       "lists",
       {{"training.csv",
         "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal\n"
         "689/a.jpg,2,2,10,10,1;2,6,0.1,0.2\n689/b.jpg,2,2,10,10,1;2,10,-2,-2\n"
         "689/c.jpg,NULL,NULL,NULL,NULL,1;2,NULL,-2,-2\n"},
        {"validation.csv",
         "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal\n"
         "12/c.jpg,0,0,16,16,1;2,1,0.1,0.2\n"},
        {"Manually_Annotated_Images/689/a.jpg", ""},
        {"Manually_Annotated_Images/689/b.jpg", ""},
        {"Manually_Annotated_Images/689/c.jpg", ""},
        {"Manually_Annotated_Images/12/c.jpg", ""}},
       {"happy test", "angry train"}},
      {"affectnet",
       "affectnet_mini",
       {{"train_class/class003/a.jpg", ""}, {"val_class/class007/b.jpg", ""}, {"train_class/class008/c.jpg", ""}},
       {"surprise train", "contempt test"}},
      {"affectnet",
       "affectnet_downloaded",
       {{"train_set/images/0.jpg", ""},
        {"train_set/images/1.jpg", ""},
        {"train_set/annotations/0_exp.npy", npy_of("<U1", "3", 4)},
        {"train_set/annotations/0_lnd.npy", "not looked at"},
        {"train_set/annotations/1_exp.npy", npy_of("<i8", "\x0A", 8)},
        {"val_set/images/1.jpg", ""},
        {"val_set/annotations/1_exp.npy", npy_of("<U1", "7", 4)}},
       {"surprise train", "contempt test"}},
      {"affectnet",
       "val_set",
       {{"images/1.jpg", ""}, {"annotations/1_exp.npy", npy_of("<f4", std::string("\0\0\x80\x3f", 4), 4)}},
       {"happy test"}},
      {"expw",
       "expw_mini",
       {{"label.lst", "a.jpg 0 2 2 12 12 53.9 3\na.jpg 1 0 0 8 8 20.1 6\nb.jpg 0 0 0 9 9 44.5 0\n"},
        {"image/origin/a.jpg", ""},
        {"image/origin/b.jpg", ""}},
       {"happy train", "neutral train", "angry train"}},
      {"sfew",
       "SFEW_2",
       {{"Train/Angry/Air_heads_000519240_00000005.png", ""}, {"Val/Happy/Hangover_001_1.png", ""}, {"Test/x.png", ""}},
       {"angry train Air_heads", "happy test Hangover"}},
      {"cafe",
       "cafe_mini",
       {{"sessions/6280/9977-angry_F-AA-01.jpg", ""},
        {"sessions/6281/9981-happyopen_M-LA-14.jpg", ""},
        {"sessions/6281/9983-surprise_M-LA-14.jpg", ""}},
       {"angry test f-aa-01 African American/closed/female", "happy test m-la-14 Latino/open/male",
        "surprise test m-la-14 Latino/open/male"}},
      {"chefs",
       "NIMH-ChEFS",
       {{"F12NS_4986.jpg", ""}, {"M10HS_6767.jpg", ""}, {"M10SS_6781.jpg", ""}},
       {"neutral train f12 direct", "happy train m10 direct", "sad train m10 direct"}},
      {"chefs",
       "NIMH-ChEFS_mini",
       {{"F01_Afraid_Direct.jpg", ""}, {"M02_Happy_Averted.jpg", ""}},
       {"fear train f01 direct", "happy train m02 averted"}},
      {"dartmouth",
       "dartmouth_mini",
       {{"M07/happy_frontal.jpg", ""}, {"M07/content_frontal.jpg", ""}, {"F01/afraid_left.jpg", ""}},
       {"fear train f01", "happy train m07"}},
      {"emoreact",
       "EmoReact_mini",
       {{"Labels/train_names.txt", "'A_1.mp4'\n'B_1.mp4'\n"},
        {"Labels/train_labels.text", "0,0,0,1,0,0,0,0,5.5\n1,0,0,1,0,0,0,0,4\n"},
        {"Labels/test_names.txt", "C_2.mp4\n"},
        {"Labels/test_labels.text", "0 0 0 0 0 1 0 0 2\n"},
        {"frames/A_1/000001.jpg", ""},
        {"frames/B_1/000001.jpg", ""},
        {"frames/C_2/000001.jpg", ""}},
       {"happy train A_1", "disgust test C_2"}},
      {"emoreact",
       "EmoReact_spelt",
       {{"Labels/Train_names.txt", "'A_1.mp4'\n"},
        {"Labels/train_labels.text", "0,0,0,1,0,0,0,0,5.5\n"},
        {"Labels/Val_names.txt", "D_1.mp4\n"},
        {"Labels/val_labels.text", "0,0,0,0,1,0,0,0,4\n"},
        {"A_1_frames/000001.jpg", ""},
        {"D_1_frames/000001.jpg", ""}},
       {"happy train A_1", "surprise validation D_1"}},
      {"liris_cse",
       "LIRIS-CSE_mini",
       {{"S03_happy_2/000017.jpg", ""}, {"S04_happy_surprise_1/000001.jpg", ""}},
       {"happy train s03 S03_happy_2"}},
      {"google_fec",
       "fec_mini",
       {{"faceexp-comparison-data-train-public.csv",
         "\"http://x/a.jpg\",0.1,0.9,0.1,0.9,\"http://x/b.jpg\",0,1,0,1,\"http://x/"
         "c.jpg\",0,1,0,1,ONE_CLASS_TRIPLET,7,3\n"},
        {"images/a.jpg", ""},
        {"images/b.jpg", ""}},
       {"unlabelled train", "unlabelled train"}},
      {"muxspace",
       "muxspace192",
       {{"Ann_Lee_0001.jpg", ""},
        {"Ann_Lee_0002.jpg", ""},
        {"labels.csv", "file,label,label_conflict\nAnn_Lee_0001.jpg,happiness,0\nAnn_Lee_0002.jpg,anger,1\n"}},
       {"happy train Ann_Lee", "angry train Ann_Lee"}},
      {"muxspace",
       "muxspace_facial_expressions",
       {{"images/Ann_Lee_0001.jpg", ""},
        {"images/Ann_Lee_0002.jpg", ""},
        {"data/legend.csv",
         "user.id,image,emotion\n628,Ann_Lee_0001.jpg,anger\n12,Ann_Lee_0001.jpg,angry\n628,Ann_Lee_0002.jpg,"
         "surprise\n"}},
       {"angry train Ann_Lee", "surprise train Ann_Lee"}},
      {"table",
       "table_mini",
       {{"labels.csv", "path,label,subject,split,mouth\nx/a.png,Joy,p1,train,open\nx/b.png,smirk,p2,test,closed\n"},
        {"x/a.png", ""},
        {"x/b.png", ""}},
       {"happy train p1 open", "smirk test p2 closed"}},
      {"folders", "mine", {{"yes/a.png", ""}, {"no/b.png", ""}}, {"no train", "yes train"}},
      {"session",
       "sessions_mini",
       {{"one/session.json",
         R"({"format":"dimple-session","version":1,"subject":"child-1","consent":"consent.json",)"
         R"("rounds":[{"prompt":"happy","frames":["frames/1.jpg"]},{"prompt":"fear","frames":["frames/2.jpg"]}]})"},
        {"one/consent.json",
         R"({"version":1,"given":true,"given_by":"guardian","date":"2026-03-01","purposes":["train"]})"},
        {"one/frames/1.jpg", ""},
        {"one/frames/2.jpg", ""}},
       {"happy train child-1 one", "fear train child-1 one"}},
  };
  return list;
}

TEST(Importers, EachReadsItsOwnMiniatureWithoutBeingTold) {
  for (const Miniature& mini : miniatures()) {
    SCOPED_TRACE(mini.importer + " " + mini.folder);
    const std::string path = plant(mini.folder, mini.files);
    for (const Importer& importer : importers())
      if (importer.recognises(path)) {
        EXPECT_EQ(importer.name, mini.importer);
        break;
      }
    const Dataset set = load_dataset(path, whole_pictures());
    EXPECT_TRUE(set.quarantine.empty()) << set.quarantine[0].file << ": " << set.quarantine[0].why;
    std::vector<std::string> rows;
    for (size_t i = 0; i < set.size(); ++i) rows.push_back(row_text(set, i));
    EXPECT_EQ(rows, mini.rows);
    check(set, mini.importer);
  }
}

// A slash behind its name, as a shell puts it there, does not make a test part one to learn from.
TEST(Importers, AffectNetsPartIsKnownByItsNameHoweverItIsTyped) {
  const std::string path = plant("val_set", {{"images/1.jpg", ""}, {"annotations/1_exp.npy", npy_of("<U1", "7", 4)}});
  for (const char* typed : {"", "/", "/."})
    EXPECT_EQ(load_dataset(path + typed, whole_pictures()).split.at(0), Split::test) << typed;
}

TEST(Importers, EveryOneButThoseOfTheirOwnTestsHasAMiniature) {
  for (const Importer& importer : importers()) {
    const std::string name = importer.name;
    const bool there = std::ranges::any_of(miniatures(), [&](const Miniature& m) { return m.importer == name; });
    EXPECT_TRUE(there || name == "fer2013" || name == "ckplus") << name;
  }
}

// A folder of nothing, told to be the set: an input error that names the folder or what is missing in it.
TEST(Importers, ToldToReadAnEmptyFolderTheySayWhatIsMissing) {
  const std::string path = plant("nothing_here", {{"notes.txt", "x"}});
  for (const Importer& importer : importers()) {
    LoadOptions options = whole_pictures();
    options.importer = importer.name;
    EXPECT_NE(input_error([&] { load_dataset(path, options); }), "") << importer.name;
  }
}

struct BadInput {
  std::string importer;
  std::vector<File> files;
  std::string says;
};

TEST(Importers, SayWhatIsWrongAndWhere) {
  const std::string affect = "subDirectory_filePath,face_x,face_y,face_width,face_height,expression\n";
  const std::string consent =
      R"({"version":1,"given":true,"given_by":"guardian","date":"2026-03-01","purposes":["train"]})";
  const std::string session =
      R"({"format":"dimple-session","version":1,"subject":"c","consent":"consent.json","rounds":[{"prompt":"happy","frames":["1.jpg"]}]})";
  const std::vector<BadInput> all = {
      {"cohn_kanade",
       {{"Emotion/S005/001/S005_001_4_emotion.txt", " 8.0"}},
       "S005_001_4_emotion.txt: ` 8.0` is not a label"},
      {"rafdb", {{"list_patition_label.txt", "train_1.jpg 5\ntrain_2.jpg 8\n"}}, "line 2: not a name and a label"},
      {"rafdb", {{"list_patition_label.txt", "train_1.jpg 5\n"}}, "train_1.jpg: it is named in a table, but not there"},
      {"affectnet", {{"training.csv", affect + "a.jpg,0,0,1,1,11\n"}}, "line 2: `11` is not a number from 0 to 10"},
      {"affectnet", {{"training.csv", "a,b\n"}}, "no column `subDirectory_filePath`"},
      {"affectnet", {{"training.csv", affect + "a.jpg,0\n"}}, "line 2: a short row"},
      {"affectnet", {{"images/1.jpg", ""}, {"annotations/2_exp.npy", "x"}}, "1_exp.npy: no such file"},
      {"affectnet", {{"images/1.jpg", ""}, {"annotations/1_exp.npy", "x"}}, "it is no numpy file"},
      {"affectnet",
       {{"images/1.jpg", ""}, {"annotations/1_exp.npy", npy_of("<U1", "x", 4)}},
       "it holds text that is no number"},
      {"affectnet", {{"images/1.jpg", ""}, {"annotations/1_exp.npy", npy_of("<i8", "\x0B", 8)}}, "11 is no class"},
      {"affectnet", {{"images/1.jpg", ""}, {"annotations/1_exp.npy", npy_of("|O", "", 8)}}, "a pickled object"},
      {"expw", {{"label.lst", "a.jpg 0 2 2 12 12 53.9 7\n"}}, "label.lst, line 1"},
      {"expw", {{"label.lst", "a.jpg 0 2 9 2 12 53.9 6\n"}}, "label.lst, line 1"},
      {"emoreact", {{"train_names.txt", "A\nB\n"}, {"train_labels.text", "0 0 0 1 0 0 0 0 5\n"}}, "fewer lines"},
      {"emoreact", {{"train_names.txt", "A\n"}, {"train_labels.text", "0 0 9\n"}}, "train_labels, line 1"},
      {"google_fec",
       {{"faceexp-comparison-data-test-public.csv", "u,0,1,0,1,u,0,1,0,7,u,0,1,0,1\n"}},
       "line 1: not three"},
      {"jaffe", {{"KA.AN1.39.tiff", tiff_of(8).substr(0, 60)}}, "cut short"},
      {"table", {{"labels.csv", "path,label\nx.png\n"}}, "line 2: 1 fields"},
      {"table", {{"labels.csv", "path,label,split\nx.png,happy,tomorrow\n"}}, "`tomorrow` is not train"},
      {"table", {{"labels.csv", "path,mood\nx.png,happy\n"}}, "no column `label`"},
      {"table", {{"labels.csv", "path,label,origin\nx.png,happy,Asian\n"}}, "give it another name"},
      {"folders", {{"only/a.png", ""}}, "all its pictures are in one folder"},
      {"session", {{"session.json", session}, {"1.jpg", ""}}, "it has no consent file"},
      {"session", {{"session.json", "{}"}}, "`format` is missing"},
      {"session",
       {{"session.json", session}, {"consent.json", "{\"version\":1,\"given\":false}"}},
       "consent was not given"},
      {"session",
       {{"session.json", session},
        {"consent.json", consent.substr(0, consent.size() - 1) + R"(,"withdrawn":"2026-04-01"})"}},
       "its consent was withdrawn"},
      {"session",
       {{"session.json", session},
        {"consent.json", R"({"version":1,"given":true,"given_by":"","date":"2026-03-01","purposes":["train"]})"}},
       "does not say by whom and when"},
      {"session",
       {{"session.json", session},
        {"consent.json", R"({"version":1,"given":true,"given_by":"guardian","date":"","purposes":["train"]})"}},
       "does not say by whom and when"},
      {"session",
       {{"session.json", session},
        {"consent.json", R"({"version":1,"given":true,"given_by":"self","date":"2026-03-01","purposes":["show"]})"}},
       "its consent is for another purpose"},
  };
  for (const BadInput& bad : all) {
    const std::string path = plant("bad_input", bad.files);
    LoadOptions options = whole_pictures();
    options.importer = bad.importer;
    EXPECT_THAT(input_error([&] { load_dataset(path, options); }), HasSubstr(bad.says)) << bad.importer;
  }
}

TEST(Importers, NamesOfAnotherFormAreNoPicturesOfTheSet) {
  for (const char* name :
       {"", "/", "x", "AF01.JPG", "AF01ANX.JPG", "CF01ANS.JPG", "AFxxANS.JPG", "..", "AF01/AF01ANSS1.JPG"}) {
    EXPECT_TRUE(read_kdef_path(name).empty()) << name;
    EXPECT_TRUE(read_rafd_path(name).empty()) << name;
    EXPECT_TRUE(read_cafe_path(name).empty()) << name;
    EXPECT_EQ(read_muxspace_path(name)[0].subject, "") << name;
  }
  EXPECT_TRUE(read_cafe_path("9977-angry_F-XX-01.jpg").empty());
  EXPECT_TRUE(read_cafe_path("9977-pride_F-AA-01.jpg").empty());
}

TEST(Importers, CafeTakesItsTableBeforeItsNames) {
  const std::string path =
      plant("cafe_table",
            {{"a.jpg", ""}, {"cafe.csv", "path,label,subject,ethnicity,mouth,subset\na.jpg,sad,c7,Asian,open,A\n"}});
  const Dataset set = load_dataset(path, whole_pictures());
  ASSERT_EQ(set.size(), 1u);
  EXPECT_EQ(row_text(set, 0), "sad test c7 Asian/open/A");
  EXPECT_THAT(set.test_only, ElementsAre("cafe"));
}

TEST(Importers, ASessionWithoutConsentIsNotReadAmongOthers) {
  const auto& mini = *std::ranges::find(miniatures(), "session", &Miniature::importer);
  std::vector<File> files = mini.files;
  files.emplace_back("two/session.json", mini.files[0].second);
  files.emplace_back("two/frames/1.jpg", "");
  files.emplace_back("two/frames/2.jpg", "");
  const Dataset set = load_dataset(plant("sessions_two", files), whole_pictures());
  EXPECT_EQ(set.size(), 2u);
  ASSERT_EQ(set.left_out.size(), 1u);
  EXPECT_EQ(set.left_out[0], (LeftOut{"it has no consent file", 2}));
}

TEST(Importers, ASessionThatMayOnlyBeTestedIsNotLearnedFrom) {
  const auto& mini = *std::ranges::find(miniatures(), "session", &Miniature::importer);
  std::vector<File> files = mini.files;
  files[1].second = R"({"version":1,"given":true,"given_by":"guardian","date":"2026-03-01","purposes":["test"]})";
  const Dataset set = load_dataset(plant("session_test_only", files), whole_pictures());
  ASSERT_EQ(set.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(set.split[i], Split::test);
    EXPECT_TRUE(lacks_consent(set, i) && for_tests_only(set, i));
  }
}

TEST(Importers, AConsentFileThatManySessionsNameIsReadOnce) {
  std::map<size_t, std::string> folders;
  for (const size_t sessions : {25, 200}) {
    std::string list = R"({"version":1,"given":false,"list":[0)" + host::repeated(100 * sessions, ",0") + "]}";
    std::vector<File> files{{"consent.json", list}};
    for (size_t i = 0; i < sessions; ++i)
      files.emplace_back(std::to_string(i) + "/session.json",
                         R"({"format":"dimple-session","version":1,"subject":"c","consent":"../consent.json",)"
                         R"("rounds":[{"prompt":"happy","frames":["1.jpg"]}]})");
    folders[sessions] = tar_of(std::to_string(sessions) + "_sessions.tar", files);
  }
  const auto read = [&](size_t sessions) {
    LoadOptions options;
    options.importer = "session";
    EXPECT_THAT(input_error([&] { load_dataset(folders[sessions], options); }), HasSubstr("consent was not given"));
  };
  EXPECT_TRUE(host::grows_with(read, 25));
}

TEST(Importers, AChildOfTwoFoldersOfSessionsIsOneChild) {
  const auto& mini = *std::ranges::find(miniatures(), "session", &Miniature::importer);
  std::vector<File> files = mini.files;
  const std::string learned = plant("sessions_spring", files);
  files[1].second = R"({"version":1,"given":true,"given_by":"guardian","date":"2026-09-01","purposes":["test"]})";
  const Dataset set = load_dataset(learned + "," + plant("sessions_autumn", files), whole_pictures());
  EXPECT_THAT(set.subject, Each(std::string("session/child-1")));
  ASSERT_FALSE(leaks_of(set).empty());
  EXPECT_THAT(leaks_of(set)[0], HasSubstr("1 person is in more than one split"));
}

// A set of one's own names people freely; a published set names them alike for everyone.
TEST(Importers, TheUsersOwnSetsAreThoseWhosePeopleArePrivate) {
  for (const Importer& importer : importers())
    EXPECT_EQ(people_of(importer.name).empty(), std::string(importer.licence) == "yours") << importer.name;
}

TEST(Importers, GooglesListGivesAPictureOnlySoManyFaces) {
  const auto list = [](size_t faces) {
    std::string line;
    for (size_t i = 0; i < faces; ++i)
      line += (i % 3 ? "," : i ? "\n" : "") + std::string("http://x/a.jpg,0.1,0.9,0.1,0.") + std::to_string(1000 + i);
    return std::vector<File>{{"faceexp-comparison-data-train-public.csv", line + "\n"}, {"b.jpg", ""}};
  };
  EXPECT_THAT(input_error([&] { load_dataset(plant("faces", list(999)), whole_pictures()); }),
              Not(HasSubstr("faces in")));
  EXPECT_THAT(input_error([&] { load_dataset(plant("faces", list(1002)), whole_pictures()); }),
              HasSubstr("line 334: more than 1000 faces in one picture"));
}

TEST(Importers, APoolOfGooglesFacesTakesLabelsWhereThereAreSome) {
  const auto& mini = *std::ranges::find(miniatures(), "google_fec", &Miniature::importer);
  std::vector<File> files = mini.files;
  files.emplace_back("labels.csv", "path,label\nimages/a.jpg,happy\n");
  const Dataset set = load_dataset(plant("fec_labels", files), whole_pictures());
  ASSERT_EQ(set.size(), 1u);
  EXPECT_EQ(set.labels[0], "happy");
  EXPECT_EQ(set.left_out.size(), 2u);  // b has no label, c is not held
}

TEST(Table, TakesTimeByItsRowsAndColumns) {
  const auto rows = [](size_t count) {
    read_picture_table(
        "path,label\n" + host::numbered(count, [](const std::string& i) { return "a/../" + i + ".png,b\n"; }), "x");
  };
  EXPECT_TRUE(host::grows_with(rows, 500));
  const auto columns = [](size_t count) {
    const std::string header = "path,label" + host::numbered(count, [](const std::string& i) { return ",c" + i; });
    read_picture_table(header + "\na,b" + host::repeated(count, ",") + "\n", "x");
  };
  EXPECT_TRUE(host::grows_with(columns, 125));
  const auto read_rows = [](size_t count) {
    read_csv_text("a,b\n" + host::repeated(count, "1,\"2\"\n"), "x", {"b"}, [](auto&, int64_t) {});
  };
  EXPECT_TRUE(host::grows_with(read_rows, 1000));
}

TEST(Table, SaysWhatItsLimitsAre) {
  const auto said = [](const std::string& text) { return input_error([&] { read_picture_table(text, "x"); }); };
  EXPECT_THAT(said("path,label" + host::repeated(1001, ",c") + "\n"), HasSubstr("more than 1000 columns to slice by"));
  EXPECT_THAT(said("path,label\n" + std::string(4097, 'a') + ",b\n"), HasSubstr("line 2: a path longer than 4096"));
  EXPECT_THAT(said("path,label\n" + host::repeated(1001, "a.png,b\n")),
              HasSubstr("more than 1000 faces in one picture"));
}

TEST(RealData, MuxspaceIsTheKnownSet) {
  DIMPLE_REAL_DATA(path, "muxspace/muxspace192.tar");
  LoadOptions options = whole_pictures();
  options.size = 32;
  const Dataset set = load_dataset(path, options);
  EXPECT_EQ(set.name, "muxspace");
  std::map<std::string, int> counts;
  for (const int32_t label : set.label) ++counts[set.labels[static_cast<size_t>(label)]];
  EXPECT_EQ(counts, (std::map<std::string, int>{{"neutral", 6864},
                                                {"happy", 5693},
                                                {"surprise", 367},
                                                {"sad", 268},
                                                {"angry", 252},
                                                {"disgust", 208},
                                                {"fear", 21},
                                                {"contempt", 9}}));
  EXPECT_EQ(set.left_out, (std::vector<LeftOut>{{"it has no label in labels.csv", 36}}));
  EXPECT_TRUE(set.quarantine.empty());
}

}  // namespace
}  // namespace dimple::data

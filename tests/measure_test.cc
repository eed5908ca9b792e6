// The verbs that measure and ship, on a data set of noise: what is asked for is there, and gates close.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "host/files.h"
#include "host/json.h"
#include "model/model.h"
#include "tests/command.h"
#include "tests/schema_testing.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using host::Json;
using testing::HasSubstr;

// Two rows of noise of each class in every split, as the FER2013 csv has them; the last test row is a training row
// again.
void write_noise_csv(const fs::path& path) {
  std::ofstream csv(path);
  csv << "emotion,pixels,Usage\n";
  int row = 0;
  for (const char* usage : {"Training", "PublicTest", "PrivateTest"}) {
    for (int i = 0; i < 14; ++i, ++row) {
      uint32_t seed = row == 41 ? 13 : static_cast<uint32_t>(row);
      csv << i % 7 << ',';
      for (int pixel = 0; pixel < 48 * 48; ++pixel) csv << ((seed = seed * 1664525 + 1013904223) >> 24) << ' ';
      csv << ',' << usage << '\n';
    }
  }
}

// The network we ship, as floats, but with one answer whatever it sees.
void save_parrot(const fs::path& path, const std::string& answer) {
  model::Model m = model::load_model(DIMPLE_SOURCE_DIR "/models/dimple-nano/parent/dimple-nano-float.safetensors");
  const std::string last = m.graph.nodes.back().name;
  std::ranges::fill(m.graph.constants.at(last + ".weight").as<float>(), 0.0f);
  const auto bias = m.graph.constants.at(last + ".bias").as<float>();
  for (size_t i = 0; i < m.labels.size(); ++i) bias[i] = m.labels[i] == answer ? 1.0f : 0.0f;
  model::save_model(path.string(), m);
}

class Measure : public InOwnFolder {
 protected:
  Measure() { write_noise_csv(folder_ / "noise.csv"); }

  Answer dimple(const std::string& arguments) {
    const Answer answer = run_here(DIMPLE_PROGRAM " " + arguments + " 2> stderr.txt");
    expect_document_as_promised(DIMPLE_PROGRAM, arguments, answer.output);
    return answer;
  }
  Json json(const std::string& arguments) {
    const Answer answer = dimple(arguments + " --json");
    EXPECT_EQ(answer.exit, 0) << host::read_text(folder_ / "stderr.txt");
    return host::parse_json(answer.output, "standard output");
  }
};

TEST_F(Measure, ValGivesEveryFigureRawAndDeduplicated) {
  const Json report = json("val noise.csv --protocol fer2013 --resamples 20");
  for (const char* key :
       {"accuracy", "accuracy_deduplicated", "balanced_accuracy", "f1_macro", "per_class", "confusion"})
    EXPECT_TRUE(report.contains(key)) << key;
  EXPECT_EQ(report["pictures"], 14);
  EXPECT_EQ(report["pictures_deduplicated"], 13);
  int counted = 0;
  for (const Json& row : report["confusion"])
    for (const Json& cell : row) counted += cell.get<int>();
  EXPECT_EQ(counted, 14);
}

TEST_F(Measure, ValLeavesItsTablesAndPicturesInARunFolder) {
  ASSERT_EQ(dimple("val noise.csv --quiet --resamples 20 --name one").exit, 0);
  for (const char* file : {"confusion_matrix.svg", "confusion_matrix.csv", "per_class.csv", "reliability.svg"})
    EXPECT_TRUE(fs::exists(folder_ / "runs/val/one" / file)) << file;
}

TEST_F(Measure, ValDamagesPicturesAndCropsThemOtherwise) {
  const Json report = json("val noise.csv --resamples 5 --name worse --corruptions --crops");
  const double clean = report["accuracy"];
  EXPECT_EQ(report["corruptions"]["clean_accuracy"], clean);
  EXPECT_EQ(report["corruptions"]["kinds"].size(), 18u);
  double errors = 0;  // of all kinds at strength 3, for each error on pictures as they are
  for (const Json& kind : report["corruptions"]["kinds"])
    errors += (1 - kind["accuracy"][2].get<double>()) / (1 - clean);
  EXPECT_NEAR(report["corruptions"]["relative_error"][2].get<double>(), errors / 18, 1e-9);
  int as_they_are = 0;
  for (const Json& crop : report["crops"]) {
    if (crop["amount"] != (crop["change"] == "margin" ? 1 : 0)) continue;
    EXPECT_EQ(crop["accuracy"], clean) << crop;
    ++as_they_are;
  }
  EXPECT_EQ(as_they_are, 3);
  for (const char* file : {"corruptions.csv", "corruptions.svg", "crops.csv", "crops.svg"})
    EXPECT_TRUE(fs::exists(folder_ / "runs/val/worse" / file)) << file;
  EXPECT_EQ(dimple("val noise.csv --no-save --crops --executor check").exit, 2);
}

TEST_F(Measure, AGateThatIsMissedIsExitSix) {
  EXPECT_EQ(dimple("val noise.csv --quiet --no-save --resamples 5 --fail-under accuracy=0.999").exit, 6);
  EXPECT_THAT(host::read_text(folder_ / "stderr.txt"), HasSubstr("below 0.999"));
  EXPECT_EQ(dimple("val noise.csv --quiet --no-save --resamples 5 --fail-under accuracy=0").exit, 0);
  EXPECT_EQ(dimple("val dimple-nano dimple-nano --data noise.csv --fail-under accuracy=0").exit, 2) << "of two models";
}

// Read as two classes the 14 test pictures are 12 happy ones and 2 sad ones: every figure is known beforehand.
TEST_F(Measure, ValOfTwoModelsSaysWhetherTheyDiffer) {
  for (const char* answer : {"happy", "sad"}) save_parrot(folder_ / (std::string(answer) + ".safetensors"), answer);
  std::string data = " --data noise.csv --no-save --resamples 200";
  for (const char* other : {"angry", "disgust", "fear", "surprise", "neutral"})
    data += " --map " + std::string(other) + "=happy";
  const Json two = json("val happy.safetensors sad.safetensors" + data);
  EXPECT_NEAR(two["first"]["accuracy"].get<double>(), 12 / 14., 1e-9);
  EXPECT_NEAR(two["second"]["accuracy"].get<double>(), 2 / 14., 1e-9);
  const Json& difference = two["first_minus_second"];
  const Json& range = difference["accuracy"]["interval_95"];
  EXPECT_NEAR(difference["accuracy"]["value"].get<double>(), 10 / 14., 1e-9);
  EXPECT_NEAR(difference["balanced_accuracy"]["value"].get<double>(), 0, 1e-9);  // each knows one class of two
  EXPECT_TRUE(difference.contains("f1_macro"));
  EXPECT_GT(range[0].get<double>(), 0);
  EXPECT_LT(range[0].get<double>(), 10 / 14.);
  EXPECT_GT(range[1].get<double>(), 10 / 14.);
  EXPECT_EQ(two["mcnemar"]["only_first_right"], 12);
  EXPECT_EQ(two["mcnemar"]["only_second_right"], 2);
  EXPECT_NEAR(two["mcnemar"]["p"].get<double>(), 2 * (1 + 14 + 91) / 16384., 1e-9);
  EXPECT_EQ(two["mcnemar"]["method"], "exact");
  EXPECT_THAT(dimple("val happy.safetensors sad.safetensors" + data).output,
              HasSubstr("right where the other is wrong: 12 and 2 pictures"));

  // Drawn in pairs: beside itself a model does not differ in any resample.
  const Json same = json("val happy.safetensors happy.safetensors" + data);
  EXPECT_EQ(same["first_minus_second"]["accuracy"]["interval_95"], Json({0.0, 0.0}));
  EXPECT_EQ(same["mcnemar"]["p"], 1.0);
}

TEST_F(Measure, AGateWithoutANumberIsAUsageError) {
  for (const char* gate : {"accuracy=nan", "accuracy=", "accuracy=1e999", "accuracy=0.5x", "acuracy=0.5", "accuracy"})
    EXPECT_EQ(dimple(std::string("val noise.csv --quiet --no-save --resamples 5 --fail-under ") + gate).exit, 2)
        << gate;
}

TEST_F(Measure, NumbersOutOfReasonAreUsageErrors) {
  for (const char* words : {"--resamples 0", "--resamples -1", "--threads -1", "--threads 100000"})
    EXPECT_EQ(dimple(std::string("val noise.csv --quiet --no-save ") + words).exit, 2) << words;
  for (const char* words : {"--input -5x3x3", "--input 9999x9x1", "--classes 0", "--classes 100000000"})
    EXPECT_EQ(dimple(std::string("models --architectures ") + words).exit, 2) << words;
}

TEST_F(Measure, AFlagThatIsNotThereIsNamedWhateverStandsBehindIt) {
  EXPECT_EQ(dimple("val noise.csv --modle dimple-nano").exit, 2);
  EXPECT_THAT(host::read_text(folder_ / "stderr.txt"), HasSubstr("did you mean --model?"));
}

TEST_F(Measure, NamesThatAreNoTextAreNotOurMistake) {
  EXPECT_EQ(dimple("val noise.csv --quiet --resamples 5 --runs $'\\xff'").exit, 0);
  EXPECT_EQ(dimple("val noise.csv --model " + std::string(300, 'x')).exit, 5);
}

TEST_F(Measure, ValOnTheReferenceKernelsSaysTheSame) {
  const Json program = json("val noise.csv --no-save --resamples 5");
  EXPECT_EQ(json("val noise.csv --no-save --resamples 5 --executor reference")["confusion"], program["confusion"]);
}

TEST_F(Measure, ExportWritesAFolderOfCThatBuildsAndAnswersAsTheProgramDoes) {
  const Json report = json("export dimple-nano --format c --out nano");
  EXPECT_GT(report["arena_bytes"], 0);
  EXPECT_LE(report["weight_bytes"], 100'000);
  for (const Json& file : report["files"])
    EXPECT_EQ(fs::file_size(folder_ / file["path"].get<std::string>()), file["bytes"]);
  const std::string nano = (folder_ / "nano").string();
  EXPECT_EQ(run("make -s -C " + nano + " CXXFLAGS=-O1 2>&1").output, "");
  const Answer check = run("cd " + nano + " && ./dimple_nano test_vector.bin expected.bin");
  EXPECT_EQ(check.exit, 0);
  EXPECT_THAT(check.output, HasSubstr("happy"));
}

TEST_F(Measure, ExportTellsOfKernelsInOneLine) {
  const std::string said = dimple("export dimple-nano --format c --out nano").output;
  EXPECT_THAT(said, HasSubstr("nano/dimple_nano.c"));
  EXPECT_THAT(said, HasSubstr("nano/kernels/ "));
  EXPECT_THAT(said, HasSubstr(" files"));
  EXPECT_THAT(said, Not(HasSubstr("call.h")));
}

TEST_F(Measure, ExportToWhereNothingCanBeWrittenFailsAndSaysWhere) {
  EXPECT_EQ(dimple("export dimple-nano --format c --out noise.csv/nano").exit, 1);
  EXPECT_THAT(host::read_text(folder_ / "stderr.txt"), HasSubstr("cannot write noise.csv/nano"));
  fs::create_directories(folder_ / "taken");
  std::ofstream(folder_ / "taken/kernels") << "a file";
  EXPECT_EQ(dimple("export dimple-nano --format c --out taken").exit, 1);
  EXPECT_THAT(host::read_text(folder_ / "stderr.txt"), HasSubstr("cannot write taken/kernels"));
  std::ofstream(folder_ / "main.c") << "int main(void) { return 0; }";
  EXPECT_EQ(dimple("export dimple-nano --format c --out .").exit, 2) << "this main.c is not ours";
  EXPECT_FALSE(fs::exists(folder_ / "Makefile"));
  EXPECT_EQ(dimple("export dimple-nano --format c --out nano --name main").exit, 2);
}

TEST_F(Measure, ReportWritesACardWhoseFiguresAreThoseOfVal) {
  ASSERT_EQ(dimple("export dimple-nano --format program --out made --quiet").exit, 0);
  ASSERT_EQ(dimple("report made/dimple-nano.dimple --parent dimple-nano --data noise.csv --protocol fer2013 --quiet "
                   "--summary 'Reads noise.' --command 'make it again' --out CARD.md")
                .exit,
            0)
      << host::read_text(folder_ / "stderr.txt");
  const Json figures = host::parse_json(host::read_text(folder_ / "CARD.json"), "CARD.json");
  const Json measured = json("val noise.csv --protocol fer2013 --no-save");
  EXPECT_EQ(figures["model"]["accuracy"], measured["accuracy"]);
  EXPECT_EQ(figures["model"]["confusion"], measured["confusion"]);
  EXPECT_EQ(figures["parent"]["confusion"], measured["confusion"]);  // the same network in another form
  const std::string card = host::read_text(folder_ / "CARD.md");
  for (const char* part : {"Reads noise.", "make it again", "lie detection", "int8 minus float, accuracy | 0.0000",
                           "14 pictures, 13 without byte copies"})
    EXPECT_THAT(card, HasSubstr(part));
}

TEST_F(Measure, ExportSaysWhatInt8CostsLayerByLayer) {
  const std::string parent = DIMPLE_SOURCE_DIR "/models/dimple-nano/parent/dimple-nano-float.safetensors";
  const Json report = json("export " + parent + " --int8 --ptq equalise,mse --keep-float dense_1 --data noise.csv " +
                           "--name mixed --layer-report layers");
  EXPECT_EQ(report["steps"][0]["step"], "equalise");
  EXPECT_EQ(report["kept_float"], Json{"dense_1"});
  ASSERT_EQ(report["layer_losses"]["layers"].size(), 13u);
  for (const Json& layer : report["layer_losses"]["layers"]) EXPECT_GT(layer["snr_db"], 20) << layer["layer"];
  EXPECT_EQ(report["layer_losses"], host::parse_json(host::read_text(folder_ / "layers/layers.json"), "layers.json"));
  EXPECT_THAT(dimple("export " + parent + " --int8 --data noise.csv --layer-report layers.csv").output,
              HasSubstr("points lost"));
  EXPECT_EQ(dimple("export " + parent + " --int8 --data noise.csv --keep-float dense_2").exit, 2);
  EXPECT_EQ(dimple("export " + parent + " --int8 --data noise.csv --ptq mse,percentile").exit, 2);
}

TEST_F(Measure, ReportWithoutDataWritesNothing) {
  EXPECT_EQ(dimple("report dimple-nano --out CARD.md").exit, 2);
  EXPECT_EQ(dimple("report dimple-nano --data nosuch.csv --out CARD.md").exit, 3);
  EXPECT_FALSE(fs::exists(folder_ / "CARD.md"));
}

TEST_F(Measure, ModelsNamesTheAccuracyOnTheCard) {
  const Json row = json("models")["models"][0];
  const std::string figure = row["accuracy"].get<std::string>().substr(0, 6);
  EXPECT_THAT(host::read_text(DIMPLE_SOURCE_DIR "/models/" + row["name"].get<std::string>() + "/MODEL_CARD.md"),
              HasSubstr("| accuracy, raw | " + figure));
}

TEST_F(Measure, ALogKeepsTheLinesWorthKeepingAndNoBars) {
  ASSERT_EQ(dimple("val noise.csv --resamples 5").exit, 0);
  EXPECT_THAT(host::read_text(folder_ / "stderr.txt"), Not(HasSubstr("\r")));
}

TEST_F(Measure, DataCheckCountsAndTheCacheReadsTheSame) {
  EXPECT_EQ(json("data check noise.csv")["pictures"], 42);
  ASSERT_EQ(dimple("data cache noise.csv --quiet --out noise.dimpledata").exit, 0);
  EXPECT_EQ(json("data check noise.dimpledata")["splits"], json("data check noise.csv")["splits"]);
}

TEST_F(Measure, ModelsListsEveryArchitectureAtAnySize) {
  const Json rows = json("models --architectures --classes 1000 --input 224x224x3")["models"];
  EXPECT_GE(rows.size(), 14u);
  struct Counts {
    int64_t learned, gathered;
  };
  // torchvision's and Keras', to the digit
  const std::map<std::string, Counts> published{
      {"mobilenet_v2", {3'504'872, 34'112}},       {"mobilenet_v3_small", {2'542'856, 12'112}},
      {"mobilenet_v3_large", {5'483'032, 24'400}}, {"efficientnet_b0", {5'288'548, 42'016}},
      {"nasnet_mobile", {5'289'978, 36'738}},      {"alexnet", {61'100'840, 0}}};
  size_t met = 0;
  for (const Json& row : rows) {
    EXPECT_GT(row["parameters"], 0) << row.dump();
    EXPECT_GT(row["multiply_adds"], 0) << row.dump();
    const auto counts = published.find(row["name"].get<std::string>());
    if (counts == published.end()) continue;
    ++met;
    EXPECT_EQ(row["parameters"], counts->second.learned) << row.dump();
    EXPECT_EQ(row["statistics"], counts->second.gathered) << row.dump();
  }
  EXPECT_EQ(met, published.size());
}

// The published protocols for which data is at hand.
TEST(RealData, EveryProtocolAnswers) {
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "thousands of readings take minutes with sanitizers";
  const char* data = getenv("DIMPLE_DATA");
  if (data == nullptr || !fs::exists(fs::path(data) / "fer2013/fer2013.csv.xz"))
    GTEST_SKIP() << "DIMPLE_DATA is not set";
  const std::string val = DIMPLE_PROGRAM " val " + std::string(data);
  const std::string rest = " --no-save --resamples 20 --quiet --json --unknown wrong --protocol ";
  for (const auto& [file, protocol, pictures] : {std::tuple{"/fer2013/fer2013.csv.xz", "ferplus", 3000},
                                                 {"/fer2013/fer2013.csv.xz", "smile", 3589},
                                                 {"/ckplus48/CK+48.tar", "ckplus", 80}}) {
    const Json report = host::parse_json(run(val + file + rest + protocol).output, protocol);
    EXPECT_GT(report["accuracy"].get<double>(), 0.5) << protocol;
    EXPECT_GE(report["pictures"], pictures) << protocol;
  }
}

// What the shipped reader is said to do, on the real pictures.
TEST(RealData, TheShippedReaderIsAsGoodAsItsCardSays) {
  if (DIMPLE_INSTRUMENTED) GTEST_SKIP() << "7,178 readings take minutes with sanitizers";
  const char* data = getenv("DIMPLE_DATA");
  if (data == nullptr || !fs::exists(fs::path(data) / "fer2013/fer2013.csv.xz"))
    GTEST_SKIP() << "DIMPLE_DATA is not set";
  const std::string val = DIMPLE_PROGRAM " val " + std::string(data) +
                          "/fer2013/fer2013.csv.xz --protocol fer2013 --no-save --resamples 20 --quiet --json --model ";
  const Json shipped = host::parse_json(run(val + "dimple-nano").output, "shipped");
  const Json parent = host::parse_json(
      run(val + DIMPLE_SOURCE_DIR "/models/dimple-nano/parent/dimple-nano-float.safetensors").output, "parent");
  EXPECT_GE(shipped["accuracy"].get<double>(), 0.60);
  EXPECT_GE(shipped["accuracy"].get<double>(), parent["accuracy"].get<double>() - 0.01);
  const Json card = host::parse_json(host::read_text(DIMPLE_SOURCE_DIR "/models/dimple-nano/MODEL_CARD.json"), "card");
  EXPECT_EQ(shipped["confusion"], card["model"]["confusion"]);
  EXPECT_EQ(parent["accuracy"], card["parent"]["accuracy"]);
}

}  // namespace
}  // namespace dimple::tests

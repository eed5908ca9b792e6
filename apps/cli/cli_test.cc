// The program as people and scripts meet it: what it prints where, and with which code it ends.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "host/csv.h"
#include "host/files.h"
#include "host/json.h"
#include "host/suggest.h"
#include "ir/builder.h"
#include "ir/initialise.h"
#include "media/encode.h"
#include "model/model.h"
#include "tests/command.h"
#include "tests/schema_testing.h"

namespace dimple::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

const std::string kProgram = DIMPLE_PROGRAM;

constexpr const char* kVerbs[] = {
#define DIMPLE_VERB(name, ...) #name,
#define DIMPLE_LAB_VERB(name, ...)  // not linked here
#include "apps/cli/verb_list.h"
};

// A folder with pictures that show no face, and a model too small to be right.
class Cli : public InOwnFolder {
 protected:
  Cli() {
    model::save_model(model(), tiny_model());
    media::save_picture(in("noise.png"), noise(1));
  }

  static model::Model tiny_model() {
    ir::Builder g("tiny", {48, 48, 1});
    ir::Value x = g.relu(g.conv(g.input(), 4, {.kernel = 3, .stride = 2}));
    model::Model m;
    m.graph = g.finish(g.dense(g.global_average_pool(x), 7));
    ir::initialise(m.graph, 7);
    m.labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
    return m;
  }

  static media::Picture noise(uint32_t seed) {
    media::Picture picture(64, 64, 1);
    for (uint8_t& pixel : picture.pixels) {
      seed = seed * 1664525 + 1013904223;
      pixel = static_cast<uint8_t>(seed >> 24);
    }
    return picture;
  }

  std::string in(const std::string& name) const { return (folder_ / name).string(); }
  std::string model() const { return in("tiny.safetensors"); }

  // Standard output in `output`, standard error in error_.
  Answer dimple(const std::string& arguments) {
    const Answer answer =
        run("cd " + folder_.string() + " && unset DIMPLE_SAMPLE; " + kProgram + " " + arguments + " 2> stderr.txt");
    error_ = host::read_text(folder_ / "stderr.txt");
    expect_document_as_promised(kProgram, arguments, answer.output);
    return answer;
  }
  // No face is looked for: the whole picture is one.
  Answer predict(const std::string& arguments) {
    return dimple("predict --model " + model() + " --no-detect --min-score 0 --min-quality 0 " + arguments);
  }

  std::string error_;
};

TEST_F(Cli, AloneNamesFiveCommandsToCopy) {
  const Answer answer = dimple("");
  EXPECT_EQ(answer.exit, 0);
  size_t commands = 0;
  for (size_t at = answer.output.find("\n  dimple "); at != std::string::npos;
       at = answer.output.find("\n  dimple ", at + 1)) {
    ++commands;
  }
  EXPECT_EQ(commands, 5u) << answer.output;
}

TEST_F(Cli, EveryVerbExplainsItselfWithAnExample) {
  const std::string verbs = dimple("--help").output;
  for (const std::string verb : kVerbs) {
    EXPECT_THAT(verbs, HasSubstr("  " + verb + " "));
    const Answer help = dimple(verb + " --help");
    EXPECT_EQ(help.exit, 0) << verb;
    EXPECT_THAT(help.output, HasSubstr("examples:\n")) << verb;
    EXPECT_THAT(help.output, HasSubstr("--config FILE")) << verb;
  }
}

std::string words_of(const std::string& text) {  // without line breaks and columns
  std::string words;
  std::istringstream in(text);
  for (std::string word; in >> word;) words += word + " ";
  return words;
}

TEST_F(Cli, HelpAndSchemaTellTheSameOfEverySetting) {
  for (const std::string verb : kVerbs) {
    const std::string help = words_of(dimple(verb + " --help").output);
    const host::Json request = schema_of(kProgram, verb)["request"];
    EXPECT_EQ(request["additionalProperties"], false) << verb;
    std::vector<std::string> operands;  // what takes the words without a flag is no flag of the help
    for (const auto& [name, setting] : request["properties"].items()) {
      const bool on = setting.value("default", host::Json()) == true;
      const std::string flag = host::flag_of(name), shown = on ? "--no-" + flag.substr(2) : flag;
      if (help.find(" " + shown + " ") == std::string::npos) {
        operands.push_back(name);
        continue;
      }
      EXPECT_THAT(help, HasSubstr(words_of((on ? "do not " : "") + setting["description"].get<std::string>())))
          << verb << " " << flag;
    }
    EXPECT_LE(operands.size(), 1u) << verb << ": " << testing::PrintToString(operands);
  }
  EXPECT_THAT(words_of(dimple("predict --help").output), HasSubstr("--no-save do not write a run folder "));
}

TEST_F(Cli, SchemaIsOneDocumentAboutRequestAndReport) {
  const Answer answer = dimple("predict --schema");
  EXPECT_EQ(answer.exit, 0) << error_;
  EXPECT_THAT(error_, IsEmpty());
  const host::Json schema = host::parse_json(answer.output, "standard output");
  EXPECT_EQ(schema["request"]["properties"]["min_score"],
            host::Json::parse(R"({"type": "number", "description": "below this the answer is `unsure`",
                                  "default": 0.45})"));
  EXPECT_THAT(schema["report"]["required"], testing::ElementsAre("schema", "model", "results"));
  EXPECT_FALSE(host::file_exists(folder_ / "runs"));
}

TEST_F(Cli, ASchemaRefusesADocumentOfAnotherVerb) {
  const host::Json doctor = host::parse_json(dimple("doctor --json").output, "doctor");
  EXPECT_EQ(violation(doctor, schema_of(kProgram, "doctor")["report"]), "");
  EXPECT_EQ(violation(doctor, schema_of(kProgram, "predict")["report"]), " lacks model");
}

TEST_F(Cli, SettingsOfARunAreSettingsOfItsSchema) {
  ASSERT_EQ(predict("noise.png --name one").exit, 0) << error_;
  const host::Json summary = host::parse_json(host::read_text(in("runs/predict/one/summary.json")), "summary");
  EXPECT_EQ(violation(summary["request"], schema_of(kProgram, "predict")["request"]), "");
}

TEST_F(Cli, AMisspeltVerbOrFlagIsUsageWithTheNearestOne) {
  EXPECT_EQ(dimple("perdict x.jpg").exit, 2);
  EXPECT_THAT(error_, HasSubstr("there is no verb `perdict`\n  did you mean predict?"));
  EXPECT_EQ(predict("--min-scroe 0.5 noise.png").exit, 2);
  EXPECT_THAT(error_, HasSubstr("there is no flag --min-scroe\n  did you mean --min-score?"));
  EXPECT_EQ(predict("--min-score high noise.png").exit, 2);
  EXPECT_THAT(error_, HasSubstr("--min-score: `high` is not a number"));
  EXPECT_EQ(predict("--isa avx3 noise.png").exit, 2);
  EXPECT_EQ(predict("--isa cortex_m_dsp noise.png").exit, 2);
  EXPECT_EQ(predict("--executor refrence noise.png").exit, 2);
  EXPECT_THAT(error_, HasSubstr("did you mean reference?"));
}

TEST_F(Cli, WithoutAPictureThereIsNothingToDo) {
  const Answer answer = dimple("predict");
  EXPECT_EQ(answer.exit, 2);
  EXPECT_THAT(error_, HasSubstr("no picture was named"));
}

TEST_F(Cli, WithoutTheSamplePortraitADrawnFaceIsReadAndSaid) {
  const Answer answer = run("cd " + folder_.string() + " && DIMPLE_SAMPLE=sample/portrait.png " + kProgram +
                            " predict --no-save --json 2> stderr.txt");
  EXPECT_EQ(answer.exit, 0);
  EXPECT_THAT(host::read_text(folder_ / "stderr.txt"),
              HasSubstr("no sample portrait (sample/portrait.png): reading a drawn face"));
  const host::Json faces = host::parse_json(answer.output, "standard output")["results"].at(0)["faces"];
  ASSERT_EQ(faces.size(), 1u);
  EXPECT_EQ(faces[0]["label"], "happy");
}

TEST_F(Cli, TheDemoReadsWhatIsDrawnAndWritesItsFilm) {
  const Answer answer = dimple("demo film.svg --json");
  ASSERT_EQ(answer.exit, 0) << error_;
  const host::Json report = host::parse_json(answer.output, "standard output");
  EXPECT_EQ(violation(report, schema_of(kProgram, "demo")["report"]), "");
  std::set<std::string> labels;
  for (const host::Json& frame : report["frames"]) labels.insert(frame["face"]["label"].get<std::string>());
  EXPECT_THAT(labels, IsSupersetOf({"neutral", "happy", "surprise", "angry"}));
  EXPECT_THAT(host::read_text(folder_ / "film.svg"), StartsWith("<svg "));
  EXPECT_EQ(dimple("demo film.png").exit, 2);
}

TEST_F(Cli, AMissingFileIsOneClearSentence) {
  const Answer answer = dimple("predict nosuch.jpg");
  EXPECT_EQ(answer.exit, 3);
  EXPECT_THAT(answer.output, IsEmpty());
  EXPECT_EQ(error_,
            "dimple: cannot read nosuch.jpg: no such file\n"
            "  looked in the current folder; a folder, a glob, list.csv or - also work (dimple predict --help)\n");
}

TEST_F(Cli, JsonIsOneDocumentAndNothingElse) {
  const Answer answer = predict("noise.png --json");
  EXPECT_EQ(answer.exit, 0) << error_;
  EXPECT_THAT(error_, IsEmpty());
  const host::Json json = host::parse_json(answer.output, "standard output");
  EXPECT_EQ(json["schema"], 1);
  ASSERT_EQ(json["results"].size(), 1u);
  const host::Json& face = json["results"][0]["faces"].at(0);
  EXPECT_EQ(face["box"], (host::Json{0, 0, 64, 64}));
  double sum = 0;
  for (const auto& [name, score] : face["scores"].items()) sum += score.get<double>();
  EXPECT_NEAR(sum, 1, 1e-4);
  EXPECT_EQ(face["scores"][face["label"].get<std::string>()], face["score"]);
}

TEST_F(Cli, JsonLinesComeOnePerPicture) {
  media::save_picture(in("more.png"), noise(2));
  const Answer answer = predict("*.png --jsonl --no-save");
  const size_t end = answer.output.find('\n');
  EXPECT_THAT(host::parse_json(answer.output.substr(0, end), "line 1")["source"], "more.png");
  EXPECT_THAT(host::parse_json(answer.output.substr(end + 1), "line 2")["source"], "noise.png");
}

TEST_F(Cli, SendsNoEscapesAndNoBarsIntoAPipe) {
  const Answer answer = predict("noise.png noise.png");
  EXPECT_EQ(answer.exit, 0);
  EXPECT_THAT(answer.output, Not(HasSubstr("\x1b")));
  EXPECT_THAT(answer.output, HasSubstr("happy"));
  EXPECT_THAT(error_, IsEmpty());
}

TEST_F(Cli, ReadsAPictureFromStandardInput) {
  const Answer answer = predict("- --json < noise.png");
  EXPECT_EQ(answer.exit, 0) << error_;
  EXPECT_EQ(host::parse_json(answer.output, "x")["results"][0]["source"], "-");
}

TEST_F(Cli, AFolderIsDoneToTheEndWhateverIsInIt) {
  host::make_folder(in("mixed/below"));
  fs::copy(in("noise.png"), in("mixed/below/good.png"));
  std::ofstream(in("mixed/empty.jpg"));
  std::ofstream(in("mixed/text.jpg")) << "this is no picture\n";
  std::ofstream(in("mixed/readme.txt")) << "not looked at\n";
  std::string cut = host::read_text(in("noise.png"));
  cut.resize(cut.size() / 2);
  std::ofstream(in("mixed/cut.png"), std::ios::binary) << cut;
  EXPECT_EQ(predict("mixed --name mixed").exit, 3);
  const auto rows =
      host::parse_csv(host::read_text(folder_ / "runs" / "predict" / "mixed" / "predictions.csv"), "answers");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(host::csv_line(rows[0]),
            "source,frame,timestamp_ms,face_id,track_id,x,y,w,h,det_score,quality,label,score,angry,disgust,fear,happy,"
            "sad,surprise,neutral,entropy,abstain,reason,latency_ms,model\n");
  for (const auto& row : rows) ASSERT_EQ(row.size(), rows[0].size());
  const size_t label = 11, reason = 22;
  EXPECT_EQ(rows[1][0], "mixed/below/good.png");
  EXPECT_THAT(rows[1][label], Not(IsEmpty()));
  for (size_t i = 2; i < 5; ++i) {
    EXPECT_THAT(rows[i][label], IsEmpty());
    EXPECT_THAT(rows[i][reason], StartsWith("cannot read " + rows[i][0]));
  }
}

TEST_F(Cli, AFolderReadsTheSameInTheSameOrderOnAnyNumberOfThreads) {
  for (const char* folder : {"many/a", "many/b"}) {
    host::make_folder(in(folder));
    for (int i = 0; i < 20; ++i)
      media::save_picture(in(folder + ("/" + std::to_string(i)) + ".png"), noise(static_cast<uint32_t>(i)));
  }
  std::ofstream(in("many/b/7.png")) << "this is no picture\n";
  const auto answers = [&](const std::string& threads) {
    EXPECT_EQ(predict("many --save-crops --name on" + threads + " --threads " + threads).exit, 3) << error_;
    auto rows =
        host::parse_csv(host::read_text(folder_ / "runs/predict" / ("on" + threads) / "predictions.csv"), "csv");
    for (auto& row : rows) row[23] = "";  // latency_ms
    return rows;
  };
  const auto alone = answers("1"), together = answers("3");
  EXPECT_EQ(alone, together);
  ASSERT_EQ(together.size(), 41u);
  EXPECT_EQ(together[1][0], "many/a/0.png");
  EXPECT_EQ(together[40][0], "many/b/9.png");
  const fs::path one = folder_ / "runs/predict/on1", three = folder_ / "runs/predict/on3";
  for (const char* drawn : {"0.jpg", "0-2.jpg", "9.jpg", "9-2.jpg", "crops/9-0.png", "crops/9-2-0.png"})
    EXPECT_EQ(host::read_text(one / drawn), host::read_text(three / drawn)) << drawn;
  EXPECT_EQ(host::parse_json(host::read_text(three / "summary.json"), "summary")["threads"], 3);
  EXPECT_EQ(predict("many --no-save --threads -1").exit, 2);
  EXPECT_EQ(predict("many --no-save --threads 3 --executor check --json").exit, 3);
}

TEST_F(Cli, ResumedDrawingsKeepTheirNames) {
  host::make_folder(in("many/a"));
  host::make_folder(in("many/b"));
  media::save_picture(in("many/a/0.png"), noise(1));
  media::save_picture(in("many/b/0.png"), noise(2));
  ASSERT_EQ(predict("many --name cut").exit, 0) << error_;
  const fs::path run_folder = folder_ / "runs/predict/cut";
  const std::string first = host::read_text(run_folder / "0.jpg"), second = host::read_text(run_folder / "0-2.jpg");
  const std::string lines = host::read_text(run_folder / "predictions.jsonl");
  std::ofstream(run_folder / "predictions.jsonl") << lines.substr(0, lines.find('\n') + 1);
  fs::remove(run_folder / "0-2.jpg");
  ASSERT_EQ(dimple("predict --resume runs/predict/cut").exit, 0) << error_;
  EXPECT_EQ(host::read_text(run_folder / "0.jpg"), first);
  EXPECT_EQ(host::read_text(run_folder / "0-2.jpg"), second);
}

TEST_F(Cli, EveryStageIsTimed) {
  const auto stages = [&](const std::string& flags) {
    std::string names;
    const host::Json document = host::parse_json(predict("noise.png --json " + flags).output, "x");
    for (const auto& [name, value] : document["results"][0].items()) {
      if (!name.ends_with("_ms")) continue;
      names += name + " ";
      EXPECT_GT(value.get<double>(), 0) << name;
    }
    return names;
  };
  EXPECT_EQ(stages(""), "decode_ms read_ms draw_ms ");
  EXPECT_EQ(stages("--no-save"), "decode_ms read_ms ");
}

TEST_F(Cli, LeavesARunFolderWithEverything) {
  ASSERT_EQ(predict("noise.png --save-crops").exit, 0) << error_;
  const fs::path run = folder_ / "runs" / "predict" / "1";
  for (const char* name : {"predictions.csv", "predictions.jsonl", "summary.json", "noise.jpg", "crops/noise-0.png"}) {
    EXPECT_TRUE(host::file_exists(run / name)) << name;
  }
  EXPECT_EQ(host::parse_json(host::read_text(run / "summary.json"), "summary")["faces"], 1);
  ASSERT_EQ(predict("noise.png --name 1").exit, 2);
  EXPECT_THAT(error_, HasSubstr("is there already"));
}

TEST_F(Cli, WhatContradictsItselfIsUsage) {
  EXPECT_EQ(predict("noise.png --save-crops --blur-faces").exit, 2);
  EXPECT_EQ(predict("noise.png --json --jsonl").exit, 2);
  EXPECT_EQ(predict("noise.png --min-score 2").exit, 2);
}

TEST_F(Cli, NoSaveLeavesNothing) {
  ASSERT_EQ(predict("noise.png --no-save").exit, 0);
  EXPECT_FALSE(host::file_exists(folder_ / "runs"));
}

TEST_F(Cli, ABadPictureLeavesNoEmptyRunFolder) {
  std::ofstream(in("text.jpg")) << "this is no picture\n";
  EXPECT_EQ(predict("text.jpg").exit, 3);
  EXPECT_FALSE(host::file_exists(folder_ / "runs"));
}

TEST_F(Cli, ReadsTheSameInACageAndInPlace) {
  std::ofstream(in("text.jpg")) << "this is no picture\n";
  const std::string pictures = "noise.png text.jpg nosuch.jpg --no-save";
  const Answer caged = predict(pictures);
  const std::string refusals = error_;
  const Answer in_place = predict(pictures + " --no-cage");
  EXPECT_EQ(caged.output, in_place.output);
  EXPECT_EQ(caged.exit, in_place.exit);
  EXPECT_EQ(refusals, error_);
  EXPECT_THAT(dimple("doctor --no-cage").output, HasSubstr("decoder cage                switched off"));
}

TEST_F(Cli, UnsureSaysWhy) {
  const auto reason = [&](const std::string& flags) {
    const Answer answer = dimple("predict --no-detect noise.png --json --no-save --model " + model() + " " + flags);
    return host::parse_json(answer.output, "x")["results"][0]["faces"].at(0)["reason"].get<std::string>();
  };
  EXPECT_EQ(reason("--min-score 1"), "low score");
  EXPECT_EQ(reason("--min-face 65"), "small");
  EXPECT_EQ(reason("--min-score 0"), "");
  media::save_picture(in("noise.png"), media::Picture(64, 64, 1, 128));
  EXPECT_EQ(reason("--min-score 0"), "blurred");
}

TEST_F(Cli, APictureWithoutAFaceIsFineUnlessAskedOtherwise) {
  const host::Json doctor = host::parse_json(dimple("doctor --json").output, "doctor");
  for (const host::Json& finding : doctor["findings"]) {
    if (finding["what"] == "finder auto" && !finding["fine"]) GTEST_SKIP() << finding["detail"];
  }
  media::save_picture(in("wall.png"), media::Picture(200, 200, 3, 180));
  const Answer answer = dimple("predict wall.png --json --model " + model());
  EXPECT_EQ(answer.exit, 0) << error_;
  EXPECT_THAT(host::parse_json(answer.output, "x")["results"][0]["faces"], IsEmpty());
  EXPECT_EQ(dimple("predict wall.png --fail-on-no-face --model " + model()).exit, 4);
}

TEST_F(Cli, ADamagedModelIsRefused) {
  std::string bytes = host::read_text(model());
  const auto refused = [&](const std::string& changed) {
    std::ofstream(in("bad.safetensors"), std::ios::binary) << changed;
    return dimple("predict --no-detect noise.png --model bad.safetensors").exit;
  };
  EXPECT_EQ(refused(bytes.substr(0, bytes.size() / 2)), 5);
  EXPECT_THAT(error_, HasSubstr("bad.safetensors"));
  for (size_t at = 0; at < bytes.size(); at += bytes.size() / 20) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    EXPECT_EQ(refused(flipped), 5) << "bit flipped in byte " << at;
  }
  EXPECT_EQ(dimple("predict --no-detect noise.png --model nosuch.safetensors").exit, 5);
  EXPECT_EQ(dimple("predict --no-detect noise.png --model dimple-nona").exit, 5);
}

TEST_F(Cli, TheProgramAgreesWithTheGraphLayerByLayer) {
  const Answer answer = predict("noise.png --executor check --json");
  EXPECT_EQ(answer.exit, 0);
  const host::Json layers = host::parse_json(answer.output, "x")["layers"];
  ASSERT_GE(layers.size(), 3u);
  for (const host::Json& layer : layers) EXPECT_EQ(layer["different"], 0) << layer.dump();
  const auto scores = [&](const char* flags) {
    const Answer said = predict(std::string("noise.png --no-save --json ") + flags);
    return host::parse_json(said.output, "x")["results"][0]["faces"]
        .at(0)["scores"]
        .get<std::map<std::string, float>>();
  };
  const std::map<std::string, float> expected = scores("--executor reference");
  EXPECT_EQ(scores("--isa portable"), expected);
  for (const auto& [label, score] : scores("--executor program")) EXPECT_NEAR(score, expected.at(label), 1e-5) << label;
}

TEST_F(Cli, ARecordReplaysAndShowsWhatChanged) {
  ASSERT_EQ(predict("noise.png --executor record --record layers.safetensors --no-save").exit, 0) << error_;
  EXPECT_EQ(predict("noise.png --executor replay --record layers.safetensors --no-save").exit, 0) << error_;
  model::Model other = tiny_model();
  other.graph.constants.begin()->second.as<float>()[0] += 1;
  model::save_model(model(), other);
  EXPECT_EQ(predict("noise.png --executor replay --record layers.safetensors --no-save").exit, 6);
  media::save_picture(in("noise.png"), noise(3));
  EXPECT_EQ(predict("noise.png --executor replay --record layers.safetensors --no-save").exit, 3);
  EXPECT_THAT(error_, HasSubstr("not the one that was recorded"));
  EXPECT_EQ(predict("noise.png --executor replay --no-save").exit, 2);
}

TEST_F(Cli, SettingsComeFromFileEnvironmentAndFlags) {
  std::ofstream(in("strict.toml")) << "min_score = 0.99\n[predict]\nmin_face = 10\n";
  const auto label = [&](const std::string& before, const std::string& flags) {
    const Answer answer =
        run("cd " + folder_.string() + " && " + before + " " + kProgram +
            " predict --no-detect --no-save --json noise.png --config strict.toml --model " + model() + " " + flags);
    return host::parse_json(answer.output, "x")["results"][0]["faces"].at(0)["reason"].get<std::string>();
  };
  EXPECT_EQ(label("", ""), "low score");
  EXPECT_EQ(label("DIMPLE_MIN_SCORE=0", ""), "");
  EXPECT_EQ(label("DIMPLE_MIN_SCORE=0", "--min-score 1"), "low score");
  std::ofstream(in("typo.toml")) << "min_scroe = 0.99\n";
  EXPECT_EQ(predict("noise.png --config typo.toml").exit, 2);
  EXPECT_THAT(error_, HasSubstr("did you mean min_score?"));
}

TEST_F(Cli, AFullDiskIsResources) {
  EXPECT_EQ(predict("noise.png --no-save --json > /dev/full").exit, 7);
  const Answer answer = run("cd " + folder_.string() + " && trap '' XFSZ && ulimit -f 1 && " + kProgram +
                            " predict --no-detect noise.png --save-crops --model " + model() + " 2>&1");
  EXPECT_EQ(answer.exit, 7);
  EXPECT_THAT(answer.output, HasSubstr("cannot write runs/predict/1/"));
}

// Lines of predictions.jsonl and rows of predictions.csv, its header not counted.
std::pair<size_t, size_t> kept_in(const fs::path& run) {
  const std::string lines = host::read_text(run / "predictions.jsonl");
  EXPECT_TRUE(lines.empty() || lines.ends_with('\n'));
  return {static_cast<size_t>(std::ranges::count(lines, '\n')),
          host::parse_csv(host::read_text(run / "predictions.csv"), "answers").size() - 1};
}

TEST_F(Cli, WhatWasReadBeforeASignalIsKeptAndResumeReadsTheRest) {
  host::make_folder(in("many"));
  for (int i = 0; i < 400; ++i) fs::create_hard_link(in("noise.png"), in("many/" + std::to_string(i) + ".png"));
  const fs::path run_folder = folder_ / "runs/predict/cut";
  for (const auto& [signal, exit] : {std::pair{"TERM", 143}, std::pair{"KILL", 137}}) {
    fs::remove_all(run_folder);
    // The reader takes one line and then nothing until the signal is sent, so the program waits at a full pipe.
    const std::string script = "cd " + folder_.string() + " && rm -f lines && mkfifo lines && { " + kProgram +
                               " predict many --no-detect --no-annotate --jsonl --name cut --model " + model() +
                               " > lines & pid=$!; exec 3< lines; read -r line <&3; kill -" + signal +
                               " $pid; cat <&3 > /dev/null; wait $pid; }";
    EXPECT_EQ(run("bash -c '" + script + "' 2> /dev/null").exit, exit);
    const auto [lines, rows] = kept_in(run_folder);
    EXPECT_GE(lines, 1u);
    EXPECT_LT(lines, 400u);
    EXPECT_GE(rows, lines);
    std::ofstream(run_folder / "predictions.jsonl", std::ios::app) << "{\"source\": \"many/9";  // cut by a kill
    std::ofstream(run_folder / "predictions.csv", std::ios::app) << "many/99.png,0,0";
    ASSERT_EQ(dimple("predict --resume runs/predict/cut").exit, 0) << error_;
    EXPECT_EQ(kept_in(run_folder), (std::pair<size_t, size_t>{400, 400}));
    const host::Json summary = host::parse_json(host::read_text(run_folder / "summary.json"), "summary");
    EXPECT_EQ(summary["interrupted"], false);
    EXPECT_EQ(summary["pictures"], 400);
    EXPECT_EQ(summary["faces"], 400);
  }
  EXPECT_EQ(dimple("predict --resume many").exit, 2);
  EXPECT_EQ(dimple("predict noise.png --resume runs/predict/cut").exit, 2);
}

TEST_F(Cli, APictureThatCannotBeDrawnCostsItsDrawing) {
  host::make_folder(in("two"));
  fs::copy(in("noise.png"), in("two/" + std::string(240, 'x') + ".png"));  // with an ending of ours it is too long
  fs::copy(in("noise.png"), in("two/b.png"));
  EXPECT_EQ(predict("two --name long").exit, 0) << error_;
  fs::create_directories(folder_ / "blocked/predict/here/b.jpg");
  std::ofstream(folder_ / "blocked/predict/here/args.toml")
      << "sources = [\"two\"]\ndetect = false\nmodel = \"" << model() << "\"\n";
  EXPECT_EQ(dimple("predict --resume blocked/predict/here").exit, 1);
  EXPECT_THAT(error_, HasSubstr("cannot write blocked/predict/here/b.jpg: it is a folder"));
  EXPECT_EQ(kept_in(folder_ / "blocked/predict/here"), (std::pair<size_t, size_t>{2, 2}));
}

TEST_F(Cli, NoSpreadsheetRunsTheNameOfAPicture) {
  fs::copy(in("noise.png"), in("=1+1.png"));
  ASSERT_EQ(predict("=1+1.png --name formula").exit, 0) << error_;
  const auto rows = host::parse_csv(host::read_text(folder_ / "runs/predict/formula/predictions.csv"), "answers");
  EXPECT_EQ(rows.at(1).at(0), "'=1+1.png");
}

TEST_F(Cli, TrainWithoutItsProgramSaysHowToGetIt) {
  fs::copy(kProgram, in("dimple"));
  const Answer answer = run(in("dimple") + " train x.csv 2>&1");
  EXPECT_EQ(answer.exit, 1);
  EXPECT_THAT(answer.output, HasSubstr("dimple-lab, which is not built here"));
}

TEST_F(Cli, TellsWhatAModelFileHolds) {
  const Answer answer = dimple("models " + model());
  EXPECT_EQ(answer.exit, 0) << error_;
  EXPECT_THAT(answer.output, HasSubstr("conv2d"));
  EXPECT_THAT(answer.output, HasSubstr("48x48x1"));
}

TEST_F(Cli, CompletesVerbsAndFlags) {
  const Answer answer =
      run("PATH=" + fs::path(kProgram).parent_path().string() +
          ":$PATH bash -c 'source <(dimple completion bash); COMP_WORDS=(dimple pre); COMP_CWORD=1; "
          "_dimple; echo ${COMPREPLY[@]}; COMP_WORDS=(dimple predict --min-s); COMP_CWORD=2; _dimple; "
          "echo ${COMPREPLY[@]}'");
  EXPECT_EQ(answer.output, "predict\n--min-score\n");
}

}  // namespace
}  // namespace dimple::tests

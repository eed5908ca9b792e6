#include "host/document.h"

#include <gtest/gtest.h>

namespace dimple::host {
namespace {

enum class Mood { calm, wild };
const char* name_of(Mood mood) { return mood == Mood::calm ? "calm" : "wild"; }

struct Face {
  std::array<int, 2> at{};
  float score = 0;
  Named<float> scores;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("at", self.at);
    f("score", self.score);
    f("scores", self.scores);
  }
};

struct Report {
  std::vector<Face> faces;
  std::map<std::string, int> counts;
  std::optional<std::string> problem;
  OrNull<double> accuracy;
  std::variant<Face, int> either = 3;
  Mood mood = Mood::wild;
  std::string folder;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", kReportSchema);
    f("faces", self.faces);
    f("counts", self.counts);
    f("problem", self.problem);
    f("accuracy", self.accuracy);
    f("either", self.either);
    f("mood", self.mood);
    f("folder", unless_empty(self.folder));
  }
};

TEST(Document, HoldsWhatTheReportHolds) {
  Report report;
  report.faces = {{{3, 4}, 0.45f, {{"sad", 0.1f}, {"happy", 0.9f}}}};
  report.counts = {{"a", 1}};
  EXPECT_EQ(print_json(to_json(report)),
            R"({"schema":1,"faces":[{"at":[3,4],"score":0.45,"scores":{"sad":0.1,"happy":0.9}}],"counts":{"a":1},)"
            R"("accuracy":null,"either":3,"mood":"wild"})");
}

TEST(Document, AnOptionalFieldIsThereOnceItHasAValue) {
  Report report;
  report.problem = "none", report.accuracy = 0.5, report.folder = "runs";
  const Json json = to_json(report);
  EXPECT_EQ(json["problem"], "none");
  EXPECT_EQ(json["accuracy"], 0.5);
  EXPECT_EQ(json["folder"], "runs");
}

TEST(Document, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(print_json(Json{{"name", "\xff"}}), "{\"name\":\"\xef\xbf\xbd\"}");
}

}  // namespace
}  // namespace dimple::host

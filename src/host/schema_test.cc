#include "host/schema.h"

#include <gtest/gtest.h>

namespace dimple::host {
namespace {

struct Blur {
  float chance = 0.25f;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("chance", self.chance, "how often");
  }
};

struct Thing {
  int count = 3;
  bool save = true;
  std::optional<std::string> name;
  std::vector<std::string> words;
  Blur blur;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("count", self.count, "how many");
    f("save", self.save, "write files");
    f("name", self.name, "what it is called");
    f("words", self.words, "");
    f("blur", self.blur);
  }
};

struct Report {
  std::map<std::string, OrNull<double>> figures;
  std::variant<Blur, Json> either;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("figures", self.figures, "by name");
    f("either", self.either);
  }
};

TEST(Schema, OfADocumentRequiresAllThatIsNotOptional) {
  const Json schema = document_schema<Thing>();
  EXPECT_EQ(schema["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(schema["required"], (Json{"count", "save", "words", "blur"}));
  EXPECT_EQ(schema["properties"]["count"], (Json{{"type", "integer"}, {"description", "how many"}}));
  EXPECT_EQ(schema["properties"]["name"], (Json{{"type", "string"}, {"description", "what it is called"}}));
  EXPECT_EQ(schema["properties"]["words"], Json::parse(R"({"type": "array", "items": {"type": "string"}})"));
  EXPECT_EQ(schema["properties"]["blur"]["properties"]["chance"]["description"], "how often");
}

TEST(Schema, OfSettingsTellsDefaultsAndRequiresNothing) {
  const Json schema = settings_schema(Thing{});
  EXPECT_FALSE(schema.contains("required"));
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["properties"]["save"]["default"], true);
  EXPECT_EQ(schema["properties"]["blur"]["properties"]["chance"]["default"], 0.25);
  EXPECT_FALSE(schema["properties"]["name"].contains("default"));
}

TEST(Schema, ReachesIntoMapsAndAlternatives) {
  const Json properties = document_schema<Report>()["properties"];
  EXPECT_EQ(properties["figures"], Json::parse(R"({"type": "object",
    "additionalProperties": {"anyOf": [{"type": "null"}, {"type": "number"}]}, "description": "by name"})"));
  EXPECT_EQ(properties["either"]["anyOf"][0]["required"], Json{"chance"});
  EXPECT_EQ(properties["either"]["anyOf"][1], Json::object());
}

}  // namespace
}  // namespace dimple::host

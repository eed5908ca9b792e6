#include "compile/metadata.h"

#include <gmock/gmock.h>

#include "compile/lower.h"
#include "compile/random_graph_testing.h"
#include "format/program_testing.h"
#include "host/error.h"

namespace dimple::compile {
namespace {

model::Model sample() {
  model::Model m;
  for (uint32_t seed = 1; m.graph.input.shape.channels != 1; ++seed) m.graph = RandomGraph(seed).make();
  m.labels = {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
  m.preprocess = {m.graph.input.shape.width, m.graph.input.shape.height, 1, 120, 40, image::Normalise::standardise};
  return m;
}

TEST(ProgramFacts, TravelWithTheProgram) {
  const model::Model m = sample();
  EXPECT_EQ(read_facts(plan(m), "p.dimple"), facts_of(m));
}

std::string refusal_of(const std::vector<uint8_t>& program) {
  try {
    read_facts(program, "p.dimple");
  } catch (const host::Error& e) {
    EXPECT_EQ(e.exit(), host::Exit::model);
    return e.what();
  }
  return {};
}

TEST(ProgramFacts, ASentenceSaysWhatIsMissing) {
  const model::Model m = sample();
  ProgramFacts facts = facts_of(m);
  facts.labels.clear();
  EXPECT_EQ(refusal_of(plan(m.graph, facts)), "cannot use p.dimple: it does not say what its outputs mean");
  facts = {.labels = m.labels};
  EXPECT_EQ(refusal_of(plan(m.graph, facts)), "cannot use p.dimple: it does not say how a picture becomes its input");
  EXPECT_NE(refusal_of({}), "");
}

TEST(ProgramFacts, OfAFileThatSaysFarTooMuchAreRefused) {
  const model::Model m = sample();
  ProgramFacts facts = facts_of(m);
  facts.name = std::string(70'000, 'x');
  EXPECT_THAT(refusal_of(plan(m.graph, facts)), testing::HasSubstr("bytes of metadata, 65536 are allowed"));
}

// Ends of labels are bytes, and the texts that they would become thirty times as large.
TEST(ProgramFacts, WithMoreLabelsThanAnyoneCanTellApartAreRefused) {
  format::ProgramDraft draft;
  draft.header.input = draft.add_tensor(DType::s8, {1, 1, 70'000}, 1.0f / 128, 0);
  draft.header.output = draft.header.logits =
      draft.add_step(ops::OpCode::relu, DType::s8, ops::Relu{}, {0}, 1.0f / 128, 0);
  draft.labels = std::string(70'000, '\0');
  EXPECT_THAT(refusal_of(format::sealed(draft)), testing::HasSubstr("70000 bytes of labels, 65000 are allowed"));
}

TEST(ProgramFacts, ThoseThatDoNotFitTheNetworkAreRefused) {
  const model::Model m = sample();
  ProgramFacts facts = facts_of(m);
  facts.labels.pop_back();
  EXPECT_EQ(misfit(m.graph, facts), "6 labels for 7 outputs");
  EXPECT_THROW(plan(m.graph, facts), host::Error);
  facts = facts_of(m);
  facts.preprocess.width += 1;
  EXPECT_THAT(misfit(m.graph, facts), testing::HasSubstr("and its network reads"));
  EXPECT_THROW(plan(m.graph, facts), host::Error);
}

}  // namespace
}  // namespace dimple::compile

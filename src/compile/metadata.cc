#include "compile/metadata.h"

#include <fmt/format.h>

#include <utility>

#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "host/json.h"
#include "model/labels.h"

namespace dimple::compile {

constexpr size_t kMaxMetadataBytes = size_t{64} << 10;  // a name; the program itself may be a thousand times larger

ProgramFacts facts_of(const model::Model& m) { return {m.graph.name, m.labels, m.preprocess}; }

ProgramFacts read_facts(std::span<const uint8_t> bytes, const std::string& source) {
  const host::AlignedBytes copy(bytes);
  const auto read = format::read_program({copy.data(), copy.size()});
  if (!read.ok()) throw host::Error(host::Exit::model, "cannot use " + source + ": " + describe(read.status()));
  const format::Program& program = read.value();
  const auto refuse = [&](const char* what) {
    throw host::Error(host::Exit::model, "cannot use " + source + ": it does not say " + what,
                      "export it from a model, which knows");
  };
  if (program.labels.empty()) refuse("what its outputs mean");
  if (program.labels.size() > model::kMostLabels * (model::kLongestLabel + 1))
    throw host::Error(host::Exit::model,
                      fmt::format("cannot use {}: {} bytes of labels, {} are allowed", source, program.labels.size(),
                                  model::kMostLabels * (model::kLongestLabel + 1)));
  if (program.header->preprocess.width == 0) refuse("how a picture becomes its input");
  ProgramFacts facts;
  for (std::string label; const uint8_t c : program.labels)
    if (c == 0)
      facts.labels.push_back(std::exchange(label, {}));
    else
      label += static_cast<char>(c);
  facts.preprocess = program.header->preprocess;
  const std::string_view text(reinterpret_cast<const char*>(program.metadata.data()), program.metadata.size());
  const std::string what = "the metadata of " + source;
  if (text.size() > kMaxMetadataBytes)
    throw host::Error(host::Exit::model, fmt::format("cannot use {}: {} bytes of metadata, {} are allowed", source,
                                                     text.size(), kMaxMetadataBytes));
  facts.name =
      host::json_value<std::string>(host::parse_json(text, what, host::Exit::model), "name", what, host::Exit::model);
  model::check_labels(facts.labels, source);
  return facts;
}

std::vector<uint8_t> plan(const model::Model& m, const PlanOptions& options) {
  return plan(m.graph, facts_of(m), options);
}

}  // namespace dimple::compile

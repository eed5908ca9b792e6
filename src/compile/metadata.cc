#include "compile/metadata.h"

#include <cstring>

#include "compile/lower.h"
#include "format/reader.h"
#include "host/error.h"
#include "host/json.h"
#include "model/labels.h"
#include "model/preprocessing.h"

namespace dimple::compile {

ProgramMetadata metadata_of(const model::Model& m) { return {m.graph.name, m.labels, m.preprocess}; }

std::string print_metadata(const ProgramMetadata& m) {
  host::Json json;
  json["name"] = m.name;
  json["labels"] = m.labels;
  json["preprocess"] = host::parse_json(model::print_preprocess(m.preprocess), "the preprocessing", host::Exit::model);
  return json.dump();
}

ProgramMetadata read_metadata(std::span<const uint8_t> program, const std::string& source) {
  const auto header = format::read_header({program.data(), program.size()});
  if (!header.ok()) throw host::Error(host::Exit::model, "cannot use " + source + ": " + describe(header.status()));
  const format::Header& h = header.value();
  if (h.metadata_at > h.file_bytes || h.metadata_bytes > h.file_bytes - h.metadata_at)
    throw host::Error(host::Exit::model, "cannot use " + source + ": " + describe(Status::malformed));
  const std::string what = "the metadata of " + source;
  const std::string_view text(reinterpret_cast<const char*>(program.data()) + h.metadata_at, h.metadata_bytes);
  const host::Json json = host::parse_json(text, what, host::Exit::model);
  ProgramMetadata m;
  m.name = host::json_value<std::string>(json, "name", what, host::Exit::model);
  m.labels = host::json_value<std::vector<std::string>>(json, "labels", what, host::Exit::model);
  m.preprocess =
      model::parse_preprocess(host::json_value<host::Json>(json, "preprocess", what, host::Exit::model).dump(), what);
  model::check_labels(m.labels, source);
  return m;
}

std::vector<uint8_t> plan(const model::Model& m) { return plan(m.graph, print_metadata(metadata_of(m))); }

}  // namespace dimple::compile

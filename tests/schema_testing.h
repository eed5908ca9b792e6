// Whether what a verb prints with --json is what its --schema promises.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "host/json.h"
#include "tests/command.h"

namespace dimple::tests {

inline bool is_of_type(const host::Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "null") return value.is_null();
  return false;
}

// The first thing that is wrong with the value, or "". Knows the part of JSON Schema that host/schema.h writes; a field
// that the schema does not name is wrong, too.
inline std::string violation(const host::Json& value, const host::Json& schema, const std::string& at = "") {
  if (schema.contains("anyOf")) {
    std::string why;
    for (const host::Json& one : schema["anyOf"]) {
      const std::string problem = violation(value, one, at);
      if (problem.empty()) return "";
      why += (why.empty() ? "" : "; ") + problem;
    }
    return why;
  }
  if (!schema.contains("type")) return "";
  if (!is_of_type(value, schema["type"])) return at + " is no " + schema["type"].get<std::string>();
  for (const host::Json& name : schema.value("required", host::Json::array()))
    if (!value.contains(name.get<std::string>())) return at + " lacks " + name.get<std::string>();
  for (size_t i = 0; value.is_array() && i < value.size(); ++i)
    if (const auto problem = violation(value[i], schema["items"], at + "[" + std::to_string(i) + "]"); !problem.empty())
      return problem;
  if (!value.is_object()) return "";
  const host::Json properties = schema.value("properties", host::Json::object());
  const host::Json others = schema.value("additionalProperties", host::Json(false));
  for (const auto& [name, member] : value.items()) {
    const std::string inside = at + "/" + name;
    if (!properties.contains(name) && others.is_boolean()) return inside + " is not in the schema";
    const auto problem = violation(member, properties.contains(name) ? properties[name] : others, inside);
    if (!problem.empty()) return problem;
  }
  return "";
}

// {"request": ..., "report": ...} of a verb.
inline const host::Json& schema_of(const std::string& program, const std::string& verb) {
  static std::map<std::string, host::Json> known;
  host::Json& schema = known[verb];
  if (schema.is_null()) schema = host::parse_json(run(program + " " + verb + " --schema").output, verb + " --schema");
  return schema;
}

// For every call of the program in a test: nothing is checked when it printed no JSON document.
inline void expect_document_as_promised(const std::string& program, const std::string& arguments,
                                        const std::string& output) {
  if (arguments.find(" --json") == std::string::npos || arguments.find(" --jsonl") != std::string::npos) return;
  if (output.empty()) return;
  const std::string verb = arguments.substr(0, arguments.find(' '));
  const host::Json document = host::parse_json(output, arguments);
  EXPECT_EQ(violation(document, schema_of(program, verb)["report"]), "") << arguments;
}

}  // namespace dimple::tests

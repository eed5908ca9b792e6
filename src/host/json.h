// JSON on the host: keys keep the order they were written in, parse errors are ours, depth and size are bounded,
// and time grows with the size of the text.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "host/error.h"

namespace dimple::host {

using Json = nlohmann::ordered_json;

struct JsonLimits {
  size_t deepest = 64;        // the parser recurses when it destroys what it read
  size_t values = 1'000'000;  // numbers, texts, lists and objects together
  size_t names = 1'000'000;   // in one object
};

// Two equal names in one object would let two readers see two different documents: they are no JSON here.
// What is wrong with the text, to stand behind a colon; "" when it is JSON within these limits.
std::string json_problem(std::string_view text, const JsonLimits& limits);

// `what` names the document in the error: "cannot understand labels.json: ...".
Json parse_json(std::string_view text, const std::string& what, Exit exit = Exit::input);

// Bytes that are no UTF-8 (a file's name may hold some) are replaced. Without an indent it is one line.
std::string print_json(const Json& json, int indent = -1);

// Throw the error of a wrong document instead of nlohmann's.
template <class T>
T json_value(const Json& json, const char* key, const std::string& what, Exit exit = Exit::input) {
  if (!json.is_object() || !json.contains(key)) throw Error(exit, what + ": `" + key + "` is missing");
  try {
    return json.at(key).get<T>();
  } catch (const nlohmann::json::exception&) {
    throw Error(exit, what + ": `" + key + "` is of the wrong type");
  }
}

// TOML as a JSON document: tables are objects. Throws a usage error that names the line. Dates are refused.
Json parse_toml(std::string_view text, const std::string& what);

}  // namespace dimple::host

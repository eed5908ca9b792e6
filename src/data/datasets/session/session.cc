// Sessions of an expression game, docs/formats/session.md: frames, what the player was asked to show, and the consent
// without which not one of them is read. A folder may hold one session or many.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "data/datasets/archive.h"
#include "data/datasets/importers.h"
#include "host/error.h"
#include "host/json.h"

namespace dimple::data {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;
using host::Json;

constexpr int kVersion = 1;
constexpr size_t kLargestJson = size_t{16} << 20;

struct Consent {
  std::string refused;  // why nothing may be read; empty: it may
  bool train = false;
};

bool holds(const std::vector<std::string>& purposes, const char* purpose) {
  return std::ranges::find(purposes, purpose) != purposes.end();
}

Consent read_consent(const std::string& text, const std::string& where) {
  const Json json = host::parse_json(text, where);
  if (host::json_value<int>(json, "version", where) != kVersion) return {"its consent is of another version"};
  if (!host::json_value<bool>(json, "given", where)) return {"consent was not given"};
  if (json.contains("withdrawn") && !host::json_value<std::string>(json, "withdrawn", where).empty())
    return {"its consent was withdrawn"};
  if (host::json_value<std::string>(json, "given_by", where).empty() ||
      host::json_value<std::string>(json, "date", where).empty())
    return {"its consent does not say by whom and when"};
  const auto purposes = host::json_value<std::vector<std::string>>(json, "purposes", where);
  if (!holds(purposes, "train") && !holds(purposes, "test")) return {"its consent is for another purpose"};
  return {"", holds(purposes, "train")};
}

std::string beside(const std::string& file, const std::string& name) {
  return (fs::path(file).parent_path() / name).lexically_normal().generic_string();
}

using Consents = std::map<std::string, Consent>;  // by file: many sessions may name one, which is read once

void read_session(const std::string& where, const std::map<std::string, std::string>& texts, Consents& consents,
                  EntryTable& table) {
  const Json json = host::parse_json(texts.at(where), where);
  if (host::json_value<std::string>(json, "format", where) != "dimple-session" ||
      host::json_value<int>(json, "version", where) != kVersion)
    throw Error(Exit::input, fmt::format("cannot read {}: not a session of version {}", where, kVersion));
  const auto subject = host::json_value<std::string>(json, "subject", where);
  if (subject.empty()) throw Error(Exit::input, fmt::format("cannot read {}: it does not say who plays", where));
  Consent consent{"it has no consent file"};
  if (json.contains("consent")) {
    const std::string file = beside(where, host::json_value<std::string>(json, "consent", where));
    if (const auto it = texts.find(file); it != texts.end()) {
      const auto known = consents.find(file);
      consent = known != consents.end() ? known->second
                                        : consents.emplace(file, read_consent(it->second, file)).first->second;
    }
  }
  for (const Json& round : host::json_value<std::vector<Json>>(json, "rounds", where)) {
    const auto prompt = host::json_value<std::string>(round, "prompt", where);
    for (const auto& frame : host::json_value<std::vector<std::string>>(round, "frames", where))
      table.add(beside(where, frame), {.label = prompt,
                                       .subject = subject,
                                       .groups = {fs::path(where).parent_path().filename().string()},
                                       .split = consent.train ? Split::train : Split::test,
                                       .doubt = consent.train ? uint8_t{0} : uint8_t{kDoubtConsent},
                                       .skip = consent.refused});
  }
}

bool is_session(const std::string& name) { return fs::path(name).filename() == "session.json"; }

bool recognises_session(const std::string& path) {
  if (fs::is_regular_file(fs::path(path) / "session.json")) return true;
  const auto is_ours = [](const std::string& name) { return is_picture_name(name) || is_session(name); };
  return std::ranges::any_of(first_names(path, is_ours, 64), is_session);
}

Dataset load_session(const std::string& path, const LoadOptions& options) {
  std::map<std::string, std::string> texts;
  const EntryFilter filter{[](const std::string& name) { return name.ends_with(".json"); }, kLargestJson};
  read_entries(path, filter, [&](const std::string& name, std::string_view text) {
    texts[fs::path(name).lexically_normal().generic_string()] = std::string(text);
  });
  EntryTable table;
  Consents consents;
  for (const auto& [name, text] : texts)
    if (is_session(name)) read_session(name, texts, consents, table);
  PictureTree tree{.name = "session", .groups = {"session"}, .channels = 3, .find_faces = true};
  tree.read = [&](const std::string& name) { return table.find(name); };
  for (const std::string& frame : table.paths())
    if (table.find(frame)[0].skip.empty()) tree.promised.push_back(frame);
  if (tree.promised.empty() && !table.empty())
    throw Error(Exit::input, fmt::format("cannot use {}: {}", path, table.find(table.paths()[0])[0].skip),
                "docs/formats/session.md tells what a consent file holds");
  return load_tree(tree, path, options);
}

}  // namespace

const Importer kSessionImporter = {"session", "sessions of an expression game (session.json)", "what was consented to",
                                   recognises_session, load_session};

}  // namespace dimple::data

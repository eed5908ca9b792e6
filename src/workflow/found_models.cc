#include "workflow/found_models.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "host/files.h"
#include "host/json.h"
#include "model/model.h"
#include "model/store.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using host::Json;

struct Leaving {
  const char* verb;
  const char* file;  // in the folder of a run
};
constexpr std::array<Leaving, 3> kLeavings{
    {{"search", "found.safetensors"}, {"train", "weights/best.safetensors"}, {"compress", "model.safetensors"}}};

Json load_report(const fs::path& file) { return host::parse_json(host::read_text(file), file.string()); }

double number_in(const Json& report, const char* key, const fs::path& file) {
  return host::json_value<double>(report, key, file.string());
}

KnownAccuracy of_search(const fs::path& file) {
  const Json report = load_report(file);
  const Json found = host::json_value<Json>(report, "found", file.string());
  if (found.contains("test_accuracy")) return {number_in(found, "test_accuracy", file), "test", file.string()};
  return {number_in(found, "accuracy", file), "validation", file.string()};
}

KnownAccuracy of_compression(const fs::path& file) {
  const Json report = load_report(file);
  const Json stages = host::json_value<Json>(report, "stages", file.string());
  if (!stages.is_array() || stages.empty()) return {};
  const Json& last = stages.back();
  if (host::json_value<bool>(last, "tested", file.string()))
    return {number_in(last, "accuracy", file), "test", file.string()};
  return {number_in(last, "validation_accuracy", file), "validation", file.string()};
}

// What validation said when the weights were kept.
KnownAccuracy of_metrics(const std::string& file) {
  const model::Model model = model::load_model(file);
  const auto metrics = model.metadata.find("metrics");
  if (metrics == model.metadata.end()) return {};
  return {number_in(host::parse_json(metrics->second, file), "val_acc", file), "validation", file};
}

}  // namespace

std::vector<std::string> found_models(const fs::path& runs) {
  std::vector<std::string> all;
  for (const Leaving& leaving : kLeavings) {
    std::vector<std::string> files;
    std::error_code no_folder;
    for (fs::directory_iterator run(runs / leaving.verb, no_folder), end; !no_folder && run != end;
         run.increment(no_folder))
      if (host::file_exists(run->path() / leaving.file)) files.push_back((run->path() / leaving.file).string());
    std::ranges::sort(files);
    all.insert(all.end(), files.begin(), files.end());
  }
  return all;
}

KnownAccuracy accuracy_of(const std::string& name_or_file) {
  const Json card = model::stored_card(name_or_file);
  if (!card.is_null()) return {card["model"]["accuracy"].get<double>(), "test", "its card"};
  const fs::path file = name_or_file, beside = file.parent_path();
  const auto is = [&](const char* name, const fs::path& report) {
    return file.filename() == name && host::file_exists(report);
  };
  if (is("found.safetensors", beside / "search.json")) return of_search(beside / "search.json");
  if (is("model.safetensors", beside / "compress.json")) return of_compression(beside / "compress.json");
  const fs::path test = beside.parent_path() / "test.json";
  if (is("best.safetensors", test)) return {number_in(load_report(test), "accuracy", test), "test", test.string()};
  return is("best.safetensors", file) ? of_metrics(name_or_file) : KnownAccuracy{};
}

}  // namespace dimple::workflow

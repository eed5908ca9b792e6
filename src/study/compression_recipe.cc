#include "study/compression_recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "compress/stages.h"
#include "host/duration.h"
#include "host/suggest.h"
#include "study/compression_table.h"
#include "zoo/architectures.h"

namespace dimple::study {
namespace {

using host::Error;
using host::Exit;
using host::Json;

constexpr const char* kOfTheParent[] = {"width", "batch_norms", "drop_path", "init"};
constexpr const char* kOfOneCompression[] = {"model", "name",       "runs",   "resume",
                                             "sweep", "fail_under", "within", "test"};

void check_names(const Json& settings, const std::string& where) {
  for (const char* name : kOfTheParent)
    if (settings.contains(name))
      throw Error(Exit::usage, fmt::format("{}: `{}` is a setting of the parent", where, name),
                  "it stands under [parent]");
  for (const char* name : kOfOneCompression)
    if (settings.contains(name))
      throw Error(Exit::usage, fmt::format("{}: `{}` is for one compression, not for a study", where, name));
}

void check_time(const compress::CompressRequest& cell, double most, const std::string& where) {
  const std::string& time = cell.training.recipe.time;
  const int64_t stages = std::ranges::count_if(compress::plan_stages(cell.methods), &compress::Stage::trains);
  if (time.empty() || stages == 0) return;
  const double all = static_cast<double>(stages) * host::parse_duration(time, where + ": time");
  if (all > most)
    throw Error(Exit::usage,
                fmt::format("{}: {} trained stages of {} are more than the {} of a cell", where, stages, time,
                            host::print_duration(most)),
                "a shorter `time`, or a longer `cell_time`");
}

void check_arch(const std::string& arch, const std::string& what) {
  const std::vector<std::string> known = zoo::architecture_names();
  if (std::ranges::find(known, arch) == known.end())
    throw Error(Exit::usage, fmt::format("{}: there is no architecture {}", what, arch),
                host::did_you_mean(arch, known));
}

void check_cell(const Member& cell, double most, const std::string& what) {
  const std::string where = fmt::format("{}: {}", what, cell.name);
  check_names(cell.settings, where);
  const compress::CompressRequest request = compression_of(cell.settings);
  check_arch(request.training.recipe.arch, where);
  if (!compress::asks_nothing(request.methods)) compress::check(request.methods);
  train::Recipe recipe = request.training.recipe;
  if (recipe.teacher == "parent") recipe.teacher.clear();
  train::check(recipe), train::check(request.training.session);
  check_time(request, most, where);
}

// Takes a part out of the document.
template <class T>
T take(Json& document, const char* name, const std::string& what, T otherwise) {
  if (!document.contains(name)) return otherwise;
  T part = host::json_value<T>(document, name, what, Exit::usage);
  document.erase(name);
  return part;
}

void add_cells(CompressionStudy& all, Json document, const Json& axes, const Json& asked, const std::string& what) {
  if (!axes.is_object() || !axes.contains("arch"))
    throw Error(Exit::usage, what + ": [[cells]] has no axis arch", "arch = \"all\", say");
  document["axes"] = axes;
  Study part = parse_study(document, what);
  part.base.update(asked);
  const auto names = [](const Study& s) {
    std::vector<std::string> list;
    for (const Axis& axis : s.axes) list.push_back(axis.name);
    return list;
  };
  if (all.cells.empty()) all.study = part;
  if (names(part) != names(all.study))
    throw Error(Exit::usage, what + ": every [[cells]] needs the same axes, for they are rows of one table");
  for (Member& cell : members_of(part)) {
    if (std::ranges::find(all.cells, cell.name, &Member::name) != all.cells.end())
      throw Error(Exit::usage, fmt::format("{}: the cell {} is there twice", what, cell.name));
    all.cells.push_back(std::move(cell));
  }
}

void read_parents(CompressionStudy& study, Json parent, const std::string& what) {
  const Json files = take(parent, "files", what + ": parent", Json::object());
  if (!files.is_object()) throw Error(Exit::usage, what + ": parent.files is no table of files");
  for (const auto& [arch, file] : files.items()) {
    check_arch(arch, what + ": parent.files");
    study.files[arch] = host::json_value<std::string>(files, arch.c_str(), what + ": parent.files", Exit::usage);
  }
  study.parent = flat(parent);
  const train::TrainRequest request = request_of(study.parent);
  train::check(request.recipe), train::check(request.session);
  for (const char* name : {"arch", "name", "runs", "resume"})
    if (study.parent.contains(name))
      throw Error(Exit::usage, fmt::format("{}: `{}` under [parent] is the study's to choose", what, name));
}

}  // namespace

compress::CompressRequest compression_of(const Json& settings) {
  compress::CompressRequest request;
  auto fields = host::fields_of(request);
  set_fields(fields, "compress", settings);
  request.training.session.test = true;
  return request;
}

Json cell_identity(const compress::CompressRequest& request) {
  Json identity = host::to_json(request.methods);
  identity.update(host::to_json(request.training.data));
  identity.update(host::to_json(request.training.recipe));
  return flat(identity);
}

CompressionStudy parse_compressions(const Json& document, const std::string& what, const Json& asked) {
  if (!document.contains("cells"))
    throw Error(Exit::usage, what + ": there are no [[cells]]",
                document.contains("axes") ? "a study of trainings is for dimple train --study"
                                          : "axes whose combinations are compressed");
  if (document.contains("axes"))
    throw Error(Exit::usage, what + ": axes of compressions stand under [[cells]], not under [axes]");
  Json rest = document;
  const Json cells = take(rest, "cells", what, Json()), parent = take(rest, "parent", what, Json::object());
  const double most = host::parse_duration(take(rest, "cell_time", what, std::string("10m")), what + ": cell_time");
  if (!cells.is_array() || cells.empty()) throw Error(Exit::usage, what + ": cells is no list of axes: [[cells]]");
  if (!parent.is_object()) throw Error(Exit::usage, what + ": parent is no table of settings: [parent]");
  if (!rest.contains("columns")) rest["columns"] = usual_columns();
  CompressionStudy study;
  read_parents(study, parent, what);
  for (const Json& axes : cells) add_cells(study, rest, axes, asked, what);
  check_columns(study.study.columns, what);
  for (const Member& cell : study.cells) check_cell(cell, most, what);
  return study;
}

}  // namespace dimple::study

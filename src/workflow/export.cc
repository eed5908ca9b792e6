#include "workflow/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "compile/lower.h"
#include "compile/metadata.h"
#include "compile/pipeline.h"
#include "data/load.h"
#include "data/real_pictures.h"
#include "export/c/c_folder.h"
#include "export/memory_chart.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "host/sha256.h"
#include "host/suggest.h"
#include "inference/network.h"
#include "inference/opened_model.h"
#include "ir/cost.h"
#include "model/model.h"
#include "model/store.h"
#include "target/target.h"
#include "workflow/export_int8.h"
#include "workflow/load_for.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

const std::vector<std::string> kFormats{"safetensors", "program", "c"};

data::Dataset load(const ExportRequest& request, const image::Preprocess& p, const host::Task& task) {
  data::Dataset set = data::load_dataset(request.data, load_for(p, request.load, task));
  if (set.width != p.width || set.height != p.height || set.channels != p.channels)
    throw Error(Exit::input, fmt::format("the model reads {}x{}x{} pictures, {} has {}x{}x{}", p.width, p.height,
                                         p.channels, request.data, set.width, set.height, set.channels));
  return set;
}

// What people will run against what was given, picture by picture.
void compare(const ExportRequest& request, const std::string& written, const data::Dataset& set, ExportReport& report) {
  const inference::OpenedModel given = inference::open_model(request.model, request.max_macs),
                               made = inference::open_model(written, request.max_macs);
  inference::Network first(given, {}), second(made, {});
  const auto rows = data::spread_rows(set, data::Split::validation, request.pictures);
  const auto codes = data::codes_of(set, rows, given.preprocess.normalise);
  double squares = 0;
  int64_t agree = 0, values = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto one = std::span(codes).subspan(i * set.picture_bytes(), set.picture_bytes());
    const auto a = first.read(one), b = second.read(one);
    agree += std::max_element(a.begin(), a.end()) - a.begin() == std::max_element(b.begin(), b.end()) - b.begin();
    for (size_t c = 0; c < a.size(); ++c) {
      const double d = std::abs(double{a[c]} - b[c]);
      report.largest_difference = std::max(report.largest_difference, d);
      squares += d * d, ++values;
    }
  }
  report.pictures = static_cast<int64_t>(rows.size());
  if (rows.empty()) return;
  report.top1_agreement = static_cast<double>(agree) / static_cast<double>(rows.size());
  report.rmse = std::sqrt(squares / static_cast<double>(values));
}

}  // namespace

ExportReport export_model(const ExportRequest& request, const host::Task& task) {
  for (const std::string& format : request.format) host::check_choice("format", format, kFormats);
  model::Model model = model::open_model(request.model);
  model::check_work(ir::work_of(model.graph), request.model, request.max_macs);
  check_int8(request, model);
  host::check_plain_name("--name", request.name);
  const std::string name = !request.name.empty() ? request.name : fs::path(request.model).stem().string();

  ExportReport report;
  data::Dataset set;
  if (!request.data.empty()) set = load(request, model.preprocess, task);
  if (request.int8)
    make_integer(request, set, name, model, report, task);
  else if (model.graph.input.dtype == DType::f32)
    model.graph = compile::optimise(std::move(model.graph));  // as quantise does before it

  const fs::path folder = request.out;
  report.model = name;
  report.dtype = name_of(model.graph.input.dtype);
  const auto add = [&](const fs::path& path) {
    const auto bytes = host::read_file(path);
    report.files.push_back({path.string(), host::sha256(bytes), static_cast<int64_t>(bytes.size())});
  };
  std::optional<target::Target> target;
  if (!request.target.empty()) target = target::find_target(request.target);
  const auto asked = [&](const char* format) {
    return std::find(request.format.begin(), request.format.end(), format) != request.format.end();
  };
  // Sources are for a chip, even where none is named.
  const std::vector<uint8_t> program =
      compile::plan(model, {.target = target ? &*target : nullptr, .stripes = target.has_value() || asked("c")});
  std::vector<exports::CFile> c_folder;  // first: not every program has a C form, and then nothing shall be written
  if (asked("c")) {
    const std::vector<uint8_t> portable = target ? compile::plan(model) : program;
    const std::optional<exports::CChip> chip = target ? std::optional(exports::CChip{*target, portable}) : std::nullopt;
    c_folder = exports::write_c_folder(program, name, chip ? &*chip : nullptr);
  }
  host::make_folder(folder);
  if (asked("safetensors")) {
    model::save_model((folder / (name + ".safetensors")).string(), model);
    add(folder / (name + ".safetensors"));
  }
  if (asked("program")) {
    host::write_atomic(folder / (name + ".dimple"), program);
    add(folder / (name + ".dimple"));
  }
  if (asked("c")) {
    exports::save_c_folder(c_folder, folder);
    for (const exports::CFile& file : c_folder) add(folder / file.path);
  }

  if (report.layers)
    for (const std::string& path : evaluate::write_layer_losses(request.layer_report, *report.layers)) add(path);
  if (asked("program") || asked("c")) {
    host::write_atomic(folder / (name + "-memory.svg"), exports::memory_chart(program, name));
    add(folder / (name + "-memory.svg"));
  }

  const ir::Cost cost = ir::estimate_cost(model.graph);
  report.weight_bytes = cost.weight_bytes, report.multiply_adds = cost.multiply_adds,
  report.parameters = cost.parameters;
  report.program_bytes = static_cast<int64_t>(program.size());
  report.arena_bytes = dimple_arena_bytes(program.data(), static_cast<uint32_t>(program.size()));
  if (!request.data.empty() && (asked("program") || asked("safetensors"))) {
    const std::string written = (folder / (name + (asked("program") ? ".dimple" : ".safetensors"))).string();
    compare(request, written, set, report);
  }
  return report;
}

}  // namespace dimple::workflow

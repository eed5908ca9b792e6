#include "workflow/val.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "data/protocol.h"
#include "evaluate/answer_files.h"
#include "evaluate/figures.h"
#include "host/error.h"
#include "host/files.h"
#include "host/processor.h"
#include "host/run_folder.h"
#include "host/suggest.h"
#include "inference/opened_model.h"
#include "workflow/load_for.h"
#include "workflow/val_reader.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

constexpr const char* kAll = "all";

data::Split parse_split(const std::string& name) {
  for (const data::Split s : {data::Split::train, data::Split::validation, data::Split::test})
    if (name == data::name_of(s)) return s;
  return data::Split::test;  // of all
}

void check_fits(const data::Dataset& set, const inference::OpenedModel& model) {
  const image::Preprocess& p = model.preprocess;
  if (set.width != p.width || set.height != p.height || set.channels != p.channels)
    throw Error(Exit::input, fmt::format("{} reads {}x{}x{} pictures, this data has {}x{}x{}", model.name, p.width,
                                         p.height, p.channels, set.width, set.height, set.channels));
}

// Refuses what can be refused before any work.
void check_request(const ValRequest& request) {
  if (request.data.empty())
    throw Error(Exit::usage, "there is nothing to answer on", "name a dataset: dimple val --data fer2013.csv.xz");
  if (request.resamples < 1 || request.resamples > 1'000'000)
    throw Error(Exit::usage, "--resamples is between 1 and 1000000");
  host::choose_threads(request.threads);
  host::check_choice("unknown", request.unknown, {"refuse", "wrong", "skip"});
  host::check_choice("split", request.split, {"train", "validation", "test", kAll});
  evaluate::missed_gates({}, request.fail_under);
  if ((request.corruptions || request.crops) && request.executor != "program")
    throw Error(Exit::usage, "--corruptions and --crops are for --executor program");
}

void save(const ValRequest& request, const data::Dataset& set, const inference::Network& network, ValReport& report) {
  const auto folder = host::make_run_folder("val", {request.runs, request.name});
  report.folder = folder.string();
  evaluate::write_answer_files(folder, set, report.answers);
  if (inference::parse_executor(request.executor) == inference::Executor::record)
    network.save_record(request.record.empty() ? (folder / "layers.safetensors").string() : request.record);
  if (report.corruptions) write_corruptions(report.folder, *report.corruptions);
  if (!report.crops.empty()) write_crops(report.folder, report.crops);
  host::write_atomic(folder / "summary.json", host::print_json(host::to_json(report), 2) + "\n");
}

}  // namespace

ValRequest sorted_out(ValRequest r) {
  std::vector<std::string> words = std::exchange(r.what, {});
  if (words.size() == 1 || words.size() == 3) {
    if (!r.data.empty())
      throw Error(Exit::usage, "the data is named twice: " + r.data + " and " + words.back(),
                  "dimple val --help has examples");
    r.data = words.back(), words.pop_back();
  }
  if (words.size() > 2) throw Error(Exit::usage, "too many words: the data and two models can be named");
  if (words.size() == 2) {
    if (!r.against.empty()) throw Error(Exit::usage, "three models are named; two can be compared");
    r.model = words[0], r.against = words[1];
  }
  return r;
}

ValReport val(const ValRequest& request, const host::Task& task) {
  const auto start = std::chrono::steady_clock::now();
  check_request(request);
  const inference::OpenedModel model = inference::open_model(request.model, request.max_macs);
  const data::LoadOptions options = load_for(model.preprocess, request.load, task);
  const data::Dataset loaded = data::load_dataset(request.data, options);
  const data::Protocol& protocol = data::find_protocol(request.protocol, loaded);
  data::Dataset set = protocol.apply(loaded, {.fold = request.fold});
  if (request.split == kAll) std::ranges::fill(set.split, data::Split::test);
  check_fits(set, model);

  const data::TestRows rows = data::test_rows(set, parse_split(request.split));
  if (rows.raw.empty()) throw Error(Exit::input, fmt::format("{} has no {} pictures", request.data, request.split));
  ValReport report;
  report.answers = choose_rows(request, set, rows.raw, model, report);
  DatasetReader reader(request, set, model, report.answers);
  report.answers.scores = reader.read(task);

  report.model = model.name, report.model_sha256 = model.sha256;
  report.data = set.name, report.data_sha256 = loaded.sha256;
  report.protocol = protocol.name, report.split = request.split, report.executor = request.executor;
  report.classes = report.answers.classes;
  report.figures = evaluate::measure(set, report.answers, request.resamples);
  report.together = evaluate::groups_of(set, report.answers.rows);
  report.missed = evaluate::missed_gates(report.figures, request.fail_under);
  if (request.corruptions) report.corruptions = measure_corruptions(request, set, model, report.answers, task);
  if (request.crops) report.crops = measure_crops(request, set, model, report.answers, task);
  report.layers = reader.network().differences();
  report.threads = reader.threads();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (request.save) save(request, set, reader.network(), report);
  return report;
}

CompareReport compare(const ValRequest& request, const host::Task& task) {
  ValRequest one = request, other = request;
  other.model = request.against;
  one.against.clear(), other.against.clear();
  if (!request.name.empty()) one.name += "-first", other.name += "-second";
  const auto known = [&](const std::string& model) {
    std::vector<std::string> labels = inference::open_model(model, request.max_macs).labels;
    std::ranges::sort(labels);
    return labels;
  };
  if (request.unknown == "skip" && known(one.model) != known(other.model))
    throw host::Error(host::Exit::usage,
                      "the two models know different classes: --unknown skip would judge each on others",
                      "--unknown wrong judges both on all");
  CompareReport report{val(one, task), val(other, task), {}};
  report.comparison =
      evaluate::compare(report.first.answers, report.second.answers, report.first.together, request.resamples);
  return report;
}

}  // namespace dimple::workflow

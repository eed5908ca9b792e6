#include "workflow/val.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <map>
#include <mutex>
#include <span>
#include <thread>
#include <utility>

#include "data/load.h"
#include "data/protocol.h"
#include "evaluate/answer_files.h"
#include "evaluate/classes.h"
#include "host/files.h"
#include "host/run_folder.h"
#include "host/suggest.h"
#include "host/threads.h"
#include "image/normalise.h"
#include "workflow/load_for.h"

namespace dimple::workflow {
namespace {

using host::Error;
using host::Exit;

data::Split parse_split(const std::string& name) {
  for (const data::Split s : {data::Split::train, data::Split::validation, data::Split::test})
    if (name == data::name_of(s)) return s;
  host::check_choice("split", name, {"train", "validation", "test"});
  return data::Split::test;
}

void check_fits(const data::Dataset& set, const inference::OpenedModel& model) {
  const image::Preprocess& p = model.preprocess;
  if (set.width != p.width || set.height != p.height || set.channels != p.channels)
    throw Error(Exit::input, fmt::format("{} reads {}x{}x{} pictures, this data has {}x{}x{}", model.name, p.width,
                                         p.height, p.channels, set.width, set.height, set.channels));
}

// Probabilities of the data's classes, as many threads as asked for; each row's do not depend on the others.
class Reader {
 public:
  Reader(const ValRequest& request, const data::Dataset& set, const inference::OpenedModel& model,
         const evaluate::Answers& answers)
      : set_(set),
        model_(model),
        rows_(answers.rows),
        classes_(answers.classes, model.labels, model.name,
                 request.unknown == "wrong" ? evaluate::Unknown::never_answered : evaluate::Unknown::refuse) {
    const inference::Executor executor = inference::parse_executor(request.executor);
    const bool one = executor != inference::Executor::program &&
                     executor != inference::Executor::reference;  // those keep what they saw
    threads_ = one ? 1 : host::choose_threads(request.threads);
    for (int t = 0; t < threads_; ++t)
      networks_.push_back(std::make_unique<inference::Network>(model, executor, request.record));
  }

  std::vector<float> read(const host::Task& task) {
    std::vector<float> scores(rows_.size() * classes_.classes());
    task.progress().start(static_cast<int64_t>(rows_.size()), "reading");
    {
      std::vector<std::jthread> crew;  // joined whatever happens, also when the machine has no thread left to give
      for (auto& network : networks_) crew.emplace_back([&, n = network.get()] { work(*n, scores, task); });
    }
    task.progress().finish();
    if (failure_) std::rethrow_exception(failure_);
    if (task.cancelled()) throw Error(task.cancel_exit(), "stopped before all pictures were read");
    return scores;
  }

  int threads() const { return threads_; }
  const inference::Network& network() const { return *networks_[0]; }

 private:
  void work(inference::Network& network, std::vector<float>& scores, const host::Task& task) {
    std::vector<int8_t> codes(set_.picture_bytes());
    try {
      for (size_t i; (i = next_++) < rows_.size() && !task.cancelled();) {
        const auto pixels = set_.picture(static_cast<size_t>(rows_[i]));
        image::normalise(model_.preprocess.normalise, {pixels.data(), pixels.size()}, {codes.data(), codes.size()});
        const auto probabilities = network.read(codes);
        classes_.apply(probabilities, std::span(scores).subspan(i * classes_.classes(), classes_.classes()));
        const std::lock_guard lock(mutex_);
        task.progress().advance();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
  }

  const data::Dataset& set_;
  const inference::OpenedModel& model_;
  std::span<const int32_t> rows_;
  evaluate::ClassMap classes_;
  int threads_ = 1;
  std::vector<std::unique_ptr<inference::Network>> networks_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

// The pictures to be read and what they show, without answers yet. Says which ones the model cannot know.
evaluate::Answers asked_of(const ValRequest& request, const data::Dataset& set, std::span<const int32_t> rows,
                           const inference::OpenedModel& model, ValReport& report) {
  const std::vector<std::string> shared = evaluate::shared_classes(set.labels, model.labels);
  const bool skip = request.unknown == "skip";
  if (shared.empty())
    throw Error(Exit::input, fmt::format("{} knows none of the classes of {}", model.name, request.data));
  evaluate::Answers answers{skip ? shared : set.labels, {}, {}, {}};
  if (request.unknown != "refuse") report.unknown_are = request.unknown;
  for (const int32_t r : rows) {
    const std::string& label = set.labels[static_cast<size_t>(set.label[static_cast<size_t>(r)])];
    const bool known = std::ranges::find(shared, label) != shared.end();
    if (!known) ++report.unknown[label];
    if (skip && !known) continue;
    answers.rows.push_back(r);
    answers.labels.push_back(static_cast<int32_t>(std::ranges::find(answers.classes, label) - answers.classes.begin()));
  }
  return answers;
}

std::vector<std::string> missed_gates(const ValReport& report, const std::vector<std::string>& gates) {
  std::map<std::string, double> known;
  for (const char* name :
       {"accuracy", "accuracy_deduplicated", "balanced_accuracy", "f1_macro", "auc", "precision", "recall"})
    known[name] = report.figures[name].value;
  known["acc"] = known["accuracy"];
  std::vector<std::string> missed;
  for (const std::string& gate : gates) {
    const size_t at = gate.find('=');
    const auto it = known.find(gate.substr(0, at));
    double least = 0;
    const char* end = gate.data() + gate.size();
    const bool named = at != std::string::npos && it != known.end();
    const auto number = std::from_chars(named ? gate.data() + at + 1 : end, end, least);
    if (!named || number.ec != std::errc() || number.ptr != end || !std::isfinite(least))  // `nan` would never close
      throw Error(Exit::usage, "--fail-under: cannot understand `" + gate + "`",
                  "for example --fail-under accuracy=0.6");
    if (it->second < least) missed.push_back(fmt::format("{} is {:.4f}, below {}", it->first, it->second, least));
  }
  return missed;
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
  if (request.data.empty())
    throw Error(Exit::usage, "there is nothing to answer on", "name a dataset: dimple val --data fer2013.csv.xz");
  ValReport report;
  if (request.resamples < 1 || request.resamples > 1'000'000)
    throw Error(Exit::usage, "--resamples is between 1 and 1000000");
  host::choose_threads(request.threads);
  host::check_choice("unknown", request.unknown, {"refuse", "wrong", "skip"});
  missed_gates(report, request.fail_under);  // a gate that cannot be understood is said before the work
  const inference::OpenedModel model = inference::open_model(request.model);
  const data::LoadOptions options = load_for(model.preprocess, request.load, task);
  const data::Dataset loaded = data::load_dataset(request.data, options);
  const data::Protocol& protocol = data::find_protocol(request.protocol, loaded);
  const data::Dataset set = protocol.apply(loaded, {.fold = request.fold});
  check_fits(set, model);

  const data::TestRows rows = data::test_rows(set, parse_split(request.split));
  if (rows.raw.empty()) throw Error(Exit::input, fmt::format("{} has no {} pictures", request.data, request.split));
  evaluate::Answers answers = asked_of(request, set, rows.raw, model, report);
  if (answers.rows.empty())
    throw Error(Exit::input, fmt::format("{} knows no picture of {}", model.name, request.data));
  Reader reader(request, set, model, answers);
  answers.scores = reader.read(task);

  report.figures = evaluate::measure(set, answers, request.resamples);
  report.together = evaluate::groups_of(set, answers.rows);
  report.raw = report.figures.raw, report.deduplicated = report.figures.deduplicated;
  report.accuracy = report.figures["accuracy"], report.balanced_accuracy = report.figures["balanced_accuracy"];
  report.f1_macro = report.figures["f1_macro"], report.accuracy_deduplicated = report.figures["accuracy_deduplicated"];
  report.model = model.name, report.model_sha256 = model.sha256, report.data = set.name,
  report.data_sha256 = loaded.sha256;
  report.protocol = protocol.name, report.split = request.split, report.executor = request.executor;
  report.classes = answers.classes;
  report.threads = reader.threads();
  report.differences = reader.network().differences();
  for (const inference::LayerDifference& d : report.differences) report.layers_agree &= d.different == 0;
  report.missed = missed_gates(report, request.fail_under);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.answers = answers;
  if (!request.save) return report;

  const auto folder = host::make_run_folder("val", {request.runs, request.name});
  report.folder = folder.string();
  evaluate::write_answer_files(folder, set, answers);
  if (inference::parse_executor(request.executor) == inference::Executor::record)
    reader.network().save_record(request.record.empty() ? (folder / "layers.safetensors").string() : request.record);
  host::write_atomic(folder / "summary.json",
                     to_json(report).dump(2, ' ', false, host::Json::error_handler_t::replace) + "\n");
  return report;
}

host::Json to_json(const ValReport& r) {
  using host::Json;
  Json layers = Json::array();
  for (const inference::LayerDifference& d : r.differences)
    layers.push_back(
        {{"layer", d.layer}, {"different", d.different}, {"elements", d.elements}, {"largest", d.largest}});
  Json json{{"schema", 1},
            {"model", r.model},
            {"model_sha256", r.model_sha256},
            {"data", r.data},
            {"data_sha256", r.data_sha256},
            {"protocol", r.protocol},
            {"split", r.split},
            {"executor", r.executor},
            {"flips_averaged", false}};
  if (!r.unknown.empty()) json["unknown_classes"] = {{"pictures", r.unknown}, {"are", r.unknown_are}};
  json.update(to_json(r.figures, r.classes));
  json.update({{"layers", layers}, {"threads", r.threads}, {"seconds", r.seconds}, {"folder", r.folder}});
  return json;
}

}  // namespace dimple::workflow

#include "workflow/val.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>

#include "data/load.h"
#include "data/protocol.h"
#include "host/files.h"
#include "host/interrupt.h"
#include "host/run_folder.h"
#include "host/suggest.h"
#include "host/threads.h"
#include "image/normalise.h"
#include "workflow/load_for.h"
#include "workflow/report_files.h"

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

constexpr size_t kRest = std::numeric_limits<size_t>::max();

// For each class of the data the model's output of that name: label orders differ between tools, names do not. `other`
// (protocol smile) is everything that the data has no name for, unless the model has an output of that name.
std::vector<size_t> match_classes(const std::vector<std::string>& data, const std::vector<std::string>& model,
                                  const std::string& name) {
  std::vector<size_t> output;
  for (const std::string& label : data) {
    const auto it = std::find(model.begin(), model.end(), label);
    if (it == model.end() && label == "other") {
      output.push_back(kRest);
      continue;
    }
    if (it == model.end())
      throw Error(Exit::input, fmt::format("{} does not know the class `{}` of this data", name, label),
                  fmt::format("it knows {}", fmt::join(model, ", ")));
    output.push_back(static_cast<size_t>(it - model.begin()));
  }
  return output;
}

void check_fits(const data::Dataset& set, const OpenedModel& model) {
  const image::Preprocess& p = model.preprocess;
  if (set.width != p.width || set.height != p.height || set.channels != p.channels)
    throw Error(Exit::input, fmt::format("{} reads {}x{}x{} pictures, this data has {}x{}x{}", model.name, p.width,
                                         p.height, p.channels, set.width, set.height, set.channels));
}

// Probabilities of the data's classes, as many threads as asked for; each row's do not depend on the others.
class Reader {
 public:
  Reader(const ValRequest& request, const data::Dataset& set, const OpenedModel& model, std::span<const int32_t> rows)
      : set_(set), model_(model), rows_(rows), output_(match_classes(set.labels, model.labels, model.name)) {
    const Executor executor = parse_executor(request.executor);
    const bool one = executor != Executor::program && executor != Executor::reference;  // those keep what they saw
    threads_ = one ? 1 : host::choose_threads(request.threads);
    for (int t = 0; t < threads_; ++t) networks_.push_back(std::make_unique<Network>(model, executor, request.record));
  }

  std::vector<float> read(host::Progress& progress) {
    std::vector<float> scores(rows_.size() * output_.size());
    progress.start(static_cast<int64_t>(rows_.size()), "reading");
    {
      std::vector<std::jthread> crew;  // joined whatever happens, also when the machine has no thread left to give
      for (auto& network : networks_) crew.emplace_back([&, n = network.get()] { work(*n, scores, progress); });
    }
    progress.finish();
    if (failure_) std::rethrow_exception(failure_);
    if (host::interrupted() != 0) throw Error(host::interrupted_exit(), "stopped before all pictures were read");
    return scores;
  }

  int threads() const { return threads_; }
  const Network& network() const { return *networks_[0]; }

 private:
  void work(Network& network, std::vector<float>& scores, host::Progress& progress) {
    std::vector<int8_t> codes(set_.picture_bytes());
    try {
      for (size_t i; (i = next_++) < rows_.size() && host::interrupted() == 0;) {
        const auto pixels = set_.picture(static_cast<size_t>(rows_[i]));
        image::normalise(model_.preprocess.normalise, {pixels.data(), pixels.size()}, {codes.data(), codes.size()});
        const auto probabilities = network.read(codes);
        float named = 0;
        for (const size_t o : output_) named += o == kRest ? 0 : probabilities[o];
        for (size_t c = 0; c < output_.size(); ++c)
          scores[i * output_.size() + c] = output_[c] == kRest ? std::max(0.0f, 1 - named) : probabilities[output_[c]];
        const std::lock_guard lock(mutex_);
        progress.advance();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
  }

  const data::Dataset& set_;
  const OpenedModel& model_;
  std::span<const int32_t> rows_;
  std::vector<size_t> output_;
  int threads_ = 1;
  std::vector<std::unique_ptr<Network>> networks_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

metrics::Classification classify(const Answers& a, std::span<const int32_t> at) {
  return metrics::classify(a.scores, a.labels, static_cast<int>(a.classes.size()), at);
}

// Accuracy, balanced accuracy and macro F1 with what other pictures might have made of them. Subjects are drawn whole
// where they are known, identical pictures elsewhere.
std::vector<Figure> with_intervals(const data::Dataset& set, const Answers& a, std::span<const int32_t> at,
                                   int resamples) {
  std::vector<int32_t> group;
  std::map<std::string, int32_t> numbers;
  for (const int32_t i : at) {
    const auto row = static_cast<size_t>(a.rows[static_cast<size_t>(i)]);
    const std::string key = !set.subject.empty()
                                ? set.subject[row]
                                : std::to_string(set.twin.empty() ? static_cast<int32_t>(row) : set.twin[row]);
    group.push_back(numbers.try_emplace(key, static_cast<int32_t>(numbers.size())).first->second);
  }
  const auto figures = [&](std::span<const int32_t> drawn) {
    std::vector<int32_t> rows;
    for (const int32_t d : drawn) rows.push_back(at[static_cast<size_t>(d)]);
    const auto r = classify(a, rows);
    return std::vector<double>{r.accuracy, r.balanced_accuracy, r.f1_macro};
  };
  const auto intervals = metrics::bootstrap(static_cast<int64_t>(at.size()), group, figures, {.resamples = resamples});
  std::vector<int32_t> all(at.size());
  std::iota(all.begin(), all.end(), 0);
  const auto values = figures(all);
  std::vector<Figure> out;
  for (size_t i = 0; i < values.size(); ++i) out.push_back({values[i], intervals[i]});
  return out;
}

std::vector<std::string> missed_gates(const ValReport& report, const std::vector<std::string>& gates) {
  const std::map<std::string, double> known{{"accuracy", report.accuracy.value},
                                            {"acc", report.accuracy.value},
                                            {"accuracy_deduplicated", report.accuracy_deduplicated.value},
                                            {"balanced_accuracy", report.balanced_accuracy.value},
                                            {"f1_macro", report.f1_macro.value}};
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

ValReport val(const ValRequest& request, host::Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  if (request.data.empty())
    throw Error(Exit::usage, "there is nothing to answer on", "name a dataset: dimple val --data fer2013.csv.xz");
  ValReport report;
  if (request.resamples < 1 || request.resamples > 1'000'000)
    throw Error(Exit::usage, "--resamples is between 1 and 1000000");
  host::choose_threads(request.threads);
  missed_gates(report, request.fail_under);  // a gate that cannot be understood is said before the work
  const OpenedModel model = open_model(request.model);
  const data::LoadOptions options = load_for(model.preprocess, request.load, progress);
  const data::Dataset loaded = data::load_dataset(request.data, options);
  const data::Protocol& protocol = data::find_protocol(request.protocol, loaded);
  const data::Dataset set = protocol.apply(loaded, {.fold = request.fold});
  check_fits(set, model);

  const data::TestRows rows = data::test_rows(set, parse_split(request.split));
  if (rows.raw.empty()) throw Error(Exit::input, fmt::format("{} has no {} pictures", request.data, request.split));
  Answers answers{set.labels, rows.raw, {}, {}};
  for (const int32_t r : rows.raw) answers.labels.push_back(set.label[static_cast<size_t>(r)]);
  Reader reader(request, set, model, answers.rows);
  answers.scores = reader.read(progress);

  std::vector<int32_t> all, unseen;  // positions in `answers`; both lists of rows are in ascending order
  for (size_t i = 0; i < rows.raw.size(); ++i) {
    all.push_back(static_cast<int32_t>(i));
    if (std::binary_search(rows.deduplicated.begin(), rows.deduplicated.end(), rows.raw[i]))
      unseen.push_back(all.back());
  }
  report.raw = classify(answers, all), report.deduplicated = classify(answers, unseen);
  const auto raw = with_intervals(set, answers, all, request.resamples),
             deduplicated = with_intervals(set, answers, unseen, request.resamples);
  report.accuracy = raw[0], report.balanced_accuracy = raw[1], report.f1_macro = raw[2],
  report.accuracy_deduplicated = deduplicated[0];
  report.model = model.name, report.model_sha256 = model.sha256, report.data = set.name,
  report.data_sha256 = loaded.sha256;
  report.protocol = protocol.name, report.split = request.split, report.executor = request.executor;
  report.classes = set.labels;
  report.threads = reader.threads();
  report.differences = reader.network().differences();
  for (const LayerDifference& d : report.differences) report.layers_agree &= d.different == 0;
  report.missed = missed_gates(report, request.fail_under);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!request.save) return report;

  const auto folder = host::make_run_folder("val", {request.runs, request.name});
  report.folder = folder.string();
  write_answer_files(folder, answers);
  if (parse_executor(request.executor) == Executor::record)
    reader.network().save_record(request.record.empty() ? (folder / "layers.safetensors").string() : request.record);
  host::write_atomic(folder / "summary.json",
                     to_json(report).dump(2, ' ', false, host::Json::error_handler_t::replace) + "\n");
  return report;
}

host::Json to_json(const ValReport& r) {
  using host::Json;
  const auto interval = [](const Figure& f) { return Json{f.interval.low, f.interval.high}; };
  Json per_class = Json::object();
  for (size_t c = 0; c < r.classes.size(); ++c) {
    const metrics::ClassFigures& f = r.raw.per_class[c];
    per_class[r.classes[c]] = {{"support", f.support}, {"precision", f.precision}, {"recall", f.recall}, {"f1", f.f1}};
  }
  Json confusion = Json::array();
  for (size_t c = 0; c < r.classes.size(); ++c)
    confusion.push_back(
        std::vector<int64_t>(r.raw.confusion.begin() + static_cast<std::ptrdiff_t>(c * r.classes.size()),
                             r.raw.confusion.begin() + static_cast<std::ptrdiff_t>((c + 1) * r.classes.size())));
  Json layers = Json::array();
  for (const LayerDifference& d : r.differences)
    layers.push_back(
        {{"layer", d.layer}, {"different", d.different}, {"elements", d.elements}, {"largest", d.largest}});
  return {{"schema", 1},
          {"model", r.model},
          {"model_sha256", r.model_sha256},
          {"data", r.data},
          {"data_sha256", r.data_sha256},
          {"protocol", r.protocol},
          {"split", r.split},
          {"executor", r.executor},
          {"flips_averaged", false},
          {"pictures", r.raw.count},
          {"pictures_deduplicated", r.deduplicated.count},
          {"accuracy", r.accuracy.value},
          {"accuracy_deduplicated", r.accuracy_deduplicated.value},
          {"balanced_accuracy", r.balanced_accuracy.value},
          {"f1_macro", r.f1_macro.value},
          {"log_loss", r.raw.log_loss},
          {"ece", r.raw.ece},
          {"intervals_95",
           {{"accuracy", interval(r.accuracy)},
            {"accuracy_deduplicated", interval(r.accuracy_deduplicated)},
            {"balanced_accuracy", interval(r.balanced_accuracy)},
            {"f1_macro", interval(r.f1_macro)}}},
          {"classes", r.classes},
          {"per_class", per_class},
          {"confusion", confusion},
          {"layers", layers},
          {"threads", r.threads},
          {"seconds", r.seconds},
          {"folder", r.folder}};
}

}  // namespace dimple::workflow

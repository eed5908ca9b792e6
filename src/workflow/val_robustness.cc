#include "workflow/val_robustness.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "data/move.h"
#include "host/files.h"
#include "host/parallel.h"
#include "host/random.h"
#include "metrics/classification.h"
#include "plot/charts.h"
#include "workflow/val_reader.h"

namespace dimple::workflow {
namespace {

namespace fs = std::filesystem;

// Reads the same rows again and again, each time as something else has made them.
class AlteredReader {
 public:
  AlteredReader(const ValRequest& request, const data::Dataset& set, const inference::OpenedModel& model,
                const evaluate::Answers& answers, const host::Task& task)
      : original_(data::select_rows(set, answers.rows)),
        altered_(original_),
        answers_(renumbered(answers)),
        reader_(request, altered_, model, answers_),
        task_(task) {}

  // alter(row, in, out) for each picture; from several threads.
  template <class Alter>
  double accuracy(Alter&& alter) {
    task_.progress().start(static_cast<int64_t>(original_.size()), "altering");
    host::in_parallel(original_.size(), reader_.threads(), task_, [&](int) {
      return [&](size_t i) {
        const size_t bytes = original_.picture_bytes();
        alter(i, original_.picture(i), std::span(altered_.pixels).subspan(i * bytes, bytes));
      };
    });
    task_.stop_if_cancelled();
    task_.progress().finish();
    answers_.scores = reader_.read(task_);
    std::vector<int32_t> all(answers_.rows.size());
    std::iota(all.begin(), all.end(), 0);
    return metrics::classify(answers_.scores, answers_.labels, static_cast<int>(answers_.classes.size()), all).accuracy;
  }
  const data::Dataset& original() const { return original_; }

 private:
  static evaluate::Answers renumbered(evaluate::Answers answers) {
    std::iota(answers.rows.begin(), answers.rows.end(), 0);
    return answers;
  }

  const data::Dataset original_;
  data::Dataset altered_;
  evaluate::Answers answers_;
  DatasetReader reader_;
  const host::Task& task_;
};

double as_it_is(AlteredReader& reader) {
  return reader.accuracy(
      [](size_t, std::span<const uint8_t> in, std::span<uint8_t> out) { std::ranges::copy(in, out.begin()); });
}

// Errors at each strength for each error on pictures as they are, mean of all kinds.
void relate(CorruptionReport& report) {
  const double clean_error = 1 - report.clean;
  if (clean_error <= 0 || report.kinds.empty()) return;  // nothing to compare with
  for (size_t s = 0; s < report.relative_error.size(); ++s) {
    double sum = 0;
    for (const CorruptionFigures& kind : report.kinds) sum += (1 - kind.accuracy[s]) / clean_error;
    report.relative_error[s] = sum / static_cast<double>(report.kinds.size());
  }
}

struct Sweep {
  const char* change;
  std::vector<double> amounts;
  data::Move (*move)(double amount, host::Random& random, double width);
};

const std::vector<Sweep>& sweeps() {
  static const std::vector<Sweep> list = {
      {"margin",
       {0.8, 0.85, 0.9, 1, 1.1, 1.25, 1.4},
       [](double amount, host::Random&, double) { return data::Move{.size = static_cast<float>(1 / amount)}; }},
      {"shift",
       {0, 0.05, 0.1, 0.15},
       [](double amount, host::Random& random, double width) {
         const auto way = static_cast<float>(amount * width * (random.chance(0.5f) ? 1 : -1));
         return random.chance(0.5f) ? data::Move{.dx = way} : data::Move{.dy = way};
       }},
      {"rotation",
       {0, 5, 10, 15, 20, 25},
       [](double amount, host::Random& random, double) {
         return data::Move{.turn = static_cast<float>(amount * (random.chance(0.5f) ? 1 : -1)) * 0.01745329252f};
       }},
  };
  return list;
}

}  // namespace

CorruptionReport measure_corruptions(const ValRequest& request, const data::Dataset& set,
                                     const inference::OpenedModel& model, const evaluate::Answers& answers,
                                     const host::Task& task) {
  AlteredReader reader(request, set, model, answers, task);
  const data::Dataset& original = reader.original();
  CorruptionReport report{.clean = as_it_is(reader)};
  for (const std::string& kind : data::corruption_names()) {
    CorruptionFigures figures{kind};
    for (int strength = 1; strength <= data::kCorruptionStrengths; ++strength)
      figures.accuracy[static_cast<size_t>(strength - 1)] =
          reader.accuracy([&](size_t i, std::span<const uint8_t> in, std::span<uint8_t> out) {
            data::corrupt(kind, strength, host::seed_for(1, 0, i), in, original.width, original.height,
                          original.channels, out);
          });
    report.kinds.push_back(figures);
  }
  relate(report);
  return report;
}

std::vector<CropFigures> measure_crops(const ValRequest& request, const data::Dataset& set,
                                       const inference::OpenedModel& model, const evaluate::Answers& answers,
                                       const host::Task& task) {
  AlteredReader reader(request, set, model, answers, task);
  const data::Dataset& o = reader.original();
  std::vector<CropFigures> crops;
  for (const Sweep& sweep : sweeps())
    for (const double amount : sweep.amounts) {
      const double accuracy = reader.accuracy([&](size_t i, std::span<const uint8_t> in, std::span<uint8_t> out) {
        host::Random random(host::seed_for(1, 0, i));
        const data::Move move = sweep.move(amount, random, o.width);
        data::resample(data::affine_of(move, o.width, o.height), in, o.width, o.height, o.channels, out);
      });
      crops.push_back({sweep.change, amount, accuracy});
    }
  return crops;
}

void write_corruptions(const std::string& folder, const CorruptionReport& report) {
  std::string csv = "kind,strength,accuracy\n";
  plot::LineChart chart{"Accuracy where pictures are worse", "strength of what befell them", "accuracy", {}};
  chart.whole_x = true, chart.y_from_zero = true;
  for (const CorruptionFigures& kind : report.kinds) {
    plot::Series series{kind.kind, {0}, {report.clean}};
    for (size_t s = 0; s < kind.accuracy.size(); ++s) {
      csv += fmt::format("{},{},{:.6f}\n", kind.kind, s + 1, kind.accuracy[s]);
      series.x.push_back(static_cast<double>(s + 1)), series.y.push_back(kind.accuracy[s]);
    }
    chart.series.push_back(std::move(series));
  }
  host::write_atomic(fs::path(folder) / "corruptions.csv", csv);
  host::write_atomic(fs::path(folder) / "corruptions.svg", plot::line_chart(chart));
}

void write_crops(const std::string& folder, const std::vector<CropFigures>& crops) {
  std::string csv = "change,amount,accuracy\n";
  std::vector<plot::LineChart> charts;
  for (const CropFigures& crop : crops) {
    csv += fmt::format("{},{},{:.6f}\n", crop.change, crop.amount, crop.accuracy);
    if (charts.empty() || charts.back().title != crop.change)
      charts.push_back({.title = crop.change, .x_title = "amount", .y_title = "accuracy", .series = {{"accuracy"}}});
    charts.back().series[0].x.push_back(crop.amount), charts.back().series[0].y.push_back(crop.accuracy);
  }
  host::write_atomic(fs::path(folder) / "crops.csv", csv);
  host::write_atomic(fs::path(folder) / "crops.svg",
                     plot::line_charts("Accuracy where crops lie otherwise", charts, 3));
}

}  // namespace dimple::workflow

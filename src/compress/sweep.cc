#include "compress/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "host/files.h"
#include "host/run_folder.h"
#include "host/suggest.h"
#include "plot/charts.h"

namespace dimple::compress {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

struct Sweep {
  std::string name;
  std::vector<std::string> values;
};

Sweep parse(const std::string& text) {
  const size_t equals = text.find('=');
  const std::vector<std::string> names{"keep", "prune", "cluster", "cluster_groups"};
  const std::string name = text.substr(0, equals);
  if (std::ranges::find(names, name) == names.end())
    throw Error(Exit::usage, fmt::format("--sweep: there is no `{}` to vary", name), host::did_you_mean(name, names));
  Sweep sweep{
      name, equals == std::string::npos ? std::vector<std::string>() : host::comma_separated(text.substr(equals + 1))};
  if (sweep.values.size() < 2)
    throw Error(Exit::usage, "--sweep needs two values or more", "for example --sweep keep=0.75,0.5,0.25");
  return sweep;
}

Methods with(const Methods& methods, const Sweep& sweep, const std::string& value) {
  Methods m = methods;
  const auto number = [&] {
    try {
      size_t end = 0;
      const double parsed = std::stod(value, &end);
      if (end == value.size()) return parsed;
    } catch (const std::logic_error&) {
    }
    throw Error(Exit::usage, fmt::format("--sweep: `{}` is no number", value));
  };
  if (sweep.name == "prune") m.prune = value;
  if (sweep.name == "keep") m.keep = static_cast<float>(number());
  if (sweep.name == "cluster") m.cluster = static_cast<int>(number());
  if (sweep.name == "cluster_groups") m.cluster_groups = static_cast<int>(number());
  if (sweep.name == "keep" && m.prune.empty()) m.prune = "channels";
  check(m);
  return m;
}

plot::LineChart front(const std::vector<StageReport>& points, const char* title, const char* x_title,
                      double (*x)(const Measurement&)) {
  std::vector<const StageReport*> order;
  for (const StageReport& p : points) order.push_back(&p);
  std::ranges::sort(order, {}, [&](const StageReport* p) { return x(p->measurement); });
  plot::Series best{"front", {}, {}, true}, series{"each run", {}, {}};
  double most = -1;
  for (const StageReport* p : order) {
    series.x.push_back(x(p->measurement)), series.y.push_back(p->measurement.judged_accuracy());
    series.labels.push_back(p->name);
    if (p->measurement.judged_accuracy() <= most) continue;
    most = p->measurement.judged_accuracy();
    best.x.push_back(x(p->measurement)), best.y.push_back(most);
  }
  return {title, x_title, "accuracy", {best, series}};
}

std::string csv_of(const std::vector<StageReport>& points) {
  std::string text =
      "value,accuracy,validation_accuracy,weight_bytes,program_bytes,zipped_bytes,multiply_adds,arena_bytes,here_us,"
      "phone_us\n";
  for (const StageReport& p : points) {
    const Measurement& m = p.measurement;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", p.name, m.judged_accuracy(), m.validation_accuracy,
                        m.weight_bytes, m.program_bytes, m.zipped_bytes, m.multiply_adds, m.arena_bytes, m.here_us,
                        m.phone_us);
  }
  return text;
}

void write_files(const fs::path& folder, const CompressReport& report) {
  const std::vector<StageReport>& points = report.stages;
  host::write_atomic(folder / "sweep.json", host::to_json(report).dump(2) + "\n");
  host::write_atomic(folder / "sweep.csv", csv_of(points));
  std::vector<plot::LineChart> fronts{front(points, "Against bytes", "kB of program", [](const Measurement& m) {
    return static_cast<double>(m.program_bytes) / 1000;
  })};
  const bool timed = std::ranges::all_of(points, [](const StageReport& p) { return p.measurement.here_us > 0; });
  if (timed)
    fronts.push_back(front(points, "Against time", "microseconds for a face, one core here",
                           [](const Measurement& m) { return m.here_us; }));
  host::write_atomic(folder / "sweep.svg", plot::line_charts("Accuracy against what it takes", fronts));
}

}  // namespace

CompressReport sweep(const CompressRequest& request, const host::Task& task) {
  const Sweep asked = parse(request.sweep);
  std::vector<CompressRequest> runs;
  for (const std::string& value : asked.values) {
    CompressRequest run = request;
    run.methods = with(request.methods, asked, value);
    run.sweep.clear();
    run.training.session.name = asked.name + "=" + value, run.training.session.resume.clear();
    runs.push_back(std::move(run));
  }
  const train::Session& session = request.training.session;
  CompressReport report;
  const fs::path folder = session.resume.empty() ? host::make_run_folder("compress", {session.runs, session.name})
                                                 : fs::path(session.resume);
  if (session.resume.empty()) host::write_atomic(folder / "args.toml", host::to_toml(request));
  report.folder = folder.string();
  for (CompressRequest& run : runs) {
    const fs::path own = folder / "compress" / run.training.session.name;
    run.training.session.runs = folder.string();
    if (host::file_exists(own / "args.toml")) run.training.session.resume = own.string();
    const CompressReport one = compress(run, task);
    if (!one.finished) return report;
    if (report.stages.empty()) report.stages.push_back(one.stages.front());
    report.stages.push_back(one.stages.back());
    report.stages.back().name = run.training.session.name;
    report.stages.back().file = "compress/" + run.training.session.name + "/model.safetensors";
    write_files(folder, report);
  }
  report.finished = true;
  write_files(folder, report);
  return report;
}

}  // namespace dimple::compress

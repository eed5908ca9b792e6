// dimple profile
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "host/duration.h"
#include "plot/axis.h"
#include "plot/terminal.h"
#include "verb.h"
#include "workflow/profile.h"

namespace dimple::cli {
namespace {

using profile::LayerProfile;
using profile::NetworkProfile;

std::string scaled(double value, double unit, int digits) { return fmt::format("{:.{}f}", value / unit, digits); }
std::string kilobytes_of(int64_t bytes) { return bytes > 0 ? scaled(static_cast<double>(bytes), 1000, 1) : ""; }
std::string millions_of(double count) { return count > 0 ? scaled(count, 1e6, 3) : ""; }
std::string text_of_time(const std::optional<double>& value, double unit, int digits) {
  return value ? scaled(*value, unit, digits) : "";
}

std::string print_time(double us) {
  if (us < 999.5e3) return fmt::format("{:.3g} ms", us / 1e3);
  return us < 1e8 ? fmt::format("{:.3g} s", us / 1e6) : host::print_duration(us / 1e6);
}

// Columns of which no layer has a value are left out.
std::string layer_table(const NetworkProfile& p, const host::Terminal& terminal) {
  struct Field {
    plot::Column column;
    std::function<std::string(const LayerProfile&)> text;
  };
  const std::vector<Field> fields{
      {{"layer"}, [](const auto& l) { return l.layer; }},
      {{"output"}, [](const auto& l) { return l.output; }},
      {{"kernel"}, [](const auto& l) { return l.kernel; }},
      {{"kB weights", true}, [](const auto& l) { return kilobytes_of(l.weight_bytes); }},
      {{"M mult-adds", true}, [](const auto& l) { return millions_of(static_cast<double>(l.multiply_adds)); }},
      {{"kB in use", true}, [](const auto& l) { return kilobytes_of(l.bytes_in_use); }},
      {{"M instr.", true}, [](const auto& l) { return text_of_time(l.instructions, 1e6, 3); }},
      {{"us est.", true}, [](const auto& l) { return text_of_time(l.estimated_us, 1, 1); }},
      {{"us", true}, [](const auto& l) { return text_of_time(l.measured_us, 1, 1); }},
      {{"% of limit", true}, [](const auto& l) { return text_of_time(l.limit_share, 0.01, 0); }},
      {{"share"}, [&](const auto& l) { return plot::bar(l.share, 16, terminal); }},
  };
  std::vector<plot::Column> columns;
  std::vector<std::vector<std::string>> rows(p.layers.size());
  for (const Field& field : fields) {
    if (std::ranges::all_of(p.layers, [&](const LayerProfile& l) { return field.text(l).empty(); })) continue;
    columns.push_back(field.column);
    for (size_t i = 0; i < p.layers.size(); ++i) rows[i].push_back(field.text(p.layers[i]));
  }
  return plot::table(columns, rows, terminal);
}

std::string totals(const NetworkProfile& p) {
  std::string text = fmt::format("\n{}, {}, {}\n", p.model, p.precision, p.machine);
  text += fmt::format("  {:.2f} M multiply-adds ({:.2f} MFLOPs, two for each), {} weights\n",
                      static_cast<double>(p.multiply_adds) / 1e6, 2 * static_cast<double>(p.multiply_adds) / 1e6,
                      p.weights);
  text += fmt::format("  flash: {} kB of program, {} of them weights\n", kilobytes_of(p.program_bytes),
                      kilobytes_of(p.weight_bytes));
  text += fmt::format("  memory: {} kB of arena, most of it in use at {}", kilobytes_of(p.arena_bytes), p.peak_layer);
  if (p.ram_bytes > 0) text += fmt::format("; {} kB with the stack", kilobytes_of(p.ram_bytes));
  text += '\n';
  if (p.us())
    text += fmt::format("  time: {}, {}; {} faces a second\n", print_time(*p.us()),
                        p.measured_us ? "measured" : "estimated", plot::short_number(*p.faces_per_second()));
  if (p.measured_us && p.estimated_us)
    text += fmt::format("  estimated: {}, {:+.0f} %\n", print_time(*p.estimated_us),
                        100 * (*p.estimated_us / *p.measured_us - 1));
  if (!p.us() && p.instructions) text += fmt::format("  {} M instructions, estimated\n", millions_of(*p.instructions));
  text += fmt::format("  {}: {}\n", p.estimated_us ? "estimated by" : "no estimate of time", p.how_estimated);
  if (p.limit_share > 0) text += fmt::format("  {:.0f} % of what this core can multiply\n", 100 * p.limit_share);
  if (const auto each = p.faces_per_joule())
    text += fmt::format("  {} faces a second and watt, {:.3g} mJ a face, at {:.3g} W, {}\n", plot::short_number(*each),
                        1000 / *each, *p.watts, p.measured_us ? "counted" : "estimated");
  return text;
}

std::string side_by_side(const NetworkProfile& a, const NetworkProfile& b, const host::Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const char* what, double x, double y, double unit, int digits) {
    if (x > 0 && y > 0)
      rows.push_back({what, scaled(x, unit, digits), scaled(y, unit, digits), fmt::format("{:.2f}", y / x)});
  };
  const auto d = [](int64_t n) { return static_cast<double>(n); };
  add("M multiply-adds", d(a.multiply_adds), d(b.multiply_adds), 1e6, 2);
  add("kB program", d(a.program_bytes), d(b.program_bytes), 1000, 1);
  add("kB weights", d(a.weight_bytes), d(b.weight_bytes), 1000, 1);
  add("kB arena", d(a.arena_bytes), d(b.arena_bytes), 1000, 1);
  add("M instructions", a.instructions.value_or(0), b.instructions.value_or(0), 1e6, 3);
  add("ms for a face", a.us().value_or(0), b.us().value_or(0), 1000, 3);
  return '\n' + plot::table({{""}, {a.model, true}, {b.model, true}, {"ratio", true}}, rows, terminal);
}

}  // namespace

int run_profile(Invocation& call) {
  workflow::ProfileRequest request;
  if (!call.parse<workflow::ProfileReport>(request, "models")) return 0;
  const workflow::ProfileReport report = workflow::profile_models(request, call.task());
  call.print(layer_table(report.profile, call.out()) + totals(report.profile));
  if (report.beside) {
    call.print('\n' + layer_table(*report.beside, call.out()) + totals(*report.beside));
    call.print(side_by_side(report.profile, *report.beside, call.out()));
  }
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli

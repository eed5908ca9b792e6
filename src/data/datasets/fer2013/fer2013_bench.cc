#include <benchmark/benchmark.h>

#include <string>

#include "data/csv.h"
#include "data/datasets/fer2013/fer2013.h"
#include "host/random.h"

namespace dimple::data {
namespace {

// Rows as long as the real ones; the real file has 35,887 of them.
void parse_rows(benchmark::State& state) {
  std::string text = "emotion,pixels,Usage\n";
  host::Random random(1);
  for (int64_t row = 0; row < state.range(0); ++row) {
    text += "3,";
    for (int i = 0; i < 48 * 48; ++i) text += (i ? " " : "") + std::to_string(random.below(256));
    text += ",Training\n";
  }
  for (auto _ : state) {
    Fer2013Csv csv("bench");
    Lines lines("bench", [&](std::string_view line, int64_t number) { csv.line(line, number); });
    lines.feed(text);
    lines.finish();
    benchmark::DoNotOptimize(csv.finish().size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}
BENCHMARK(parse_rows)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dimple::data

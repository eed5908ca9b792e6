#include "compress/measure.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "compress/zipped.h"
#include "data/real_pictures.h"
#include "evaluate/figures.h"
#include "format/reader.h"
#include "host/processor.h"
#include "inference/network.h"
#include "ir/cost.h"
#include "ir/packed_weight.h"
#include "ir/traits.h"
#include "profile/host_time.h"

namespace dimple::compress {
namespace {

// Probabilities of every row, by all threads.
std::vector<float> read_rows(const inference::OpenedModel& model, const data::Dataset& set,
                             std::span<const int32_t> rows, int threads) {
  const size_t classes = model.labels.size();
  std::vector<float> scores(rows.size() * classes);
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      inference::Network network(model, {});
      for (size_t i; (i = next++) < rows.size();) {
        const std::vector<int8_t> codes = data::codes_of(set, rows.subspan(i, 1), model.preprocess.normalise);
        std::ranges::copy(network.read(codes), scores.begin() + static_cast<std::ptrdiff_t>(i * classes));
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t) workers.emplace_back(work);
  }
  if (failure) std::rethrow_exception(failure);
  return scores;
}

evaluate::Figures figures_of(const inference::OpenedModel& model, const data::Dataset& set, data::Split split,
                             int threads, int resamples) {
  evaluate::Answers answers;
  answers.classes = set.labels;
  answers.rows = data::rows_of(set, split);
  for (const int32_t r : answers.rows) answers.labels.push_back(set.label[static_cast<size_t>(r)]);
  answers.scores = read_rows(model, set, answers.rows, threads);
  return evaluate::measure(set, answers, resamples);
}

// As the program holds them: a packed weight, or as many codes or floats.
void count_weights(const ir::Graph& graph, Measurement& m) {
  const ir::Cost cost = ir::estimate_cost(graph);
  m.parameters = cost.parameters, m.multiply_adds = cost.multiply_adds, m.weight_bytes = cost.weight_bytes;
  for (const ir::Node& node : graph.nodes) {
    const ir::Tensor* const weight = graph.constant(node.name, "weight");
    if (!weight || !ir::is_linear(node.op) || weight->dtype == DType::b1) continue;
    const ir::Tensor* const book = graph.constant(node.name, "codebook");
    const auto is_zero = [](float w) { return w == 0; };
    if (book && book->dtype == DType::f32) {
      m.zeros += std::ranges::count_if(ir::float_weight(graph, node).as<float>(), is_zero);
    } else if (book) {
      const std::vector<uint8_t> codes = ir::unpack_codes(*weight);
      const auto entries = book->as<int8_t>();
      const int64_t channels = node.type.shape.channels;
      for (size_t i = 0; i < codes.size(); ++i) {
        const auto c = static_cast<int64_t>(i) * channels / static_cast<int64_t>(codes.size());
        m.zeros += entries[static_cast<size_t>(c * book->dims[0] / channels * book->dims[1] + codes[i])] == 0;
      }
    } else if (weight->dtype == DType::f32) {
      m.zeros += std::ranges::count_if(weight->as<float>(), is_zero);
    } else {
      m.zeros += std::ranges::count(weight->as<int8_t>(), int8_t{0});
    }
  }
}

}  // namespace

Measurement measure(const model::Model& model, const data::Dataset& set, const MeasureOptions& options,
                    const host::Task& task) {
  const inference::OpenedModel opened = inference::open_model(model, "model");
  const int threads = host::choose_threads(options.threads);
  Measurement m;
  count_weights(*opened.graph, m);
  const format::Program program = format::view_program(opened.program.data());
  m.program_bytes = static_cast<int64_t>(opened.program.size());
  m.zipped_bytes = zipped_bytes(opened.program);
  m.arena_bytes = program.header->arena_bytes;
  if (!data::rows_of(set, data::Split::validation).empty())
    m.validation_accuracy = figures_of(opened, set, data::Split::validation, threads, 0)["accuracy"].value;
  if (options.test && !data::rows_of(set, data::Split::test).empty()) {
    const evaluate::Figures figures = figures_of(opened, set, data::Split::test, threads, 0);
    m.tested = true;
    m.accuracy = figures["accuracy"].value, m.accuracy_deduplicated = figures["accuracy_deduplicated"].value;
    m.balanced_accuracy = figures["balanced_accuracy"].value, m.f1_macro = figures["f1_macro"].value;
  }
  if (options.seconds > 0)
    m.here_us = profile::measure_time(opened, {.threads = 1, .seconds = options.seconds}, task).whole.p50_us;
  return m;
}

}  // namespace dimple::compress

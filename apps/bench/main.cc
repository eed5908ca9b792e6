// dimple-bench: how long programs take on this device, as JSON. One static file that needs nothing beside it, for phones and
// boards that run Linux: no C++ library, no folder, no network.
//
//   dimple-bench [--seconds 2] [--layers] [--cpu 4] PROGRAM.dimple...
//
// Answers to one fixed input come along, so that what was measured can be held against another machine's.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // sched_setaffinity
#endif
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/platform.h"
#include "kernels/select.h"
#include "ops/call.h"
#include "runtime/executor.h"

using namespace dimple;

namespace {

constexpr uint32_t kMostLayers = 1024, kMostRuns = 100'000, kLeastRuns = 5;
constexpr size_t kMostBytes = size_t{1} << 30;

struct Options {
  double seconds = 2;
  bool layers = false;
  int cpu = -1;
};

double now_us() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
}

int compare(const void* a, const void* b) {
  const double x = *static_cast<const double*>(a), y = *static_cast<const double*>(b);
  return x < y ? -1 : x > y;
}

// The value that this share of the times lies at or below; they are sorted.
double percentile(const double* times, uint32_t count, double share) {
  return times[static_cast<uint32_t>(share * (count - 1) + 0.5)];
}

// A JSON string: what the kernel and users name is plain enough, but quotes and control characters end nothing.
void print_text(const char* text) {
  putchar('"');
  for (; *text != 0; ++text) {
    if (*text == '"' || *text == '\\') putchar('\\');
    if (static_cast<unsigned char>(*text) >= ' ') putchar(*text);
  }
  putchar('"');
}

struct File {
  uint8_t* bytes = nullptr;
  size_t size = 0;
};

// Aligned as programs want it. Empty where it cannot be read.
File read_file(const char* path) {
  File file;
  FILE* const stream = fopen(path, "rb");
  if (stream == nullptr) return file;
  if (fseek(stream, 0, SEEK_END) == 0) {
    const long end = ftell(stream);
    if (end > 0 && static_cast<size_t>(end) <= kMostBytes && fseek(stream, 0, SEEK_SET) == 0 &&
        posix_memalign(reinterpret_cast<void**>(&file.bytes), 64, static_cast<size_t>(end)) == 0) {
      file.size = fread(file.bytes, 1, static_cast<size_t>(end), stream);
      if (file.size != static_cast<size_t>(end)) file.size = 0;
    }
  }
  fclose(stream);
  return file;
}

struct Layers {
  double* times = nullptr;  // [step][run]
  uint32_t runs = 0, steps = 0, most_runs = 0;
};

void time_kernel(void* user, uint32_t step, dimple_kernel_fn kernel, const DimpleCall* call) {
  auto* const layers = static_cast<Layers*>(user);
  const double start = now_us();
  kernel(call, {0, call->out.height});
  if (step >= layers->steps || layers->runs >= layers->most_runs) return;
  layers->times[step * layers->most_runs + layers->runs] = now_us() - start;
}

void fill_input(dimple_session* session) {
  const dimple_tensor_info input = dimple_input(session);
  if (input.dtype == DIMPLE_S8) {
    auto* const codes = static_cast<int8_t*>(input.data);
    for (uint32_t i = 0; i < input.bytes; ++i) codes[i] = static_cast<int8_t>(uint64_t{i} * i * 31 % 251);
  } else {
    auto* const values = static_cast<float*>(input.data);
    for (uint32_t i = 0; i < input.bytes / 4; ++i)
      values[i] = static_cast<float>(static_cast<int8_t>(uint64_t{i} * i * 31 % 251)) / 64;
  }
}

void print_answers(const dimple_session* session) {
  const dimple_tensor_info logits = dimple_logits(session);
  printf(",\n   \"answers\": [");
  const int32_t count = logits.height * logits.width * logits.channels;
  for (int32_t i = 0; i < count && i < 1000; ++i) {
    if (i > 0) printf(", ");
    if (logits.dtype == DIMPLE_S8)
      printf("%d", static_cast<const int8_t*>(logits.data)[i]);
    else
      printf("%.6g", static_cast<double>(static_cast<const float*>(logits.data)[i]));
  }
  printf("]");
}

bool time_layers(dimple_session* session, const format::Program& program, double seconds) {
  Layers layers;
  layers.steps = program.header->step_count < kMostLayers ? program.header->step_count : kMostLayers;
  layers.most_runs = 1000;
  layers.times = static_cast<double*>(calloc(size_t{layers.steps} * layers.most_runs, sizeof(double)));
  if (layers.times == nullptr) return false;
  dimple_runner(session, time_kernel, &layers);
  const double end = now_us() + seconds * 1e6;
  while (layers.runs < layers.most_runs && (layers.runs < kLeastRuns || now_us() < end)) {
    fill_input(session);
    dimple_run(session);
    ++layers.runs;
  }
  dimple_runner(session, nullptr, nullptr);
  printf(",\n   \"layers\": [");
  for (uint32_t s = 0; s < layers.steps; ++s) {
    double* const times = layers.times + size_t{s} * layers.most_runs;
    qsort(times, layers.runs, sizeof(double), compare);
    const kernels::KernelInfo* const kernel = runtime::kernel_of(program, program.steps[s], kernels::isas_here());
    printf("%s\n    {\"step\": %u, \"kernel\": ", s > 0 ? "," : "", s);
    print_text(kernel != nullptr ? kernel->name : "none");
    printf(", \"p50_us\": %.2f}", percentile(times, layers.runs, 0.5));
  }
  printf("\n   ]");
  free(layers.times);
  return true;
}

int out_of_memory() {
  fputs("dimple-bench: there is not enough memory\n", stderr);
  return 7;
}

// 0, or an exit code with a sentence on stderr.
int measure(const char* path, const Options& options, bool is_first) {
  const File file = read_file(path);
  if (file.size == 0) {
    fprintf(stderr, "dimple-bench: cannot read %s\n", path);
    return 3;
  }
  const uint32_t size = static_cast<uint32_t>(file.size);
  const uint32_t wanted = dimple_memory_bytes(file.bytes, size);
  void* memory = nullptr;
  dimple_session session;
  int32_t status = 0;
  if (wanted == 0 || posix_memalign(&memory, 64, wanted) != 0 ||
      (status = dimple_open(&session, file.bytes, size, memory, wanted)) != 0) {
    fprintf(stderr, "dimple-bench: cannot run %s: %s\n", path,
            status != 0   ? dimple_describe(status)
            : wanted == 0 ? "it is no program, or one for another machine"
                          : "memory");
    return 5;
  }
  auto* const times = static_cast<double*>(malloc(kMostRuns * sizeof(double)));
  if (times == nullptr) return out_of_memory();
  fill_input(&session);
  dimple_run(&session);  // the first one waits for memory
  uint32_t runs = 0;
  const double end = now_us() + options.seconds * 1e6;
  while (runs < kMostRuns && (runs < kLeastRuns || now_us() < end)) {
    fill_input(&session);
    const double start = now_us();
    dimple_run(&session);
    times[runs++] = now_us() - start;
  }
  qsort(times, runs, sizeof(double), compare);
  printf("%s\n  {\"program\": ", is_first ? "" : ",");
  print_text(path);
  printf(
      ", \"program_bytes\": %u, \"arena_bytes\": %u, \"memory_bytes\": %u,\n   \"runs\": %u, \"least_us\": %.2f, "
      "\"p50_us\": %.2f, \"p90_us\": %.2f, \"p99_us\": %.2f",
      size, dimple_arena_bytes(file.bytes, size), wanted, runs, times[0], percentile(times, runs, 0.5),
      percentile(times, runs, 0.9), percentile(times, runs, 0.99));
  print_answers(&session);
  bool fine = true;
  if (options.layers) fine = time_layers(&session, format::view_program(file.bytes), options.seconds);
  printf("}");
  free(times), free(memory), free(file.bytes);
  return fine ? 0 : out_of_memory();
}

int usage(const char* why) {
  fprintf(stderr,
          "dimple-bench: %s\nusage: dimple-bench [--seconds 2] [--layers] [--cpu N] PROGRAM.dimple...\n"
          "  times whole inferences of each program on one core, and its layers with --layers; prints JSON\n"
          "  --cpu N stays on that core: on phones some are fast and some are slow\n",
          why);
  return 2;
}

void print_machine() {
  utsname name{};
  uname(&name);
  printf("{\"schema\": 1,\n \"system\": ");
  print_text(name.sysname);
  printf(", \"release\": ");
  print_text(name.release);
  printf(", \"machine\": ");
  print_text(name.machine);
  printf(", \"level\": ");
  print_text(kernels::name_of(kernels::level_of(kernels::isas_here())));
  printf(",\n \"programs\": [");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  int first = 1;
  for (; first < argc && strncmp(argv[first], "--", 2) == 0; ++first) {
    char* end = nullptr;
    if (strcmp(argv[first], "--layers") == 0) {
      options.layers = true;
    } else if (strcmp(argv[first], "--seconds") == 0 && first + 1 < argc) {
      options.seconds = strtod(argv[++first], &end);
      if (*argv[first] == 0 || *end != 0 || !(options.seconds >= 0 && options.seconds <= 3600))
        return usage("--seconds is 0 to 3600");
    } else if (strcmp(argv[first], "--cpu") == 0 && first + 1 < argc) {
      options.cpu = static_cast<int>(strtol(argv[++first], &end, 10));
      if (*argv[first] == 0 || *end != 0 || options.cpu < 0 || options.cpu >= CPU_SETSIZE)
        return usage("--cpu is the number of a core");
    } else {
      return usage("there is no such flag");
    }
  }
  if (first == argc) return usage("no program is named");
  if (options.cpu >= 0) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<size_t>(options.cpu), &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) return usage("there is no such core, or it sleeps");
  }
  print_machine();
  int exit = 0;
  for (int i = first; i < argc && exit == 0; ++i) exit = measure(argv[i], options, i == first);
  printf("\n ]}\n");
  if (fflush(stdout) != 0 && exit == 0) {
    fputs("dimple-bench: cannot write what was measured\n", stderr);
    return 7;
  }
  return exit;
}

/* What every runtime's program does the same, so that times can be compared: read a model and an input, then obey the
 * runner. A peer says how it opens a model, runs once, and what came out.
 *
 *   PEER MODEL INPUT THREADS     on standard output: "ready DESCRIPTION"; then, for each line on standard input
 *   output                       -> "real V..." probabilities; "codes V..." last codes of an integer model, s8; "end"
 *   round N                      -> the nanoseconds of N inferences, one after the other, in one line
 *   memory                       -> the most memory that was resident, in kB
 *
 * With nothing on standard input that is one inference, from the process's start to its end.
 * An inference is timed from the input in the caller's memory to the answer in the caller's memory. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PEER_MOST_OUTPUTS = 1024 };

struct peer_answer {
  float real[PEER_MOST_OUTPUTS];
  int codes[PEER_MOST_OUTPUTS];
  int reals, code_count;
};

/* What a peer has. The input stays where it is. */
void peer_open(const char* model, const void* input, size_t input_bytes, int threads);
void peer_run(void);
void peer_read(struct peer_answer* answer); /* of the last run */
const char* peer_description(void);

static inline void peer_fail(const char* what, const char* why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static inline void* peer_read_file(const char* path, size_t* bytes) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) peer_fail(path, "cannot be read");
  fseek(file, 0, SEEK_END);
  *bytes = (size_t)ftell(file);
  rewind(file);
  void* memory = aligned_alloc(64, (*bytes + 63) / 64 * 64);
  if (memory == NULL || fread(memory, 1, *bytes, file) != *bytes) peer_fail(path, "cannot be read");
  fclose(file);
  return memory;
}

static inline int64_t peer_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void peer_print_answer(void) {
  static struct peer_answer answer;
  memset(&answer, 0, sizeof answer);
  peer_run();
  peer_read(&answer);
  printf("real");
  for (int i = 0; i < answer.reals; ++i) printf(" %.9g", (double)answer.real[i]);
  printf("\ncodes");
  for (int i = 0; i < answer.code_count; ++i) printf(" %d", answer.codes[i]);
  printf("\nend\n");
}

static inline void peer_print_round(long count) {
  int64_t* times = (int64_t*)malloc((size_t)count * sizeof *times);
  if (times == NULL) peer_fail("round", "no memory");
  for (long i = 0; i < count; ++i) {
    const int64_t start = peer_now();
    peer_run();
    times[i] = peer_now() - start;
  }
  for (long i = 0; i < count; ++i) printf(i == 0 ? "%lld" : " %lld", (long long)times[i]);
  printf("\n");
  free(times);
}

static inline void peer_print_memory(void) {
  char line[256];
  long kilobytes = 0;
  FILE* status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL) sscanf(line, "VmHWM: %ld", &kilobytes);
  if (status != NULL) fclose(status);
  printf("%ld\n", kilobytes);
}

int main(int argc, char** argv) {
  if (argc != 4) peer_fail(argv[0], "usage: MODEL INPUT THREADS");
  size_t bytes = 0;
  void* input = peer_read_file(argv[2], &bytes);
  peer_open(argv[1], input, bytes, atoi(argv[3]));
  peer_run();
  printf("ready %s\n", peer_description());
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    long count = 0;
    if (strcmp(line, "output\n") == 0) {
      peer_print_answer();
    } else if (strcmp(line, "memory\n") == 0) {
      peer_print_memory();
    } else if (sscanf(line, "round %ld", &count) == 1 && count > 0) {
      peer_print_round(count);
    } else {
      peer_fail(line, "no such order");
    }
    fflush(stdout);
  }
  free(input);
  return 0;
}

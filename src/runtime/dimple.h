/* Dimple's C interface: run a planned program on memory that the caller owns. C99.
 *
 *   static uint8_t memory[MEMORY_BYTES] __attribute__((aligned(16)));
 *   struct dimple_session session;
 *   int32_t status = dimple_open(&session, program, program_bytes, memory, sizeof memory);
 *   if (status != 0) puts(dimple_describe(status));
 *   struct dimple_tensor_info input = dimple_input(&session), output = dimple_output(&session);
 *   ... fill input.data ...
 *   status = dimple_run(&session);
 *   ... read output.data ...
 *
 * Nothing is allocated, and nothing global is kept: two sessions with memory of their own do not know of one another.
 * The program is read in place and checked once, by dimple_open; it must stay as it is while the session is used.
 */
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct DimpleCall; /* ops/call.h */
struct DimpleRange;

enum { DIMPLE_F32 = 0, DIMPLE_S8 = 1 };

/* Called after each step with the call as the kernel got it: its tensors are valid until the hook returns.
   Of two steps that take turns (format/stripes.h), after the second alone. */
typedef void (*dimple_trace_fn)(void* user, uint32_t step, const struct DimpleCall* call);

/* Runs one kernel in the caller's way: kernel(call, rows) for ranges of rows that make up [0, call->out.height), each once.
   Ranges that do not meet may run at the same time, each with a scratch of its own (as much as the call's), where the
   call's output lies apart from its inputs or at the place of one of the same size. */
typedef void (*dimple_kernel_fn)(const struct DimpleCall* call, struct DimpleRange rows);
typedef void (*dimple_runner_fn)(void* user, uint32_t step, dimple_kernel_fn kernel, const struct DimpleCall* call);

/* The caller provides the memory and leaves the fields alone. */
struct dimple_session {
  const void* program;
  uint8_t* arena;
  dimple_trace_fn trace;
  void* trace_user;
  dimple_runner_fn runner;
  void* runner_user;
  uint32_t program_bytes;
  uint32_t arena_high;
  uint32_t steps_at;
  uint32_t state;
};

struct dimple_tensor_info {
  void* data; /* in the arena; a null pointer when the session is not open */
  uint32_t bytes;
  int32_t height, width, channels; /* elements lie row by row, channels innermost */
  int32_t dtype;                   /* DIMPLE_F32 or DIMPLE_S8 */
  float scale;                     /* DIMPLE_S8: real = scale * (code - zero_point) */
  int32_t zero_point;
};

/* The memory that dimple_open wants on this machine: the arena, a few words for each step, and the weights that this
 * machine's kernels want in another layout. 0 when these bytes are no program, or one that cannot run here. Program is
 * aligned to 16 bytes. */
uint32_t dimple_memory_bytes(const void* program, uint32_t program_bytes);

/* The part of it that was planned ahead of time: activations and scratch. Reads the header only. */
uint32_t dimple_arena_bytes(const void* program, uint32_t program_bytes);

/* Checks the whole program and prepares the session: kernels are chosen and weights packed here, once. Program and
 * memory are aligned to 16 bytes. 0, or what is wrong. */
int32_t dimple_open(struct dimple_session* session, const void* program, uint32_t program_bytes, void* memory,
                    uint32_t memory_bytes);

/* Where the input goes. Fill it before every run: the memory is shared, and a run writes over it. */
struct dimple_tensor_info dimple_input(const struct dimple_session* session);

/* The answer, and the last integer tensor before any float operator (the output itself in float programs).
 * Valid from the end of a run until the next input is written. */
struct dimple_tensor_info dimple_output(const struct dimple_session* session);
struct dimple_tensor_info dimple_logits(const struct dimple_session* session);

/* One forward pass. 0, or wrong_order when the session is not open. */
int32_t dimple_run(struct dimple_session* session);

/* A hook after each step (a null pointer removes it). dimple_open clears it. */
void dimple_trace(struct dimple_session* session, dimple_trace_fn trace, void* user);

/* Who runs kernels (a null pointer: this thread, all rows at once). Steps that take turns (format/stripes.h) stay here.
 * dimple_open clears it. */
void dimple_runner(struct dimple_session* session, dimple_runner_fn runner, void* user);

/* One past the highest arena byte that kernels are handed; never above dimple_arena_bytes. */
uint32_t dimple_arena_high(const struct dimple_session* session);

/* What output number `index` stands for; a null pointer when the program does not say. */
const char* dimple_label(const struct dimple_session* session, uint32_t index);

/* What the model's maker wrote beside it (JSON, not terminated by a zero). */
const char* dimple_metadata(const struct dimple_session* session, uint32_t* bytes);

/* A status in English. */
const char* dimple_describe(int32_t status);

#ifdef __cplusplus
} /* extern "C" */
#endif

/* Ours, on the C interface. Where DIMPLE_ISA names a level of instructions, on kernels up to that one. */
#include "runtime/dimple.h"

#include "../peer.h"
#include "level.h"

static struct dimple_session session;
static const void* picture;
static const char* level;
static struct dimple_tensor_info output;
static float answer[PEER_MOST_OUTPUTS];

static void check(int32_t status) {
  if (status != 0) peer_fail("dimple", dimple_describe(status));
}

void peer_open(const char* model, const void* input, size_t input_bytes, int threads) {
  size_t bytes = 0;
  const void* program = peer_read_file(model, &bytes);
  if (threads != 1) peer_fail("dimple", "runs on one thread");
  level = getenv("DIMPLE_ISA");
  const uint32_t memory_bytes = level == NULL ? dimple_memory_bytes(program, (uint32_t)bytes)
                                              : level_memory_bytes(level, program, (uint32_t)bytes);
  if (memory_bytes == 0) peer_fail(level == NULL ? model : level, "not here");
  void* memory = aligned_alloc(64, (memory_bytes + 63) / 64 * 64);
  check(level == NULL ? dimple_open(&session, program, (uint32_t)bytes, memory, memory_bytes)
                      : level_open(level, &session, program, (uint32_t)bytes, memory, memory_bytes));
  if (dimple_input(&session).bytes != input_bytes) peer_fail("dimple", "another input");
  picture = input;
  output = dimple_output(&session);
  if (output.bytes > sizeof answer) peer_fail("dimple", "too many outputs");
}

void peer_run(void) {
  const struct dimple_tensor_info input = dimple_input(&session);
  memcpy(input.data, picture, input.bytes);
  check(dimple_run(&session));
  memcpy(answer, output.data, output.bytes);
}

void peer_read(struct peer_answer* a) {
  const struct dimple_tensor_info codes = dimple_logits(&session);
  a->reals = (int)(output.bytes / sizeof(float));
  memcpy(a->real, answer, output.bytes);
  if (codes.dtype != DIMPLE_S8) return;
  a->code_count = (int)codes.bytes;
  for (int i = 0; i < a->code_count; ++i) a->codes[i] = ((const int8_t*)codes.data)[i];
}

const char* peer_description(void) {
  static char text[64];
  snprintf(text, sizeof text, "Dimple, %s", level == NULL ? level_here() : level);
  return text;
}

/* infer PROGRAM N: N inferences of a program (file) on some pattern, for counting: what one takes is the difference of
 * two and one. Prints a hash of the answer. Linked with the device's archive of a cross build, for example
 *   aarch64-linux-gnu-gcc -O2 -static -Isrc bench/chips/infer.c build/aarch64/libdimple_device.a -o infer
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/dimple.h"

static uint8_t picture[1u << 20], program[32u << 20] __attribute__((aligned(16))),
    memory[64u << 20] __attribute__((aligned(16)));

int main(int argc, char** argv) {
  struct dimple_session session;
  FILE* file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) return 2;
  const uint32_t bytes = (uint32_t)fread(program, 1, sizeof program, file);
  for (uint32_t i = 0; i < sizeof picture; ++i) picture[i] = (uint8_t)(i * 7);
  int32_t status = dimple_open(&session, program, bytes, memory, sizeof memory);
  for (int i = 0; status == 0 && i < atoi(argv[2]); ++i) {
    const struct dimple_tensor_info input = dimple_input(&session);
    memcpy(input.data, picture, input.bytes);
    status = dimple_run(&session);
  }
  const struct dimple_tensor_info output = dimple_output(&session);
  uint32_t hash = 0;
  for (uint32_t j = 0; status == 0 && j < output.bytes; ++j) hash = hash * 31 + ((const uint8_t*)output.data)[j];
  printf("status %d hash %08x\n", status, (unsigned)hash);
  return status;
}

/* What the C interface leaves to the processor: the level of instructions, by its name. */
#pragma once
#include "runtime/dimple.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The best level that is used when nothing is asked for. */
const char* level_here(void);

/* dimple_memory_bytes and dimple_open with kernels up to this level; 0, and a status, for one that is not here. */
uint32_t level_memory_bytes(const char* level, const void* program, uint32_t bytes);
int32_t level_open(const char* level, struct dimple_session* session, const void* program, uint32_t bytes, void* memory,
                   uint32_t memory_bytes);

#ifdef __cplusplus
}
#endif

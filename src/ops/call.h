/* One call of a kernel: everything it may look at. C99 as well as C++, because the generated C fills it in too. */
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DIMPLE_MAX_INPUTS 8

struct DimpleTensor {
  void* data;
  int32_t height, width, channels; /* NHWC */
  int32_t zero_point;              /* integer types: real = scale * (code - zero_point) */
  float scale;
};

struct DimpleCall {
  struct DimpleTensor in[DIMPLE_MAX_INPUTS];
  struct DimpleTensor out;
  const void* attributes;    /* the operator's own struct: its fields as 32-bit words, in the order of visit() */
  const void* weight;        /* in the type and layout that the kernel names */
  const void* bias;          /* f32 or s32 */
  const int32_t* multiplier; /* integer kernels: one fixed-point scale per output channel, or what the operator says */
  const int32_t* shift;
  int32_t clamp_low, clamp_high;       /* integer kernels: codes */
  float clamp_low_f32, clamp_high_f32; /* float kernels; see ops/activation.h */
  void* scratch;
  const int8_t* codebook;    /* where weights are codes: its entries, a codebook for each `codebook_channels` */
  int32_t codebook_channels; /* neighbouring output channels */
};

/* Rows [first, last) of the output: what one run of a kernel writes. */
struct DimpleRange {
  int32_t first, last;
};

#ifdef __cplusplus
} /* extern "C" */
#endif

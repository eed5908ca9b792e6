// The only compiler-dependent spellings below the freestanding line.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Program files are little-endian and read in place: a big-endian machine is not supported."
#endif

#define DIMPLE_RESTRICT __restrict
#define DIMPLE_INLINE [[gnu::always_inline]] inline

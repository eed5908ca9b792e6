/* The four functions a compiler takes for granted, for machines without a C library. Compiled so that the compiler does
 * not recognise the loops and call the function from inside itself. Word by word where both sides are aligned: a kernel
 * copies rows, not strings. */
#include <stddef.h>
#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) word;

static int both_aligned(const void* a, const void* b) { return (((uintptr_t)a | (uintptr_t)b) & 3u) == 0; }

void* memcpy(void* restrict to, const void* restrict from, size_t count) {
  unsigned char* out = (unsigned char*)to;
  const unsigned char* in = (const unsigned char*)from;
  if (both_aligned(out, in)) {
    for (; count >= 4; count -= 4, out += 4, in += 4) *(word*)(void*)out = *(const word*)(const void*)in;
  }
  while (count-- > 0) *out++ = *in++;
  return to;
}

void* memmove(void* to, const void* from, size_t count) {
  unsigned char* out = (unsigned char*)to;
  const unsigned char* in = (const unsigned char*)from;
  if ((uintptr_t)out <= (uintptr_t)in || (uintptr_t)out >= (uintptr_t)in + count) {
    /* Forwards every byte is read before it is overwritten, also word by word: aligned words never straddle. */
    if (both_aligned(out, in)) {
      for (; count >= 4; count -= 4, out += 4, in += 4) *(word*)(void*)out = *(const word*)(const void*)in;
    }
    while (count-- > 0) *out++ = *in++;
  } else {
    while (count-- > 0) out[count] = in[count];
  }
  return to;
}

void* memset(void* to, int value, size_t count) {
  unsigned char* out = (unsigned char*)to;
  const word four = (unsigned char)value * 0x01010101u;
  for (; count > 0 && ((uintptr_t)out & 3u) != 0; --count) *out++ = (unsigned char)value;
  for (; count >= 4; count -= 4, out += 4) *(word*)(void*)out = four;
  while (count-- > 0) *out++ = (unsigned char)value;
  return to;
}

int memcmp(const void* a, const void* b, size_t count) {
  const unsigned char* left = (const unsigned char*)a;
  const unsigned char* right = (const unsigned char*)b;
  for (; count > 0; --count, ++left, ++right) {
    if (*left != *right) return *left < *right ? -1 : 1;
  }
  return 0;
}

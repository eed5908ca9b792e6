// The planned program: what a device reads, in place, little-endian.
//
//   Header | TensorRecord[tensor_count] | StepRecord[step_count] | attributes (32-bit words) | constants |
//   labels (each ended by a zero) | metadata (JSON, host only)
//
// Every section starts on a 16-byte boundary. The checksum covers everything behind the header's first 16 bytes.
#pragma once
#include "base/dtype.h"
#include "base/platform.h"
#include "format/layout.h"
#include "image/preprocess.h"
#include "ops/shape.h"

namespace dimple::format {

inline constexpr uint32_t kMagic = 0x4C504D44;  // "DMPL"
inline constexpr uint32_t kVersion = 4;
inline constexpr uint32_t kAlign = 16;
inline constexpr uint32_t kNone = 0xFFFFFFFFu;  // "there is no such constant, tensor, scratch"

struct Header {
  uint32_t magic = kMagic;
  uint32_t version = kVersion;
  uint32_t file_bytes = 0;
  uint32_t checksum = 0;  // crc32 of bytes [16, file_bytes)
  uint32_t tensor_count = 0, tensors_at = 0;
  uint32_t step_count = 0, steps_at = 0;
  uint32_t attribute_words = 0, attributes_at = 0;
  uint32_t constant_bytes = 0, constants_at = 0;
  uint32_t label_bytes = 0, labels_at = 0;
  uint32_t metadata_bytes = 0, metadata_at = 0;
  uint32_t arena_bytes = 0;  // tensors and scratch together
  uint32_t input = 0;        // tensor index
  uint32_t output = 0;       // tensor index of the answer
  uint32_t logits = 0;       // of the last integer tensor, before any float operator; = output in float programs
  // How a face becomes the input: its own size, channels and codes. Width 0: the program does not say.
  image::Preprocess preprocess{.width = 0, .height = 0, .channels = 0};
  uint32_t reserved[2] = {0, 0};
};
static_assert(sizeof(Header) == 112);
static_assert(sizeof(image::Preprocess) == 24);

struct TensorRecord {
  uint32_t dtype = 0;  // DType
  int32_t height = 0, width = 0, channels = 0;
  uint32_t arena_at = 0;  // byte offset in the arena, a multiple of kAlign
  uint32_t bytes = 0;     // of all rows, or of those that are there at a time (format/stripes.h)
  float scale = 0;
  int32_t zero_point = 0;
};
static_assert(sizeof(TensorRecord) == 32);

struct StepRecord {
  uint32_t op = 0;                // kNumber of the operator's header
  Types types;                    // of the kernel that runs
  Layout layout = Layout::plain;  // of the weight
  uint32_t in[ops::kMaxInputs] = {kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone};
  uint32_t out = kNone;
  uint32_t attributes = 0;  // index of the first word
  uint32_t weight = kNone, bias = kNone, multiplier = kNone,
           shift = kNone;          // byte offsets in the constants, 16-aligned
  uint32_t codebook = kNone;       // the same, of weights that are codes: s8 entries, a codebook for each
  uint32_t codebook_channels = 0;  // so many neighbouring output channels; elsewhere 0
  int32_t clamp_low = -128, clamp_high = 127;
  float clamp_low_f32 = 0, clamp_high_f32 = 0;
  uint32_t scratch_at = 0, scratch_bytes = 0;  // in the arena
};
static_assert(sizeof(StepRecord) == 96);
static_assert(sizeof(Types) == 3 && sizeof(Layout) == 1);

}  // namespace dimple::format

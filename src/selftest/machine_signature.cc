#include "selftest/machine_signature.h"

#include "base/bits.h"
#include "base/fixed_point.h"
#include "base/memory.h"
#include "format/program.h"
#include "image/preprocess.h"
#include "runtime/dimple.h"
#include "selftest/signature_pictures.h"

namespace dimple::selftest {
namespace {

constexpr uint8_t kGuardPattern = 0xA5;
constexpr size_t kFrontGuardBytes = 64, kBackGuardBytes = 4096;

// Half of the pictures have the network's own size and are only normalised. The other half are larger colour pictures
// with a box each, so that crop, resize and grey are proven too: one box shrinks, one grows, one sticks out at the top
// left, one at the bottom right.
constexpr uint32_t kPlainPictures = 8;
constexpr int32_t kSceneWidth = 128, kSceneHeight = 96, kSceneChannels = 3;
constexpr image::Box kBoxes[] = {
    {20, 10, 70, 70}, {60, 40, 21, 25}, {-15, -10, 60, 64}, {90, 50, 55, 70},
    {0, 0, 128, 96},  {33, 21, 48, 48}, {5, 60, 30, 90},    {50, 5, 77, 49},
};
constexpr int32_t kMarginPermille = 200, kShiftPermille = 30;

struct Fnv1a {
  uint64_t state = 0xCBF29CE484222325u;

  void add(Span<const uint8_t> bytes) {
    for (const uint8_t byte : bytes) state = (state ^ byte) * 0x100000001B3u;
  }
};

// Where everything lies: picture, scratch, guard, arena, and guard up to the end.
struct Layout {
  Span<uint8_t> picture, scratch, front, arena, back;
};

// The preprocessing of the program's own input: its scale tells which normalisation it was trained with.
image::Preprocess preprocessing_of(const dimple_tensor_info& input) {
  const bool standardise = input.scale == image::code_scale(image::Normalise::standardise);
  return {input.width,     input.height,   input.channels,
          kMarginPermille, kShiftPermille, standardise ? image::Normalise::standardise : image::Normalise::offset};
}

size_t picture_bytes(const image::Preprocess& how) {
  return max_of<size_t>(how.pixels(), size_t{kSceneWidth} * kSceneHeight * kSceneChannels);
}

size_t before_arena(const image::Preprocess& how) {
  return round_up(picture_bytes(how), size_t{16}) + round_up(image::scratch_bytes(how, kSceneChannels), size_t{16}) +
         kFrontGuardBytes;
}

bool lay_out(const image::Preprocess& how, uint32_t arena_bytes, Span<uint8_t> memory, Layout& layout) {
  if (memory.size() < before_arena(how) + arena_bytes + kBackGuardBytes) return false;
  const size_t scratch_at = round_up(picture_bytes(how), size_t{16});
  const size_t arena_at = before_arena(how), end = arena_at + arena_bytes;
  layout.picture = memory.subspan(0, scratch_at);
  layout.scratch = memory.subspan(scratch_at, arena_at - kFrontGuardBytes - scratch_at);
  layout.front = memory.subspan(arena_at - kFrontGuardBytes, kFrontGuardBytes);
  layout.arena = memory.subspan(arena_at, arena_bytes);
  layout.back = memory.subspan(end, memory.size() - end);
  return true;
}

uint32_t count_changed(Span<const uint8_t> guard) {
  uint32_t changed = 0;
  for (const uint8_t byte : guard) changed += byte != kGuardPattern;
  return changed;
}

// Codes of picture `number` into the program's input.
Status feed(uint32_t number, const image::Preprocess& how, const Layout& at, Span<int8_t> codes) {
  if (number < kPlainPictures) {
    draw_picture(number, image::packed(at.picture.data(), how.width, how.height, how.channels));
    image::normalise(how.normalise, at.picture.subspan(0, how.pixels()), codes);
    return Status::ok;
  }
  const image::MutableView scene = image::packed(at.picture.data(), kSceneWidth, kSceneHeight, kSceneChannels);
  draw_picture(number, scene);
  return image::preprocess(how, scene, kBoxes[number - kPlainPictures], at.scratch, codes);
}

Status sign(Span<const uint8_t> program, Span<uint8_t> memory, MachineSignature& out) {
  // The program is opened twice: what its input looks like decides where its arena lies.
  dimple_session session;
  const auto open = [&](Span<uint8_t> arena) {
    return static_cast<Status>(dimple_open(&session, program.data(), static_cast<uint32_t>(program.size()),
                                           arena.data(), static_cast<uint32_t>(arena.size())));
  };
  if (const Status status = open(memory); status != Status::ok) return status;
  out.arena_planned = dimple_arena_bytes(program.data(), static_cast<uint32_t>(program.size()));
  const image::Preprocess how = preprocessing_of(dimple_input(&session));
  if (dimple_input(&session).dtype != DIMPLE_S8 || dimple_logits(&session).dtype != DIMPLE_S8 || !image::sane(how)) {
    return Status::bad_argument;
  }
  Layout at;
  if (!lay_out(how, out.arena_planned, memory, at)) return Status::arena_too_small;
  if (const Status status = open(at.arena); status != Status::ok) return status;

  fill_bytes(at.front.data(), kGuardPattern, at.front.size());
  fill_bytes(at.back.data(), kGuardPattern, at.back.size());
  Fnv1a hash;
  for (; out.pictures < kPlainPictures + sizeof kBoxes / sizeof kBoxes[0]; ++out.pictures) {
    const dimple_tensor_info input = dimple_input(&session);
    const Status fed = feed(out.pictures, how, at, {static_cast<int8_t*>(input.data), input.bytes});
    if (fed != Status::ok) return fed;
    if (const int32_t status = dimple_run(&session); status != 0) return static_cast<Status>(status);
    const dimple_tensor_info logits = dimple_logits(&session);
    hash.add({static_cast<const uint8_t*>(logits.data), logits.bytes});
  }
  out.signature = hash.state;
  out.arena_used = dimple_arena_high(&session);
  out.guard_bytes = static_cast<uint32_t>(at.front.size() + at.back.size());
  out.guard_changed = count_changed(at.front) + count_changed(at.back);
  return Status::ok;
}

}  // namespace

size_t signature_memory_bytes(Span<const uint8_t> program) {
  if (dimple_arena_bytes(program.data(), static_cast<uint32_t>(program.size())) == 0) return 0;
  format::Header header;
  copy_bytes(&header, program.data(), sizeof header);
  const size_t record = header.tensors_at + size_t{header.input} * sizeof(format::TensorRecord);
  format::TensorRecord input;
  if (record > program.size() || program.size() - record < sizeof input) return 0;
  copy_bytes(&input, program.data() + record, sizeof input);
  const image::Preprocess how{input.width, input.height, input.channels};
  return image::sane(how) ? before_arena(how) + header.arena_bytes + kBackGuardBytes : 0;
}

MachineSignature sign_machine(Span<const uint8_t> program, Span<uint8_t> memory) {
  MachineSignature out;
  out.program_checksum = crc32(program);
  out.status = sign(program, memory, out);
  return out;
}

}  // namespace dimple::selftest

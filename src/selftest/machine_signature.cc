#include "selftest/machine_signature.h"

#include "base/bits.h"
#include "base/crc32.h"
#include "base/dtype.h"
#include "base/fixed_point.h"
#include "base/memory.h"
#include "base/result.h"
#include "faces/dimple_face.h"
#include "format/reader.h"
#include "image/preprocess.h"
#include "runtime/dimple.h"
#include "runtime/executor.h"
#include "selftest/signature_pictures.h"

namespace dimple::selftest {
namespace {

// No network is sure of a drawing, so the limits are what the scenes lie on both sides of.
constexpr dimple_face_options kLimits{.min_score = 0.4f, .min_quality = 0.5f, .min_face = 32};

// 65536 is 1. A number beyond 0 .. 1, or none at all, is a mistake and becomes -1.
int32_t in_65536ths(float value) {
  return value >= 0 && value <= 1 ? static_cast<int32_t>(value * 65536.0f + 0.5f) : -1;
}

// What dimple_read_face answers for the scenes, as one hash: the crop by the program's own margin, the sharpness, the
// float steps behind the logits, and the choice between a label and `unsure`.
Result<uint64_t> hash_face_answers(dimple_session& session, Span<uint8_t> picture, Span<uint8_t> scratch) {
  Fnv1a hash;
  for (uint32_t scene = 0; scene < kScenes; ++scene) {
    draw_scene(scene, picture);
    const dimple_picture shown{picture.data(), kSceneWidth, kSceneHeight, kSceneChannels, 0};
    const image::Box& face = kSceneBoxes[scene];
    const dimple_box box{face.x, face.y, face.width, face.height};
    dimple_face_answer answer;
    const int32_t status = dimple_read_face(&session, &kLimits, &shown, &box, scratch.data(),
                                            static_cast<uint32_t>(scratch.size()), &answer);
    if (status != 0) return static_cast<Status>(status);
    hash.add(static_cast<int32_t>(answer.label));
    hash.add(answer.unsure);
    hash.add(in_65536ths(answer.quality));
    hash.add(in_65536ths(answer.score));
  }
  return hash.state;
}

constexpr uint8_t kGuardPattern = 0xA5;
constexpr size_t kFrontGuardBytes = 64, kBackGuardBytes = 4096;

// Half of the pictures have the network's own size and are only normalised. The other half are scenes, so that crop,
// resize and grey are proven too: with a wide margin, so that every border is met.
constexpr int32_t kMarginPermille = 200, kShiftPermille = 30;

// Where everything lies: picture, scratch, guard, arena, and guard up to the end.
struct Layout {
  Span<uint8_t> picture, scratch, front, arena, back;
};

// The program's own preprocessing, but for the crop.
image::Preprocess preprocessing_of(const format::Header& header) {
  image::Preprocess how = header.preprocess;
  how.margin_permille = kMarginPermille, how.shift_permille = kShiftPermille;
  return how;
}

size_t picture_bytes(const image::Preprocess& how) { return max_of<size_t>(how.pixels(), kSceneBytes); }

size_t before_arena(const image::Preprocess& how) {
  return round_up(picture_bytes(how), size_t{16}) + round_up(image::scratch_bytes(how, kSceneChannels), size_t{16}) +
         kFrontGuardBytes;
}

bool lay_out(const image::Preprocess& how, uint32_t session_bytes, Span<uint8_t> memory, Layout& layout) {
  if (memory.size() < before_arena(how) + session_bytes + kBackGuardBytes) return false;
  const size_t scratch_at = round_up(picture_bytes(how), size_t{16});
  const size_t arena_at = before_arena(how), end = arena_at + session_bytes;
  layout.picture = memory.subspan(0, scratch_at);
  layout.scratch = memory.subspan(scratch_at, arena_at - kFrontGuardBytes - scratch_at);
  layout.front = memory.subspan(arena_at - kFrontGuardBytes, kFrontGuardBytes);
  layout.arena = memory.subspan(arena_at, session_bytes);
  layout.back = memory.subspan(end, memory.size() - end);
  return true;
}

uint32_t count_changed(Span<const uint8_t> guard) {
  uint32_t changed = 0;
  for (const uint8_t byte : guard) changed += byte != kGuardPattern;
  return changed;
}

uint32_t count_own_steps(const format::Program& program, kernels::IsaSet isas) {
  uint32_t own = 0;
  for (const format::StepRecord& step : program.steps)
    own += runtime::kernel_of(program, step, isas)->isa != kernels::Isa::portable;
  return own;
}

// Codes of picture `number` into the program's input.
Status feed(uint32_t number, const image::Preprocess& how, const Layout& at, Span<int8_t> codes) {
  if (number < kFirstScene) {
    draw_picture(number, image::packed(at.picture.data(), how.width, how.height, how.channels));
    image::normalise(how.normalise, at.picture.subspan(0, how.pixels()), codes);
    return Status::ok;
  }
  const uint32_t scene = number - kFirstScene;
  return image::preprocess(how, draw_scene(scene, at.picture), kSceneBoxes[scene], at.scratch, codes);
}

Status sign(Span<const uint8_t> program, Span<uint8_t> memory, kernels::IsaSet isas, MachineSignature& out) {
  const Result<format::Program> read = format::read_program(program);
  if (!read.ok()) return read.status();
  const format::Header& header = *read.value().header;
  const uint32_t session_bytes = runtime::memory_bytes(program, isas);
  out.arena_planned = header.arena_bytes;
  const image::Preprocess how = preprocessing_of(header);
  if (session_bytes == 0) return Status::no_kernel;
  if (!image::sane(how)) return Status::reads_no_faces;
  if (read.value().tensors[header.input].dtype != static_cast<uint32_t>(DType::s8)) return Status::bad_argument;
  Layout at;
  if (!lay_out(how, session_bytes, memory, at)) return Status::memory_too_small;
  dimple_session session;
  if (const Status opened = runtime::prepare(session, program, at.arena, isas); opened != Status::ok) return opened;
  if (dimple_logits(&session).dtype != DIMPLE_S8) return Status::bad_argument;

  fill_bytes(at.front.data(), kGuardPattern, at.front.size());
  fill_bytes(at.back.data(), kGuardPattern, at.back.size());
  Fnv1a hash;
  for (; out.pictures < kFirstScene + kScenes; ++out.pictures) {
    const dimple_tensor_info input = dimple_input(&session);
    const Status fed = feed(out.pictures, how, at, {static_cast<int8_t*>(input.data), input.bytes});
    if (fed != Status::ok) return fed;
    if (const int32_t status = dimple_run(&session); status != 0) return static_cast<Status>(status);
    const dimple_tensor_info logits = dimple_logits(&session);
    hash.add({static_cast<const uint8_t*>(logits.data), logits.bytes});
  }
  out.signature = hash.state;
  const Result<uint64_t> answers = hash_face_answers(session, at.picture, at.scratch);
  if (!answers.ok()) return answers.status();
  out.answers = answers.value();
  out.steps = header.step_count;
  out.own_steps = count_own_steps(read.value(), isas);
  out.arena_used = dimple_arena_high(&session);
  out.guard_bytes = static_cast<uint32_t>(at.front.size() + at.back.size());
  out.guard_changed = count_changed(at.front) + count_changed(at.back);
  return Status::ok;
}

}  // namespace

size_t signature_memory_bytes(Span<const uint8_t> program, kernels::IsaSet isas) {
  const uint32_t session_bytes = runtime::memory_bytes(program, isas);
  if (session_bytes == 0) return 0;
  const image::Preprocess how = preprocessing_of(*format::view_program(program.data()).header);
  return image::sane(how) ? before_arena(how) + session_bytes + kBackGuardBytes : 0;
}

MachineSignature sign_machine(Span<const uint8_t> program, Span<uint8_t> memory, kernels::IsaSet isas) {
  MachineSignature out;
  out.program_checksum = crc32(program);
  out.status = sign(program, memory, isas, out);
  return out;
}

}  // namespace dimple::selftest

#include "faces/face_reader.h"

#include "base/dtype.h"
#include "base/fixed_point.h"
#include "faces/boxes.h"
#include "faces/sharpness.h"
#include "format/reader.h"
#include "image/normalise.h"
#include "runtime/executor.h"

namespace dimple::faces {
namespace {

int32_t why_unsure(const dimple_face_options& options, const image::Box& face, const dimple_face_answer& answer) {
  if (min_of(face.width, face.height) < options.min_face) return DIMPLE_UNSURE_SMALL;
  if (answer.quality < options.min_quality) return DIMPLE_UNSURE_BLURRED;
  if (!(answer.score >= options.min_score)) return DIMPLE_UNSURE_LOW_SCORE;
  return DIMPLE_SURE;
}

image::View view_of(const dimple_picture& p) {
  const int64_t packed_row = int64_t{p.width} * p.channels;
  return {p.pixels, p.width, p.height, p.channels, p.row_bytes != 0 ? p.row_bytes : static_cast<int32_t>(packed_row)};
}

bool reads_faces(const format::Program& program) {
  return program.header->preprocess.width > 0 &&
         program.tensors[program.header->output].dtype == static_cast<uint32_t>(DType::f32);
}

// Where the codes lie before a run: they are the input, or in a float program its last quarter.
Span<int8_t> codes_in(const dimple_tensor_info& input, size_t count) {
  auto* data = static_cast<int8_t*>(input.data);
  return {input.dtype == DIMPLE_S8 ? data : data + count * (sizeof(float) - 1), count};
}

// In place: of n codes, code j lies at byte 3n + j, and value i ends at byte 4i + 3. So it writes over no code behind
// 4i + 3 - 3n = i - 3 * (n - 1 - i) <= i: all of those have been read.
void widen(Span<const int8_t> codes, float scale, float* values) {
  for (size_t i = 0; i < codes.size(); ++i) values[i] = static_cast<float>(codes[i]) * scale;
}

Status read_face(dimple_session& session, const dimple_face_options& options, const dimple_picture& picture,
                 const dimple_box* box, Span<uint8_t> scratch, dimple_face_answer& answer) {
  if (!runtime::is_open(session)) return Status::wrong_order;
  const format::Program program = format::view_program(session.program);
  if (!reads_faces(program)) return Status::reads_no_faces;
  const image::Preprocess& own = program.header->preprocess;
  const image::Preprocess how = box == nullptr ? framed(own) : own;
  const image::Box face = box == nullptr ? image::Box{0, 0, picture.width, picture.height}
                                         : image::Box{box->x, box->y, box->width, box->height};
  const dimple_tensor_info input = dimple_input(&session);
  const Span<int8_t> codes = codes_in(input, how.pixels());
  const Result<float> quality = prepare_face(how, view_of(picture), face, scratch, codes);
  if (!quality.ok()) return quality.status();
  if (input.dtype == DIMPLE_F32) widen(codes, image::code_scale(how.normalise), static_cast<float*>(input.data));
  if (const Status status = runtime::run(session); status != Status::ok) return status;
  const dimple_tensor_info output = dimple_output(&session);
  answer =
      judge(options, face, quality.value(), {static_cast<const float*>(output.data), output.bytes / sizeof(float)});
  return Status::ok;
}

}  // namespace

// The pixels become codes where they lie, so the sharpness is taken between the two.
Result<float> prepare_face(const image::Preprocess& how, image::View picture, const image::Box& face,
                           Span<uint8_t> scratch, Span<int8_t> codes) {
  if (!sane(how) || !sane(picture) || codes.size() < how.pixels()) return Status::bad_argument;
  if (intersection(face, {0, 0, picture.width, picture.height}).area() == 0) return Status::bad_argument;
  if (scratch.size() < image::scratch_bytes(how, picture.channels)) return Status::memory_too_small;
  const Span<uint8_t> pixels{reinterpret_cast<uint8_t*>(codes.data()), how.pixels()};
  if (const Status status = image::crop_face(how, picture, face, scratch, pixels); status != Status::ok) return status;
  const float quality = sharpness(image::packed(pixels.data(), how.width, how.height, how.channels));
  image::normalise(how.normalise, pixels, codes);
  return quality;
}

dimple_face_answer judge(const dimple_face_options& options, const image::Box& face, float quality,
                         Span<const float> scores) {
  dimple_face_answer answer{.scores = scores.data(), .score_count = static_cast<uint32_t>(scores.size())};
  for (uint32_t i = 1; i < answer.score_count; ++i)
    if (scores[answer.label] < scores[i]) answer.label = i;
  answer.score = scores[answer.label];
  answer.quality = quality;
  answer.unsure = why_unsure(options, face, answer);
  return answer;
}

}  // namespace dimple::faces

using namespace dimple;

dimple_face_options dimple_face_defaults(void) { return faces::kFaceDefaults; }

uint32_t dimple_face_scratch_bytes(const dimple_session* session, int32_t picture_channels) {
  if (session == nullptr || !runtime::is_open(*session)) return 0;
  if (picture_channels < 1 || picture_channels > image::kMaxChannels) return 0;
  return static_cast<uint32_t>(
      image::scratch_bytes(format::view_program(session->program).header->preprocess, picture_channels));
}

int32_t dimple_read_face(dimple_session* session, const dimple_face_options* options, const dimple_picture* picture,
                         const dimple_box* box, void* scratch, uint32_t scratch_bytes, dimple_face_answer* answer) {
  if (answer != nullptr) *answer = {};
  if (session == nullptr || picture == nullptr || answer == nullptr) return static_cast<int32_t>(Status::bad_argument);
  const Span<uint8_t> room{static_cast<uint8_t*>(scratch), scratch == nullptr ? 0 : scratch_bytes};
  return static_cast<int32_t>(
      faces::read_face(*session, options == nullptr ? faces::kFaceDefaults : *options, *picture, box, room, *answer));
}

const char* dimple_describe_unsure(int32_t unsure) {
  switch (unsure) {
    case DIMPLE_UNSURE_SMALL: return "small";
    case DIMPLE_UNSURE_BLURRED: return "blurred";
    case DIMPLE_UNSURE_LOW_SCORE: return "low score";
    default: return "";
  }
}

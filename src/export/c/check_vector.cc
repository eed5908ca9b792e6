#include "export/c/check_vector.h"

#include <cstring>
#include <vector>

#include "format/reader.h"
#include "host/aligned_bytes.h"
#include "host/error.h"
#include "image/normalise.h"
#include "runtime/executor.h"
#include "selftest/signature_pictures.h"

namespace dimple::exports {
namespace {

constexpr uint32_t kFaceOfDiscs = 3;

void must(Status status) {
  if (status != Status::ok) throw host::Error(host::Exit::model, describe(status));
}

std::string bytes_of(const dimple_tensor_info& t) { return {static_cast<const char*>(t.data), t.bytes}; }

// Codes, or their real values.
void fill_in_face(const dimple_tensor_info& input, image::Normalise how) {
  std::vector<uint8_t> pixels(static_cast<size_t>(input.height) * static_cast<size_t>(input.width) *
                              static_cast<size_t>(input.channels));
  selftest::draw_picture(kFaceOfDiscs, image::packed(pixels.data(), input.width, input.height, input.channels));
  std::vector<int8_t> codes(pixels.size());
  image::normalise(how, {pixels.data(), pixels.size()}, {codes.data(), codes.size()});
  if (input.dtype == DIMPLE_S8) {
    std::memcpy(input.data, codes.data(), codes.size());
  } else {
    auto* value = static_cast<float*>(input.data);
    for (const int8_t code : codes) *value++ = static_cast<float>(code) * image::code_scale(how);
  }
}

}  // namespace

CheckVector make_check_vector(std::span<const uint8_t> program) {
  const host::AlignedBytes copy(program);
  const Result<format::Program> read = format::read_program({copy.data(), copy.size()});
  if (!read.ok()) must(read.status());
  const runtime::MemoryPlan plan = runtime::plan_memory(read.value(), {});
  must(plan.status);
  host::AlignedBytes memory(plan.bytes);
  dimple_session session;
  must(runtime::prepare(session, {copy.data(), copy.size()}, {memory.data(), memory.size()}, {}));
  fill_in_face(dimple_input(&session), read.value().header->preprocess.normalise);
  CheckVector vector{bytes_of(dimple_input(&session)), {}};
  must(runtime::run(session));
  vector.expected = bytes_of(dimple_logits(&session)) + bytes_of(dimple_output(&session));
  return vector;
}

}  // namespace dimple::exports

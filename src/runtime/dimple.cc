// The C interface: thin, over the executor.
#include "runtime/dimple.h"

#include "base/dtype.h"
#include "runtime/executor.h"

using namespace dimple;

static_assert(DIMPLE_F32 == static_cast<int>(DType::f32) && DIMPLE_S8 == static_cast<int>(DType::s8));

namespace {

Span<const uint8_t> bytes_of_program(const void* program, uint32_t bytes) {
  return {static_cast<const uint8_t*>(program), bytes};
}

dimple_tensor_info info_of(const dimple_session* session, uint32_t format::Header::*which) {
  if (session == nullptr || !runtime::is_open(*session)) return {};
  const format::Program program = format::view_program(session->program);
  const format::TensorRecord& t = program.tensors[program.header->*which];
  return {session->arena + t.arena_at,   t.bytes, t.height,    t.width, t.channels,
          static_cast<int32_t>(t.dtype), t.scale, t.zero_point};
}

}  // namespace

uint32_t dimple_arena_bytes(const void* program, uint32_t program_bytes) {
  if (program == nullptr) return 0;
  const Result<format::Header> header = format::read_header(bytes_of_program(program, program_bytes));
  return header.ok() ? header.value().arena_bytes : 0;
}

uint32_t dimple_memory_bytes(const void* program, uint32_t program_bytes) {
  if (program == nullptr) return 0;
  return runtime::memory_bytes(bytes_of_program(program, program_bytes), kernels::isas_here());
}

int32_t dimple_open(dimple_session* session, const void* program, uint32_t program_bytes, void* memory,
                    uint32_t memory_bytes) {
  if (session == nullptr) return static_cast<int32_t>(Status::bad_argument);
  return static_cast<int32_t>(runtime::prepare(*session, bytes_of_program(program, program_bytes),
                                               {static_cast<uint8_t*>(memory), memory_bytes}));
}

dimple_tensor_info dimple_input(const dimple_session* session) { return info_of(session, &format::Header::input); }

dimple_tensor_info dimple_output(const dimple_session* session) { return info_of(session, &format::Header::output); }

dimple_tensor_info dimple_logits(const dimple_session* session) { return info_of(session, &format::Header::logits); }

int32_t dimple_run(dimple_session* session) {
  if (session == nullptr) return static_cast<int32_t>(Status::bad_argument);
  return static_cast<int32_t>(runtime::run(*session));
}

void dimple_trace(dimple_session* session, dimple_trace_fn trace, void* user) {
  if (session == nullptr) return;
  session->trace = trace;
  session->trace_user = user;
}

void dimple_runner(dimple_session* session, dimple_runner_fn runner, void* user) {
  if (session == nullptr) return;
  session->runner = runner;
  session->runner_user = user;
}

uint32_t dimple_arena_high(const dimple_session* session) { return session == nullptr ? 0 : session->arena_high; }

const char* dimple_label(const dimple_session* session, uint32_t index) {
  if (session == nullptr || !runtime::is_open(*session)) return nullptr;
  for (const uint8_t& c : format::view_program(session->program).labels) {
    if (index == 0) return reinterpret_cast<const char*>(&c);
    if (c == 0) --index;
  }
  return nullptr;
}

const char* dimple_metadata(const dimple_session* session, uint32_t* bytes) {
  if (bytes != nullptr) *bytes = 0;
  if (session == nullptr || !runtime::is_open(*session)) return nullptr;
  const format::Program program = format::view_program(session->program);
  if (bytes != nullptr) *bytes = static_cast<uint32_t>(program.metadata.size());
  return reinterpret_cast<const char*>(program.metadata.data());
}

const char* dimple_describe(int32_t status) { return describe(static_cast<Status>(status)); }

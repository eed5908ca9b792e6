#include "level.h"

#include "kernels/select.h"
#include "runtime/executor.h"

namespace {

using namespace dimple;

bool same(const char* a, const char* b) {
  while (*a != 0 && *a == *b) ++a, ++b;
  return *a == *b;
}

bool find(const char* name, kernels::IsaSet& found) {
  for (const kernels::Isa isa : kernels::kIsas)
    if (same(kernels::name_of(isa), name) && kernels::isas_here().has(isa)) {
      found = kernels::up_to(isa, kernels::isas_here());
      return true;
    }
  return false;
}

Span<const uint8_t> view(const void* program, uint32_t bytes) { return {static_cast<const uint8_t*>(program), bytes}; }

}  // namespace

const char* level_here(void) { return kernels::name_of(kernels::level_of(kernels::isas_here())); }

uint32_t level_memory_bytes(const char* level, const void* program, uint32_t bytes) {
  kernels::IsaSet isas;
  return find(level, isas) ? runtime::memory_bytes(view(program, bytes), isas) : 0;
}

int32_t level_open(const char* level, dimple_session* session, const void* program, uint32_t bytes, void* memory,
                   uint32_t memory_bytes) {
  kernels::IsaSet isas;
  if (!find(level, isas)) return static_cast<int32_t>(Status::bad_argument);
  return static_cast<int32_t>(
      runtime::prepare(*session, view(program, bytes), {static_cast<uint8_t*>(memory), memory_bytes}, isas));
}

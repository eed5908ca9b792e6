// Program files that were kept (tests/witness): what a release has written still runs, or is refused by name.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "format/program.h"
#include "format/program_testing.h"
#include "host/aligned_bytes.h"
#include "host/files.h"
#include "runtime/dimple.h"
#include "selftest/machine_signature.h"

namespace dimple::selftest {
namespace {

std::vector<uint8_t> witness(int format = 4) {
  return host::read_file(fmt::format("{}/tests/witness/format{}.dimple", DIMPLE_SOURCE_DIR, format));
}

TEST(Witness, OfFormat4GivesTheBitsThatItGaveThenAtEveryLevel) {
  const host::AlignedBytes program(witness());
  const Span<const uint8_t> bytes(program.data(), program.size());
  for (const kernels::Isa level : kernels::kIsas) {
    if (!kernels::isas_here().has(level)) continue;
    SCOPED_TRACE(kernels::name_of(level));
    const kernels::IsaSet isas = up_to(level, kernels::isas_here());
    const size_t memory_bytes = signature_memory_bytes(bytes, isas);
    ASSERT_GT(memory_bytes, 0u);
    host::AlignedBytes memory(memory_bytes);
    const MachineSignature signed_here = sign_machine(bytes, {memory.data(), memory.size()}, isas);
    EXPECT_EQ(signed_here.status, Status::ok);
    EXPECT_EQ(signed_here.signature, 0xe3c9b63ffc0be05b);
    EXPECT_EQ(signed_here.own_steps > 0, level != kernels::Isa::portable);
  }
}

int32_t opened(const std::vector<uint8_t>& file) {
  const host::AlignedBytes program(file);
  host::AlignedBytes memory(size_t{1} << 20);
  dimple_session session;
  return dimple_open(&session, program.data(), static_cast<uint32_t>(program.size()), memory.data(), 1u << 20);
}

int32_t opened_as_version(uint32_t version) {
  std::vector<uint8_t> file = witness();
  std::memcpy(file.data() + offsetof(format::Header, version), &version, sizeof version);
  format::fix_checksum(file);
  return opened(file);
}

TEST(Witness, OtherFormatsAreRefusedByName) {
  constexpr const char* kEarlier =
      "the program was written by an earlier version of Dimple: export it anew from its model";
  EXPECT_EQ(opened(witness()), 0);
  EXPECT_STREQ(dimple_describe(opened(witness(3))), kEarlier);
  EXPECT_STREQ(dimple_describe(opened_as_version(3)), kEarlier);
  EXPECT_STREQ(dimple_describe(opened_as_version(5)), "the program was written by a later version of Dimple");
}

// Both ways: what shrinks is as much a change as what grows.
TEST(Witness, NeedsTheMemoryThatItNeeded) {
  const host::AlignedBytes program(witness());
  const auto bytes = static_cast<uint32_t>(program.size());
  const auto expect_near = [](double value, double pinned) { EXPECT_NEAR(value, pinned, 0.03 * pinned); };
  expect_near(bytes, 103'238);
  expect_near(dimple_arena_bytes(program.data(), bytes), 19'200);
}

}  // namespace
}  // namespace dimple::selftest

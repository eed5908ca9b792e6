#include "format/reader.h"

#include "base/crc32.h"
#include "base/memory.h"
#include "format/step_facts.h"
#include "format/validate.h"

namespace dimple::format {
namespace {

struct Section {
  uint32_t at, count, element_bytes;

  constexpr uint64_t end() const { return at + uint64_t{count} * element_bytes; }
};

// Sections stand in the order of the format, apart from one another and within the file. Empty ones stand nowhere.
bool sections_fit(const Header& h) {
  const Section sections[] = {
      {h.tensors_at, h.tensor_count, sizeof(TensorRecord)},
      {h.steps_at, h.step_count, sizeof(StepRecord)},
      {h.attributes_at, h.attribute_words, sizeof(uint32_t)},
      {h.constants_at, h.constant_bytes, 1},
      {h.labels_at, h.label_bytes, 1},
      {h.metadata_at, h.metadata_bytes, 1},
  };
  uint64_t end = sizeof(Header);
  for (const Section& section : sections) {
    if (section.count == 0) continue;
    if (section.at % kAlign != 0 || section.at < end || section.end() > h.file_bytes) return false;
    end = section.end();
  }
  return true;
}

template <class T>
Span<const T> section_of(const void* file, uint32_t at, uint32_t count) {
  if (count == 0) return {};
  return {reinterpret_cast<const T*>(static_cast<const uint8_t*>(file) + at), count};
}

}  // namespace

Result<Header> read_header(Span<const uint8_t> bytes) {
  Header h;
  if (bytes.size() < sizeof h.magic) return Status::truncated;
  copy_bytes(&h.magic, bytes.data(), sizeof h.magic);
  if (h.magic != kMagic) return Status::bad_magic;
  if (bytes.size() < sizeof h) return Status::truncated;
  copy_bytes(&h, bytes.data(), sizeof h);
  if (h.version > kVersion) return Status::later_version;
  if (h.version < kVersion) return Status::earlier_version;
  if (h.file_bytes < sizeof h || h.file_bytes > kMaxFileBytes) return Status::malformed;
  if (h.file_bytes > bytes.size()) return Status::truncated;
  if (h.arena_bytes == 0 || h.arena_bytes > kMaxArenaBytes) return Status::malformed;
  return h;
}

Result<Program> read_program(Span<const uint8_t> bytes) {
  const Result<Header> header = read_header(bytes);
  if (!header.ok()) return header.status();
  const Header& h = header.value();
  if (!aligned(bytes.data(), kAlign)) return Status::misaligned;
  constexpr size_t kBeforeChecked = offsetof(Header, tensor_count);
  static_assert(kBeforeChecked == 16);
  if (crc32(bytes.subspan(kBeforeChecked, h.file_bytes - kBeforeChecked)) != h.checksum) return Status::bad_checksum;
  if (!sections_fit(h)) return Status::malformed;
  const Program program = view_program(bytes.data());
  const Status status = validate(program);
  if (status != Status::ok) return status;
  return program;
}

ops::Dims weight_of(const Program& program, const StepRecord& step) {
  ops::Shape shapes[ops::kMaxInputs];
  int inputs = 0;
  for (; inputs < ops::kMaxInputs && step.in[inputs] != kNone; ++inputs) {
    const TensorRecord& t = program.tensors[step.in[inputs]];
    shapes[inputs] = {t.height, t.width, t.channels};
  }
  const OperatorFacts& op = facts_of(static_cast<ops::OpCode>(step.op));
  return op.of(program.attributes.data() + step.attributes, shapes, inputs).parameters.weight;
}

Program view_program(const void* checked) {
  const auto* h = static_cast<const Header*>(checked);
  return {h,
          section_of<TensorRecord>(checked, h->tensors_at, h->tensor_count),
          section_of<StepRecord>(checked, h->steps_at, h->step_count),
          section_of<uint32_t>(checked, h->attributes_at, h->attribute_words),
          section_of<uint8_t>(checked, h->constants_at, h->constant_bytes),
          section_of<uint8_t>(checked, h->labels_at, h->label_bytes),
          section_of<uint8_t>(checked, h->metadata_at, h->metadata_bytes)};
}

}  // namespace dimple::format

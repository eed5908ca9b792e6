#include "media/caged_decoder.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "host/files.h"
#include "media/codecs.h"

namespace dimple::media {
namespace {

// What the cage answers with; behind it pixels, or the reason and the hint.
struct Verdict {
  int32_t exit, width, height, channels;
  uint32_t reason_bytes, hint_bytes;
};

constexpr size_t kMaxReason = 4096;
constexpr DecodeLimits kCagedLimits;
// What takes most is a progressive JPEG for printers: four times two bytes of coefficients, and four of ink.
constexpr uint64_t kBytesOfPixel = 16;
constexpr uint64_t kSpareBytes = uint64_t{64} << 20;

host::CageLimits limits_of_cage(const CageSettings& settings) {
  return {.question_bytes = kCagedLimits.max_file_bytes,
          .answer_bytes = sizeof(Verdict) + std::max<size_t>(3 * kCagedLimits.max_pixels, 2 * kMaxReason),
          .memory_bytes = kBytesOfPixel * kCagedLimits.max_pixels + kSpareBytes,
          .questions = settings.pictures,
          .time = settings.time};
}

size_t put(std::span<uint8_t> room, const Verdict& verdict, const void* first, size_t first_bytes,
           const std::string& second = {}) {
  std::memcpy(room.data(), &verdict, sizeof verdict);
  std::memcpy(room.data() + sizeof verdict, first, first_bytes);
  std::memcpy(room.data() + sizeof verdict + first_bytes, second.data(), second.size());
  return sizeof verdict + first_bytes + second.size();
}

// A codec that was taken over writes what it likes; it shall not write to the terminal.
std::string plain_text(std::span<const uint8_t> bytes) {
  std::string text(bytes.begin(), bytes.end());
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 32 || c > 126; }, '?');
  return text;
}

BadPicture cannot_be() { return {"its decoder gave an answer that cannot be: the file is refused"}; }

}  // namespace

size_t decode_for_cage(std::span<const uint8_t> file, std::span<uint8_t> room) {
  try {
    const Picture picture = decode_unnamed(file, kCagedLimits);
    return put(room, {0, picture.width, picture.height, picture.channels, 0, 0}, picture.pixels.data(),
               picture.pixels.size());
  } catch (BadPicture& bad) {
    bad.reason.resize(std::min(bad.reason.size(), kMaxReason));
    bad.hint.resize(std::min(bad.hint.size(), kMaxReason));
    return put(room,
               {static_cast<int32_t>(bad.exit), 0, 0, 0, static_cast<uint32_t>(bad.reason.size()),
                static_cast<uint32_t>(bad.hint.size())},
               bad.reason.data(), bad.reason.size(), bad.hint);
  }
}

CagedDecoder::CagedDecoder(const CageSettings& settings) {
  if (settings.cage) cage_.emplace(settings.task, limits_of_cage(settings));
}

std::string CagedDecoder::describe() const {
  if (!cage_) return "switched off: pictures are decoded in place";
  if (!cage_->holds()) return "pictures are decoded in place: " + cage_->why_not();
  return "pictures are decoded by a process that may compute, take memory, and nothing else";
}

// Throws BadPicture: what the picture was refused for, or an answer that no codec of ours gives.
Picture CagedDecoder::take(std::span<const uint8_t> answer) const {
  Verdict verdict{};
  if (answer.size() < sizeof verdict) throw cannot_be();
  std::memcpy(&verdict, answer.data(), sizeof verdict);
  const auto rest = answer.subspan(sizeof verdict);
  if (verdict.exit != 0) {
    const bool fits = verdict.reason_bytes <= kMaxReason && verdict.hint_bytes <= kMaxReason &&
                      rest.size() == size_t{verdict.reason_bytes} + verdict.hint_bytes;
    const host::Exit exit = static_cast<host::Exit>(verdict.exit);
    if (!fits || (exit != host::Exit::input && exit != host::Exit::resources)) throw cannot_be();
    throw BadPicture{plain_text(rest.first(verdict.reason_bytes)), plain_text(rest.subspan(verdict.reason_bytes)),
                     exit};
  }
  check_size(verdict.width, verdict.height, kCagedLimits);
  if ((verdict.channels != 1 && verdict.channels != 3) ||
      rest.size() != size_t(verdict.width) * size_t(verdict.height) * size_t(verdict.channels))
    throw cannot_be();
  Picture picture;
  picture.width = verdict.width, picture.height = verdict.height, picture.channels = verdict.channels;
  picture.pixels.assign(rest.begin(), rest.end());
  return picture;
}

Picture CagedDecoder::decode(std::span<const uint8_t> bytes, const std::string& name) {
  if (!caged()) return media::decode(bytes, name, kCagedLimits);
  try {
    return take(cage_->ask(bytes));
  } catch (const host::CageBroken& broken) {
    if (broken.from_outside)
      throw named(name, {fmt::format("its decoder {}", broken.how), "the machine may be short of memory",
                         host::Exit::resources});
    throw named(name, {fmt::format("its decoder {}: the file is refused", broken.how),
                       "if other programs show it, tell us (SECURITY.md)"});
  } catch (const BadPicture& bad) {
    throw named(name, bad);
  } catch (const std::bad_alloc&) {
    throw named(name, {"out of memory", {}, host::Exit::resources});
  }
}

Picture CagedDecoder::load(const std::filesystem::path& path) {
  return decode(host::read_file(path, {.limit_bytes = kCagedLimits.max_file_bytes}), path.string());
}

}  // namespace dimple::media

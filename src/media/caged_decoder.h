// decode() and load_picture() of pictures from outside: the codecs run in a cage (host/cage.h). The same pixels and the
// same sentences; besides, a codec that crashes, hangs or wants more than memory costs its picture and nothing else.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "host/cage.h"
#include "media/decode.h"

namespace dimple::media {

// Runs inside: a file to a verdict, and pixels or a reason behind it.
size_t decode_for_cage(std::span<const uint8_t> file, std::span<uint8_t> room);

struct CageSettings {
  bool cage = true;  // false: decode in place
  host::CagedTask task = decode_for_cage;
  std::chrono::milliseconds time = std::chrono::seconds(60);  // for one picture
};

class CagedDecoder {
 public:
  // Make it before the program has threads.
  explicit CagedDecoder(const CageSettings& settings = {});

  Picture decode(std::span<const uint8_t> bytes, const std::string& name);
  Picture load(const std::filesystem::path& path);

  bool caged() const { return cage_ && cage_->holds(); }
  std::string describe() const;  // what holds, and why

 private:
  Picture take(std::span<const uint8_t> answer) const;

  std::optional<host::Cage> cage_;
};

}  // namespace dimple::media

// decode() and load_picture() of pictures from outside: the codecs run in a cage (host/cage.h). The same pixels and the
// same sentences; besides, a codec that crashes, hangs or wants more than memory costs its picture and nothing else. A
// worker that something else kills is no fault of its picture: Exit::resources.
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
  // That one worker sees: what took it over sees no more. A fresh one costs at most what a cage does, 2.4 ms: shared
  // among so many, 0.01 ms, 0.2 % of the 4 ms in which predict reads the smallest.
  uint64_t pictures = 256;
};

class CagedDecoder {
 public:
  // Make it before the program has threads. Any thread may use it, one at a time; in place, all at once.
  explicit CagedDecoder(const CageSettings& settings = {});

  Picture decode(std::span<const uint8_t> bytes, const std::string& name);
  Picture load(const std::filesystem::path& path);

  bool caged() const { return cage_ && cage_->holds(); }
  std::string describe() const;                                      // what holds, and why
  uint64_t retired() const { return cage_ ? cage_->retired() : 0; }  // workers that had seen their share

 private:
  Picture take(std::span<const uint8_t> answer) const;

  std::optional<host::Cage> cage_;
};

}  // namespace dimple::media

// The C form of a planned program: the same steps, arena offsets and constants as C99, for projects that link sources
// and a kernel archive and want no program file and no reader of one.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace dimple::exports {

struct CSources {
  std::string name;    // an identifier: prefix of every symbol, and the files' name
  std::string header;  // <name>.h
  std::string source;  // <name>.c: includes <name>.h and ops/call.h, links with the device archive
};

// Labels and preprocessing come out of the program's metadata. The calls name the portable reference kernels, which
// every build of the archive has. Throws host::Error(Exit::model) for bytes that are no valid program.
CSources write_c(std::span<const uint8_t> program, std::string_view name);

// <folder>/<name>.h and .c; the folder is made when it is not there.
void save_c(const CSources& sources, const std::filesystem::path& folder);

}  // namespace dimple::exports

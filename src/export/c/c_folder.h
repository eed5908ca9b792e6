// A folder that a C and a C++ compiler build by themselves: the C form of a program, the kernels that it calls, and a
// check of the build. What is the same for every program stands in folder/*.in.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "target/target.h"

namespace dimple::exports {

struct CFile {
  std::string path;  // below the folder: "kernels/ops/call.h"
  std::string bytes;
};

// For a program that was planned for a chip: its own kernels are called. They run on no host, so the same network as a
// portable program tells what comes out.
struct CChip {
  const target::Target& target;
  std::span<const uint8_t> portable;
};

// Throws host::Error: Exit::model for bytes that are no valid program, Exit::usage for one made for a chip that is not
// named, and for a name that a file of the folder has already.
std::vector<CFile> write_c_folder(std::span<const uint8_t> program, std::string_view name, const CChip* chip = nullptr);

// Folders are made where they are not there. Throws host::Error(Exit::usage), and writes nothing, where a file that
// we did not write has the name of one of these.
void save_c_folder(const std::vector<CFile>& files, const std::filesystem::path& folder);

}  // namespace dimple::exports

// Reading and writing whole files. What is written is either there completely or not at all.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/error.h"

namespace dimple::host {

struct ReadOptions {
  uint64_t limit_bytes = uint64_t{1} << 30;  // a longer file is refused before a byte of it is read
  Exit exit = Exit::input;                   // whose fault an unreadable file is: Exit::model for models
};

// Throw Error("cannot read nosuch.jpg: no such file").
std::vector<uint8_t> read_file(const std::filesystem::path& path, const ReadOptions& options = {});
std::string read_text(const std::filesystem::path& path, const ReadOptions& options = {});
std::vector<uint8_t> read_standard_input(const ReadOptions& options = {});

// Writes beside `path` under another name, flushes to the disk, renames over `path`, flushes the folder. After a
// kill or a full disk on the way (Error(Exit::resources)) `path` holds what it held before.
void write_atomic(const std::filesystem::path& path, std::span<const uint8_t> bytes);
void write_atomic(const std::filesystem::path& path, std::string_view text);

// Behind what is there. What cannot be written whole is taken back: a file of lines stays one.
void append(const std::filesystem::path& path, std::string_view text);

// Removes what processes of this machine that were killed while they wrote have left beside the files of this folder.
void remove_leftovers(const std::filesystem::path& folder);

// Creates the folder and those above it; nothing happens when it is there.
void make_folder(const std::filesystem::path& path);

bool file_exists(const std::filesystem::path& path);  // never throws; false when it cannot be told
bool is_missing(const std::filesystem::path& path);   // there is none; false when it may not be looked for
bool is_folder(const std::filesystem::path& path);    // never throws

// Every regular file below the folder, sorted by path; names that begin with a dot are passed over, and so are links
// to folders (they may run in a circle). A folder that may not be read is an error, or one of `closed`.
std::vector<std::filesystem::path> list_files(const std::filesystem::path& folder,
                                              std::vector<Error>* closed = nullptr);

// The folder that holds the running program.
std::filesystem::path program_folder();

// "no such file" for ENOENT, and so on: lower case, without the number.
std::string describe_errno(int number);

bool is_exhaustion(int number);  // of disk, memory, threads or open files, by the machine or by a limit

// Whose fault it is that the system refused a call: of a machine that is used up, of a disk that fails, else `otherwise`.
Exit exit_of_errno(int number, Exit otherwise);

}  // namespace dimple::host

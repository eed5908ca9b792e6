#include "data/datasets/open_archive.h"

#include <archive.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "host/error.h"
#include "host/files.h"

namespace dimple::data {
namespace {

constexpr size_t kBlock = 1 << 18;

// Formats of others that people meet: naming them beats what a table or a tar would say of their bytes.
struct Stranger {
  std::string_view magic, name;
};
constexpr Stranger kStrangers[] = {{"LRZI", "lrzip"},
                                   {"\x89LZO", "lzop"},
                                   {"GRZipII", "grzip"},
                                   {"\x04\x22\x4D\x18", "lz4"},
                                   {"LZIP", "lzip"},
                                   {"\x1F\x9D", "compress"},
                                   {"7z\xBC\xAF\x27\x1C", "7-Zip"},
                                   {"Rar!\x1A\x07", "RAR"}};

void refuse_strangers(const std::string& path) {
  std::string head(8, '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size()));
  for (const Stranger& s : kStrangers)
    if (head.starts_with(s.magic))
      throw host::Error(host::Exit::input, fmt::format("cannot read {}: it is packed by {}", path, s.name),
                        "gzip, bzip2, xz and zstd are read, and tar and zip; pack it anew");
}

// By name, one by one: of "all" filters some run a program from the PATH on a file that begins as theirs do, and so
// does one of these where libarchive was built without its library. It tells by what it returns.
void allow_filters(const std::string& path, struct archive* a) {
  for (const auto allow : {archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
                           archive_read_support_filter_xz, archive_read_support_filter_zstd})
    if (ask_archive(path, [&] { return allow(a); }) != ARCHIVE_OK)
      throw host::Error(host::Exit::failed, "this libarchive unpacks gzip, bzip2, xz or zstd by other programs only",
                        "build with a libarchive that has all four");
}

}  // namespace

void ArchiveCloser::operator()(struct archive* a) const { archive_read_free(a); }

void refuse_archive(const std::string& path, const std::string& why) {
  throw host::Error(host::Exit::input, fmt::format("cannot read {}: {}", path, why));
}

void refuse_archive(const std::string& path, int number) {
  throw host::Error(host::exit_of_errno(number, host::Exit::input),
                    fmt::format("cannot read {}: {}", path, host::describe_errno(number)));
}

void refuse_failing_machine(const std::string& path, struct archive* a) {
  const int number = archive_errno(a);
  if (host::exit_of_errno(number, host::Exit::input) != host::Exit::input) refuse_archive(path, number);
}

void refuse_archive(const std::string& path, struct archive* a) {
  refuse_failing_machine(path, a);
  refuse_archive(path, archive_problem(a));
}

std::string archive_problem(struct archive* a) {
  const char* text = archive_error_string(a);
  return text ? text : "damaged or cut short";
}

Archive open_archive(const std::string& path, bool raw) {
  refuse_strangers(path);
  const host::MemoryWatch memory;
  Archive a(archive_read_new());
  // It may lack the entry into which libarchive writes the first header.
  if (!a || memory.ran_out()) throw host::Error(host::Exit::resources, "out of memory");
  allow_filters(path, a.get());
  const auto allow = [&](auto format) {
    if (ask_archive(path, [&] { return format(a.get()); }) != ARCHIVE_OK) refuse_archive(path, a.get());
  };
  if (raw) {
    allow(archive_read_support_format_raw);
  } else {
    allow(archive_read_support_format_tar);
    allow(archive_read_support_format_zip);
  }
  allow(archive_read_support_format_empty);
  if (ask_archive(path, [&] { return archive_read_open_filename(a.get(), path.c_str(), kBlock); }) != ARCHIVE_OK)
    refuse_archive(path, a.get());
  constexpr int kOneFilter = 2;  // the file itself is counted as one
  if (archive_filter_count(a.get()) > kOneFilter) refuse_archive(path, "it is compressed more than once");
  return a;
}

Growth::Growth(const std::string& path) : path_(path) {
  std::error_code unknown;
  const uintmax_t size = std::filesystem::file_size(path, unknown);
  constexpr auto kLargest = static_cast<uintmax_t>(INT64_MAX / kTimes);
  left_ = unknown ? kAlways : std::max(kAlways, kTimes * static_cast<int64_t>(std::min(size, kLargest)));
}

void Growth::add(int64_t bytes) {
  if (bytes > left_)
    refuse_archive(path_, fmt::format("it unpacks to more than {} MB and {} times its size", kAlways >> 20, kTimes));
  left_ -= std::max<int64_t>(bytes, 0);
}

}  // namespace dimple::data

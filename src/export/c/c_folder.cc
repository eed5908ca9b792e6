#include "export/c/c_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "export/c/c_source.h"
#include "export/c/check_vector.h"
#include "export/c/kernel_sources.h"
#include "host/error.h"
#include "host/files.h"

namespace dimple::exports {
namespace {

namespace fs = std::filesystem;
using host::Error;
using host::Exit;

constexpr std::string_view kMark = "Written by Dimple";

// Sources, the finished program and targets of make are called like the network; some file systems know no capitals.
void refuse_taken(const std::string& name) {
  std::string small = name;
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const std::string_view taken : {"main", "kernels", "makefile", "gnumakefile", "clean"})
    if (small == taken)
      throw Error(Exit::usage, "a folder of C has a " + small + " already", "--name gives another name");
}

using Values = std::map<std::string_view, std::string>;

// @name@ -> values["name"]
std::string fill_in(std::string_view pattern, const Values& values) {
  std::string text(pattern);
  for (const auto& [name, value] : values) {
    const std::string place = fmt::format("@{}@", name);
    for (size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
      text.replace(at, place.size(), value);
  }
  return text;
}

// The sources among these, a line each.
std::string listed(const std::set<std::string>& paths, std::string_view line_end) {
  std::string text;
  for (const std::string& path : paths)
    if (path.ends_with(".cc")) text += fmt::format("{}  kernels/{}", text.empty() ? "" : line_end, path);
  return text;
}

void refuse_strangers(const std::vector<CFile>& files, const fs::path& folder) {
  for (const CFile& file : files) {
    const fs::path path = folder / file.path;
    if (file.bytes.find(kMark) == std::string::npos || !host::file_exists(path)) continue;
    if (host::read_text(path).find(kMark) == std::string::npos)
      throw Error(Exit::usage, path.string() + " is there already, and Dimple did not write it",
                  "give the C form a folder of its own: --out");
  }
}

}  // namespace

std::vector<CFile> write_c_folder(std::span<const uint8_t> program, std::string_view name, const CChip* chip) {
  const CSources c = write_c(program, name, chip != nullptr ? chip->target.isas : kernels::IsaSet{});
  refuse_taken(c.name);
  const CheckVector check = make_check_vector(chip != nullptr ? chip->portable : program);
  std::set<std::string> sources = kernel_sources(c.kernels);
  sources.insert("ops/call.h");
  Values values{{"name", c.name},
                {"NAME", c.macro},
                {"kernel_count", fmt::format("{}", c.kernels.size())},
                {"chip_flags", chip != nullptr ? chip->target.compiler_flags : ""},
                {"chip", chip != nullptr ? "for " + chip->target.about : "for every machine"},
                {"check", chip != nullptr ? ""
                                          : fmt::format(" Build it and check it:\n\n"
                                                        "    make && ./{} test_vector.bin expected.bin",
                                                        c.name)},
                {"tolerance", c.exact ? "0.0f" : "0.001f"},
                {"arena_bytes", fmt::format("{}", c.arena_bytes)},
                {"constant_bytes", fmt::format("{}", c.constant_bytes)}};
  std::vector<CFile> files{{c.name + ".h", c.header}, {c.name + ".c", c.source}};
  for (const auto& [file, line_end] :
       {std::pair{"main.c", ""}, {"Makefile", " \\\n"}, {"CMakeLists.txt", "\n"}, {"README.md", ""}}) {
    values["kernels"] = listed(sources, line_end);
    files.push_back({file, fill_in(embedded_text(fmt::format("src/export/c/folder/{}.in", file)), values)});
  }
  files.push_back({"test_vector.bin", check.input});
  files.push_back({"expected.bin", check.expected});
  for (const std::string& source : sources)
    files.push_back({"kernels/" + source, std::string(embedded_text("src/" + source))});
  files.push_back({"kernels/LICENSE", std::string(embedded_text("LICENSE"))});
  return files;
}

void save_c_folder(const std::vector<CFile>& files, const fs::path& folder) {
  refuse_strangers(files, folder);
  for (const CFile& file : files) {
    host::make_folder((folder / file.path).parent_path());
    host::write_atomic(folder / file.path, std::string_view(file.bytes));
  }
}

}  // namespace dimple::exports

// The sources behind kernels, which travel inside the program: where each kernel is defined, and what that includes,
// all the way down.
#pragma once
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "host/embedded_file.h"

namespace dimple::exports {

// What embedded.cmake lists, by paths below the repository: "src/ops/call.h".
std::span<const host::EmbeddedFile> embedded_files();

// Throws host::Error(Exit::failed) when this build lacks the file.
std::string_view embedded_text(std::string_view path);

// Paths below src/, with which they include one another; the names of kernels, not of operators, go in.
std::set<std::string> kernel_sources(const std::set<std::string>& kernels);

}  // namespace dimple::exports

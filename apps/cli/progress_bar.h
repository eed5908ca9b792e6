// The bar on standard error: how far, how fast, how long still.
#pragma once
#include <memory>

#include "host/task.h"
#include "host/terminal.h"

namespace dimple::cli {

// A bar on a terminal; in a file or a pipe only the lines worth keeping.
std::unique_ptr<host::Progress> make_progress(const host::Terminal& terminal);

}  // namespace dimple::cli

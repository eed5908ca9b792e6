// The bar on standard error: how far, how fast, how long still.
#pragma once
#include <memory>

#include "host/progress.h"
#include "host/terminal.h"

namespace dimple::cli {

std::unique_ptr<host::Progress> make_progress_bar(const host::Terminal& terminal);

}  // namespace dimple::cli

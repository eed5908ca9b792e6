// The limit of multiply-adds for models from outside. A file of a few hundred bytes can ask for days of work.
#pragma once
#include <cstdint>
#include <string>

namespace dimple::model {

inline constexpr int64_t kMaxMacs = 20'000'000'000;  // for one face; the largest network of the zoo asks for 1.1

inline constexpr const char* kMaxMacsHelp =
    "a model that asks for more multiply-adds for one face is refused; what only looks at elements counts as well";

// `work` is that of ir::work_of. Throws host::Error(Exit::model) with the limit, and how to raise it.
void check_work(int64_t work, const std::string& source, int64_t max_macs);

}  // namespace dimple::model

// Which source a program was built from: part of a result's circumstances.
#pragma once
#include <string>

namespace dimple::study {

// The commit, if the program still stands in its working tree, and whether that has changed since; else "unknown".
std::string source_commit();

}  // namespace dimple::study

// Runs a command and tells what it said.
#pragma once
#include <string>

namespace dimple::tests {

struct Answer {
  int exit = -1;
  std::string output;  // standard output
};

Answer run(const std::string& command);

}  // namespace dimple::tests

// Runs a command and tells what it said; and a folder of its own for each test that runs one.
#pragma once
#include <gtest/gtest.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace dimple::tests {

struct Answer {
  int exit = -1;
  std::string output;  // standard output
};

inline Answer run(const std::string& command) {
  Answer answer;
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return answer;
  char piece[4096];
  while (size_t count = fread(piece, 1, sizeof piece, pipe)) answer.output.append(piece, count);
  const int status = pclose(pipe);
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

class InOwnFolder : public testing::Test {
 protected:
  InOwnFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "dimple-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error(name, std::error_code{});
    folder_ = name;
  }
  ~InOwnFolder() override {
    std::error_code kept;
    std::filesystem::remove_all(folder_, kept);
  }

  Answer run_here(const std::string& command) const { return run("cd " + folder_.string() + " && " + command); }

  std::filesystem::path folder_;
};

}  // namespace dimple::tests

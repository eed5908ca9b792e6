// Runs a program in which one call to the system fails: tests/faults/faults.cc inside it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace dimple::tests {

struct Fault {
  std::string kind;           // as in faults.cc
  long at = 0;                // the call that fails; 0: none does, they are counted
  int number = 0;             // the errno
  bool from_then_on = false;  // else once
  int signal = 0;             // instead of failing, the call sends the program this
};

struct Ended {
  int exit = -1;    // of a program that ended by itself
  int signal = 0;   // that ended it; SIGALRM: it did not end in time
  long calls = -1;  // of that kind; -1: main did not come to its end
};

struct Program {
  std::vector<std::string> words;  // the program and its arguments
  std::filesystem::path folder;    // where it runs; its streams become out.txt, err.txt in the folder above
};

Ended run_with_fault(const Program& program, const Fault& fault);

std::string describe(const Fault& fault);

}  // namespace dimple::tests

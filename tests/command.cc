#include "tests/command.h"

#include <stdio.h>
#include <sys/wait.h>

namespace dimple::tests {

Answer run(const std::string& command) {
  Answer answer;
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return answer;
  char piece[4096];
  while (size_t count = fread(piece, 1, sizeof piece, pipe)) answer.output.append(piece, count);
  int status = pclose(pipe);
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

}  // namespace dimple::tests

// What tests of `dimple-lab train` share: a tiny data set in a folder of their own, and the program on it.
#pragma once
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "host/files.h"
#include "media/encode.h"
#include "tests/command.h"
#include "tests/schema_testing.h"

namespace dimple::tests {

namespace fs = std::filesystem;

inline const std::string kLab = DIMPLE_LAB_PROGRAM;

// How many epochs stand in a results.csv.
inline int epochs_in(const fs::path& csv) {
  if (!fs::exists(csv)) return 0;
  const std::string text = host::read_text(csv);
  return static_cast<int>(std::ranges::count(text, '\n')) - 1;
}

// Its first row, times included: a training that began anew would have others.
inline std::string first_epoch_in(const fs::path& csv) {
  const std::string text = host::read_text(csv);
  const size_t at = text.find('\n') + 1;
  return text.substr(at, text.find('\n', at) - at);
}

// results.csv, or trials.csv, without what a clock says.
inline std::string figures_of(const fs::path& csv) {
  std::istringstream lines(host::read_text(csv));
  std::string kept;
  std::vector<bool> clock;  // by column
  for (std::string line; std::getline(lines, line); kept += '\n') {
    std::istringstream cells(line);
    size_t column = 0;
    for (std::string cell; std::getline(cells, cell, ','); ++column) {
      if (kept.find('\n') == std::string::npos)
        clock.push_back(cell == "time_s" || cell == "img_per_s" || cell == "seconds");
      if (!clock.at(column)) kept += cell + ',';
    }
  }
  return kept;
}

class TrainVerb : public InOwnFolder {
 protected:
  TrainVerb() {
    signal(SIGINT, SIG_DFL);  // a test that is started in the background inherits that it is ignored
    std::ofstream csv(folder_ / "tiny.csv");
    csv << "emotion,pixels,Usage\n";
    for (int i = 0; i < 140; ++i) {
      csv << i % 7 << ",";
      for (int p = 0; p < 48 * 48; ++p)
        csv << (p ? " " : "") << (p % 48 / 7 == i % 7 ? 200 : 40) + (p * 31 + i * 17) % 23;
      csv << (i < 100 ? ",Training\n" : i < 120 ? ",PublicTest\n" : ",PrivateTest\n");
    }
  }

  std::string command(const std::string& more) const {
    return kLab + " train " + (folder_ / "tiny.csv").string() + " --runs " + folder_.string() + " --threads 1 " + more;
  }

  // What --json prints, held against --schema.
  host::Json document(const std::string& more) const {
    const Answer answer = run(command(more + " --json 2>/dev/null"));
    EXPECT_EQ(answer.exit, 0);
    expect_document_as_promised(kLab, "train --json", answer.output);
    return host::parse_json(answer.output, "train --json");
  }

  // In the background; the process is that of the command itself.
  static pid_t spawn(const std::string& command) {
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process can be started");
    if (child == 0) execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr), _exit(127);
    return child;
  }
  pid_t start(const std::string& more) const { return spawn(command(more + " >/dev/null 2>&1")); }
  static void wait_for(const fs::path& file) {
    for (int i = 0; i < 1200 && !fs::exists(file); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  // Starts it, interrupts it as Ctrl-C does when the file is there, and gives its exit code, or -1 where it was killed.
  static int interrupted_at(const std::string& command, const fs::path& file) {
    const pid_t child = spawn(command);
    wait_for(file);
    kill(child, SIGINT);
    return exit_of(child);
  }
  static int exit_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  static void wait_for_epochs(const fs::path& csv, int epochs) {
    for (int i = 0; i < 6000 && epochs_in(csv) < epochs; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // Another picture for every number.
  static void draw(const fs::path& file, int number) {
    media::Picture picture(16, 16, 1);
    for (size_t p = 0; p < picture.pixels.size(); ++p) picture.pixels[p] = static_cast<uint8_t>(p * (number + 1));
    media::save_picture(file, picture);
  }
};

}  // namespace dimple::tests

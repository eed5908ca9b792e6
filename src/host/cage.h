// A function in a process of its own that may compute and take memory, and nothing else (seccomp): there the libraries
// run that read bytes from outside, so that a hole in one of them costs one picture and opens nothing.
//
//   this process <-- socket, shared memory --> worker (runs the function, filtered)
//        `-- keeper (forks the workers) -----------^
//
// A worker is forked by the keeper, never by this process: what forks from a process with threads may find a lock held
// for ever, and a worker that began late would hold all that the run has read so far. The keeper is forked once, when
// the cage is made (and anew only if it is killed from outside, which no worker can do); make the cage before there are
// threads. The keeper ends with the thread that made it, and with it its worker. Several cages share no memory; any
// thread may ask, one at a time.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "host/descriptor.h"

namespace dimple::host {

struct CageNote;

// Writes the answer to `room` and returns its length. Runs inside; what it throws ends its worker.
using CagedTask = size_t (*)(std::span<const uint8_t> question, std::span<uint8_t> room);

struct CageLimits {
  size_t question_bytes = 0, answer_bytes = 0;
  uint64_t memory_bytes = 0;  // that the task may take
  uint64_t questions = 0;     // of one worker, then a fresh one takes its place; 0: any number
  std::chrono::milliseconds time = std::chrono::seconds(60);  // for one answer
};

// The task gave no answer: it crashed, asked for what it may not, or took too long. The next question is answered.
struct CageBroken {
  std::string how;            // "crashed (signal 11)"
  bool from_outside = false;  // something else ended it: no fault of the question
};

class Cage {
 public:
  Cage(CagedTask task, const CageLimits& limits);
  ~Cage();
  Cage(const Cage&) = delete;
  Cage& operator=(const Cage&) = delete;

  // Whether this system allows the cage; without one nothing may be asked. A cage that held once never opens.
  bool holds() const { return holds_; }
  const std::string& why_not() const { return why_not_; }

  // Throws CageBroken. The answer is valid until the next question, and a hijacked worker may still write to it: copy,
  // then check the copy.
  std::span<const uint8_t> ask(std::span<const uint8_t> question);

  uint64_t retired() const { return retired_; }  // workers that made room for a fresh one

 private:
  bool start();  // false: why_not() says why
  void stop();
  bool tell_keeper(int which) const;
  std::optional<CageNote> next_note();
  void end_worker();
  [[noreturn]] void break_off(std::string how);
  [[noreturn]] void report_death(int status);
  void retire_worker();
  void forget();

  const CagedTask task_;
  CageLimits limits_;
  uint8_t* memory_ = nullptr;  // the question, then the answer
  pid_t keeper_ = -1;
  std::optional<Descriptor> socket_;
  uint64_t number_ = 0;  // of the question
  int worker_ = 1;       // how many the keeper has forked
  uint64_t asked_ = 0;   // of this worker
  uint64_t retired_ = 0;
  size_t used_question_ = 0, used_answer_ = 0;
  bool holds_ = false;
  std::string why_not_;
};

}  // namespace dimple::host

// Progress and cancellation travel to long work in one argument; no room asks a global.
#pragma once
#include <cstdint>
#include <string_view>

#include "host/error.h"

namespace dimple::host {

// Long work reports its progress here. Library code calls this and prints nothing.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void start(int64_t /*total*/, std::string_view /*what*/) {}  // total 0: unknown
  virtual void advance(int64_t /*n*/ = 1, std::string_view /*note*/ = {}) {}
  virtual void finish() {}
  virtual void say(std::string_view /*line*/) {}  // a line worth keeping, e.g. one per epoch
};

// Says nothing.
class NoProgress final : public Progress {};

// Asked between steps, by any thread.
class Cancel {
 public:
  virtual ~Cancel() = default;
  virtual int signal() const { return 0; }                 // SIGINT or SIGTERM once it has come: who asks ends soon
  virtual bool has_come() const { return signal() != 0; }  // for who may be kept from ending: no promise
  virtual void hold() const {}                             // see StopsByItself
  virtual void release() const {}
};

// While it lives, work asks often enough and has something to save: a signal ends it only through its own hands.
class StopsByItself {
 public:
  explicit StopsByItself(const Cancel& cancel) : cancel_(cancel) { cancel_.hold(); }
  ~StopsByItself() { cancel_.release(); }
  StopsByItself(const StopsByItself&) = delete;
  StopsByItself& operator=(const StopsByItself&) = delete;

 private:
  const Cancel& cancel_;
};

class Task {
 public:
  Task() = default;  // silent, never cancelled
  Task(Progress& progress, const Cancel& cancel) : progress_(&progress), cancel_(&cancel) {}

  Progress& progress() const { return *progress_; }
  const Cancel& cancel() const { return *cancel_; }
  bool cancelled() const { return cancel_->signal() != 0; }
  bool signalled() const { return cancel_->has_come(); }  // one of several threads: the others may still be at work

  // Exit::interrupted or Exit::terminated, for Error after everything has been saved.
  Exit cancel_exit() const;

  // For work that has nothing to save: throws Error(cancel_exit()) once a signal has come.
  void stop_if_cancelled() const;

 private:
  static Progress& silent();
  static const Cancel& never();

  Progress* progress_ = &silent();
  const Cancel* cancel_ = &never();
};

// Ctrl-C and SIGTERM become an answer of Cancel, so that long work can finish its step and save. Work that does not ask
// within a second, because it waits or computes, is ended where it stands; so is all by a second signal.
const Cancel& catch_interrupts();  // once, from main

}  // namespace dimple::host

// Progress and cancellation travel to long work in one argument; no room asks a global.
#pragma once
#include "host/error.h"
#include "host/progress.h"

namespace dimple::host {

// Asked between steps, by any thread.
class Cancel {
 public:
  virtual ~Cancel() = default;
  virtual int signal() const { return 0; }  // SIGINT or SIGTERM once it has come
  virtual void hold() const {}              // see StopsByItself
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

}  // namespace dimple::host

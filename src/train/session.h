// How a training is run. The result does not depend on it, but for the number of threads where the recipe leaves the
// number of shares open.
#pragma once
#include <string>

namespace dimple::train {

struct Session {
  int threads = 0;
  int loader_threads = -1;
  std::string device = "auto";
  float rank_timeout_s = 300;
  float checkpoint_minutes = 2.0f;
  double max_minutes = 0;
  std::string name, runs = "runs", resume;
  bool test = false;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("resume", self.resume, "go on with this run folder; its own settings hold");
    f("test", self.test, "at the end, answer on the test pictures with the best weights: once, when all is decided");
    f("max_minutes", self.max_minutes, "stop after this many minutes as if interrupted, to be resumed; 0 = no limit");
    f("checkpoint_minutes", self.checkpoint_minutes, "save what is needed to resume at least this often");
    f("device", self.device, "auto, cpu or cuda");
    f("threads", self.threads, "threads of this process; 0 = one per core");
    f("loader_threads", self.loader_threads,
      "threads that prepare the next batch; 0 = none beside the workers, -1 = 0 on a processor, 1 with a GPU");
    f("rank_timeout_s", self.rank_timeout_s, "processes that train together wait this many seconds for each other");
  }
};

// Throws host::Error(Exit::usage) for settings that mean nothing. To be asked before data is read.
void check(const Session& session);

}  // namespace dimple::train

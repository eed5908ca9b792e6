// dimple-lab: the verbs that need gradients, and with them libtorch. `dimple` runs it for them.
#include "verb.h"

namespace dimple::cli {

int run_train(Invocation& invocation);

namespace {

constexpr Verb kLabVerbs[] = {
    {"train", "teach a network on a dataset", "DATA",
     "dimple train fer2013.csv.xz --arch dimple_nano --epochs 60\n"
     "dimple train fer2013.csv.xz --time 30m --arch emotionnet_nano\n"
     "dimple train --resume runs/train/1\n"
     "dimple train CK+48.tar --protocol ckplus --folds all --out results/ckplus\n"
     "dimple train --study recipes/ckplus.toml --data CK+48.tar --out results/ckplus",
     run_train},
};

}  // namespace
}  // namespace dimple::cli

int main(int argc, char** argv) { return dimple::cli::run_command_line(dimple::cli::kLabVerbs, argc, argv); }

#include "verbs.h"

namespace dimple::cli {
namespace {

constexpr Verb kVerbs[] = {
    {"predict", "read the expressions of the faces in pictures", "[PICTURE | FOLDER | GLOB | LIST.csv | -]...",
     "dimple predict my.jpg\n"
     "dimple predict holidays/ --name holidays --blur-faces\n"
     "cat my.jpg | dimple predict - --json",
     run_predict},
    {"val", "how well a model answers on a dataset, or which of two answers better", "DATA | A B --data DATA",
     "dimple val fer2013.csv.xz --model dimple-nano --protocol fer2013\n"
     "dimple val dimple-nano runs/train/1/weights/best.safetensors --data fer2013.csv.xz\n"
     "dimple val fer2013.csv.xz --json --fail-under accuracy=0.6",
     run_val},
    {"train", "teach a network on a dataset", "DATA",
     "dimple train fer2013.csv.xz\n"
     "dimple train fer2013.csv.xz --time 30m --arch emotionnet_nano\n"
     "dimple train --study recipes/ckplus.toml --data CK+48.tar --out results/ckplus",
     run_in_lab},
    {"export", "write a model for a device: program file, C sources, int8 on the way", "MODEL",
     "dimple export runs/train/1/weights/best.safetensors --int8 --data fer2013.csv.xz --out nano\n"
     "dimple export dimple-nano --format c",
     run_export},
    {"report", "write a model's card, every figure measured now", "MODEL",
     "dimple report dimple-nano --data fer2013.csv.xz --parent runs/train/1/weights/best.safetensors", run_report},
    {"data", "which sets can be read, what is in one and what is wrong with it, splits, caches, augmentation",
     "list | check|split|cache DATA | augment",
     "dimple data list\n"
     "dimple data check fer2013.csv.xz\n"
     "dimple data split CK+48.tar --by subject --test 0.2 --validation 0.1 --out split.csv\n"
     "dimple data augment --recipe models/dimple-nano/recipe.toml --out sheet.png\n"
     "dimple data cache fer2013.csv.xz --out fer2013.dimpledata",
     run_data},
    {"models", "the networks inside this program, or what a model file holds", "[NAME | FILE]",
     "dimple models\n"
     "dimple models runs/train/1/weights/best.safetensors",
     run_models},
    {"signature", "one hash of what an integer model computes, here and on emulated chips", "[MODEL]",
     "dimple signature\n"
     "dimple signature --all",
     run_signature},
    {"doctor", "what this machine and this build can do", "", "dimple doctor", run_doctor},
    {"completion", "words for the shell to complete", "[bash]", "source <(dimple completion bash)", run_completion},
};

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

}  // namespace dimple::cli

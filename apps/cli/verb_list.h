// Every verb, in the order of `dimple --help`. The file that includes this defines what becomes of
//   DIMPLE_VERB(name, summary, operands, examples)      a verb of dimple: run_<name>.cc
//   DIMPLE_LAB_VERB(name, summary, operands, examples)  one that needs gradients: dimple hands it over to dimple-lab,
//                                                       and run_<name>.cc is linked there (CMakeLists.txt reads this)
// summary: lower case, no full stop; operands: for the usage line; examples: a command per line.

DIMPLE_VERB(predict, "read the expressions of the faces in pictures", "[PICTURE | FOLDER | GLOB | LIST.csv | -]...",
            "dimple predict my.jpg\n"
            "dimple predict holidays/ --name holidays --blur-faces\n"
            "cat my.jpg | dimple predict - --json")

DIMPLE_VERB(val, "how well a model answers on a dataset, or which of two answers better", "DATA | A B --data DATA",
            "dimple val fer2013.csv.xz --model dimple-nano --protocol fer2013\n"
            "dimple val dimple-nano runs/train/1/weights/best.safetensors --data fer2013.csv.xz\n"
            "dimple val fer2013.csv.xz --json --fail-under accuracy=0.6")

DIMPLE_LAB_VERB(train, "teach a network on a dataset", "DATA",
                "dimple train fer2013.csv.xz --arch dimple_nano --epochs 60\n"
                "dimple train fer2013.csv.xz --time 30m --arch emotionnet_nano\n"
                "dimple train --resume runs/train/1\n"
                "dimple train CK+48.tar --protocol ckplus --folds all --out results/ckplus\n"
                "dimple train --study recipes/ckplus.toml --data CK+48.tar --out results/ckplus")

#ifndef DIMPLE_TRAINER_ONLY
DIMPLE_LAB_VERB(compress, "make a trained network smaller, and measure what that saves and costs", "MODEL",
                "dimple compress dimple-nano --quantise qat --data fer2013.csv.xz --test\n"
                "dimple compress best.safetensors --prune channels --keep 0.5 --quantise qat --data fer2013.csv.xz\n"
                "dimple compress best.safetensors --prune 2:4 --cluster 16 --quantise qat --data fer2013.csv.xz\n"
                "dimple compress --resume runs/compress/1\n"
                "dimple compress --study recipes/compression.toml --data fer2013.csv.xz --out results/compression")

DIMPLE_LAB_VERB(search, "find a smaller network for a purpose, step by step, above a floor of quality", "MODEL",
                "dimple search --arch alexnet --protocol smile --data fer2013.csv.xz --size 64 --total-time 1h\n"
                "dimple search best.safetensors --data fer2013.csv.xz --floor 0.95 --objective est_ms@moto-g6\n"
                "dimple search --resume runs/search/1")
#endif

DIMPLE_VERB(profile, "what a network asks of a machine, layer by layer: weights, work, memory, time", "[MODEL | A B]",
            "dimple profile\n"
            "dimple profile dimple-nano --target mps2-an386\n"
            "dimple profile mobilenet_v2 mobilenet_v3_small --input 96x96x1 --target moto-g6")

DIMPLE_VERB(fit, "which networks fit a chip, with what is left, and why others do not", "[MODEL...]",
            "dimple fit --ram 256K --flash 1M\n"
            "dimple fit --target mps2-an386 --ram 64K --ms 500\n"
            "dimple fit runs/compress/1/model.safetensors dimple-nano --target moto-g6 --ms 5")

DIMPLE_VERB(export, "write a model for a device: program file, C sources, int8 on the way", "MODEL",
            "dimple export runs/train/1/weights/best.safetensors --int8 --data fer2013.csv.xz --out nano\n"
            "dimple export dimple-nano --format c")

DIMPLE_VERB(report, "write a model's card, every figure measured now, or the page of a search", "MODEL | FOLDER",
            "dimple report dimple-nano --data fer2013.csv.xz --parent runs/train/1/weights/best.safetensors\n"
            "dimple report runs/search/1")

DIMPLE_VERB(data, "which sets can be read, what is in one and what is wrong with it, splits, caches, augmentation",
            "list | check|split|cache DATA | augment",
            "dimple data list\n"
            "dimple data check fer2013.csv.xz\n"
            "dimple data split CK+48.tar --by subject --test 0.2 --validation 0.1 --out split.csv\n"
            "dimple data augment --recipe models/dimple-nano/recipe.toml --out sheet.png\n"
            "dimple data cache fer2013.csv.xz --out fer2013.dimpledata")

DIMPLE_VERB(demo, "the reader at work on a drawn face, as a moving picture", "[OUT.svg]", "dimple demo face.svg")

DIMPLE_VERB(models, "the networks inside this program, or what a model file holds", "[NAME | FILE]",
            "dimple models\n"
            "dimple models runs/train/1/weights/best.safetensors")

DIMPLE_VERB(benchmark, "how long a network takes on this machine, layer by layer", "[MODEL | ARCHITECTURE]",
            "dimple benchmark\n"
            "dimple benchmark mobilenet_v2 --precision f32 --input 224x224x3\n"
            "dimple benchmark dimple-nano --isa avx2 --json")

DIMPLE_VERB(signature, "one hash of what an integer model computes, here and on emulated chips", "[MODEL]",
            "dimple signature\n"
            "dimple signature --all")

DIMPLE_VERB(doctor, "what this machine and this build can do", "", "dimple doctor")

DIMPLE_VERB(completion, "words for the shell to complete", "[bash]", "source <(dimple completion bash)")

#undef DIMPLE_VERB
#undef DIMPLE_LAB_VERB

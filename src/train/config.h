// A training, said in full: with the data and the seed it gives the same weights again (per build and thread count).
#pragma once
#include <cstdint>
#include <string>

#include "data/augment.h"

namespace dimple::train {

struct TrainConfig {
  std::string arch = "dimple_nano";
  float width = 1;
  bool batch_norms = false;
  float drop_path = 0;
  std::string init;
  std::string freeze = "none";
  int head_epochs = 3;
  int epochs = 60;
  int batch = 128;
  std::string optimiser = "sgd";
  float learning_rate = 0.1f;
  float final_rate = 0.0f;
  float weight_decay = 5e-4f;
  float warmup_epochs = 3.0f;
  float label_smoothing = 0.0f;
  float vote_share = 0.15f;
  float class_balance = 0.0f;
  std::string sampler = "shuffle";
  float focal_gamma = 0;
  float mixup = 0;
  float vote_agreement = 0;
  std::string disagreement = "soft";
  std::string teacher;
  float teacher_temperature = 4;
  float teacher_share = 0.5f;
  float ema = 0.999f;
  float clip = 5.0f;
  bool standardise = true;
  data::AugmentConfig augment;
  bool no_augment = false;
  uint64_t seed = 1;
  int threads = 0;
  int shares = 0;
  int loader_threads = -1;
  float rank_timeout_s = 300;
  std::string device = "auto";
  std::string precision = "f32";
  float checkpoint_minutes = 2.0f;
  double max_minutes = 0;
  std::string time;
  int rollback_after = 5;
  float explosion = 20;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("arch", self.arch, "architecture (dimple models --architectures lists them)");
    f("width", self.width, "widths of the architecture times this");
    f("batch_norms", self.batch_norms,
      "train with a batch norm behind every convolution that has none; export folds them into the weights");
    f("drop_path", self.drop_path,
      "of networks with shortcuts: branches are left out of a picture with up to this probability, rising with depth; "
      "0: as the architecture has it");
    f("init", self.init,
      "begin with the weights of a file: .safetensors of ours or with torchvision's names, .pth of torchvision's or "
      "timm's");
    f("freeze", self.freeze,
      "none; body: only the last layer learns; head-first: the last layer for --head-epochs, then all");
    f("head_epochs", self.head_epochs, "how long the body stands still with --freeze head-first");
    f("epochs", self.epochs, "passes over the training pictures");
    f("batch", self.batch, "pictures per step, all threads together");
    f("optimiser", self.optimiser, "adamw or sgd (Nesterov momentum 0.9)");
    f("learning_rate", self.learning_rate, "highest learning rate, after the warm-up; a cosine from there");
    f("final_rate", self.final_rate, "learning rate at the end, as a share of the highest");
    f("weight_decay", self.weight_decay, "on weights; not on biases and batch norms");
    f("warmup_epochs", self.warmup_epochs, "the learning rate rises from 0 over this many epochs");
    f("label_smoothing", self.label_smoothing, "share of the target that is spread over all classes");
    f("vote_share", self.vote_share,
      "0: train on labels; 1: on the distribution of people's votes, where there are some; between: a mix");
    f("class_balance", self.class_balance, "0: every picture counts alike; 1: every class does; between: a power");
    f("sampler", self.sampler, "shuffle: an epoch is every picture once; balanced: as many pictures of every class");
    f("focal_gamma", self.focal_gamma, "above 0: pictures that are read well already count less (2 is usual)");
    f("mixup", self.mixup, "above 0: pictures are blended with others, shares from Beta(mixup, mixup) (0.2 is usual)");
    f("vote_agreement", self.vote_agreement,
      "above 0: what to do where a smaller share of people agree is `disagreement`");
    f("disagreement", self.disagreement, "soft: such a picture's target is its votes alone; drop: it is left out");
    f("teacher", self.teacher, "a larger float model whose answers are learned beside the labels");
    f("teacher_temperature", self.teacher_temperature,
      "evens out the teacher's answers, so that more than the first counts");
    f("teacher_share", self.teacher_share, "how much the teacher weighs, 0 to 1");
    f("ema", self.ema, "share of the averaged weights kept at each step; validation and best use the average; 0 = off");
    f("clip", self.clip, "largest gradient norm; 0 = no limit");
    f("standardise", self.standardise, "train on pictures of their own mean and contrast, not brought to equal ones");
    f("augment", self.augment, "");
    f("no_augment", self.no_augment, "train on the pictures as they are");
    f("seed", self.seed, "of weights, order and augmentation");
    f("threads", self.threads, "0 = one per core");
    f("shares", self.shares,
      "parts of a batch with batch statistics of their own; 0 = one per thread. Fixed, the weights do not depend on "
      "how "
      "many threads or processes work");
    f("loader_threads", self.loader_threads,
      "threads that make the next batch meanwhile, where cores are to spare; 0 = the workers themselves, -1 = 0 on a "
      "processor, 1 with a GPU");
    f("rank_timeout_s", self.rank_timeout_s, "processes that train together wait this long for each other");
    f("device", self.device, "auto, cpu or cuda");
    f("precision", self.precision,
      "f32, bf16 (convolutions in bfloat16), or auto: bf16 on a GPU and where the processor trains this net faster in "
      "it");
    f("checkpoint_minutes", self.checkpoint_minutes, "save what is needed to resume at least this often");
    f("max_minutes", self.max_minutes,
      "stop after this many minutes as if interrupted: --resume goes on; 0 = no limit");
    f("time", self.time,
      "end within 90s, 30m, 2h: the learning rate comes down in that time; epochs do not count then");
    f("rollback_after", self.rollback_after,
      "so many bad steps in a row: back to the last good weights, half the rate; 0 = never");
    f("explosion", self.explosion,
      "a step is bad when its loss is so many times the usual one, or no number; 0 = the latter only");
  }
};

// Throws host::Error(Exit::usage) for settings that mean nothing. To be asked before data is read.
void check(const TrainConfig& config);

}  // namespace dimple::train

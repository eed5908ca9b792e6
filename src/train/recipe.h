// The settings of a training: the recipe, from which its result follows, and the session, which says how it is run.
#pragma once
#include <cstdint>
#include <string>

#include "data/augment.h"
#include "model/work_limit.h"

namespace dimple::train {

// Beside the data (train/request.h): with the same recipe and data a training gives the same weights again, per build
// and number of shares.
struct Recipe {
  std::string arch = "dimple_nano", reuse = "all", init, freeze = "none";
  float width = 1, drop_path = 0;
  bool batch_norms = false;
  int head_epochs = 3, epochs = 60, batch = 128;
  std::string time, optimiser = "sgd";
  float learning_rate = 0.1f, final_rate = 0, weight_decay = 5e-4f, warmup_epochs = 3;
  float label_smoothing = 0, vote_share = 0.15f, class_balance = 0, focal_gamma = 0, mixup = 0, vote_agreement = 0;
  float sampler_power = 1;
  std::string sampler = "shuffle", disagreement = "soft";
  std::string teacher, teacher_answers, teacher_loss = "divergence";
  float teacher_temperature = 4, teacher_share = 0.5f;
  float ema = 0.999f, clip = 5, explosion = 20;
  bool standardise = true, no_augment = false;
  int views = 0;
  data::AugmentConfig augment;
  uint64_t seed = 1;
  int shares = 0, rollback_after = 5;
  std::string precision = "f32";
  bool keep_zeros = false, learn_ranges = false, learn_sign_scales = false;
  std::string sparsity;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("arch", self.arch,
      "architecture (dimple models --architectures lists them), or the network of a model file with its weights");
    f("reuse", self.reuse,
      "of a model file as --arch: all; body: all but the last layer, made anew for the data's classes; structure: its "
      "layers with random weights, for the data's classes and colours");
    f("width", self.width, "multiplies the width of every layer of the architecture");
    f("batch_norms", self.batch_norms,
      "train with a batch norm behind every convolution that has none; export folds them into the weights");
    f("drop_path", self.drop_path,
      "stochastic depth: highest rate at which a branch beside a shortcut is left out; 0: the architecture's own");
    f("init", self.init,
      "weights to begin with: .safetensors of ours or with torchvision's names, .pth of torchvision or timm");
    f("freeze", self.freeze,
      "none; body: only the last layer learns; head-first: the last layer for --head-epochs, then all layers");
    f("head_epochs", self.head_epochs, "epochs for which --freeze head-first trains the last layer alone");
    f("epochs", self.epochs, "passes over the training pictures");
    f("time", self.time, "end within 90s, 30m, 2h, with the learning rate down by then; --epochs does not count then");
    f("batch", self.batch, "pictures per step, all threads together");
    f("optimiser", self.optimiser, "adamw or sgd (Nesterov momentum 0.9)");
    f("learning_rate", self.learning_rate, "highest learning rate, after the warm-up; it follows a cosine from there");
    f("final_rate", self.final_rate, "learning rate at the end, as a fraction of the highest");
    f("weight_decay", self.weight_decay, "decay of weights; biases and batch norms do not decay");
    f("warmup_epochs", self.warmup_epochs, "the learning rate rises from 0 over this many epochs");
    f("label_smoothing", self.label_smoothing, "fraction of the target that is spread over all classes");
    f("vote_share", self.vote_share,
      "0: train on labels; 1: on the distribution of people's votes, where there are some; between: a mix");
    f("class_balance", self.class_balance, "0: every picture counts alike; 1: every class does; between: a power");
    f("sampler", self.sampler,
      "shuffle: an epoch is every picture once; balanced: as many pictures of every class; balanced_sets: of every "
      "class of every pooled set");
    f("sampler_power", self.sampler_power,
      "how far a balanced sampler evens out: 1 entirely, 0.5 to the roots of what there is, 0 not at all");
    f("focal_gamma", self.focal_gamma, "above 0: pictures that are read well already count less (2 is usual)");
    f("mixup", self.mixup, "above 0: pictures are blended with others, shares from Beta(mixup, mixup) (0.2 is usual)");
    f("vote_agreement", self.vote_agreement,
      "above 0: pictures on which fewer people agree than this share are treated as --disagreement says");
    f("disagreement", self.disagreement, "soft: such a picture's target is its votes alone; drop: it is left out");
    f("teacher", self.teacher,
      "a larger float model whose answers are learned beside the labels; of several, by commas, the mean");
    f("teacher_answers", self.teacher_answers,
      "file of the teacher's answers about all --views: written when it is not there, else learned from without "
      "asking");
    f("teacher_temperature", self.teacher_temperature,
      "evens out the teacher's answers, so that more than the first counts");
    f("teacher_loss", self.teacher_loss,
      "how far from the teacher: divergence (Kullback-Leibler's, at the temperature) or squares (of logits)");
    f("teacher_share", self.teacher_share, "weight of the teacher's answers beside the labels, 0 to 1");
    f("ema", self.ema,
      "fraction of the averaged weights kept at each step; validation and best use the average; 0 = no average");
    f("clip", self.clip, "largest gradient norm; 0 = no limit");
    f("standardise", self.standardise, "bring every picture to the same mean and contrast");
    f("augment", self.augment, "");
    f("no_augment", self.no_augment, "train on the pictures as they are");
    f("views", self.views,
      "above 0: every picture has so many alterations, one for each epoch in turn; 0: a new one in every epoch");
    f("seed", self.seed, "seed of weights, order and augmentation");
    f("shares", self.shares,
      "parts of a batch that have batch statistics of their own; 0 = one per thread. "
      "A fixed number gives the same weights with any number of threads and processes");
    f("precision", self.precision,
      "f32; bf16: convolutions in bfloat16; auto: bf16 on a GPU and where this processor trains the net faster in it");
    f("keep_zeros", self.keep_zeros, "weights that are zero at the beginning stay zero");
    f("sparsity", self.sparsity,
      "0.5: set this share of each layer's weights to zero, the smallest first, more and more until two thirds of the "
      "training are over; 2:4: all but the two largest of each four, from the beginning");
    f("learn_ranges", self.learn_ranges,
      "of values that are trained for codes, learn the ranges; else they stay as the model says");
    f("learn_sign_scales", self.learn_sign_scales,
      "of weights that count by their sign, learn the scales; else they are the mean of |weight|");
    f("rollback_after", self.rollback_after,
      "after this many bad steps in a row the last good weights come back, at half the rate; 0 = never");
    f("explosion", self.explosion,
      "a step is bad when its loss is not finite, or so many times the usual one; 0 = only when it is not finite");
  }
};

// The result does not depend on it, but for the number of threads where the recipe leaves the number of shares open.
struct Session {
  int threads = 0, loader_threads = -1;
  float rank_timeout_s = 300, checkpoint_minutes = 2;
  double max_minutes = 0;
  int64_t max_macs = model::kMaxMacs;  // of the teacher
  std::string device = "auto", name, runs = "runs", resume;
  bool test = false, cage = true;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("name", self.name, "name of the run (default: the next free number)");
    f("runs", self.runs, "folder of all runs");
    f("resume", self.resume, "go on with this run folder; its own settings hold");
    f("test", self.test, "at the end, answer on the test pictures with the best weights: once, when all is decided");
    f("max_minutes", self.max_minutes, "stop after this many minutes as if interrupted, to be resumed; 0 = no limit");
    f("checkpoint_minutes", self.checkpoint_minutes, "save what is needed to resume at least this often");
    f("cage", self.cage, "decode pictures in processes that can do nothing else, where the system has the means");
    f("device", self.device, "auto, cpu or cuda");
    f("threads", self.threads, "threads of this process; 0 = one per core");
    f("loader_threads", self.loader_threads,
      "threads that prepare the next batch; 0 = none beside the workers, -1 = 0 on a processor, 1 with a GPU");
    f("max_macs", self.max_macs, model::kMaxMacsHelp);
    f("rank_timeout_s", self.rank_timeout_s, "processes that train together wait this many seconds for each other");
  }
};

// Throw host::Error(Exit::usage) for settings that mean nothing. To be asked before data is read.
void check(const Recipe& recipe);
void check(const Session& session);

}  // namespace dimple::train

#include <fmt/format.h>

#include "host/duration.h"
#include "host/error.h"
#include "host/suggest.h"
#include "train/config.h"

namespace dimple::train {
namespace {

void within(const char* name, double value, double low, double high) {
  if (!(value >= low && value <= high))
    throw host::Error(host::Exit::usage, fmt::format("{} is {}", name, value),
                      fmt::format("{} to {} is possible", low, high));
}

}  // namespace

void check(const TrainConfig& config) {
  if (config.batch < 1 || config.epochs < 1)
    throw host::Error(host::Exit::usage, "epochs and batch must be at least 1");
  host::check_choice("sampler", config.sampler, {"shuffle", "balanced"});
  host::check_choice("disagreement", config.disagreement, {"soft", "drop"});
  within("focal_gamma", config.focal_gamma, 0, 10);
  within("mixup", config.mixup, 0, 4);
  within("drop_path", config.drop_path, 0, 0.9);
  within("label_smoothing", config.label_smoothing, 0, 1);
  within("vote_share", config.vote_share, 0, 1);
  within("vote_agreement", config.vote_agreement, 0, 1);
  within("teacher_temperature", config.teacher_temperature, 0.1, 100);
  within("teacher_share", config.teacher_share, 0, 1);
  within("loader_threads", config.loader_threads, -1, 1024);
  within("rollback_after", config.rollback_after, 0, 1e6);
  if (config.explosion != 0) within("explosion", config.explosion, 2, 1e6);
  if (!config.time.empty()) host::parse_duration(config.time, "--time");
  if (!config.no_augment) data::check(config.augment);
}

}  // namespace dimple::train

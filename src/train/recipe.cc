#include "train/recipe.h"

#include <fmt/format.h>

#include "edit/sparsify.h"
#include "host/duration.h"
#include "host/error.h"
#include "host/suggest.h"

namespace dimple::train {
namespace {

void check_range(const char* name, double value, double low, double high) {
  if (!(value >= low && value <= high))
    throw host::Error(host::Exit::usage, fmt::format("{} is {}", name, value),
                      fmt::format("{} to {} is possible", low, high));
}

void check_views(const Recipe& recipe) {
  const auto refuse = [](const char* what, const char* hint) { throw host::Error(host::Exit::usage, what, hint); };
  if (recipe.views > 0 && recipe.no_augment) refuse("--views and --no-augment exclude each other", "leave out one");
  if (recipe.teacher_answers.empty()) return;
  if (recipe.views == 0) refuse("--teacher-answers is about views of pictures, and there are none", "--views 16");
  if (recipe.mixup > 0) refuse("--mixup makes pictures about which --teacher-answers says nothing", "leave out one");
}

}  // namespace

void check(const Recipe& recipe) {
  if (recipe.batch < 1 || recipe.epochs < 1)
    throw host::Error(host::Exit::usage, "epochs and batch must be at least 1");
  host::check_choice("reuse", recipe.reuse, {"all", "body", "structure"});
  host::check_choice("sampler", recipe.sampler, {"shuffle", "balanced", "balanced_sets"});
  host::check_choice("disagreement", recipe.disagreement, {"soft", "drop"});
  check_range("sampler_power", recipe.sampler_power, 0, 1);
  check_range("focal_gamma", recipe.focal_gamma, 0, 10);
  check_range("mixup", recipe.mixup, 0, 4);
  check_range("drop_path", recipe.drop_path, 0, 0.9);
  check_range("label_smoothing", recipe.label_smoothing, 0, 1);
  check_range("vote_share", recipe.vote_share, 0, 1);
  check_range("vote_agreement", recipe.vote_agreement, 0, 1);
  check_range("teacher_temperature", recipe.teacher_temperature, 0.1, 100);
  check_range("teacher_share", recipe.teacher_share, 0, 1);
  host::check_choice("teacher_loss", recipe.teacher_loss, {"divergence", "squares"});
  check_range("views", recipe.views, 0, 10'000);
  check_views(recipe);
  check_range("rollback_after", recipe.rollback_after, 0, 1e6);
  if (recipe.explosion != 0) check_range("explosion", recipe.explosion, 2, 1e6);
  if (!recipe.sparsity.empty()) edit::parse_pattern(recipe.sparsity);
  if (!recipe.time.empty()) host::parse_duration(recipe.time, "--time");
  if (!recipe.no_augment) data::check(recipe.augment);
}

void check(const Session& session) { check_range("loader_threads", session.loader_threads, -1, 1024); }

}  // namespace dimple::train

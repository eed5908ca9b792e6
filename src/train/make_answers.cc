#include "train/make_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/error.h"
#include "host/files.h"
#include "train/batches.h"
#include "train/evaluator.h"
#include "train/sampler.h"
#include "train/teacher.h"

namespace dimple::train {
namespace {

using host::Error;
using host::Exit;

constexpr size_t kAtOnce = 128;  // pictures

}  // namespace

Answers make_answers(const data::Dataset& set, const Recipe& recipe, const Session& session, const host::Task& task) {
  Answers answers{training_rows(set, recipe), recipe.views, static_cast<int32_t>(set.labels.size()), {}};
  std::ranges::sort(answers.rows);
  const size_t classes = set.labels.size(), views = static_cast<size_t>(recipe.views), n = answers.rows.size();
  answers.logits.resize(n * views * classes);
  const BatchMaker maker(set, recipe);
  const Team team(recipe, session, {});
  const SingleThreadScope scope(team.device().is_cpu());
  Teacher teacher(maker, team.device(), {team.workers().count(), session.max_macs});
  task.progress().start(static_cast<int64_t>(n * views), "the teacher answers");
  for (size_t first = 0; first < n; first += kAtOnce * static_cast<size_t>(team.workers().count())) {
    task.stop_if_cancelled();
    const auto some = std::span(answers.rows)
                          .subspan(first)
                          .first(std::min(n - first, kAtOnce * static_cast<size_t>(team.workers().count())));
    team.workers().run([&](int w) {
      const Range part = range_of(some.size(), w, team.workers().count());
      const auto rows = some.subspan(part.first, part.size());
      if (rows.empty()) return;
      Batch batch;
      for (size_t v = 0; v < views; ++v) {
        maker.make_views(rows, static_cast<int>(v), batch);
        const torch::Tensor said = teacher.logits(w, to_input(batch, set, team.device())).cpu().contiguous();
        for (size_t i = 0; i < rows.size(); ++i)
          std::copy_n(said.data_ptr<float>() + i * classes, classes,
                      answers.logits.data() + ((first + part.first + i) * views + v) * classes);
      }
    });
    task.progress().advance(static_cast<int64_t>(some.size() * views));
  }
  task.progress().finish();
  return answers;
}

void provide_answers(const data::Dataset& set, const Recipe& recipe, const Session& session, const Rank& rank,
                     const host::Task& task) {
  const std::string& path = recipe.teacher_answers;
  if (path.empty() || !host::is_missing(path)) return;
  if (recipe.teacher.empty())
    throw Error(Exit::usage, path + " is not there, and no teacher is named who could be asked",
                "--teacher best.safetensors");
  if (rank.world > 1)
    throw Error(Exit::usage, path + " is not there yet, and several processes would write it",
                "begin the training in one process: it is written before the first epoch");
  save_answers(path, make_answers(set, recipe, session, task), circumstances_of(set, recipe));
  task.progress().say(
      fmt::format("what the teacher says about {} views of every picture is in {}", recipe.views, path));
}

}  // namespace dimple::train

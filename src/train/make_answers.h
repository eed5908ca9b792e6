// Asks the teachers about every view of every training picture.
#pragma once
#include "data/dataset.h"
#include "host/task.h"
#include "train/answers.h"
#include "train/ranks.h"
#include "train/recipe.h"

namespace dimple::train {

// By all threads of the session. Nothing is written; a signal ends it with host::Error.
Answers make_answers(const data::Dataset& set, const Recipe& recipe, const Session& session, const host::Task& task);

// Writes --teacher-answers where it is wanted and is not there. Throws host::Error(Exit::usage) where no teacher is
// named who could be asked, and in a world of several processes: they would all write it.
void provide_answers(const data::Dataset& set, const Recipe& recipe, const Session& session, const Rank& rank,
                     const host::Task& task);

}  // namespace dimple::train

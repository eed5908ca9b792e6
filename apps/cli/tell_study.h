// What a study has come to, told in the same way by every verb that runs one.
#pragma once
#include "study/trainings.h"
#include "verb.h"

namespace dimple::cli {

// Prints its table. Throws when it was stopped, or something failed: what is done is kept, and how to go on is said.
int tell_study(Invocation& call, const study::StudyReport& report);

}  // namespace dimple::cli

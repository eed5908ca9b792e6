// How to go on with a run that was stopped, told in the same way by every verb that can resume one.
#pragma once
#include <string>

#include "verb.h"

namespace dimple::cli {

// Says that its time is up. Throws where a signal stopped it: `saved` is what is not lost.
int tell_unfinished(Invocation& call, const std::string& verb, const std::string& folder,
                    const std::string& saved = "everything is saved");

}  // namespace dimple::cli

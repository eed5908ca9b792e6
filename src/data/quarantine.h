// What did not come along: bad files and unwanted pictures are counted, said, and written down.
#pragma once
#include <string>

#include "data/dataset.h"
#include "host/task.h"

namespace dimple::data {

// Counts pictures that are left out for this reason. Behind the first 1,000 reasons they count as "for other reasons".
void leave_out(Dataset& set, const std::string& why, int32_t pictures = 1);

// Throws host::Error(Exit::input) when more than a fifth of the pictures are bad: then it is the set that is broken, or
// it was taken for another, and results on what is left would not be results on the set.
void refuse_mostly_bad(const Dataset& set, const std::string& source);

// Says what is missing, a line for each reason.
void say_remarks(const Dataset& set, const host::Task& task);

// file,why
std::string quarantine_csv(const Dataset& set);

}  // namespace dimple::data

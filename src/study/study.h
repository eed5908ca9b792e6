// A study: many runs that vary along axes. One command makes the table of a paper; it can be stopped, and goes on from the
// results that are there. Here of trainings, along folds, seeds, architectures, populations:
//
//   title = "..."                       # of the table
//   columns = ["balanced_accuracy"]     # figures it shows (default: accuracy, balanced_accuracy, f1_macro)
//   [base]                              # any setting of `dimple train`
//   protocol = "ckplus"
//   [axes]                              # every combination is a member
//   arch = ["dimple_nano", "emotionnet_nano"]
//   fold = "all"                        # of the protocol; arch = "all": every architecture
//   [[axes.population]]                 # or with a name, and any settings
//   name = "children"
//   data = "children.dimpledata"
//
// `seed` and `fold` are repetitions: the table shows their mean and spread. Every other axis makes rows.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "host/fields.h"
#include "host/json.h"
#include "host/task.h"
#include "train/request.h"

namespace dimple::study {

// The settings of a training, name to value, as files and results have them. Throws a usage error for a name that a
// training does not have, or a value that does not fit.
train::TrainRequest request_of(const host::Json& settings);

host::Json settings_of(const train::TrainRequest& request);

// Whether both give the same result: the same recipe on data that is read the same way. Where the data lies and how the
// training is run may differ; a result names its data by checksum.
bool same_result(const train::TrainRequest& a, const train::TrainRequest& b);

// Tables in a table become names with dots: augment.blur.
host::Json flat(const host::Json& table);

// Of `all`, what was given on this call.
host::Json those_given(const host::Json& all, const std::vector<std::string>& given);

// Gives fields the values of settings. `verb` has them, in the error for a name that there is not.
void set_fields(std::vector<host::Field>& fields, const std::string& verb, const host::Json& settings);

struct Variation {
  std::string label;
  host::Json settings;  // name -> value
};

struct Axis {
  std::string name;
  std::vector<Variation> variations;
  bool repeats() const { return name == "seed" || name == "fold"; }
};

struct Study {
  std::string title, note;
  std::vector<std::string> columns;
  host::Json base = host::Json::object();  // name -> value; names of groups joined by a dot
  std::vector<Axis> axes;
};

// From a TOML document. Throws a usage error that says which part of `what` is wrong.
Study parse_study(const host::Json& document, const std::string& what);

// "0,3,7" or "all" for folds of this protocol; "1,2,3" for seeds.
Axis make_axis(const std::string& name, const std::string& values, const std::string& protocol);

struct Member {
  std::string name;                                        // "arch=dimple_nano,fold=3": of its files
  std::vector<std::pair<std::string, std::string>> place;  // axis and label
  host::Json settings;                                     // base and axes together
};

std::vector<Member> members_of(const Study& study);

// A member with its result.
struct MemberResult {
  Member member;
  host::Json result;  // null: it has not run; with "error": it failed
};

// What the members of a study are: trainings, compressions (study/compressions.h) or searches (study/searches.h).
struct Kind {
  // Every setting that a result follows from, with its value. Throws a usage error for a setting that there is not.
  std::function<host::Json(const host::Json& settings)> identity;
  // The page, as Markdown.
  std::function<std::string(const Study&, const std::vector<MemberResult>&)> page;
  // Sets results to null that no longer hold, for another reason than their settings. Asked when they have been read,
  // and after each run; empty: there is no such reason.
  std::function<void(std::vector<MemberResult>&)> drop_outdated;
};

Kind trainings();

// Those of the settings that a result follows from.
host::Json result_settings(const Kind& kind, const host::Json& settings);

// The results of these members that are in `folder`. A result made with other settings is a usage
// error: a table must not mix them.
std::vector<MemberResult> load_results(const std::filesystem::path& folder, const std::vector<Member>& members,
                                       const Kind& kind = trainings());

struct StudyRun {
  std::vector<MemberResult> results;
  bool finished = true;  // false: interrupted
};

// Runs those members that have no result, or failed, and leaves <folder>/<member>.json as each ends, and the table
// (<folder>.md, <folder>/summary.json) brought up to date. A member that fails does not end the study. `only`: members
// whose name holds this.
StudyRun run_study(const Study& study, const std::filesystem::path& folder, const std::vector<Member>& members,
                   const std::function<host::Json(const Member&)>& run, const host::Task& task,
                   const std::string& only = {}, const Kind& kind = trainings());

}  // namespace dimple::study

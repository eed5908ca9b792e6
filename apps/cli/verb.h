// A verb of the command line: its line in the table, and what its function is given.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/fields.h"
#include "host/schema.h"
#include "host/task.h"
#include "host/terminal.h"

namespace dimple::cli {

class Invocation;

struct Verb {
  const char* name;
  const char* summary;   // lower case, no full stop
  const char* operands;  // for the usage line: "[PICTURE...]"
  const char* examples;  // one command per line
  int (*run)(Invocation&);
};

// What every verb understands beside its own fields.
struct Common {
  bool json = false, quiet = false, verbose = false;
};

// One call of a verb: its words are parsed into a request, and what it finds is printed through this.
class Invocation {
 public:
  Invocation(const Verb& verb, std::vector<std::string> words, const host::Cancel& cancel);

  // `operands` names the field that takes the words without a flag; "" for none. Answers --help and --schema by itself:
  // then false comes back and the verb has nothing left to do. Report is what print_report is given later.
  template <class Report = host::Json, class Request>
  bool parse(Request& request, std::string_view operands = {}) {
    std::vector<host::Field> fields = host::fields_of(request);
    return parse_fields(fields, operands, [&] {
      return host::Json{{"request", host::settings_schema(request)}, {"report", host::document_schema<Report>()}};
    });
  }

  const Verb& verb() const { return verb_; }
  const Common& common() const { return common_; }
  const host::Terminal& out() const { return out_; }                // of standard output
  const std::vector<std::string>& words() const { return words_; }  // as typed, the verb's name not among them
  // The fields that a flag, the environment or a file set, also to what they are anyway.
  const std::vector<std::string>& given() const { return given_; }
  // On standard error; silent with --quiet; no bars without a terminal.
  host::Progress& progress() { return *progress_; }
  host::Task task() { return {*progress_, cancel_}; }  // for what takes long
  void print(std::string_view text) const;             // to standard output; nothing with --json
  void print_json(const host::Json& document) const;   // the one document of --json
  template <class Report>
  void print_report(const Report& report) const {
    if (common_.json) print_json(host::to_json(report));
  }

 private:
  bool parse_fields(std::vector<host::Field>& fields, std::string_view operands,
                    const std::function<host::Json()>& schema);

  const Verb& verb_;
  std::vector<std::string> words_, given_;
  Common common_;
  host::Terminal out_, error_;
  const host::Cancel& cancel_;
  std::unique_ptr<host::Progress> progress_;
};

std::span<const Verb> verbs();  // of `dimple`

// Runs the verb that argv names, from the table; every error ends here as a message and an exit code.
int run_command_line(std::span<const Verb> verbs, int argc, char** argv);

}  // namespace dimple::cli

#include <string>

#include "host/error.h"
#include "host/suggest.h"
#include "verb.h"

namespace dimple::cli {
namespace {

struct CompletionRequest {
  std::string shell = "bash";

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("shell", self.shell, "which shell");
  }
};

struct CompletionReport {
  std::string script;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f("schema", host::kReportSchema, "version of this document");
    f("script", self.script, "for the shell to run");
  }
};

// Flags are asked of the verb's own help when they are needed, so that nothing is listed twice.
constexpr const char* kBeforeVerbs = R"bash(_dimple() {
  local word="${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W ")bash";
constexpr const char* kAfterVerbs = R"bash(" -- "$word"))
  elif [[ "$word" == -* ]]; then
    local help flags
    help=$("${COMP_WORDS[0]}" "${COMP_WORDS[1]}" --help 2> /dev/null)
    flags=$(grep -oE '^  --[a-z0-9-]+' <<< "$help")
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _dimple dimple
)bash";

}  // namespace

int run_completion(Invocation& call) {
  CompletionRequest request;
  if (!call.parse<CompletionReport>(request, "shell")) return 0;
  host::check_choice("shell", request.shell, {"bash"});
  std::string names;
  for (const Verb& verb : verbs()) names += (names.empty() ? "" : " ") + std::string(verb.name);
  const CompletionReport report{kBeforeVerbs + names + kAfterVerbs};
  call.print(report.script);
  call.print_report(report);
  return 0;
}

}  // namespace dimple::cli

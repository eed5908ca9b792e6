// dimple-lab: the verbs that need gradients, and with them libtorch. `dimple` runs it for them.
#include "verb.h"

namespace dimple::cli {

#define DIMPLE_VERB(name, ...)
#define DIMPLE_LAB_VERB(name, ...) int run_##name(Invocation&);
#include "verb_list.h"

namespace {

constexpr Verb kLabVerbs[] = {
#define DIMPLE_VERB(name, ...)
#define DIMPLE_LAB_VERB(name, ...) {#name, __VA_ARGS__, run_##name},
#include "verb_list.h"
};

}  // namespace
}  // namespace dimple::cli

int main(int argc, char** argv) { return dimple::cli::run_command_line(dimple::cli::kLabVerbs, argc, argv); }

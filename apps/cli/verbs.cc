#include "verbs.h"

namespace dimple::cli {

#define DIMPLE_VERB(name, ...) int run_##name(Invocation&);
#define DIMPLE_LAB_VERB(name, ...)
#include "verb_list.h"

int run_in_lab(Invocation&);  // hands over to dimple-lab, which stands beside this program

namespace {

constexpr Verb kVerbs[] = {
#define DIMPLE_VERB(name, ...) {#name, __VA_ARGS__, run_##name},
#define DIMPLE_LAB_VERB(name, ...) {#name, __VA_ARGS__, run_in_lab},
#include "verb_list.h"
};

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

}  // namespace dimple::cli

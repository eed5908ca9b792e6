// dimple: every verb that needs no gradient. It starts in milliseconds; the others are in dimple-lab.
#include "verbs.h"

int main(int argc, char** argv) { return dimple::cli::run_command_line(dimple::cli::verbs(), argc, argv); }

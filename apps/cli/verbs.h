// Every verb of `dimple`. A new one is its file here and its line in verbs.cc.
#pragma once
#include <span>

#include "verb.h"

namespace dimple::cli {

std::span<const Verb> verbs();

int run_predict(Invocation& invocation);
int run_val(Invocation& invocation);
int run_export(Invocation& invocation);
int run_data(Invocation& invocation);
int run_report(Invocation& invocation);
int run_models(Invocation& invocation);
int run_signature(Invocation& invocation);
int run_completion(Invocation& invocation);
int run_doctor(Invocation& invocation);
int run_in_lab(Invocation& invocation);  // hands over to dimple-lab, which stands beside this binary

}  // namespace dimple::cli

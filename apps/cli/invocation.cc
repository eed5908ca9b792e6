#include <cstdio>
#include <cstdlib>

#include "flag_parser.h"
#include "help.h"
#include "progress_bar.h"
#include "verb.h"

namespace dimple::cli {

Invocation::Invocation(const Verb& verb, std::vector<std::string> words, const host::Cancel& cancel)
    : verb_(verb),
      words_(std::move(words)),
      out_(host::inspect_terminal(1)),
      error_(host::inspect_terminal(2)),
      cancel_(cancel) {
  progress_ = std::make_unique<host::NoProgress>();
}

bool Invocation::parse_fields(std::vector<host::Field>& fields, std::string_view operands,
                              const std::function<host::Json()>& schema) {
  ParsedFlags parsed = parse_flags(verb_.name, words_, fields, operands);
  common_ = parsed.common;
  if (parsed.help) std::fputs(verb_help(verb_, fields, operands, out_).c_str(), stdout);
  if (parsed.schema && !parsed.help) std::puts(host::print_json(schema(), 2).c_str());
  if (parsed.help || parsed.schema) return false;
  host::Settings settings;
  settings.verb = verb_.name;
  settings.config_path = std::move(parsed.config_path);
  settings.environment = [](const char* name) { return std::getenv(name); };
  settings.flags = std::move(parsed.values);
  host::apply_settings(fields, settings);
  for (const host::Field& field : fields)
    if (field.given) given_.push_back(field.name);
  if (!common_.quiet) progress_ = make_progress(error_);
  return true;
}

void Invocation::print(std::string_view text) const {
  if (!common_.json) std::fwrite(text.data(), 1, text.size(), stdout);
}

void Invocation::print_json(const host::Json& document) const {
  if (common_.json) std::puts(host::print_json(document).c_str());
}

}  // namespace dimple::cli

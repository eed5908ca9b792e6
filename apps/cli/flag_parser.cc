#include "flag_parser.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "host/error.h"
#include "host/suggest.h"

namespace dimple::cli {

using host::Error;
using host::Exit;
using host::Field;

namespace {

using Policy = CLI::MultiOptionPolicy;

// `words` receives what CLI11 finds for the field.
void add_field(CLI::App& app, const Field& field, bool takes_operands, std::vector<std::string>& words) {
  const bool list = field.kind == Field::Kind::list;
  if (field.kind == Field::Kind::flag) {
    app.add_flag_callback(field.flag(), [&words] { words = {"true"}; });
    app.add_flag_callback(field.negated_flag(), [&words] { words = {"false"}; });
  } else if (takes_operands) {
    CLI::Option* option = app.add_option(field.flag() + "," + field.name, words);  // with its flag or without
    if (list)
      option->expected(-1);
    else
      option->expected(1)->multi_option_policy(Policy::Throw);
  } else {
    app.add_option(field.flag(), words)
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(list ? Policy::TakeAll : Policy::TakeLast);
  }
}

std::vector<std::string> known_flags(const std::vector<Field>& fields) {
  std::vector<std::string> flags{"--json", "--schema", "--config", "--quiet", "--verbose", "--help"};
  for (const Field& field : fields) {
    flags.push_back(field.flag());
    if (field.kind == Field::Kind::flag) flags.push_back(field.negated_flag());
  }
  return flags;
}

void check_flag(const std::string& word, const std::vector<std::string>& known, const std::string& hint) {
  const std::string flag = word.substr(0, word.find('='));
  if (std::ranges::find(known, flag) == known.end())
    throw Error(Exit::usage, fmt::format("there is no flag {}", flag), host::did_you_mean(flag, known, hint));
}

}  // namespace

ParsedFlags parse_flags(std::string_view verb, const std::vector<std::string>& words, const std::vector<Field>& fields,
                        std::string_view operands) {
  ParsedFlags parsed;
  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", parsed.help);
  app.add_flag("--schema", parsed.schema);
  app.add_flag("--json", parsed.common.json);
  app.add_flag("-q,--quiet", parsed.common.quiet);
  app.add_flag("-v,--verbose", parsed.common.verbose);
  app.add_option("--config", parsed.config_path)->expected(1);
  app.allow_extras();
  std::vector<std::vector<std::string>> words_of(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) add_field(app, fields[i], fields[i].name == operands, words_of[i]);

  const std::string hint = fmt::format("dimple {} --help lists the flags", verb);
  const std::vector<std::string> known = known_flags(fields);
  // Before CLI11 deals out words: to it the value of a flag that it does not know is one operand too many.
  for (const std::string& word : words) {
    if (word == "--") break;
    if (word.starts_with("--")) check_flag(word, known, hint);
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ParseError& problem) {
    std::string what = problem.what();
    if (!what.empty() && what[0] != '-') what[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(what[0])));
    throw Error(Exit::usage, what, hint);
  }
  for (const std::string& word : app.remaining()) {
    if (word == "--") continue;
    if (word.starts_with("-") && word.size() > 1) check_flag(word, known, hint);
    throw Error(Exit::usage, fmt::format("`{}` is one word too many", word), hint);
  }
  for (size_t i = 0; i < fields.size(); ++i)
    if (!words_of[i].empty()) parsed.values.emplace_back(fields[i].name, std::move(words_of[i]));
  return parsed;
}

}  // namespace dimple::cli

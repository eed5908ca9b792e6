#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "help.h"
#include "host/suggest.h"
#include "progress_bar.h"
#include "verb.h"

namespace dimple::cli {

using host::Error;
using host::Exit;
using host::Field;

namespace {

// What CLI11 is told about one field, and where it puts what it found.
struct Slot {
  const Field* field = nullptr;
  CLI::Option* option = nullptr;
  std::vector<std::string> words;
};

void add_option(CLI::App& app, Slot& slot, std::string_view operands) {
  const Field& field = *slot.field;
  const std::string flag = field.flag();
  if (field.kind == Field::Kind::flag) {
    slot.option = app.add_flag_callback(flag, [&slot] { slot.words = {"true"}; });
    app.add_flag_callback("--no-" + flag.substr(2), [&slot] { slot.words = {"false"}; });
    return;
  }
  if (field.name == operands) {
    slot.option = app.add_option(flag + "," + field.name, slot.words);  // with its flag or without
    if (field.kind == Field::Kind::list)
      slot.option->expected(-1);
    else
      slot.option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    return;
  }
  slot.option = app.add_option(flag, slot.words);
  slot.option->expected(1)->allow_extra_args(false);
  if (field.kind == Field::Kind::list)
    slot.option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  else
    slot.option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

std::vector<std::string> known_flags(const std::vector<Field>& fields) {
  std::vector<std::string> flags{"--json", "--config", "--quiet", "--verbose", "--help"};
  for (const Field& field : fields) {
    flags.push_back(field.flag());
    if (field.kind == Field::Kind::flag) flags.push_back("--no-" + field.flag().substr(2));
  }
  return flags;
}

void check_flag(const std::string& word, const std::vector<std::string>& known, const std::string& hint) {
  const std::string flag = word.substr(0, word.find('='));
  if (std::find(known.begin(), known.end(), flag) == known.end())
    throw Error(Exit::usage, fmt::format("there is no flag {}", flag), host::did_you_mean(flag, known, hint));
}

}  // namespace

Invocation::Invocation(const Verb& verb, std::vector<std::string> words, const host::Cancel& cancel)
    : verb_(verb),
      words_(std::move(words)),
      out_(host::inspect_terminal(1)),
      error_(host::inspect_terminal(2)),
      cancel_(cancel) {
  progress_ = std::make_unique<host::NoProgress>();
}

bool Invocation::parse_fields(std::vector<Field>& fields, std::string_view operands) {
  CLI::App app;
  app.set_help_flag();
  bool help = false;
  host::Settings settings;
  settings.verb = verb_.name;
  settings.environment = [](const char* name) { return std::getenv(name); };
  app.add_flag("-h,--help", help);
  app.add_flag("--json", common_.json);
  app.add_flag("-q,--quiet", common_.quiet);
  app.add_flag("-v,--verbose", common_.verbose);
  app.add_option("--config", settings.config_path)->expected(1);
  app.allow_extras();
  std::vector<Slot> slots(fields.size());
  for (size_t i = 0; i < fields.size(); i++) {
    slots[i].field = &fields[i];
    add_option(app, slots[i], operands);
  }
  const std::string hint = fmt::format("dimple {} --help lists the flags", verb_.name);
  // Before CLI11 deals out words: to it the value of a flag that it does not know is one operand too many.
  for (const std::string& word : words_) {
    if (word == "--") break;
    if (word.starts_with("--")) check_flag(word, known_flags(fields), hint);
  }
  try {
    app.parse(std::vector<std::string>(words_.rbegin(), words_.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ParseError& problem) {
    std::string what = problem.what();
    if (!what.empty() && what[0] != '-') what[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(what[0])));
    throw Error(Exit::usage, what, hint);
  }
  for (const std::string& word : app.remaining()) {
    if (word == "--") continue;
    if (word.starts_with("-") && word.size() > 1) check_flag(word, known_flags(fields), hint);
    throw Error(Exit::usage, fmt::format("`{}` is one word too many", word), hint);
  }
  if (help) {
    std::fputs(verb_help(verb_, fields, operands, out_).c_str(), stdout);
    return false;
  }
  for (Slot& slot : slots) {
    if (!slot.words.empty()) settings.flags.emplace_back(slot.field->name, std::move(slot.words));
  }
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
  if (!common_.json) return;
  const std::string text = document.dump(-1, ' ', false, host::Json::error_handler_t::replace) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace dimple::cli

#include "help.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace dimple::cli {

using host::Field;
using host::Style;
using host::Terminal;

namespace {

struct FlagHelp {
  std::string flag;  // "--min-score NUMBER"
  std::string help;
  std::string default_text = {};
};

constexpr int kFlagColumns = 28;

std::vector<std::string> wrapped(std::string_view text, int columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string& line = lines.back();
    if (!line.empty() && host::columns_of(line) + 1 + host::columns_of(word) > columns) {
      lines.push_back(word);
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return lines;
}

// Two columns of text, wrapped to the terminal: flags or verbs, and what they are for.
std::string flag_table(const std::vector<FlagHelp>& flags, const Terminal& terminal) {
  std::string text;
  for (const FlagHelp& flag : flags) {
    std::string right = flag.help;
    if (!flag.default_text.empty()) right += fmt::format(" [{}]", flag.default_text);
    const std::vector<std::string> lines = wrapped(right, std::max(terminal.width - kFlagColumns - 2, 30));
    const bool long_flag = host::columns_of(flag.flag) >= kFlagColumns - 1;
    std::string left = styled(terminal, Style::cyan, flag.flag);
    left += std::string(static_cast<size_t>(std::max(0, kFlagColumns - host::columns_of(flag.flag))), ' ');
    if (long_flag) left += fmt::format("\n  {:{}}", "", kFlagColumns);
    for (size_t i = 0; i < lines.size(); ++i) {
      text += "  " + (i == 0 ? left : std::string(kFlagColumns, ' ')) + lines[i] + "\n";
    }
  }
  return text;
}

std::string argument_name(Field::Kind kind) {
  switch (kind) {
    case Field::Kind::flag: return "";
    case Field::Kind::integer: return " N";
    case Field::Kind::number: return " NUMBER";
    case Field::Kind::text: return " TEXT";
    case Field::Kind::list: return " TEXT...";
  }
  return "";
}

// A flag's help says what it does; of one that is on, `--no-` is worth showing, and says what is not done.
FlagHelp help_of(const Field& field) {
  if (field.kind != Field::Kind::flag)
    return {field.flag() + argument_name(field.kind), field.help, field.default_text};
  if (field.default_text == "true") return {field.negated_flag(), "do not " + field.help};
  return {field.flag(), field.help};
}

}  // namespace

std::string verb_help(const Verb& verb, const std::vector<Field>& fields, std::string_view operands,
                      const Terminal& terminal) {
  std::string text =
      fmt::format("{}: {}\n\n", styled(terminal, Style::bold, fmt::format("dimple {}", verb.name)), verb.summary);
  const std::string_view space = *verb.operands == '\0' ? "" : " ";
  text += fmt::format("usage: dimple {}{}{} [flags]\n", verb.name, space, verb.operands);
  if (*verb.examples != '\0') {
    text += "\nexamples:\n";
    std::string_view rest = verb.examples;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      text += fmt::format("  {}\n", rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  std::vector<FlagHelp> own;
  for (const Field& field : fields) {
    if (field.name != operands) own.push_back(help_of(field));
  }
  if (!own.empty()) text += "\nflags:\n" + flag_table(own, terminal);
  text += "\nalways:\n" +
          flag_table({{"--json", "print one JSON document and nothing else"},
                      {"--schema", "print the JSON schemas of this verb's settings and of its --json document"},
                      {"--config FILE", "take settings from a TOML file; flags and DIMPLE_* weigh more"},
                      {"--quiet", "no progress, no summary"},
                      {"--verbose", "tell more"},
                      {"--help", "this text"}},
                     terminal);
  return text;
}

std::string all_verbs_help(std::span<const Verb> verbs, const Terminal& terminal) {
  std::string text = "usage: dimple VERB [flags]\n\nverbs:\n";
  std::vector<FlagHelp> lines;
  for (const Verb& verb : verbs) lines.push_back({verb.name, verb.summary});
  text += flag_table(lines, terminal);
  text +=
      "\n`dimple VERB --help` tells more. Exit codes: 0 fine, 1 failed, 2 usage, 3 input unreadable, 4 no face\n"
      "(--fail-on-no-face), 5 model invalid, 6 a gate failed, 7 out of disk or memory, 130/143 interrupted.\n";
  return text;
}

std::string first_steps(const Terminal& terminal) {
  const std::vector<FlagHelp> steps{{"dimple predict my.jpg", "read the expressions in a picture"},
                                    {"dimple predict holidays/", "in a folder; results and pictures go to runs/"},
                                    {"dimple models", "the networks inside, and what they are good for"},
                                    {"dimple doctor", "what this machine can do"},
                                    {"dimple --help", "every verb"}};
  return fmt::format("{}: reads the expressions of faces. Nothing leaves this machine.\n\n",
                     styled(terminal, Style::bold, "dimple")) +
         flag_table(steps, terminal);
}

}  // namespace dimple::cli

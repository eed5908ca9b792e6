#include "model/preprocessing.h"

#include <fmt/format.h>

#include <concepts>

#include "host/json.h"

namespace dimple::model {
namespace {

constexpr image::Normalise kNormalises[] = {image::Normalise::offset, image::Normalise::standardise};

}  // namespace

std::string print_preprocess(const image::Preprocess& how) {
  host::Json json = host::Json::object();
  image::Preprocess::visit(how, [&](const char* name, const auto& field) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(field)>, image::Normalise>)
      json[name] = image::name_of(field);
    else
      json[name] = field;
  });
  return json.dump();
}

image::Preprocess parse_preprocess(std::string_view text, const std::string& source) {
  const std::string what = "the preprocessing of " + source;
  const auto refuse = [&](const std::string& why) { throw host::Error(host::Exit::model, what + ": " + why); };
  const host::Json json = host::parse_json(text, what, host::Exit::model);
  image::Preprocess how;
  size_t fields = 0;
  image::Preprocess::visit(how, [&](const char* name, auto& field) {
    ++fields;
    if constexpr (std::same_as<std::remove_cvref_t<decltype(field)>, image::Normalise>) {
      const auto chosen = host::json_value<std::string>(json, name, what, host::Exit::model);
      bool found = false;
      for (const image::Normalise known : kNormalises)
        if (chosen == image::name_of(known)) field = known, found = true;
      if (!found) refuse(fmt::format("this build does not know to normalise by `{}`", chosen));
    } else {
      const auto value = host::json_value<int64_t>(json, name, what, host::Exit::model);
      field = static_cast<std::remove_cvref_t<decltype(field)>>(value);
      if (field != value) refuse(fmt::format("{} is out of range", name));
    }
  });
  if (json.size() != fields) refuse("it holds a field that is not known here");
  if (!image::sane(how)) refuse("out of range");
  return how;
}

}  // namespace dimple::model

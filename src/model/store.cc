#include "model/store.h"

#include <fmt/format.h>

#include "host/error.h"
#include "host/files.h"
#include "host/suggest.h"

namespace dimple::model {

std::vector<std::string> stored_models() {
  std::vector<std::string> names;
  for (const host::EmbeddedFile& stored : stored_files()) {
    const std::string_view model = stored.path.substr(0, stored.path.find('/'));
    if (names.empty() || names.back() != model) names.emplace_back(model);
  }
  return names;
}

std::span<const std::byte> find_stored(std::string_view model, std::string_view file) {
  for (const host::EmbeddedFile& stored : stored_files())
    if (stored.path == fmt::format("{}/{}", model, file)) return stored.bytes;
  return {};
}

std::span<const std::byte> find_stored(std::string_view model) {
  return find_stored(model, fmt::format("{}.safetensors", model));
}

host::Json stored_card(std::string_view model) {
  const auto bytes = find_stored(model, "MODEL_CARD.json");
  if (bytes.empty()) return nullptr;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return host::parse_json(text, fmt::format("the card of {}", model));
}

Model open_model(const std::string& name_or_path) {
  const auto shipped = find_stored(name_or_path);
  if (!shipped.empty())
    return read_checkpoint({reinterpret_cast<const uint8_t*>(shipped.data()), shipped.size()},
                           "the shipped model " + name_or_path)
        .model;
  const bool is_path = name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".safetensors") ||
                       host::file_exists(name_or_path);
  if (is_path) return load_model(name_or_path);
  const auto names = stored_models();
  throw host::Error(host::Exit::model, fmt::format("no model is called {}", name_or_path),
                    host::did_you_mean(name_or_path, names,
                                       names.empty() ? "this program was built without models; name a file"
                                                     : "shipped are: " + fmt::format("{}", fmt::join(names, ", "))));
}

}  // namespace dimple::model

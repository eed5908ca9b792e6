// The models that travel inside the program: what lies under models/<name>/ is compiled in, so that nothing has to be
// found, let alone downloaded, when it runs.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/embedded_file.h"
#include "host/json.h"
#include "model/model.h"

namespace dimple::model {

// "dimple-nano/dimple-nano.safetensors", "dimple-nano/MODEL_CARD.md", "dimple-nano/MODEL_CARD.json". Sorted; empty when
// the program was built without models.
std::span<const host::EmbeddedFile> stored_files();

std::vector<std::string> stored_models();  // names, each once

// The weights of a shipped model, or one other file of it; empty: not there.
std::span<const std::byte> find_stored(std::string_view model);
std::span<const std::byte> find_stored(std::string_view model, std::string_view file);

// Its card; null where there is none.
host::Json stored_card(std::string_view model);

// A shipped model by its name, or a model file by its path. Throws host::Error(Exit::model), with "did you mean".
Model open_model(const std::string& name_or_path);

}  // namespace dimple::model

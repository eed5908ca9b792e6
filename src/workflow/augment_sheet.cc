#include "workflow/augment_sheet.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "host/fields.h"
#include "host/files.h"
#include "host/json.h"
#include "host/random.h"
#include "media/draw.h"
#include "media/drawn_face.h"
#include "media/encode.h"

namespace dimple::workflow {
namespace {

struct SheetRow {
  std::string name;
  data::AugmentConfig config;
};

// Every field that ends in _probability is a step; its row has it at 1 and the others at 0.
std::vector<SheetRow> rows_of(const data::AugmentConfig& config) {
  std::vector<SheetRow> rows{{"as it is", data::without_steps(config)}};
  data::AugmentConfig::visit(config, [&](std::string_view name, float, const char*) {
    if (!name.ends_with("_probability")) return;
    SheetRow row{std::string(name.substr(0, name.size() - std::string_view("_probability").size())),
                 data::without_steps(config)};
    data::AugmentConfig::visit(row.config, [&](std::string_view other, float& value, const char*) {
      if (other == name) value = 1;
    });
    std::ranges::replace(row.name, '_', ' ');
    rows.push_back(std::move(row));
  });
  rows.push_back({"as trained", config});
  return rows;
}

}  // namespace

media::Picture draw_augment_sheet(const data::AugmentConfig& config, const SheetOptions& options) {
  constexpr int kGap = 4, kNames = 110;
  const std::vector<SheetRow> rows = rows_of(config);
  const int cell = options.size + kGap;
  media::Picture sheet(kNames + options.columns * cell + kGap, static_cast<int>(rows.size()) * cell + kGap, 3, 246);
  for (size_t r = 0; r < rows.size(); ++r) {
    const int top = kGap + static_cast<int>(r) * cell, middle = top + options.size / 2;
    media::draw_text(sheet, {8, static_cast<float>(middle)}, rows[r].name,
                     {.height = 10, .weight = 1, .colour = {40, 40, 40}});
    for (int c = 0; c < options.columns; ++c) {
      const float part = static_cast<float>(c) / static_cast<float>(std::max(1, options.columns - 1));
      const media::Picture face = media::draw_face({.size = options.size,
                                                    .channels = options.channels,
                                                    .smile = 1 - 1.6f * part,
                                                    .open = c % 3 == 2 ? 0.8f : 0});
      media::Picture out(face.width, face.height, face.channels);
      data::augment(rows[r].config, host::seed_for(options.seed, r, static_cast<uint64_t>(c)), face.pixels, face.width,
                    face.height, face.channels, out.pixels);
      for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x)
          for (int k = 0; k < 3; ++k)
            sheet.at(kNames + c * cell + x, top + y)[k] = out.at(x, y)[std::min(k, out.channels - 1)];
    }
  }
  return sheet;
}

SheetReport save_augment_sheet(const std::string& path, const std::string& recipe) {
  data::AugmentConfig config;
  if (!recipe.empty()) {
    const host::Json document =
        host::parse_toml(host::read_text(recipe, {.limit_bytes = 1 << 20, .exit = host::Exit::usage}), recipe);
    auto fields = host::fields_of(config);
    host::Settings settings;
    settings.verb = "data";
    const host::Json augment = document.value("augment", host::Json::object());
    for (const auto& [name, value] : augment.items())
      settings.flags.emplace_back(name, std::vector<std::string>{value.dump()});
    host::apply_settings(fields, settings);
  }
  data::check(config);
  SheetReport report{path.empty() ? "augment.png" : path};
  media::save_picture(report.sheet, draw_augment_sheet(config));
  return report;
}

}  // namespace dimple::workflow

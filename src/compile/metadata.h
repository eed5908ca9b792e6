// What a program tells its host beside the plan: name, label order, preprocessing. JSON at the end of the file.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "image/preprocess.h"
#include "model/model.h"

namespace dimple::compile {

struct ProgramMetadata {
  std::string name;
  std::vector<std::string> labels;
  image::Preprocess preprocess;

  bool operator==(const ProgramMetadata&) const = default;
};

ProgramMetadata metadata_of(const model::Model&);
std::string print_metadata(const ProgramMetadata&);

// Of a program file. Throws host::Error(Exit::model) when the program or its metadata is invalid; `source` names it.
ProgramMetadata read_metadata(std::span<const uint8_t> program, const std::string& source);

// The model as it is, float or integer, as a program that carries its metadata.
std::vector<uint8_t> plan(const model::Model&);

}  // namespace dimple::compile

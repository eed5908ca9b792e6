// What dimple export --int8 does to a model, and what it tells of it.
#pragma once
#include "data/dataset.h"
#include "model/model.h"
#include "workflow/export.h"

namespace dimple::workflow {

// Refuses what can be refused before data is read.
void check_int8(const ExportRequest&, const model::Model&);

// The model's graph becomes an integer one, calibrated on training pictures; the report gets its steps, and the layers'
// losses if they were asked for.
void make_integer(const ExportRequest&, const data::Dataset&, const std::string& name, model::Model&, ExportReport&,
                  const host::Task&);

}  // namespace dimple::workflow

// safetensors has no types of less than a byte: such tensors are stored as their bytes, and what they are stands in the
// metadata, dimple.packed: {"<name>": ["b1", [dims]]}.
#pragma once
#include "model/safetensors.h"

namespace dimple::model {

// Tensors of less than a byte into bytes, with the metadata that tells of them.
void store_packed(SafeTensors&);
// And back; the metadata leaves. Throws host::Error(Exit::model) where it tells of other tensors than are there.
void restore_packed(SafeTensors&, const std::string& source);

}  // namespace dimple::model

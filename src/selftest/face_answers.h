// What dimple_read_face answers for fixed scenes and boxes, as one hash: the crop by the program's own margin, the
// sharpness, the float steps behind the logits, and the choice between a label and `unsure`.
#pragma once
#include "base/result.h"
#include "base/span.h"
#include "runtime/dimple.h"

namespace dimple::selftest {

// `picture` has room for a scene (signature_scenes.h), `scratch` what the session wants for one. Refuses what
// dimple_read_face refuses.
Result<uint64_t> hash_face_answers(dimple_session& session, Span<uint8_t> picture, Span<uint8_t> scratch);

}  // namespace dimple::selftest

// For the trainer build, which has no OpenSSL.
#include "host/sha256.h"

namespace dimple::host {

struct Sha256::State {};

Sha256::Sha256() = default;
Sha256::~Sha256() = default;
void Sha256::update(std::span<const uint8_t>) {}
std::string Sha256::finish() { return ""; }

}  // namespace dimple::host

#include <fmt/format.h>
// The functions of OpenSSL 1.1: those that came after them read a configuration file and ask for memory a thousand times
// before the first byte, and end the program with a signal when they get none.
#define OPENSSL_API_COMPAT 10100
#include <openssl/sha.h>

#include "host/sha256.h"

namespace dimple::host {

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }

Sha256::~Sha256() = default;

void Sha256::update(std::span<const uint8_t> bytes) { SHA256_Update(&state_->context, bytes.data(), bytes.size()); }

std::string Sha256::finish() {
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256_Final(digest, &state_->context);
  std::string text;
  for (const uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace dimple::host

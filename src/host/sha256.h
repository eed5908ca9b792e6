// SHA-256, as 64 hexadecimal digits. The trainer build has no OpenSSL: there every function gives "", because no
// checksum is better than a wrong one.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dimple::host {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::span<const uint8_t> bytes);
  std::string finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256(std::span<const uint8_t> bytes);
std::string sha256(std::string_view text);
std::string sha256_file(const std::filesystem::path& path);  // in pieces; any size

}  // namespace dimple::host

#include "host/sha256.h"

#include <gtest/gtest.h>

#include "host/error.h"

namespace dimple::host {

// The examples of FIPS 180-4.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256(std::string_view("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(std::string_view("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, DoesNotDependOnHowTheBytesArrive) {
  const std::vector<uint8_t> bytes(1000, 7);
  Sha256 pieces;
  for (size_t i = 0; i < bytes.size(); i += 8) pieces.update(std::span(bytes).subspan(i, 8));
  EXPECT_EQ(pieces.finish(), sha256(bytes));
}

TEST(Sha256, OfAFileThatIsNotThereIsAnError) { EXPECT_THROW(sha256_file("nosuch"), Error); }

}  // namespace dimple::host

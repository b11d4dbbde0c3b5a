#include "probes/chain_shape.hpp"

#include <gmock/gmock.h>

#include "crypto/der.hpp"

namespace tlsgauge::probes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string name(std::string_view common_name) { return test::sequence(test::rdn("550403", 0x0C, common_name)); }

/// The signature is junk, the key an Ed25519 one: only names matter here.
Bytes certificate(std::string_view subject, std::string_view issuer, char serial = 1) {
  std::string const algorithm = test::sequence(test::oid("2b6570"));
  std::string const dates = test::sequence(test::tlv(0x17, "260101000000Z") + test::tlv(0x17, "270101000000Z"));
  std::string const key = test::sequence(algorithm + test::tlv(0x03, std::string(33, '\0')));
  std::string const tbs = test::sequence(test::tlv(0x02, std::string(1, serial)) + algorithm + name(issuer) + dates + name(subject) + key);
  std::string const der = test::sequence(tbs + algorithm + test::tlv(0x03, std::string(65, '\0')));
  return {der.begin(), der.end()};
}

Bytes const kLeaf = certificate("leaf", "lower");
Bytes const kLower = certificate("lower", "upper");
Bytes const kUpper = certificate("upper", "root");
Bytes const kRoot = certificate("root", "root");

TEST(ChainShape, IsFineWithoutAnchor) {
  Value const shape = chain_shape({kLeaf, kLower, kUpper});
  EXPECT_TRUE(shape["in_order"].as_bool());
  EXPECT_FALSE(shape["anchor_sent"].as_bool());
  for (char const* const key : {"duplicates", "superfluous", "unparsable"}) EXPECT_THAT(shape[key].items(), IsEmpty());
}

TEST(ChainShape, TellsOfTheAnchorButNotOfASelfSignedEndEntity) {
  EXPECT_TRUE(chain_shape({kLeaf, kLower, kUpper, kRoot})["anchor_sent"].as_bool());
  EXPECT_FALSE(chain_shape({kRoot})["anchor_sent"].as_bool());
}

TEST(ChainShape, TellsOfDisorder) {
  Value const shape = chain_shape({kLeaf, kUpper, kLower});
  EXPECT_FALSE(shape["in_order"].as_bool());
  EXPECT_THAT(shape["superfluous"].items(), IsEmpty());
}

TEST(ChainShape, TellsOfWhatComesTwiceIsOfNoUseOrCannotBeRead) {
  Value const shape = chain_shape({kLeaf, kLower, kLower, certificate("stranger", "root"), Bytes{0x30, 0x00}});
  EXPECT_THAT(shape["duplicates"].items(), ElementsAre(Value{2}));
  EXPECT_THAT(shape["superfluous"].items(), ElementsAre(Value{3}));
  EXPECT_THAT(shape["unparsable"].items(), ElementsAre(Value{4}));
  EXPECT_TRUE(shape["in_order"].as_bool());
}

TEST(ChainShape, AnIssuerSignedBySeveralIsNeitherSuperfluousNorOutOfOrder) {
  Bytes const other = certificate("lower", "elsewhere", 2);
  Value const shape = chain_shape({kLeaf, other, kLower, kUpper, kRoot});
  EXPECT_THAT(shape["superfluous"].items(), IsEmpty());
  EXPECT_TRUE(shape["in_order"].as_bool());
  EXPECT_TRUE(shape["anchor_sent"].as_bool());
  EXPECT_THAT(chain_shape({})["superfluous"].items(), IsEmpty());
}

}  // namespace
}  // namespace tlsgauge::probes

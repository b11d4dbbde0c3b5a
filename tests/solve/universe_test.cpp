#include "solve/universe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "wire/hello.hpp"

namespace tlsgauge::test {
namespace {

using solve::Code;
using solve::Role;
using solve::Universe;
using wire::ProtocolVersion;

/// The two members of each order, read by their quotes: the file holds no escapes.
std::vector<std::pair<std::string, std::vector<Code>>> orders_of_the_file() {
  std::ifstream file{std::string{TLSGAUGE_SOURCE_DIR} + "/data/server_orders.json"};
  std::vector<std::pair<std::string, std::vector<Code>>> orders;
  for (std::string line; std::getline(file, line);) {
    std::size_t const name = line.find("{\"name\": \"");
    if (name != 0) continue;
    std::size_t const end = line.find('"', 10);
    orders.emplace_back(line.substr(10, end - 10), std::vector<Code>{});
    for (std::size_t at = line.find("\"0x", end); at != std::string::npos; at = line.find("\"0x", at + 1)) {
      orders.back().second.push_back(static_cast<Code>(std::stoul(line.substr(at + 1, 6), nullptr, 16)));
    }
  }
  return orders;
}

TEST(Universe, OrdersAreThoseOfTheFile) {
  auto const expected = orders_of_the_file();
  auto const& orders = solve::server_orders();
  ASSERT_EQ(orders.size(), expected.size());
  ASSERT_EQ(orders.size(), 50U);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    EXPECT_EQ(orders[i].name, expected[i].first);
    EXPECT_EQ(orders[i].suites, expected[i].second);
  }
}

TEST(Universe, HoldsEverySuiteThatCanBeOfferedOnce) {
  for (ProtocolVersion const version :
       {ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_3}) {
    Universe const& universe = solve::suite_universe(version);
    std::set<Code> offered, members;
    for (wire::CipherSuite const suite : wire::offerable_suites(version)) offered.insert(static_cast<Code>(suite));
    for (solve::Candidate const& member : universe.members) members.insert(member.code);
    EXPECT_EQ(members, offered);
    EXPECT_EQ(members.size(), universe.members.size());
    EXPECT_LE(universe.core, solve::kMaxOffer);
    EXPECT_GT(universe.core, 0U);
  }
}

TEST(Universe, ExpectsWhatServersHave) {
  // There is not room for all that a library with every suite switched on has: the rarest stand behind.
  for (solve::ServerOrder const& known : solve::server_orders()) {
    std::size_t outside = 0;
    Universe const& universe = solve::suite_universe(known.name.ends_with("/old") ? ProtocolVersion::TLSv1_0 : ProtocolVersion::TLSv1_2);
    for (Code const code : known.suites) {
      auto const at = std::find_if(universe.members.begin(), universe.members.end(), [code](auto const& m) { return m.code == code; });
      ASSERT_NE(at, universe.members.end()) << code;
      outside += static_cast<std::size_t>(at - universe.members.begin()) < universe.core ? 0U : 1U;
    }
    EXPECT_LE(outside, known.suites.size() / 5) << known.name;
  }
  Universe const& universe = solve::suite_universe(ProtocolVersion::TLSv1_2);
  std::vector<Code> leading;
  for (solve::Candidate const& member : universe.members) {
    if (member.role == Role::leads) leading.push_back(member.code);
    if (member.code == 0xCCA8 || member.code == 0xCC13) {
      EXPECT_EQ(member.role, Role::chacha);
    }
  }
  std::sort(leading.begin(), leading.end());
  EXPECT_EQ(leading, (std::vector<Code>{0xC02B, 0xC02C, 0xC02F, 0xC030}));
}

TEST(Universe, AsksOldVersionsForSuitesOfLaterOnesLast) {
  Universe const& universe = solve::suite_universe(ProtocolVersion::TLSv1_0);
  for (std::size_t i = 0; i < universe.core; ++i) {
    wire::CipherSuiteInfo const* const info = wire::find(wire::CipherSuite{universe.members[i].code});
    ASSERT_NE(info, nullptr);
    EXPECT_LE(info->min_version, ProtocolVersion::TLSv1_0) << info->name;
  }
}

TEST(Universe, OfGroupsIsWhatTls13MayName) {
  Universe const& universe = solve::group_universe();
  std::set<Code> members;
  for (solve::Candidate const& member : universe.members) members.insert(member.code);
  EXPECT_TRUE(members.contains(29));
  for (Code const post_quantum : std::vector<Code>{0x0200, 0x0201, 0x0202, 0x11EB, 0x11EC, 0x11ED, 0x6399, 0x639A})
    EXPECT_TRUE(members.contains(post_quantum));
  EXPECT_FALSE(members.contains(0x0A0A));
  EXPECT_FALSE(members.contains(1));
}

}  // namespace
}  // namespace tlsgauge::test

// Universes that are offered as they are listed: curves up to TLS 1.2 and signature schemes.
#include <gmock/gmock.h>

#include "solve/simulated_server.hpp"

namespace tlsgauge::solve {
namespace {

using test::Codes;
using test::play;
using testing::ElementsAreArray;
using testing::UnorderedElementsAreArray;

Universe forty() {
  std::vector<wire::NamedGroup> groups;
  for (Code const popular : Codes{29, 23, 24, 25, 30}) groups.push_back(wire::NamedGroup{popular});
  for (Code code = 1; code < 45; ++code) {
    if (std::find(groups.begin(), groups.end(), wire::NamedGroup{code}) == groups.end()) groups.push_back(wire::NamedGroup{code});
  }
  return curve_universe(groups);
}

TEST(Listed, IsOfferedInTheOrderOfTheList) {
  Enumeration const enumeration{forty()};
  Codes const opening = enumeration.opening();
  EXPECT_EQ(Codes(opening.begin(), opening.begin() + 6), (Codes{29, 23, 24, 25, 30, 1}));
}

TEST(Listed, FindsTheOrderOfServersAndClients) {
  for (unsigned const lanes : {1U, 4U}) {
    Codes const mine{24, 9, 29, 23};
    test::Played const server = play(forty(), test::server_order(mine), lanes);
    EXPECT_THAT(server.solution.accepted, ElementsAreArray(mine));
    EXPECT_EQ(server.solution.chooser, Chooser::server);
    EXPECT_TRUE(server.solution.complete);
    test::Played const client = play(forty(), test::client_order(mine), lanes);
    EXPECT_THAT(client.solution.accepted, UnorderedElementsAreArray(mine));
    EXPECT_EQ(client.solution.chooser, Chooser::client);
    EXPECT_TRUE(client.solution.complete);
  }
}

TEST(Listed, ProvesWithTheReversedListThatLongListsAreRead) {
  Codes const usual{29, 23, 24, 25, 30};
  test::Played const played = play(forty(), test::client_order(usual), 1);
  EXPECT_TRUE(played.solution.complete);
  EXPECT_EQ(played.offers.size(), usual.size() + 2);  // picks, a refusal, the reversed list
}

TEST(Listed, SeesThatTheEndOfLongListsIsNotRead) {
  Codes const usual{29, 23, 24, 44};
  test::Played const played = play(forty(), test::ignoring_after(20, test::client_order(usual)), 1);
  EXPECT_THAT(played.solution.accepted, UnorderedElementsAreArray(usual));
}

}  // namespace
}  // namespace tlsgauge::solve

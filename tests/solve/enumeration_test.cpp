#include "solve/enumeration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "solve/simulated_server.hpp"

namespace tlsgauge::test {
namespace {

using solve::Chooser;
using solve::Enumeration;
using solve::Solution;
using solve::Universe;
using wire::ProtocolVersion;

constexpr unsigned kLanes[] = {1, 4, 8, 16};

Universe const& tls12() {
  static Universe const universe = solve::suite_universe(ProtocolVersion::TLSv1_2);
  return universe;
}

/// Refusals that the universe costs in any case: one for each hello that it fills.
std::size_t hellos(Universe const& universe) {
  std::size_t const rest = universe.members.size() - universe.core;
  return 1 + (rest + solve::kMaxOffer - 1) / solve::kMaxOffer;
}

/// Three for each suite, the refusals, the first guesses, and the checks of length, chooser and ChaCha20.
std::size_t bound(Universe const& universe, std::size_t found) { return 3 * found + hellos(universe) + 8; }

Codes sorted(Codes codes) {
  std::sort(codes.begin(), codes.end());
  return codes;
}

Codes random_codes(Universe const& universe, std::size_t count, std::mt19937& random) {
  Codes codes;
  for (solve::Candidate const& member : universe.members) codes.push_back(member.code);
  std::shuffle(codes.begin(), codes.end(), random);
  codes.resize(count);
  return codes;
}

Codes with_role(Codes const& codes, solve::Role role) {
  Codes out;
  for (Code const c : codes) {
    for (solve::Candidate const& member : tls12().members) {
      if (member.code == c && member.role == role) out.push_back(c);
    }
  }
  return out;
}

bool has_chacha_below_another(Codes const& order) {
  return !with_role(order, solve::Role::chacha).empty() && with_role(order, solve::Role::chacha).front() != order.front();
}

TEST(Enumeration, FindsSetAndOrderOfEveryKnownServer) {
  for (solve::ServerOrder const& known : solve::server_orders()) {
    for (unsigned const lanes : kLanes) {
      for (unsigned const seed : {0U, 7U}) {
        SCOPED_TRACE(std::string{known.name} + ", lanes " + std::to_string(lanes) + ", seed " + std::to_string(seed));
        Played const played = play(tls12(), server_order(known.suites), lanes, seed);
        EXPECT_EQ(played.solution.accepted, known.suites);
        EXPECT_EQ(played.solution.chooser, known.suites.size() == 1 ? Chooser::indifferent : Chooser::server);
        EXPECT_TRUE(played.solution.complete);
        EXPECT_LE(played.offers.size(), bound(tls12(), known.suites.size()));
        EXPECT_LE(played.longest, 128U);
        EXPECT_LE(played.most_in_flight, lanes);
        EXPECT_EQ(played.solution.queries, played.offers.size());
        if (has_chacha_below_another(known.suites)) {
          EXPECT_EQ(played.solution.prioritizes_chacha, std::optional<bool>{false});
        } else {
          EXPECT_EQ(played.solution.prioritizes_chacha, std::nullopt);
        }
      }
    }
  }
}

TEST(Enumeration, FindsTheSetOfServersThatLeaveTheChoiceToTheClient) {
  for (solve::ServerOrder const& known : solve::server_orders()) {
    for (unsigned const lanes : kLanes) {
      SCOPED_TRACE(std::string{known.name} + ", lanes " + std::to_string(lanes));
      Played const played = play(tls12(), client_order(known.suites), lanes, lanes);
      EXPECT_EQ(sorted(played.solution.accepted), sorted(known.suites));
      EXPECT_EQ(played.solution.chooser, known.suites.size() == 1 ? Chooser::indifferent : Chooser::client);
      EXPECT_TRUE(played.solution.complete);
      EXPECT_LE(played.offers.size(), bound(tls12(), known.suites.size()));
    }
  }
}

TEST(Enumeration, FindsRandomOrdersThatNoServerHas) {
  std::mt19937 random{1};
  for (std::size_t const count : {0U, 1U, 2U, 3U, 9U, 23U, 60U, 150U, 217U}) {
    for (unsigned const lanes : kLanes) {
      for (unsigned repeat = 0; repeat < 3; ++repeat) {
        SCOPED_TRACE(std::to_string(count) + " suites, lanes " + std::to_string(lanes) + ", repeat " + std::to_string(repeat));
        Codes const order = random_codes(tls12(), count, random);
        Played const played = play(tls12(), server_order(order), lanes, repeat);
        EXPECT_EQ(played.solution.accepted, order);
        EXPECT_TRUE(played.solution.complete);
        EXPECT_LE(played.offers.size(), bound(tls12(), count) + lanes);
        if (count > 1) {
          EXPECT_EQ(played.solution.chooser, Chooser::server);
        }
      }
    }
  }
}

TEST(Enumeration, CostsLittleMoreThanTheLowerBound) {
  Played const intermediate = play(tls12(), server_order({0xC02F, 0xC030, 0xCCA8, 0x009E, 0x009F, 0xCCAA}), 8);
  EXPECT_LE(intermediate.offers.size(), 6 + hellos(tls12()) + 3);
  EXPECT_LE(intermediate.rounds, 5U);
  Codes const* legacy = nullptr;
  for (solve::ServerOrder const& known : solve::server_orders()) {
    if (known.name == "ossl-ALL/rsa") legacy = &known.suites;
  }
  ASSERT_NE(legacy, nullptr);
  Played const large = play(tls12(), server_order(*legacy), 8);
  EXPECT_LE(large.offers.size(), legacy->size() + hellos(tls12()) + 10);
  EXPECT_LE(large.rounds, legacy->size() / 3);
}

TEST(Enumeration, AsksTheSameWhenItIsAnsweredTheSame) {
  Codes const order = solve::server_orders()[3].suites;
  Played const once = play(tls12(), server_order(order), 8, 5), again = play(tls12(), server_order(order), 8, 5);
  EXPECT_EQ(once.offers, again.offers);
}

TEST(Enumeration, KeepsServerGroupsOfEqualPreferenceInTheirOrder) {
  std::vector<Codes> const groups = {{0xC02B, 0xC02F, 0xCCA9, 0xCCA8}, {0xC02C, 0xC030}, {0xC009, 0xC013}, {0xC00A, 0xC014}, {0x009C}};
  for (unsigned const lanes : kLanes) {
    Played const played = play(tls12(), equal_groups(groups), lanes, lanes);
    EXPECT_EQ(played.solution.chooser, Chooser::server);
    ASSERT_EQ(played.solution.accepted.size(), 11U);
    auto at = played.solution.accepted.begin();
    for (Codes const& group : groups) {
      EXPECT_EQ(sorted(Codes(at, at + static_cast<long>(group.size()))), sorted(group));
      at += static_cast<long>(group.size());
    }
  }
}

TEST(Enumeration, TellsAServerThatPromotesChaCha) {
  Codes library;
  for (solve::ServerOrder const& known : solve::server_orders()) {
    for (Code const c : known.suites) library.push_back(c);
  }
  for (solve::ServerOrder const& known : solve::server_orders()) {
    if (!has_chacha_below_another(known.suites)) continue;
    for (unsigned const lanes : kLanes) {
      SCOPED_TRACE(std::string{known.name} + ", lanes " + std::to_string(lanes));
      Played const played = play(tls12(), chacha_promoted(known.suites, with_role(known.suites, solve::Role::chacha), library), lanes, 3);
      EXPECT_EQ(played.solution.accepted, known.suites);
      EXPECT_EQ(played.solution.chooser, Chooser::server);
      EXPECT_EQ(played.solution.prioritizes_chacha, std::optional<bool>{true});
    }
  }
}

TEST(Enumeration, DoesNotMistakePromotionOfChaChaForTheClientsChoice) {
  Played const played = play(tls12(), chacha_promoted({0xC030, 0xCCA8}, {0xCCA8}, {0xC02F, 0xC030, 0xCCA8, 0x009E}), 4);
  EXPECT_EQ(played.solution.accepted, (Codes{0xC030, 0xCCA8}));
  EXPECT_EQ(played.solution.chooser, Chooser::server);
  EXPECT_EQ(played.solution.prioritizes_chacha, std::optional<bool>{true});
}

TEST(Enumeration, SeesTheListThatGoHasForClientsWithAes) {
  Codes const aes = {0xC02F, 0xC030, 0xC02B, 0xC02C, 0xCCA8, 0xCCA9, 0xC009, 0xC013, 0xC00A, 0xC014};
  Codes const other = {0xCCA8, 0xCCA9, 0xC02F, 0xC030, 0xC02B, 0xC02C, 0xC009, 0xC013, 0xC00A, 0xC014};
  for (unsigned const lanes : kLanes) {
    Played const played = play(tls12(), two_lists(aes, other, {0xC02F, 0xC030, 0xC02B, 0xC02C}), lanes, lanes);
    EXPECT_EQ(played.solution.accepted, aes);
    EXPECT_EQ(played.solution.chooser, Chooser::server);
    EXPECT_EQ(played.solution.prioritizes_chacha, std::optional<bool>{true});
  }
}

TEST(Enumeration, FindsAllOfAServerThatRefusesLongLists) {
  for (std::size_t const length : {20U, 43U, 64U, 100U, 125U}) {
    for (solve::ServerOrder const& known : solve::server_orders()) {
      SCOPED_TRACE(std::string{known.name} + ", at most " + std::to_string(length));
      Played const played = play(tls12(), at_most(length, server_order(known.suites)), 8, 2);
      EXPECT_EQ(played.solution.accepted, known.suites);
      EXPECT_TRUE(played.solution.complete) << played.solution.reason;
      EXPECT_LE(played.offers.size(), 3 * known.suites.size() + 3 * tls12().members.size() / (length / 2) + 40);
    }
  }
}

TEST(Enumeration, FindsAllOfAServerThatDropsLongLists) {
  for (std::size_t const length : {20U, 64U, 105U}) {
    for (solve::ServerOrder const& known : solve::server_orders()) {
      SCOPED_TRACE(std::string{known.name} + ", at most " + std::to_string(length));
      Played const played = play(tls12(), at_most(length, server_order(known.suites), Answer::inconclusive("silence")), 1);
      EXPECT_EQ(played.solution.accepted, known.suites);
      EXPECT_TRUE(played.solution.complete) << played.solution.reason;
    }
  }
}

TEST(Enumeration, FindsAllOfAServerThatIgnoresTheEndOfALongList) {
  for (std::size_t const length : {43U, 64U, 100U, 120U}) {
    for (solve::ServerOrder const& known : solve::server_orders()) {
      SCOPED_TRACE(std::string{known.name} + ", after " + std::to_string(length));
      Played const played = play(tls12(), ignoring_after(length, server_order(known.suites)), 8, 2);
      EXPECT_EQ(sorted(played.solution.accepted), sorted(known.suites));
      EXPECT_TRUE(played.solution.complete) << played.solution.reason;
      if (length <= 100) {
        EXPECT_EQ(played.solution.accepted, known.suites);
      }
    }
  }
}

TEST(Enumeration, EndsQuicklyWhenEverythingIsRefused) {
  Played const played = play(
      tls12(), [](Codes const&) { return Answer::refused(); }, 8);
  EXPECT_TRUE(played.solution.accepted.empty());
  EXPECT_TRUE(played.solution.complete);
  EXPECT_LE(played.offers.size(), hellos(tls12()) + 2);
}

TEST(Enumeration, SaysThatItIsIncompleteWhenNothingIsAnswered) {
  Played const played = play(
      tls12(), [](Codes const&) { return Answer::inconclusive("timed out"); }, 8);
  EXPECT_TRUE(played.solution.accepted.empty());
  EXPECT_FALSE(played.solution.complete);
  EXPECT_EQ(played.solution.reason, "timed out");
  EXPECT_EQ(played.solution.chooser, Chooser::inconclusive);
  EXPECT_LE(played.offers.size(), 24U);
}

TEST(Enumeration, NeverCallsAServerThatDiesHalfwayComplete) {
  for (std::size_t const alive : {1U, 2U, 5U, 8U, 9U, 11U, 20U}) {
    std::size_t asked = 0;
    Codes const order = solve::server_orders()[3].suites;
    Played const played = play(
        tls12(),
        [&](Codes const& offer) { return asked++ < alive ? server_order(order)(offer) : Answer::inconclusive("connection reset"); }, 4);
    EXPECT_FALSE(played.solution.complete) << alive;
    EXPECT_EQ(played.solution.reason, "connection reset");
    for (Code const c : played.solution.accepted) EXPECT_TRUE(holds(order, c));
    EXPECT_LE(played.offers.size(), alive + 24);
  }
}

TEST(Enumeration, SurvivesAnAnswerThatIsMissingNowAndThen) {
  for (unsigned seed = 1; seed < 20; ++seed) {
    std::mt19937 random{seed};
    Codes const order = solve::server_orders()[3].suites;
    Played const played = play(
        tls12(), [&](Codes const& offer) { return random() % 50 == 0 ? Answer::inconclusive("reset") : server_order(order)(offer); }, 8);
    if (played.solution.complete) {
      EXPECT_EQ(sorted(played.solution.accepted), sorted(order)) << seed;
      if (played.solution.chooser == Chooser::server) {
        EXPECT_EQ(played.solution.accepted, order) << seed;
      }
    } else {
      EXPECT_FALSE(played.solution.reason.empty());
    }
  }
}

TEST(Enumeration, FindsNoOrderWhereTwoServersAnswerInTurn) {
  Codes const order = solve::server_orders()[3].suites;
  Codes other = order;
  std::rotate(other.begin(), other.begin() + 5, other.end());
  unsigned turn = 0;
  Played const played = play(
      tls12(), [&](Codes const& offer) { return first_of(turn++ % 2 == 0 ? order : other, offer); }, 8);
  EXPECT_EQ(sorted(played.solution.accepted), sorted(order));
  EXPECT_TRUE(played.solution.complete);
  EXPECT_EQ(played.solution.chooser, Chooser::inconclusive);
  EXPECT_THAT(played.solution.reason, testing::HasSubstr("contradict"));
}

TEST(Enumeration, DoesNotBelieveAPickThatWasNotOffered) {
  Played const played = play(
      tls12(), [](Codes const&) { return Answer::picked(0xDEAD); }, 8);
  EXPECT_TRUE(played.solution.accepted.empty());
  EXPECT_FALSE(played.solution.complete);
  Played const repeated = play(
      tls12(), [](Codes const&) { return Answer::picked(0x0005); }, 8);
  EXPECT_EQ(repeated.solution.accepted, Codes{0x0005});
  EXPECT_FALSE(repeated.solution.complete);
}

TEST(Enumeration, PassesOverSuitesThatArePickedAndThenFail) {
  Codes const order = {0xC02F, 0x0032, 0x0033, 0x0038, 0x0004, 0x002F, 0xC07A}, broken = {0x0032, 0x0038, 0x0004};
  for (unsigned const lanes : kLanes) {
    Played const played = play(
        tls12(),
        [&](Codes const& offer) {
          Answer answer = first_of(order, offer);
          if (answer.kind == Answer::Kind::picked && holds(broken, answer.code)) answer = Answer::failed(answer.code);
          return answer;
        },
        lanes, lanes);
    EXPECT_EQ(played.solution.accepted, (Codes{0xC02F, 0x0033, 0x002F, 0xC07A}));
    EXPECT_TRUE(played.solution.complete);
    EXPECT_EQ(played.solution.chooser, Chooser::server);
    EXPECT_LE(played.offers.size(), bound(tls12(), order.size()));
  }
}

/// As a suite that is picked and fails, but the server does not say which.
Server balking(Server server, Codes const& broken, bool at_nothing = false) {
  return [=](Codes const& offer) {
    Answer const answer = server(offer);
    if (answer.kind == Answer::Kind::picked && holds(broken, answer.code)) return Answer::balked();
    return at_nothing && answer.kind == Answer::Kind::refused ? Answer::balked() : answer;
  };
}

TEST(Enumeration, FindsWhatStandsBelowSuitesThatAServerBalksAt) {
  Codes const order = {0x0033, 0xC02F, 0x0032, 0x0039, 0x0004, 0x002F, 0xC07A}, broken = {0x0033, 0x0039, 0x0032};
  for (unsigned const lanes : kLanes) {
    SCOPED_TRACE(lanes);
    Played const played = play(tls12(), balking(server_order(order), broken), lanes, lanes);
    EXPECT_EQ(played.solution.accepted, (Codes{0xC02F, 0x0004, 0x002F, 0xC07A}));
    EXPECT_TRUE(played.solution.complete);
    EXPECT_EQ(played.solution.chooser, Chooser::server);
    EXPECT_LE(played.offers.size(), bound(tls12(), order.size()) + 1 + 8 * broken.size());
    Played const client = play(tls12(), balking(client_order(order), broken), lanes, lanes);
    EXPECT_EQ(sorted(client.solution.accepted), (Codes{0x0004, 0x002F, 0xC02F, 0xC07A}));
    EXPECT_TRUE(client.solution.complete);
    EXPECT_EQ(client.solution.chooser, Chooser::client);
  }
}

TEST(Enumeration, TakesFaultsForRefusalsOfAServerThatRefusesSo) {
  Codes const order = {0xC02F, 0xC030, 0x002F};
  for (unsigned const lanes : kLanes) {
    Played const played = play(tls12(), balking(server_order(order), {}, true), lanes, lanes);
    EXPECT_EQ(played.solution.accepted, order);
    EXPECT_TRUE(played.solution.complete);
    EXPECT_LE(played.offers.size(), bound(tls12(), order.size()) + 2);
  }
}

TEST(Enumeration, AsksNoMoreOnceStopped) {
  Enumeration enumeration{tls12()};
  std::vector<solve::Query> const queries = enumeration.next(4);
  ASSERT_FALSE(queries.empty());
  enumeration.feed(queries.front().id, Answer::picked(queries.front().offer.front()));
  enumeration.stop("interrupted");
  EXPECT_TRUE(enumeration.next(8).empty());
  EXPECT_EQ(enumeration.solution().accepted, Codes{queries.front().offer.front()});
  EXPECT_FALSE(enumeration.solution().complete);
  EXPECT_EQ(enumeration.solution().reason, "interrupted");
}

TEST(Enumeration, LearnsFromAnswersThatWereHadElsewhere) {
  Server const server = server_order({0xC02F, 0xC030, 0xCCA8});
  Enumeration enumeration{tls12()};
  Codes const opening = enumeration.opening();
  EXPECT_LE(opening.size(), 128U);
  EXPECT_TRUE(enumeration.observe(opening, server(opening)));
  EXPECT_FALSE(enumeration.observe(Codes{0xC02F, 0xC02F}, Answer::picked(0xC02F)));
  EXPECT_FALSE(enumeration.observe(Codes(opening.rbegin(), opening.rend()), Answer::picked(0xC02F)));
  EXPECT_FALSE(enumeration.observe(opening, Answer::picked(0xDEAD)));
  Played const seeded = play(enumeration, server, 8), plain = play(tls12(), server, 8);
  EXPECT_EQ(seeded.solution.accepted, (Codes{0xC02F, 0xC030, 0xCCA8}));
  EXPECT_LT(seeded.offers.size(), plain.offers.size());
}

TEST(Enumeration, DealsAnewOnceTheFirstAnswerIsKnown) {
  for (solve::ServerOrder const& known : solve::server_orders()) {
    for (unsigned const lanes : kLanes) {
      SCOPED_TRACE(std::string{known.name} + ", lanes " + std::to_string(lanes));
      Server const server = server_order(known.suites);
      Enumeration enumeration{tls12()};
      Codes const opening = enumeration.opening();
      ASSERT_TRUE(enumeration.observe(opening, server(opening)));
      Played const played = play(enumeration, server, lanes, lanes);
      EXPECT_EQ(played.solution.accepted, known.suites);
      EXPECT_TRUE(played.solution.complete);
      EXPECT_LE(played.offers.size(), bound(tls12(), known.suites.size()));
      EXPECT_LE(played.longest, 128U);
    }
  }
}

TEST(Enumeration, MeetsEachSuiteOfAServerWithEverySuiteInItsPlace) {
  Codes const order = solve::server_orders().back().suites;
  ASSERT_EQ(order.size(), 78U);
  for (unsigned const lanes : kLanes) {
    SCOPED_TRACE(lanes);
    Enumeration enumeration{tls12()};
    Codes const opening = enumeration.opening();
    ASSERT_TRUE(enumeration.observe(opening, server_order(order)(opening)));
    Played const played = play(enumeration, server_order(order), lanes, lanes);
    EXPECT_EQ(played.solution.accepted, order);
    EXPECT_LE(played.offers.size(), order.size() + hellos(tls12()) + 5);  // the first is known, the chooser asked
    Played const another = play(tls12(), server_order(order), lanes, lanes);
    EXPECT_LT(played.offers.size(), another.offers.size());
  }
}

TEST(Enumeration, IsQuickerWithTheOrderOfAnotherVersion) {
  std::mt19937 random{9};
  Codes const order = random_codes(tls12(), 60, random);
  Enumeration informed{tls12()};
  informed.expect(order);
  Played const with = play(informed, server_order(order), 8), without = play(tls12(), server_order(order), 8);
  EXPECT_EQ(with.solution.accepted, order);
  EXPECT_LT(with.rounds, without.rounds);
}

TEST(Enumeration, NeverLeadsWithChaChaWhileAnythingElseIsLeft) {
  Codes const order = solve::server_orders()[0].suites;
  Played const played = play(tls12(), server_order(order), 8);
  std::size_t leading = 0;
  for (Codes const& offer : played.offers) leading += with_role({offer.front()}, solve::Role::chacha).size();
  EXPECT_LE(leading, 2U);  // the question about it, and a rest that is ChaCha20 alone
}

TEST(Enumeration, FindsGroupsOfTls13) {
  Universe const universe = solve::group_universe();
  Codes const openssl = {29, 23, 30, 25, 24, 256, 257, 258, 259, 260};
  for (unsigned const lanes : kLanes) {
    Played const server = play(universe, server_order(openssl), lanes), client = play(universe, client_order(openssl), lanes);
    EXPECT_EQ(server.solution.accepted, openssl);
    EXPECT_EQ(server.solution.chooser, Chooser::server);
    EXPECT_EQ(server.solution.prioritizes_chacha, std::nullopt);
    EXPECT_LE(server.offers.size(), openssl.size() + 5);
    EXPECT_EQ(sorted(client.solution.accepted), sorted(openssl));
    EXPECT_EQ(client.solution.chooser, Chooser::client);
  }
}

TEST(Enumeration, WorksOnTheUniverseOfEveryVersion) {
  for (ProtocolVersion const version :
       {ProtocolVersion::SSLv3, ProtocolVersion::TLSv1_0, ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_3}) {
    Universe const universe = solve::suite_universe(version);
    std::mt19937 random{11};
    Codes const order = random_codes(universe, std::min<std::size_t>(universe.members.size(), 30), random);
    Played const played = play(universe, server_order(order), 8, 1);
    EXPECT_EQ(played.solution.accepted, order);
    EXPECT_TRUE(played.solution.complete);
    EXPECT_LE(played.longest, 128U);
  }
}

}  // namespace
}  // namespace tlsgauge::test

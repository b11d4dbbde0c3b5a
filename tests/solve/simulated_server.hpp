#pragma once
// Servers as functions from an offer to an answer, and a driver that lets answers arrive out of order.

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "solve/enumeration.hpp"

namespace tlsgauge::test {

using solve::Answer;
using solve::Code;
using Codes = std::vector<Code>;
using Server = std::function<Answer(Codes const& offer)>;

inline bool holds(Codes const& list, Code code) { return std::find(list.begin(), list.end(), code) != list.end(); }

inline Answer first_of(Codes const& preference, Codes const& other) {
  for (Code const c : preference) {
    if (holds(other, c)) return Answer::picked(c);
  }
  return Answer::refused();
}

inline Server server_order(Codes order) {
  return [order](Codes const& offer) { return first_of(order, offer); };
}

inline Server client_order(Codes taken) {
  return [taken](Codes const& offer) { return first_of(offer, taken); };
}

/// BoringSSL's [A|B]: groups in the server's order, inside a group the client chooses.
inline Server equal_groups(std::vector<Codes> groups) {
  return [groups](Codes const& offer) {
    for (Codes const& group : groups) {
      Answer const answer = first_of(offer, group);
      if (answer.kind == Answer::Kind::picked) return answer;
    }
    return Answer::refused();
  };
}

/// OpenSSL with SSL_OP_PRIORITIZE_CHACHA: when the first entry that the library knows is ChaCha20, all ChaCha20 suites move up.
inline Server chacha_promoted(Codes order, Codes chacha, Codes library) {
  return [=](Codes const& offer) {
    auto const first = std::find_if(offer.begin(), offer.end(), [&](Code c) { return holds(library, c); });
    if (first != offer.end() && holds(chacha, *first)) {
      Codes moved;
      std::copy_if(order.begin(), order.end(), std::back_inserter(moved), [&](Code c) { return holds(chacha, c); });
      std::copy_if(order.begin(), order.end(), std::back_inserter(moved), [&](Code c) { return !holds(chacha, c); });
      return first_of(moved, offer);
    }
    return first_of(order, offer);
  };
}

/// Go: which of two lists counts is decided by whether the first entry that it knows is AES-GCM.
inline Server two_lists(Codes with_aes, Codes without_aes, Codes aes_gcm) {
  return [=](Codes const& offer) {
    auto const first = std::find_if(offer.begin(), offer.end(), [&](Code c) { return holds(with_aes, c) || holds(aes_gcm, c); });
    return first_of(first != offer.end() && holds(aes_gcm, *first) ? with_aes : without_aes, offer);
  };
}

/// Anything longer gets this instead.
inline Server at_most(std::size_t length, Server server, Answer otherwise = Answer::refused()) {
  return [=](Codes const& offer) { return offer.size() > length ? otherwise : server(offer); };
}

inline Server ignoring_after(std::size_t length, Server server) {
  return
      [=](Codes const& offer) { return server(Codes(offer.begin(), offer.begin() + static_cast<long>(std::min(length, offer.size())))); };
}

struct Played {
  solve::Solution solution;
  std::vector<Codes> offers;
  std::size_t longest = 0;
  std::size_t rounds = 0;  ///< times that the slowest of the queries in flight was waited for
  std::size_t most_in_flight = 0;
};

/// Asks until done. All queries in flight are answered in one round, in an order that depends on `seed`; 0: as they were sent.
inline Played play(solve::Enumeration& enumeration, Server const& server, unsigned lanes, unsigned seed = 0) {
  Played played;
  std::mt19937 random{seed};
  while (true) {
    std::vector<solve::Query> queries = enumeration.next(lanes);
    played.most_in_flight = std::max(played.most_in_flight, enumeration.in_flight());
    if (queries.empty()) break;
    ++played.rounds;
    for (solve::Query const& query : queries) {
      played.offers.push_back(query.offer);
      played.longest = std::max(played.longest, query.offer.size());
    }
    if (seed != 0) std::shuffle(queries.begin(), queries.end(), random);
    for (solve::Query const& query : queries) enumeration.feed(query.id, server(query.offer));
    if (played.offers.size() > 5000) break;
  }
  played.solution = enumeration.solution();
  return played;
}

inline Played play(solve::Universe const& universe, Server const& server, unsigned lanes, unsigned seed = 0) {
  solve::Enumeration enumeration{universe};
  return play(enumeration, server, lanes, seed);
}

}  // namespace tlsgauge::test

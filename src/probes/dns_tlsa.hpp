#pragma once
// Do the chains match the TLSA records of the port? RFC 6698, RFC 7671.

#include <asio/awaitable.hpp>
#include <string>
#include <vector>

#include "probes/dns_chains.hpp"
#include "probes/dns_questions.hpp"
#include "tlsgauge/result.hpp"

namespace tlsgauge::probes {

/// facts.dns.tlsa. `unread`: there is a chain beside `chains`, of which nothing is known.
asio::awaitable<Value> tlsa_facts(DnsQuestions& questions, Target const& target, std::string name, std::vector<NamedChain> chains,
                                  bool unread, audit::Settings const& settings);

}  // namespace tlsgauge::probes

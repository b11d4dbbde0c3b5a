#pragma once
// Which CAs may issue for a name (RFC 8659), and whether those that did were among them.

#include <asio/awaitable.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "probes/dns_chains.hpp"
#include "probes/dns_questions.hpp"
#include "wire/dns_rdata.hpp"

namespace tlsgauge::probes {

/// The relevant RRset of a name.
struct CaaSet {
  CaaSet() = default;
  std::string at;      ///< the name that has it; empty: none has
  bool secure = true;  ///< it, and that there was none below
  std::size_t unreadable = 0;
  std::vector<wire::CaaRecord> records;
};

enum class Permission { yes, no, unknown };

struct CaaVerdict {
  CaaVerdict() = default;
  Permission permitted = Permission::unknown;
  std::string reason;
};

/// The domains that a CA takes for itself, by the name of the issuer; empty when it is not known.
[[nodiscard]] std::vector<std::string_view> caa_domains(std::string_view issuer);
[[nodiscard]] CaaVerdict judge_caa(CaaSet const& set, std::vector<std::string_view> const& domains, bool wildcard);

/// facts.dns.caa
asio::awaitable<Value> caa_facts(DnsQuestions& questions, std::string name, std::vector<NamedChain> chains);

}  // namespace tlsgauge::probes

#pragma once
// What the models of score read: versions and chains, with what is not known about them. Opinions are the models'.

#include <string>
#include <vector>

#include "audit/suite_evidence.hpp"
#include "policy/readers.hpp"

namespace tlsgauge::policy {

using audit::broken_hash;
using audit::Ephemeral;
using audit::ephemeral_bits;
using audit::ephemeral_of;
using audit::key_of;
using audit::key_serves;
using audit::KeyEvidence;
using audit::rsa_bits_of_curve;
using audit::rsa_bits_of_group;
using audit::rsa_bits_of_key;
using audit::SuiteEvidence;

struct VersionEvidence {
  wire::ProtocolVersion version = wire::ProtocolVersion::none;
  Truth accepted = Truth::unknown;
  std::string reason;                 ///< why `accepted` is unknown
  std::vector<SuiteEvidence> suites;  ///< in the server's order where it has one
  std::string missing;                ///< why there may be more suites; empty: these are all
  std::string chooser;                ///< "server", "client", "indifferent"; empty: not known
};

/// Oldest first, all of wire::kAllVersions.
[[nodiscard]] std::vector<VersionEvidence> version_evidence(Endpoint const& endpoint);

struct ChainEvidence {
  std::vector<Value const*> shown;  ///< entries of facts.certificates, for the target's own name
  std::string missing;              ///< why there are none
};
[[nodiscard]] ChainEvidence chain_evidence(Endpoint const& endpoint);

}  // namespace tlsgauge::policy

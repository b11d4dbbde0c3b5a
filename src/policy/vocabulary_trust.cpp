#include "policy/readers.hpp"

namespace tlsgauge::policy {

void add_trust_facts(std::vector<FactSpec>& all) {
  all.push_back({.name = "certificate.chain_complete",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "no issuer is missing that the chain's last certificate says where to fetch",
                 .noun = "completeness of the chain",
                 .read = read_chain_complete,
                 .affirmed = "no intermediate certificate is missing",
                 .denied = "an intermediate certificate is missing"});
  all.push_back({.name = "certificate.path_errors",
                 .type = Type::texts,
                 .scope = Scope::certificate,
                 .sentence = "what keeps the chain from leading to an anchor: trust_errors without what has a fact of its own (a missing "
                             "intermediate), and without self_signed, name_constraints, wrong_purpose, weak_key and weak_signature",
                 .noun = "faults of the path",
                 .read = read_path_errors,
                 .verb = "found",
                 .words = {"self_signed_in_chain", "untrusted_root", "incomplete_chain", "bad_signature", "invalid_ca", "path_length",
                           "key_usage", "critical_extension", "unparsable", "other"}});
  all.push_back({.name = "certificate.publicly_trusted",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the chain leads to an anchor of the system's or of Mozilla's store that nobody has added to this machine",
                 .noun = "public trust",
                 .read = read_publicly_trusted,
                 .affirmed = "a public CA vouches for it",
                 .denied = "no public CA vouches for it",
                 .optional = true});
  all.push_back({.name = "certificate.lifetime_within_limit",
                 .type = Type::boolean,
                 .scope = Scope::certificate,
                 .sentence = "the validity period is no longer than public CAs may grant on the day it begins (398, 200, 100 or 47 days); "
                             "not applicable where no public CA vouches for it",
                 .noun = "lifetime",
                 .read = read_lifetime_within_limit,
                 .affirmed = "not longer than public CAs may grant",
                 .denied = "longer than public CAs may grant",
                 .optional = true});
}

}  // namespace tlsgauge::policy

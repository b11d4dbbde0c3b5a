#include "probes/dns_chains.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/dane.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::size_t kMaxChains = 16;
constexpr std::size_t kMaxCertificates = 16;
constexpr std::size_t kMaxNames = 1000;

NamedChain chain_of(Value const& entry) {
  NamedChain chain;
  Value::Array const& certificates = entry["chain"].items();
  for (std::size_t i = 0; i < std::min(certificates.size(), kMaxCertificates); ++i) {
    chain.certificates.push_back(crypto::from_pem(certificates[i]["pem"].as_string()));
  }
  Value const& leaf = certificates.front();
  chain.sha256 = leaf["sha256"].as_string();
  chain.issuer = leaf["issuer"].as_string();
  for (Value const& name : leaf["subject_alt_names"].items()) {
    std::string const lower = ascii_lower(name.as_string());
    if (lower.starts_with("dns:") && chain.names.size() < kMaxNames) chain.names.push_back(lower.substr(4));
  }
  return chain;
}

}  // namespace

std::vector<NamedChain> chains_of_name(audit::Facts const& facts) {
  Value::Array const& all = facts.document()["certificates"].items();
  bool const named = std::any_of(all.begin(), all.end(), [](Value const& each) {
    return each["shown_for"]["sni"].is_string() && !each["shown_for"]["named"].is_string();
  });
  std::vector<NamedChain> chains;
  for (Value const& each : all) {
    if (each["chain"].items().empty() || each["chain"].items().front()["pem"].as_string().empty() ||
        each["shown_for"]["named"].is_string() || (named && !each["shown_for"]["sni"].is_string()))
      continue;
    if (chains.size() < kMaxChains) chains.push_back(chain_of(each));
  }
  return chains;
}

bool some_chain_is_unread(audit::Facts const& facts) {
  Value::Array const& all = facts.document()["certificates"].items();
  return std::any_of(all.begin(), all.end(), [](Value const& each) {
    Value::Array const& chain = each["chain"].items();
    if (each["shown_for"]["named"].is_string()) return false;
    return each["inconclusive"].is_string() || (!chain.empty() && chain.front()["pem"].as_string().empty());
  });
}

std::string attribute_of(std::string_view distinguished_name, std::string_view type) {
  bool begin = true;
  for (std::size_t i = 0; i < distinguished_name.size(); ++i) {
    char const c = distinguished_name[i];
    if (begin && distinguished_name.substr(i).starts_with(std::string{type} + "=")) {
      std::string value;
      for (std::size_t at = i + type.size() + 1; at < distinguished_name.size(); ++at) {
        char const octet = distinguished_name[at];
        if (octet == ',' || octet == '+') break;
        if (octet == '\\' && at + 1 < distinguished_name.size()) ++at;
        value += distinguished_name[at];
      }
      return value;
    }
    begin = c == ',' || c == '+' || (begin && c == ' ');
    if (c == '\\') ++i;
  }
  return {};
}

}  // namespace tlsgauge::probes

#pragma once
// What the tests of the profiles of public guidelines share.

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/facts_builder.hpp"
#include "tlsgauge/profile.hpp"

namespace tlsgauge::test {

/// An endpoint of which all was asked that guidelines speak of; at first with nothing wrong in it.
struct Measured : FactsBuilder {
  std::vector<std::string> curves = {"x25519", "secp256r1", "secp384r1"};  ///< up to TLS 1.2
  std::vector<std::string> signatures12 = {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"};
  std::vector<std::string> signatures13 = {"rsa_pss_rsae_sha256"};
  std::string secure_renegotiation = "yes";
  std::string extended_master_secret = "yes";
  std::string encrypt_then_mac = "not_applicable";
  std::string compression = "no";
  std::string heartbeat = "no";
  std::string fallback_scsv = "yes";
  std::string prefers_tls13 = "yes";
  std::string unknown_name = "refused";  ///< what is answered to a name that nobody has
  std::string post_quantum = "absent";   ///< the key exchange: or accepted, preferred
  int ticket_lifetime = 7200;            ///< in seconds
  int renegotiations = 0;                ///< that a client got; of ten the server never tires
  std::string early_data = "no";
  std::string early_data_again = "rejected";
  std::vector<std::string> psk_modes = {"psk_dhe_ke"};
  std::string dh_name = "RFC7919 ffdhe3072";  ///< empty: of the server's own making
  bool keys_reused = false;
  std::vector<std::string> key_usage = {"digitalSignature"};
  std::vector<std::string> extended_key_usage = {"serverAuth"};

  [[nodiscard]] Endpoint endpoint() const {
    Endpoint out = FactsBuilder::endpoint();
    auto const put = [&](std::string const& key, Value value) {
      if (!omitted.contains(key)) out.facts.set(key, std::move(value));
    };
    bool const old = accepts_one_of({"TLSv1.0", "TLSv1.1", "TLSv1.2"});
    bool const tls13 = accepts_one_of({"TLSv1.3"});
    if (old) {
      Value order = Value::object().set("protocol", "TLSv1.2").set("chooser", "server").set("complete", true);
      put("curves", Value::object().set("groups", coded(curves, true)).set("order", std::move(order)).set("not_offered", nullptr));
      Value renegotiation =
          Value::object().set("protocol", "TLSv1.2").set("secure", "yes").set("client_initiated", renegotiations > 0 ? "yes" : "no");
      renegotiation.set("count", renegotiations).set("refused_by", renegotiations < 10 ? Value{"closed"} : Value{});
      put("renegotiation", std::move(renegotiation));
    }
    Value signatures = Value::array();
    if (old) signatures.push_back(signed_in("TLSv1.2", signatures12));
    if (tls13) signatures.push_back(signed_in("TLSv1.3", signatures13));
    put("signature_schemes", std::move(signatures));
    Value prime = Value::object().set("bits", 3072).set("name", dh_name.empty() ? Value{} : Value{dh_name});
    prime.set("prime", true).set("safe_prime", true).set("reused", keys_reused);
    put("dh_parameters",
        Value::object().set("groups", Value::array().push_back(std::move(prime))).set("ecdh_reused", old ? Value{keys_reused} : Value{}));
    put("extensions", Value::object()
                          .set("secure_renegotiation", old ? secure_renegotiation : "not_applicable")
                          .set("extended_master_secret", old ? extended_master_secret : "not_applicable")
                          .set("encrypt_then_mac", old ? encrypt_then_mac : "not_applicable")
                          .set("compression", old ? compression : "not_applicable")
                          .set("heartbeat", heartbeat));
    put("downgrade", Value::object().set("fallback_scsv", fallback_scsv).set("prefers_tls13", tls13 ? prefers_tls13 : "not_applicable"));
    put("server_name", Value::object().set("unknown_name", Value::object().set("answer", unknown_name)));
    if (tls13) put("post_quantum", Value::object().set("key_exchange", post_quantum).set("certificates", "no"));
    Value sessions = Value::object();
    Value const ticket = Value::object().set("given", "yes").set("resumed", "yes").set("lifetime_s", ticket_lifetime);
    if (accepts_one_of({"TLSv1.2"})) sessions.set("tls12_tickets", ticket);
    if (tls13) {
      Value early = Value::object().set("offered", early_data).set("accepted", early_data);
      put("early_data", early.set("replay", early_data_again));
      sessions.set("tls13_tickets", Value{ticket}.set("psk_modes", texts(psk_modes)));
    }
    put("sessions", std::move(sessions));
    Value chains = Value::array();
    for (Value chain : out.facts["certificates"].items()) {
      Value sent = Value::array();
      for (Value certificate : chain["chain"].items()) {
        certificate.set("key_usage", texts(key_usage)).set("extended_key_usage", texts(extended_key_usage));
        sent.push_back(std::move(certificate));
      }
      chain.set("chain", std::move(sent));
      chains.push_back(std::move(chain));
    }
    put("certificates", std::move(chains));
    return out;
  }

 private:
  [[nodiscard]] bool accepts_one_of(std::vector<std::string> const& versions) const {
    return std::ranges::any_of(versions, [&](std::string const& version) {
      auto const at = protocols.find(version);
      return at != protocols.end() && at->second.support == "yes";
    });
  }
  [[nodiscard]] static Value texts(std::vector<std::string> const& words) {
    Value out = Value::array();
    for (std::string const& word : words) out.push_back(word);
    return out;
  }
  [[nodiscard]] static Value coded(std::vector<std::string> const& names, bool groups) {
    Value out = Value::array();
    for (std::string const& name : names) {
      auto const code =
          groups ? static_cast<std::uint32_t>(wire::find_named_group(name)->code)
                 : static_cast<std::uint32_t>(std::ranges::find(wire::signature_schemes(), name, &wire::SignatureSchemeInfo::name)->code);
      out.push_back(Value::object().set("code", hexadecimal(code, 4)).set("name", name));
    }
    return out;
  }
  [[nodiscard]] static Value signed_in(std::string const& version, std::vector<std::string> const& names) {
    return Value::object().set("protocol", version).set("authentication", "RSA").set("schemes", coded(names, false)).set("complete", true);
  }
};

inline std::vector<std::string> with_verdict(Assessment const& assessment, Verdict verdict) {
  std::vector<std::string> out;
  for (Requirement const& requirement : assessment.requirements) {
    if (requirement.verdict == verdict) out.push_back(requirement.id);
  }
  return out;
}

inline Assessment judged_by(std::string const& profile, Measured const& facts) { return evaluate(load_profile(profile), facts.endpoint()); }

inline std::vector<std::string> failed_by(std::string const& profile, Measured const& facts) {
  return with_verdict(judged_by(profile, facts), Verdict::fail);
}

/// A change to an endpoint, and all the requirements that fail by it.
struct Departure {
  std::vector<std::string> failing;
  void (*change)(Measured&);
};

/// Each departure from `met` fails exactly what it says, and leaves nothing open.
inline void expect_departures(std::string const& profile, Measured const& met, std::vector<Departure> const& departures) {
  for (Departure const& departure : departures) {
    Measured facts = met;
    departure.change(facts);
    Assessment const got = judged_by(profile, facts);
    EXPECT_THAT(with_verdict(got, Verdict::fail), ::testing::UnorderedElementsAreArray(departure.failing))
        << profile << ": " << ::testing::PrintToString(departure.failing);
    EXPECT_THAT(with_verdict(got, Verdict::inconclusive), ::testing::IsEmpty()) << ::testing::PrintToString(departure.failing);
  }
}

/// The certificate shown gets a key on this curve, and ECDSA signatures over its chain.
inline void show_ecdsa(Measured& facts, std::string const& curve = "secp256r1", int bits = 256) {
  ShownCertificate& shown = facts.certificates.front();
  shown.authentication = "ecdsa";
  shown.key_type = "ecdsa";
  shown.key_bits = bits;
  shown.key_curve = curve;
  shown.signature_algorithm = "ecdsa-with-SHA256";
  shown.issuer_signature_algorithm = "ecdsa-with-SHA384";
}

}  // namespace tlsgauge::test

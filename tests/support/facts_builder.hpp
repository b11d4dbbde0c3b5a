#pragma once
// Endpoints whose facts are written by hand, for tests of what is made of facts. Starts from one that nginx-recommended is happy with.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tlsgauge/result.hpp"
#include "wire/registry/registry.hpp"

namespace tlsgauge::test {

/// An entry of facts.certificates.
struct ShownCertificate {
  std::string subject = "CN=good.example";
  std::string authentication = "rsa";
  std::optional<std::string> sni = "good.example";
  std::string inconclusive;  ///< not empty: the chain could not be read
  bool unparsable = false;
  bool trusted = true;
  std::vector<std::string> errors;
  std::string detail;
  bool verified = true;
  bool issuer_missing = false;
  Value repair;    ///< null: there is none
  Value lifetime;  ///< null: there is none
  bool hostname_matches = true;
  std::string hostname_reason = "DNS:good.example matches";
  std::optional<int> days_left = 60;
  std::string not_before = "2026-10-01T00:00:00Z";
  std::string not_after = "2026-12-30T00:00:00Z";
  std::string key_type = "rsa";
  int key_bits = 2048;
  std::string key_curve;
  std::string signature_algorithm = "sha256WithRSAEncryption";
  std::string issuer_signature_algorithm = "sha256WithRSAEncryption";
  bool ocsp_stapled = false;
  std::vector<std::string> ocsp_urls;
  std::string issuer_sha256 = "ca5e";
  bool must_staple = false;
  Value staples = Value::array();

  [[nodiscard]] Value value() const {
    Value shown_for = Value::object();
    shown_for.set("protocol", "TLSv1.3").set("authentication", authentication).set("sni", sni ? Value{*sni} : Value{});
    Value out = Value::object();
    out.set("shown_for", shown_for);
    if (!inconclusive.empty()) return out.set("inconclusive", inconclusive);

    Value names = Value::array();
    Value urls = Value::array();
    for (std::string const& url : ocsp_urls) urls.push_back(url);
    Value leaf = Value::object();
    if (unparsable) {
      leaf.set("unparsable", true).set("sha256", "00").set("pem", "");
    } else {
      leaf.set("sha256", "5ea1")
          .set("subject", subject)
          .set("issuer", "CN=Test CA")
          .set("serial", "01")
          .set("not_before", not_before)
          .set("not_after", not_after)
          .set("key",
               Value::object().set("type", key_type).set("bits", key_bits).set("curve", key_curve.empty() ? Value{} : Value{key_curve}))
          .set("signature_algorithm", signature_algorithm)
          .set("subject_alt_names", names)
          .set("ca", false)
          .set("self_issued", false)
          .set("ocsp_urls", urls);
    }
    Value issuer = Value::object();
    issuer.set("sha256", issuer_sha256)
        .set("subject", "CN=Test CA")
        .set("issuer", "CN=Test Root")
        .set("signature_algorithm", issuer_signature_algorithm)
        .set("self_issued", false);
    out.set("chain", Value::array().push_back(leaf).push_back(issuer));
    if (!repair.is_null()) out.set("repair", repair);
    if (!lifetime.is_null()) out.set("lifetime", lifetime);
    if (verified) {
      Value words = Value::array();
      for (std::string const& error : errors) words.push_back(error);
      out.set("verification", Value::object()
                                  .set("trusted", trusted)
                                  .set("issuer_missing", issuer_missing)
                                  .set("error", errors.empty() ? Value{} : Value{errors.front()})
                                  .set("errors", words)
                                  .set("detail", detail)
                                  .set("store", "system"));
    }
    out.set("hostname",
            Value::object().set("matches", hostname_matches).set("reason", hostname_reason).set("reference", sni ? Value{*sni} : Value{}));
    out.set("days_left", days_left ? Value{*days_left} : Value{});
    out.set("ocsp_stapled", ocsp_stapled).set("revocation", Value::object().set("must_staple", must_staple).set("staples", staples));
    return out;
  }
};

struct FactsBuilder {
  struct Support {
    std::string support;
    std::string reason;
  };
  struct Order {
    std::string chooser = "server";
    bool complete = true;
    std::string reason;
  };
  struct Suite {
    std::string protocol;
    std::string name;
    std::optional<int> dh_bits;
    std::string group = {};  ///< of the ephemeral key exchange
  };

  std::map<std::string, Support> protocols = {{"TLSv1.2", {"yes", ""}}, {"TLSv1.3", {"yes", ""}}};  ///< the others: no
  std::vector<Suite> suites = {{"TLSv1.3", "TLS_AES_256_GCM_SHA384", {}},
                               {"TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", {}},
                               {"TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", {}},
                               {"TLSv1.2", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", {}}};
  std::map<std::string, Order> orders = {{"TLSv1.2", {}}, {"TLSv1.3", {}}};
  std::vector<std::string> groups = {"x25519", "secp256r1", "secp384r1"};
  Order group_order;
  std::vector<ShownCertificate> certificates = {{}};
  Value http = Value::object()
                   .set("spoken", true)
                   .set("http2", Value::object().set("offered", true).set("works", true))
                   .set("status", 301)
                   .set("redirect", "https://good.example/en/")
                   .set("hsts", hsts(63072000))
                   .set("hsts_behind_redirect", page(200, hsts(63072000)))
                   .set("hsts_on_error", page(404, hsts(63072000)))
                   .set("cookies", Value::array().push_back(cookie("sid", true)))
                   .set("obsolete", Value::array());
  Value plain_http = Value::object()
                         .set("state", "open")
                         .set("http", true)
                         .set("status", 301)
                         .set("redirect", "https://good.example/")
                         .set("redirects_to_https", true)
                         .set("same_host", true)
                         .set("hsts", false)
                         .set("cookies", Value::array().push_back(cookie("sid", true)));
  Value revocation = Value::array().push_back(
      Value::object().set("sha256", "5ea1").set("leaf", true).set("status", "good").set("why", "").set("sources", Value::array()));
  std::set<std::string> omitted;  ///< keys of facts that were not asked
  Status status = Status::complete;
  std::string starttls;

  static Value page(std::int64_t status, Value header) { return Value::object().set("status", status).set("hsts", std::move(header)); }
  static Value cookie(std::string_view name, bool secure) {
    return Value::object().set("name", name).set("secure", secure).set("http_only", true).set("same_site", "lax");
  }
  static Value hsts(std::int64_t max_age) {
    return Value::object()
        .set("present", true)
        .set("valid", true)
        .set("max_age", max_age)
        .set("include_subdomains", false)
        .set("preload", false)
        .set("raw", "max-age=" + std::to_string(max_age))
        .set("count", 1)
        .set("errors", Value::array());
  }
  static Value no_hsts() {
    return Value::object()
        .set("present", false)
        .set("valid", false)
        .set("max_age", nullptr)
        .set("include_subdomains", false)
        .set("preload", false)
        .set("raw", nullptr)
        .set("count", 0)
        .set("errors", Value::array());
  }
  static Value invalid_hsts(std::string_view raw, std::string_view error) {
    return no_hsts().set("present", true).set("raw", raw).set("count", 1).set("errors", Value::array().push_back(error));
  }

  FactsBuilder& accepts(std::string const& protocol, std::vector<std::string> const& names, std::string const& chooser = "server") {
    protocols[protocol] = {"yes", ""};
    orders[protocol] = {chooser, true, ""};
    for (std::string const& name : names) suites.push_back({protocol, name, {}});
    return *this;
  }
  FactsBuilder& refuses(std::string const& protocol) {
    protocols[protocol] = {"no", ""};
    orders.erase(protocol);
    std::erase_if(suites, [&](Suite const& suite) { return suite.protocol == protocol; });
    return *this;
  }
  FactsBuilder& leaves_open(std::string const& protocol, std::string const& reason) {
    refuses(protocol);
    protocols[protocol] = {"inconclusive", reason};
    return *this;
  }
  FactsBuilder& answers_with(Value header) {
    http.set("hsts_on_error", page(404, header)).set("hsts_behind_redirect", page(200, header)).set("hsts", std::move(header));
    return *this;
  }
  FactsBuilder& without(std::string const& key) {
    omitted.insert(key);
    return *this;
  }

  [[nodiscard]] static Value suite_value(Suite const& suite) {
    Value out = Value::object();
    out.set("protocol", suite.protocol);
    if (suite.protocol == "SSLv2") {
      for (wire::CipherSuiteInfo const& kind : wire::ssl2_cipher_kinds()) {
        if (kind.name == suite.name)
          return out.set("code", hexadecimal(kind.code, 6)).set("name", suite.name).set("key_exchange", kind.key_exchange);
      }
    }
    wire::CipherSuiteInfo const* const info = wire::find_cipher_suite(suite.name);
    if (!info) return out.set("code", suite.name).set("name", suite.name);
    return out.set("code", hexadecimal(info->code, 4))
        .set("name", info->name)
        .set("openssl_name", info->openssl_name.empty() ? Value{} : Value{info->openssl_name})
        .set("key_exchange", info->key_exchange)
        .set("authentication", info->authentication)
        .set("encryption", info->encryption)
        .set("key_bits", info->key_bits)
        .set("block_bits", info->block_bits)
        .set("mode", info->mode)
        .set("mac", info->mac)
        .set("aead", info->aead())
        .set("forward_secrecy", info->forward_secrecy)
        .set("export", info->export_grade)
        .set("group", suite.group.empty() ? Value{} : Value{suite.group})
        .set("dh_bits", suite.dh_bits ? Value{*suite.dh_bits} : Value{});
  }

  [[nodiscard]] static std::string hexadecimal(std::uint32_t code, int digits) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out = "0x";
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 0xFU];
    return out;
  }

  [[nodiscard]] Endpoint endpoint() const {
    Endpoint out;
    out.target.input = "good.example";
    out.target.host = "good.example";
    out.target.server_name = "good.example";
    out.target.starttls = starttls;
    out.status = status;
    auto const put = [&](std::string const& key, Value value) {
      if (!omitted.contains(key)) out.facts.set(key, std::move(value));
    };
    Value versions = Value::array();
    for (wire::ProtocolVersion const version : wire::kAllVersions) {
      auto const at = protocols.find(wire::name(version));
      Support const support = at == protocols.end() ? Support{"no", "alert protocol_version"} : at->second;
      versions.push_back(Value::object().set("name", wire::name(version)).set("support", support.support).set("reason", support.reason));
    }
    put("protocols", std::move(versions));

    Value listed = Value::array();
    for (Suite const& suite : suites) listed.push_back(suite_value(suite));
    put("cipher_suites", std::move(listed));
    Value choosers = Value::array();
    for (auto const& [protocol, order] : orders) choosers.push_back(order_value(protocol, order));
    put("cipher_order", std::move(choosers));

    auto const tls13 = protocols.find("TLSv1.3");
    if (tls13 != protocols.end() && tls13->second.support == "yes") {
      Value named = Value::array();
      for (std::string const& name : groups) {
        wire::NamedGroupInfo const* const info = wire::find_named_group(name);
        named.push_back(Value::object()
                            .set("code", hexadecimal(static_cast<std::uint32_t>(info->code), 4))
                            .set("name", info->name)
                            .set("protocol", "TLSv1.3")
                            .set("post_quantum", info->post_quantum()));
      }
      put("groups", std::move(named));
      put("group_order", order_value("TLSv1.3", group_order));
    }
    handshake_facts(put);
    Value chains = Value::array();
    for (ShownCertificate const& certificate : certificates) chains.push_back(certificate.value());
    put("certificates", std::move(chains));
    put("revocation", revocation);
    put("http", http);
    put("plain_http", plain_http);
    return out;
  }

 private:
  [[nodiscard]] bool accepts_one_of(std::vector<std::string_view> const& versions) const {
    return std::ranges::any_of(versions, [&](std::string_view version) {
      auto const at = protocols.find(std::string{version});
      return at != protocols.end() && at->second.support == "yes";
    });
  }

  /// What a current OpenSSL does where nothing else is said.
  template <class Put>
  void handshake_facts(Put const& put) const {
    bool const old = accepts_one_of({"TLSv1.0", "TLSv1.1", "TLSv1.2"});
    auto const one = [](std::string_view code, std::string_view name) {
      return Value::array().push_back(Value::object().set("code", code).set("name", name));
    };
    if (old) {
      Value order = Value::object().set("protocol", "TLSv1.2").set("chooser", "server").set("complete", true);
      put("curves", Value::object().set("groups", one("0x001D", "x25519")).set("order", std::move(order)).set("not_offered", nullptr));
    }
    Value signatures = Value::array();
    for (std::string_view const version : {"TLSv1.2", "TLSv1.3"}) {
      if (!accepts_one_of({version})) continue;
      signatures.push_back(Value::object()
                               .set("protocol", version)
                               .set("authentication", "RSA")
                               .set("schemes", one("0x0804", "rsa_pss_rsae_sha256"))
                               .set("complete", true));
    }
    put("signature_schemes", std::move(signatures));
    put("extensions",
        Value::object().set("secure_renegotiation", old ? "yes" : "not_applicable").set("compression", old ? "no" : "not_applicable"));
  }

 private:
  [[nodiscard]] static Value order_value(std::string const& protocol, Order const& order) {
    return Value::object()
        .set("protocol", protocol)
        .set("chooser", order.chooser)
        .set("prioritizes_chacha", nullptr)
        .set("complete", order.complete)
        .set("reason", order.reason.empty() ? Value{} : Value{order.reason});
  }
};

}  // namespace tlsgauge::test

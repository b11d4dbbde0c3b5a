// Chains and the verdicts they deserve, in the manner of x509-limbo: each is made, signed and verified.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "crypto/certificate.hpp"
#include "crypto/chain_maker.hpp"
#include "crypto/verify.hpp"

namespace tlsgauge::crypto {
namespace {

using std::chrono::seconds;
using test::anchor;
using test::authority;
using test::entity;
using test::Form;
using test::kDay;
using test::kNow;
using test::Made;
using test::make;
using test::with;

struct Row {
  std::string name;
  std::vector<Bytes> chain;
  std::vector<Made> anchors;
  std::string error;  ///< empty: trusted
  std::string host = "www.example.com";
  bool covered = true;
  Moment at = kNow;
};

std::vector<Bytes> ders(std::vector<Made> const& chain) {
  std::vector<Bytes> out;
  for (Made const& each : chain) out.push_back(each.der());
  return out;
}

Form lasting(Form form, Moment from, Moment until) {
  form.from = from;
  form.until = until;
  return form;
}

Form hashed(Form form, char const* digest) {
  form.digest = digest;
  return form;
}

Form keyed(Form form, std::string key) {
  form.key = std::move(key);
  return form;
}

struct Table {
  std::vector<Row> rows;
  Made const root = make(anchor("root"));
  Made const between = make(authority("intermediate"), &root);
  Made const leaf = make(entity(), &between);
  Made const stranger = make(anchor("stranger"));

  void add(std::string name, std::vector<Made> const& chain, std::string error, Moment at = kNow) {
    Row row;
    row.name = std::move(name);
    row.chain = ders(chain);
    row.anchors = {root};
    row.error = std::move(error);
    row.at = at;
    rows.push_back(std::move(row));
  }
  void anchored(std::string name, std::vector<Made> const& chain, std::vector<Made> anchors, std::string error) {
    add(std::move(name), chain, std::move(error));
    rows.back().anchors = std::move(anchors);
  }
  void hosted(std::string name, std::string const& names, std::string host, bool covered) {
    add(std::move(name), {make(entity(names), &between), between}, "");
    rows.back().host = std::move(host);
    rows.back().covered = covered;
  }
  /// A leaf of these names below an intermediate with that nameConstraints.
  void constrained(std::string name, std::string const& constraints, std::string const& names, std::string error, std::string host) {
    Made const issuer = make(authority("constrained", {{"nameConstraints", constraints}}), &root);
    add(std::move(name), {make(entity(names), &issuer), issuer}, std::move(error));
    rows.back().host = std::move(host);
  }

  void order() {
    add("leaf below root", {make(entity(), &root)}, "");
    add("leaf and intermediate", {leaf, between}, "");
    add("root sent along", {leaf, between, root}, "");
    add("out of order", {leaf, root, between}, "");
    add("duplicates", {leaf, leaf, between, between, between}, "");
    add("a stranger besides", {leaf, stranger, between}, "");
    add("junk besides", {leaf, between}, "");
    rows.back().chain.insert(rows.back().chain.begin() + 1, Bytes{1, 2, 3});
    anchored("intermediate as anchor", {leaf}, {between}, "");
    Made const self = make(entity("DNS:www.example.com", {{"authorityKeyIdentifier", ""}}));
    anchored("self-signed as anchor", {self}, {self}, "");
    add("self-signed", {self}, "self_signed");
    anchored("unknown root", {leaf, between}, {stranger}, "untrusted_root");
    anchored("unknown root sent", {leaf, between, root}, {stranger}, "self_signed_in_chain");
    add("intermediate missing", {leaf}, "incomplete_chain");
    Made const second = make(authority("second"), &between);
    add("upper intermediate missing", {make(entity(), &second), second}, "untrusted_root");
    add("lower intermediate missing", {make(entity(), &second), between}, "incomplete_chain");
    add("nothing but junk", {}, "unparsable");
    rows.back().chain = {Bytes{0x30, 0x00}};
    rows.back().covered = false;
    add("signature altered", {leaf, between}, "bad_signature");
    rows.back().chain.front().back() ^= 1U;
    add("intermediate's signature altered", {leaf, between}, "bad_signature");
    rows.back().chain.back().back() ^= 1U;
  }

  void alternatives() {
    Made const good = make(authority("crossed"), &root);
    Made const astray = make(authority("crossed"), &stranger, &good);
    Made const old = make(lasting(authority("crossed"), kNow - 30 * kDay, kNow - kDay), &root, &good);
    Made const below = make(entity(), &good);
    add("cross-signed, the strange one first", {below, astray, good}, "");
    add("cross-signed, the strange one last", {below, good, astray}, "");
    add("cross-signed by a root sent along", {below, astray, stranger, good}, "");
    add("cross-signed, an expired one first", {below, old, good}, "");
    add("cross-signed, an expired one last", {below, good, old}, "");
    add("cross-signed, only an expired one leads to an anchor", {below, astray, old}, "expired");
    add("cross-signed, none leads to an anchor", {below, astray}, "untrusted_root");
    Form bad_form = authority("crossed", {{"nameConstraints", "permitted;DNS:example.org"}});
    Made const bad = make(lasting(bad_form, kNow - kDay, kNow + 300 * kDay), &root, &good);
    add("cross-signed, the lasting one confined", {below, bad, good}, "");
    Made const weak = make(lasting(hashed(authority("crossed"), "SHA1"), kNow - kDay, kNow + 300 * kDay), &root, &good);
    add("cross-signed, the lasting one by SHA-1", {below, weak, good}, "");
    Made const crossed_root = make(authority("root"), &stranger, &root);
    add("root cross-signed by a stranger", {leaf, between, crossed_root}, "");
    Form const anonymous = authority("twin", {{"subjectKeyIdentifier", ""}, {"authorityKeyIdentifier", ""}});
    Made const one = make(lasting(anonymous, kNow - kDay, kNow + 300 * kDay), &root);
    Made const other = make(anonymous, &root);
    Form const unaware = entity("DNS:www.example.com", {{"authorityKeyIdentifier", ""}});
    add("issuers of one name, the wrong key first", {make(unaware, &other), one, other}, "");
    add("issuers of one name, the right key first", {make(unaware, &other), other, one}, "");
    Made const impostor = make(authority("intermediate"), &root);
    add("key identifiers of another key", {leaf, impostor}, "incomplete_chain");
    Made const a = make(anchor("a"));
    Made const b = make(authority("b"), &a);
    Made const a_by_b = make(authority("a"), &b, &a);
    add("loop", {make(entity(), &a), a_by_b, b}, "untrusted_root");
    anchored("loop with a way out", {make(entity(), &a), a_by_b, b}, {b}, "");
  }

  void times() {
    add("leaf expired", {make(lasting(entity(), kNow - 9 * kDay, kNow - kDay), &between), between}, "expired");
    add("leaf not yet valid", {make(lasting(entity(), kNow + kDay, kNow + 9 * kDay), &between), between}, "not_yet_valid");
    Made const old = make(lasting(authority("old"), kNow - 9 * kDay, kNow - kDay), &root);
    add("intermediate expired", {make(entity(), &old), old}, "expired");
    Made const early = make(lasting(authority("early"), kNow + kDay, kNow + 9 * kDay), &root);
    add("intermediate not yet valid", {make(entity(), &early), early}, "not_yet_valid");
    Made const old_root = make(lasting(anchor("old root"), kNow - 9 * kDay, kNow - kDay));
    anchored("root expired", {make(entity(), &old_root)}, {old_root}, "expired");
    Made const early_root = make(lasting(anchor("early root"), kNow + kDay, kNow + 9 * kDay));
    anchored("root not yet valid", {make(entity(), &early_root)}, {early_root}, "not_yet_valid");
    add("a second before the end", {leaf, between}, "", kNow + 30 * kDay - seconds{1});
    add("a second past the end", {leaf, between}, "expired", kNow + 30 * kDay + seconds{1});
    add("at the beginning", {leaf, between}, "", kNow - 30 * kDay);
    add("a second before the beginning", {leaf, between}, "not_yet_valid", kNow - 30 * kDay - seconds{1});
    add("after 2050", {make(lasting(entity(), kNow - kDay, kNow + 10'000 * kDay), &between), between}, "");
  }

  void purposes() {
    auto const lone = [&](std::string name, test::Extensions more, std::string error) {
      add(std::move(name), {make(entity("DNS:www.example.com", more), &between), between}, std::move(error));
    };
    lone("for clients", {{"extendedKeyUsage", "clientAuth"}}, "wrong_purpose");
    lone("for clients and servers", {{"extendedKeyUsage", "clientAuth,serverAuth"}}, "");
    lone("for mail", {{"extendedKeyUsage", "emailProtection"}}, "wrong_purpose");
    lone("without extendedKeyUsage", {{"extendedKeyUsage", ""}}, "");
    lone("without keyUsage", {{"keyUsage", ""}}, "");
    lone("keyUsage for CRLs alone", {{"keyUsage", "critical,cRLSign"}}, "wrong_purpose");
    lone("unknown critical extension", {{"1.2.3.4", "critical,DER:0500"}}, "critical_extension");
    lone("unknown extension", {{"1.2.3.4", "DER:0500"}}, "");
    auto const issued = [&](std::string name, test::Extensions more, std::string error) {
      Made const issuer = make(authority("issuer", more), &root);
      add(std::move(name), {make(entity(), &issuer), issuer}, std::move(error));
    };
    issued("issuer for servers", {{"extendedKeyUsage", "serverAuth"}}, "");
    issued("issuer for mail", {{"extendedKeyUsage", "emailProtection"}}, "wrong_purpose");
    issued("issuer without keyUsage", {{"keyUsage", ""}}, "");
    issued("issuer that may not sign certificates", {{"keyUsage", "critical,cRLSign"}}, "key_usage");
    issued("issuer that is no CA", {{"basicConstraints", "critical,CA:FALSE"}}, "invalid_ca");
    issued("issuer without basicConstraints or keyUsage", {{"basicConstraints", ""}, {"keyUsage", ""}}, "invalid_ca");
    issued("issuer with an unknown critical extension", {{"1.2.3.4", "critical,DER:0500"}}, "critical_extension");
    issued("path length 0 above a leaf", {{"basicConstraints", "critical,CA:TRUE,pathlen:0"}}, "");
    add("below an end entity", {make(entity(), &leaf), leaf, between}, "invalid_ca");
    Made const short_one = make(authority("short", {{"basicConstraints", "critical,CA:TRUE,pathlen:0"}}), &root);
    Made const too_deep = make(authority("too deep"), &short_one);
    add("path length 0 above an intermediate", {make(entity(), &too_deep), too_deep, short_one}, "path_length");
    Made const longer = make(authority("longer", {{"basicConstraints", "critical,CA:TRUE,pathlen:1"}}), &root);
    Made const deep = make(authority("deep"), &longer);
    add("path length 1 above an intermediate", {make(entity(), &deep), deep, longer}, "");
    Made const short_root = make(anchor("short root", {{"basicConstraints", "critical,CA:TRUE,pathlen:0"}}));
    Made const below = make(authority("below"), &short_root);
    anchored("root's path length exceeded", {make(entity(), &below), below}, {short_root}, "path_length");
    Form old_form;
    old_form.subject = "version 1";
    old_form.version = X509_VERSION_1;
    Made const old_root = make(old_form);
    Form const unaware = entity("DNS:www.example.com", {{"authorityKeyIdentifier", ""}});
    anchored("version 1 root", {make(unaware, &old_root)}, {old_root}, "");
    Made const old_issuer = make(old_form, &root);
    add("version 1 intermediate", {make(unaware, &old_issuer), old_issuer}, "invalid_ca");
  }

  void names() {
    constrained("permitted name", "critical,permitted;DNS:www.example.com", "DNS:www.example.com", "", "www.example.com");
    constrained("permitted domain", "critical,permitted;DNS:example.com", "DNS:www.example.com", "", "www.example.com");
    constrained("permitted domain in capitals", "critical,permitted;DNS:EXAMPLE.com", "DNS:www.example.COM", "", "www.example.com");
    constrained("permitted with a leading dot", "permitted;DNS:.example.com", "DNS:www.example.com", "", "www.example.com");
    constrained("permitted below a leading dot only", "permitted;DNS:.example.com", "DNS:example.com", "name_constraints", "example.com");
    constrained("permitted elsewhere", "critical,permitted;DNS:example.org", "DNS:www.example.com", "name_constraints", "www.example.com");
    constrained("permitted for a part of the names", "permitted;DNS:example.com", "DNS:www.example.com,DNS:www.example.org",
                "name_constraints", "www.example.com");
    constrained("permitted like a suffix of a label", "permitted;DNS:ample.com", "DNS:example.com", "name_constraints", "example.com");
    constrained("permitted two", "permitted;DNS:example.org,permitted;DNS:example.com", "DNS:www.example.com", "", "www.example.com");
    constrained("all permitted", "DER:3006A00430028200", "DNS:www.example.com", "", "www.example.com");
    constrained("all excluded", "DER:3006A10430028200", "DNS:www.example.com", "name_constraints", "www.example.com");
    constrained("excluded elsewhere", "excluded;DNS:example.org", "DNS:www.example.com", "", "www.example.com");
    constrained("excluded domain", "excluded;DNS:example.com", "DNS:www.example.com", "name_constraints", "www.example.com");
    constrained("excluded in capitals", "excluded;DNS:EXAMPLE.COM", "DNS:www.example.com", "name_constraints", "www.example.com");
    constrained("excluded inside of permitted", "permitted;DNS:example.com,excluded;DNS:www.example.com", "DNS:www.example.com",
                "name_constraints", "www.example.com");
    constrained("permitted addresses", "permitted;IP:192.0.2.0/255.255.255.0", "IP:192.0.2.7", "", "192.0.2.7");
    constrained("address outside of the permitted", "permitted;IP:192.0.2.0/255.255.255.0", "IP:198.51.100.7", "name_constraints",
                "198.51.100.7");
    constrained("excluded addresses", "excluded;IP:2001:db8:0:0:0:0:0:0/ffff:ffff:0:0:0:0:0:0", "IP:2001:db8::7", "name_constraints",
                "2001:db8::7");
    constrained("addresses permitted, a name asked for", "permitted;IP:192.0.2.0/255.255.255.0", "DNS:www.example.com", "",
                "www.example.com");
    constrained("excluded mail", "excluded;email:example.com", "DNS:www.example.com,email:a@example.com", "name_constraints",
                "www.example.com");
    constrained("permitted mail", "permitted;email:example.com", "DNS:www.example.com,email:a@example.com", "", "www.example.com");
    Made const upper = make(authority("upper", {{"nameConstraints", "critical,permitted;DNS:example.org"}}), &root);
    Made const lower = make(authority("lower"), &upper);
    add("constraints two levels above", {make(entity(), &lower), lower, upper}, "name_constraints");
  }

  void strength() {
    add("SHA-1", {make(hashed(entity(), "SHA1"), &between), between}, "weak_signature");
    Made const rsa = make(keyed(authority("rsa"), "RSA-2048"), &root);
    add("MD5", {make(hashed(entity(), "MD5"), &rsa), rsa}, "weak_signature");
    add("RSA", {make(keyed(entity(), "RSA-2048"), &rsa), rsa}, "");
    Form pss = entity();
    pss.pss = true;
    add("RSA-PSS", {make(pss, &rsa), rsa}, "");
    Made const sha1 = make(hashed(authority("sha1"), "SHA1"), &root);
    add("intermediate by SHA-1", {make(entity(), &sha1), sha1}, "weak_signature");
    Made const sha1_root = make(hashed(anchor("sha1 root"), "SHA1"));
    anchored("root by SHA-1", {make(entity(), &sha1_root)}, {sha1_root}, "");
    add("1024 bits", {make(keyed(entity(), "RSA-1024"), &between), between}, "weak_key");
    Made const small = make(keyed(authority("small"), "RSA-1024"), &root);
    add("intermediate of 1024 bits", {make(entity(), &small), small}, "weak_key");
    Made const small_root = make(keyed(anchor("small root"), "RSA-1024"));
    anchored("root of 1024 bits", {make(entity(), &small_root)}, {small_root}, "weak_key");
    Made const edwards = make(keyed(authority("ed25519"), "ED25519"), &root);
    add("Ed25519", {make(keyed(entity(), "ED25519"), &edwards), edwards}, "");
    Made const p384 = make(keyed(authority("p384"), "P-384"), &root);
    add("P-384 with SHA-384", {make(hashed(keyed(entity(), "P-384"), "SHA384"), &p384), p384}, "");
    Form negative = entity();
    negative.serial = -77;
    add("negative serial", {make(negative, &between), between}, "");  // RFC 5280 forbids it; clients built on OpenSSL take it
  }

  void depth() {
    std::vector<Made> line{root};
    for (int i = 0; i < 20; ++i) line.push_back(make(authority("authority " + std::to_string(i)), &line.back()));
    auto const chain_of = [&line](std::size_t between_count) {
      std::vector<Made> chain{make(entity(), &line[between_count])};
      for (std::size_t i = between_count; i > 0; --i) chain.push_back(line[i]);
      return chain;
    };
    add("nine intermediates", chain_of(9), "");
    add("twenty intermediates", chain_of(20), "other");
  }

  void hosts() {
    hosted("wildcard", "DNS:*.example.com", "www.example.com", true);
    hosted("wildcard and two labels", "DNS:*.example.com", "a.www.example.com", false);
    hosted("wildcard and the apex", "DNS:*.example.com", "example.com", false);
    hosted("partial wildcard", "DNS:w*.example.com", "www.example.com", false);
    hosted("wildcard under a public suffix", "DNS:*.co.uk", "example.co.uk", false);
    hosted("wildcard under a top-level domain", "DNS:*.com", "example.com", false);
    hosted("A-label", "DNS:xn--bcher-kva.example", "b\xC3\xBC\x63her.example", true);
    hosted("IPv4", "IP:192.0.2.1", "192.0.2.1", true);
    hosted("IPv6", "IP:2001:db8::1", "[2001:DB8:0::1]", true);
    hosted("address as DNS name", "DNS:192.0.2.1", "192.0.2.1", false);
    hosted("target with a trailing dot", "DNS:www.example.com", "www.example.com.", true);
    hosted("name with a trailing dot", "DNS:www.example.com.", "www.example.com", false);
    hosted("underscore", "DNS:a_b.example.com", "a_b.example.com", true);
    hosted("only another name", "DNS:www.example.org", "www.example.com", false);
    Form common = entity("DNS:www.example.com", {{"subjectAltName", ""}});
    common.subject = "www.example.com";
    add("common name only", {make(common, &between), between}, "");
    rows.back().covered = false;
    Form nameless = entity("critical,DNS:www.example.com");
    nameless.subject = "";
    add("empty subject", {make(nameless, &between), between}, "");
  }
};

std::shared_ptr<TrustStore const> store_of(std::vector<Made> const& anchors) {
  std::string path = testing::TempDir() + "tlsgauge-anchors-XXXXXX";
  int const descriptor = mkstemp(path.data());
  EXPECT_GE(descriptor, 0);
  close(descriptor);
  std::ofstream file{path};
  for (Made const& each : anchors) file << each.pem();
  file.close();
  auto store = TrustStore::load(path, "");
  std::filesystem::remove(path);
  EXPECT_TRUE(store);
  return store.value();
}

TEST(ChainTable, EachChainGetsItsVerdict) {
  Table table;
  table.order();
  table.alternatives();
  table.times();
  table.purposes();
  table.names();
  table.strength();
  table.depth();
  table.hosts();
  std::set<std::string> names;
  std::size_t good = 0;
  for (Row const& row : table.rows) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " stands there twice";
    Verification const found = verify_chain(row.chain, *store_of(row.anchors), row.at);
    EXPECT_EQ(found.error, row.error) << row.name << ": " << found.detail;
    EXPECT_EQ(found.trusted, row.error.empty()) << row.name;
    if (found.trusted) {
      EXPECT_TRUE(found.anchored) << row.name;
      EXPECT_EQ(found.path.front(), row.chain.front()) << row.name;
    }
    Result<Certificate> const read = read_certificate(row.chain.front());
    EXPECT_EQ(read && match_hostname(*read, row.host).matches, row.covered) << row.name;
    if (row.error.empty()) ++good;
  }
  RecordProperty("rows", static_cast<int>(table.rows.size()));
  EXPECT_GE(table.rows.size(), 100U);
  EXPECT_GE(good, 40U);
}

}  // namespace
}  // namespace tlsgauge::crypto

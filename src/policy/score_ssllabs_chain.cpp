#include "policy/score_ssllabs_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "policy/score_evidence.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr int kShortKey = 2048;
constexpr int kTinyKey = 1024;

class ChainJudge {
 public:
  ChainJudge(Endpoint const& endpoint, Value const& chain)
      : subject_{.endpoint = &endpoint, .certificate = &chain}, chain_(chain), key_(key_of(chain)) {}

  std::vector<ChainFinding> run() {
    trust();
    dates();
    revocation();
    name();
    signatures();
    key();
    return std::move(findings_);
  }

 private:
  void find(SslLabsFault fault, std::string words, std::vector<std::string> members = {}) {
    if (members.empty()) members.push_back(words);
    findings_.push_back({.fault = fault, .inconclusive = false, .words = std::move(words), .members = std::move(members)});
  }
  void open(SslLabsFault fault, std::string why) {
    findings_.push_back({.fault = fault, .inconclusive = true, .words = std::move(why), .members = {}});
  }

  // Whether every key of the chain but the end entity's is as long as those that the guide has nothing against.
  bool issuers_are_strong() const {
    bool first = true;
    for (Value const& certificate : chain_["chain"].items()) {
      bool const leaf = first;
      first = false;
      if (leaf) continue;
      Value const& key = certificate["key"];
      int const bits =
          rsa_bits_of_key(key["type"].as_string(), static_cast<int>(std::clamp<std::int64_t>(key["bits"].as_int(), 0, 1'000'000)));
      if (bits < kShortKey) return false;
    }
    return true;
  }

  bool rests_on_broken_hash() const {
    Observed const algorithms = read_chain_signatures(subject_, ProtocolVersion::none);
    return std::ranges::any_of(algorithms.elements, [](Element const& each) { return !broken_hash(each.key).empty(); });
  }

  void trust() {
    Observed const trusted = read_trusted(subject_, ProtocolVersion::none);
    if (trusted.state != Observed::State::known) return open(SslLabsFault::untrusted, trusted.reason);
    if (trusted.flag) return;

    Value const& verification = chain_["verification"];
    std::vector<std::string> words;
    for (Value const& word : verification["errors"].items()) words.push_back(bounded(word.as_string(), 60));
    std::string const& first = verification["error"].as_string();
    if (!first.empty() && std::ranges::find(words, first) == words.end()) words.insert(words.begin(), bounded(first, 60));
    if (words.empty()) words.emplace_back("other");
    if (key_ && key_->rsa_bits < kShortKey && issuers_are_strong()) std::erase(words, "weak_key");
    if (rests_on_broken_hash()) std::erase(words, "weak_signature");
    if (verification["issuer_missing"].as_bool()) {
      std::erase(words, "incomplete_chain");
      std::erase(words, "untrusted_root");
      if (words.empty()) return completed();
    }
    std::string const& detail = verification["detail"].as_string();
    if (!words.empty())
      find(SslLabsFault::untrusted, fmt::format("not trusted, {}{}", enumerate(words), detail.empty() ? "" : ": " + bounded(detail, 160)),
           words);
  }

  // The only fault of the chain is that the server leaves out an issuer.
  void completed() {
    Value const& repair = chain_["repair"];
    if (repair["trusted"].as_bool()) return find(SslLabsFault::incomplete_chain, "an intermediate certificate is not sent");
    if (repair["complete"].as_bool())
      return find(SslLabsFault::untrusted, "completed with what its issuers publish, the chain is not trusted either");
    open(SslLabsFault::untrusted, "an intermediate certificate is not sent, and could not be had");
  }

  void dates() {
    for (auto const read : {read_expired, read_not_yet_valid}) {
      Observed const found = read(subject_, ProtocolVersion::none);
      if (found.state == Observed::State::known && found.flag)
        find(SslLabsFault::untrusted, found.text.empty() ? "out of date" : found.text,
             {read == read_expired ? "expired" : "not_yet_valid"});
    }
  }

  void revocation() {
    FactSpec const* const fact = find_fact("certificate.revocation");
    Observed const found = fact->read(subject_, ProtocolVersion::none);
    if (found.state == Observed::State::known && found.text == "revoked") find(SslLabsFault::untrusted, "revoked: " + found.note);
    if (found.state == Observed::State::unknown) open(SslLabsFault::untrusted, "revocation: " + found.reason);
  }

  void name() {
    Observed const matches = read_hostname_matches(subject_, ProtocolVersion::none);
    if (matches.state != Observed::State::known) return open(SslLabsFault::name_mismatch, matches.reason);
    if (!matches.flag) find(SslLabsFault::name_mismatch, matches.note.empty() ? "another name" : matches.note);
  }

  void signatures() {
    Observed const algorithms = read_chain_signatures(subject_, ProtocolVersion::none);
    for (Element const& algorithm : algorithms.elements) {
      std::string_view const hash = broken_hash(algorithm.key);
      if (!hash.empty()) find(hash == "SHA1" ? SslLabsFault::sha1 : SslLabsFault::insecure_certificate, "signed with " + algorithm.label);
    }
    if (algorithms.state != Observed::State::known || !algorithms.complete) open(SslLabsFault::sha1, algorithms.reason);
  }

  void key() {
    if (!key_ || key_->rsa_bits == 0) {
      open(SslLabsFault::tiny_key, "the certificate's key was not read");
    } else if (key_->rsa_bits < kTinyKey) {
      find(SslLabsFault::tiny_key, fmt::format("the certificate's key is {} {}", key_->type, key_->bits));
    } else if (key_->rsa_bits < kShortKey) {
      find(SslLabsFault::short_key, fmt::format("the certificate's key is {} {}", key_->type, key_->bits));
    }
    // Careless, but not broken, is what else there may be.
    constexpr std::array<std::string_view, 5> kBroken = {"exponent_one", "exponent_even", "roca", "close_primes", "small_factor"};
    Observed const faults = read_key_faults(subject_, ProtocolVersion::none);
    std::vector<std::string> broken;
    for (Element const& fault : faults.elements) {
      if (std::ranges::find(kBroken, fault.key) != kBroken.end()) broken.push_back(fault.label);
    }
    if (broken.empty() && key_ && key_->exponent_one) broken.emplace_back("exponent_one");
    if (!broken.empty()) find(SslLabsFault::insecure_certificate, "a key can be broken: " + enumerate(broken));
    if (broken.empty() && faults.state == Observed::State::unknown) open(SslLabsFault::insecure_certificate, faults.reason);
  }

  Subject subject_;
  Value const& chain_;
  std::optional<KeyEvidence> key_;
  std::vector<ChainFinding> findings_;
};

}  // namespace

std::vector<ChainFinding> judge_chain(Endpoint const& endpoint, Value const& chain) { return ChainJudge{endpoint, chain}.run(); }

}  // namespace tlsgauge::policy

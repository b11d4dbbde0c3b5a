#include "probes/inquiry.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "crypto/key_share.hpp"
#include "probes/offers.hpp"
#include "wire/ssl2.hpp"

namespace tlsgauge::probes {
namespace {

using audit::Outcome;
using audit::Question;
using audit::Reply;
using audit::Support;
using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;

Question ssl2_question() {
  wire::Ssl2ClientHello hello;
  for (wire::CipherSuiteInfo const& kind : wire::ssl2_cipher_kinds()) {
    hello.cipher_specs.push_back(static_cast<wire::Ssl2CipherKind>(kind.code));
  }
  hello.challenge.resize(16);
  wire::fill_random(hello.challenge);
  Question question;
  question.raw = hello.encode();
  question.ssl2 = true;
  question.purpose = fmt::format("SSLv2, {} cipher kinds", hello.cipher_specs.size());
  return question;
}

/// Of the suites that some implementation is known to use at that version. Servers that take one of a later version there have others too:
/// for the list of suites those count, for the version they do not.
solve::Universe const& plausible_suites(ProtocolVersion version) {
  static std::map<ProtocolVersion, solve::Universe> const universes = [] {
    std::map<ProtocolVersion, solve::Universe> made;
    for (ProtocolVersion const each : wire::kAllVersions) {
      if (each == ProtocolVersion::SSLv2) continue;
      std::vector<CipherSuite> suites = wire::offerable_suites(each);
      std::erase_if(suites, [each](CipherSuite suite) { return !solve::known_at(each, suite); });
      made.emplace(each, solve::suite_universe(each, suites));
    }
    return made;
  }();
  return universes.at(version);
}

bool about_something_else(Reply const& reply) {
  std::optional<wire::Alert> const alert = reply.flight.fatal_alert();
  return alert && beside_the_point(alert->description);
}

}  // namespace

Inquiry::Inquiry(ProtocolVersion version, std::string server_name, bool answering)
    : version_(version), server_name_(std::move(server_name)), answering_(answering) {}

/// Empty: there is no such step. Made when they are needed, since shares take their time.
std::vector<Question> Inquiry::step(std::size_t number) const {
  std::vector<Question> questions;
  if (version_ == ProtocolVersion::SSLv2) {
    if (number == 0) questions.push_back(ssl2_question());
    return questions;
  }
  solve::Enumeration const all{plausible_suites(version_)};
  // Without extensions there is room for all that the first question leaves out.
  std::vector<CipherSuite> const few = suites_of(version_ == ProtocolVersion::SSLv3 ? all.closing() : all.sample());
  wire::ClientHello const usual = usual_hello(version_, suites_of(all.opening()), server_name_);
  if (number == 0) questions.push_back(ask(usual, "the most usual suites"));
  // RFC 7250: a server with nothing but a raw public key refuses clients that do not say they take one.
  if (number == 2 && version_ != ProtocolVersion::SSLv3 && !refusal_.empty()) {
    wire::ClientHello raw_key = usual;
    wire::put(raw_key, wire::server_certificate_type());
    questions.push_back(ask(std::move(raw_key), "with raw public keys"));
  }
  if (version_ != ProtocolVersion::TLSv1_3) {
    // Servers and boxes from before RFC 3546 drop a hello that goes on after its compression methods.
    if (number == 2 && version_ != ProtocolVersion::SSLv3 && dropped_ && !vague_) {
      wire::ClientHello bare = usual;
      bare.extensions.clear();
      bare.cipher_suites.push_back(CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
      questions.push_back(ask(std::move(bare), "no extensions"));
    }
    if (number == 1) {
      questions.push_back(ask(short_hello(version_, few, server_name_), "a short hello"));
      questions.back().alone = true;  // a refusal of the most usual suites is then not for the load
    }
    return questions;
  }
  // Every suite of TLS 1.3 is in the first hello. Some stacks do not answer an empty key_share, and some have but one unusual group.
  constexpr NamedGroup kFirst[] = {NamedGroup::x25519, NamedGroup::secp256r1};
  if (number == 1) {
    if (auto shared = with_shares(usual, kFirst)) questions.push_back(ask(*shared, "shares of x25519 and secp256r1"));
    questions.push_back(ask(short_hello(version_, few, server_name_), "a short hello"));
    questions.back().alone = true;
  }
  if (number == 2 && (answering_ || !refusal_.empty())) {
    std::vector<NamedGroup> classical, post_quantum;
    for (NamedGroup const group : crypto::usable_groups()) {
      wire::NamedGroupInfo const* const info = wire::find(group);
      if (info == nullptr || std::find(std::begin(kFirst), std::end(kFirst), group) != std::end(kFirst)) continue;
      (info->post_quantum() ? post_quantum : classical).push_back(group);
    }
    if (auto shared = with_shares(usual, classical)) questions.push_back(ask(*shared, "shares of the other classical groups"));
    if (auto shared = with_shares(usual, post_quantum)) questions.push_back(ask(*shared, "shares of post-quantum groups"));
  }
  return questions;
}

/// SSL 3.0 to TLS 1.2: every plausible suite, after those of the first step. Not where nothing but silence was met.
bool Inquiry::searches() const {
  return version_ != ProtocolVersion::SSLv2 && version_ != ProtocolVersion::TLSv1_3 && (answering_ || !refusal_.empty());
}

Question Inquiry::ask(wire::ClientHello hello, std::string_view what) const {
  Question question{std::move(hello)};
  question.purpose = fmt::format("{}: {}, {} offered", wire::name(version_), what, suites_of(question.hello).size());
  return question;
}

std::vector<Question> Inquiry::next() {
  std::vector<Question> out;
  if (decided_) return out;
  constexpr std::size_t kSteps = 3;
  while (out.empty() && pending_ == 0 && step_ < kSteps) out = step(step_++);
  if (out.empty() && step_ == kSteps && searches() && search_ != nullptr) {
    constexpr unsigned kAtOnce = 4;
    for (solve::Query const& query : search_->next(kAtOnce)) {
      std::vector<CipherSuite> suites = suites_of(query.offer);
      searching_.emplace_back(suites, query.id);
      out.push_back(ask(usual_hello(version_, std::move(suites), server_name_), "all other suites"));
    }
  }
  pending_ += out.size();
  if (pending_ == 0) conclude();
  return out;
}

void Inquiry::feed(Question const& question, Reply const& reply) {
  --pending_;
  version_ == ProtocolVersion::SSLv2 ? feed_ssl2(reply) : weigh(reply);
  refused_alone_ = refused_alone_ || (question.alone && reply.refused() && !about_something_else(reply));
  if (reply.outcome == Outcome::cancelled) decide(Support::inconclusive, reply.why());
  if (decided_ || version_ == ProtocolVersion::SSLv2 || version_ == ProtocolVersion::TLSv1_3) return;
  std::vector<CipherSuite> const suites = suites_of(question.hello);
  auto const search = std::find_if(searching_.begin(), searching_.end(), [&](auto const& pair) { return pair.first == suites; });
  if (search != searching_.end()) {
    search_->feed(search->second, suite_answer(version_, reply));
    searching_.erase(search);
  } else {
    if (!search_) search_ = std::make_unique<solve::Enumeration>(plausible_suites(version_));
    search_->observe(codes_of(suites), suite_answer(version_, reply));
  }
}

void Inquiry::decide(Support support, std::string reason) {
  if (decided_) return;
  decided_ = true;
  support_ = support;
  reason_ = std::move(reason);
}

void Inquiry::weigh(Reply const& reply) {
  if (wire::ServerHello const* const hello = reply.server_hello()) {
    if (hello->version() == version_) return decide(Support::yes, "chose " + wire::name(hello->cipher_suite));
    return decide(Support::no, "answered with " + wire::name(hello->version()));
  }
  std::optional<wire::ServerHello> const& begun = reply.flight.server_hello;
  if (reply.outcome == Outcome::malformed && begun && begun->version() != version_) {
    odd_ = true;
    return decide(Support::no, fmt::format("answered with {}, and {}", wire::name(begun->version()), reply.why()));
  }
  if (reply.refused() && !about_something_else(reply)) {
    std::optional<wire::Alert> const alert = reply.flight.fatal_alert();
    if (alert && alert->description == wire::AlertDescription::protocol_version) return decide(Support::no, reply.why());
    vague_ = vague_ || reply.outcome == Outcome::refused;
    dropped_ = dropped_ || reply.outcome == Outcome::refused_silently;
    if (refusal_.empty()) refusal_ = reply.why();
  } else {
    trouble_ = reply.why();
  }
}

std::optional<Question> Inquiry::doubt() const {
  if (support_ != Support::no || !vague_ || refused_alone_ || version_ == ProtocolVersion::SSLv2) return std::nullopt;
  Question question =
      ask(usual_hello(version_, suites_of(solve::Enumeration{plausible_suites(version_)}.opening()), server_name_), "once more, alone");
  question.alone = true;
  return question;
}

void Inquiry::settle(Reply const& reply) {
  wire::ServerHello const* const hello = reply.server_hello();
  if (hello && hello->version() == version_) {
    support_ = Support::yes;
    reason_ = "chose " + wire::name(hello->cipher_suite) + " when asked alone, after refusals";
  } else if (!hello && !reply.refused()) {
    reopen(reply.why());
  }
}

void Inquiry::reopen(std::string reason) {
  if (support_ != Support::no || !(vague_ || odd_)) return;
  support_ = Support::inconclusive;
  reason_ = std::move(reason);
}

void Inquiry::withdraw(std::string reason) {
  support_ = Support::inconclusive;
  reason_ = std::move(reason);
}

/// draft-hickman-netscape-ssl-00 section 1.2: one SERVER-HELLO names every kind that both sides have.
void Inquiry::feed_ssl2(Reply const& reply) {
  if (reply.answered() && reply.flight.ssl2) {
    wire::Ssl2ServerHello const& hello = *reply.flight.ssl2;
    if (hello.version != ProtocolVersion::SSLv2) return decide(Support::no, "answered with " + wire::name(hello.version));
    std::size_t const kinds = hello.cipher_specs.size();
    return decide(Support::yes, kinds == 0 ? "a SERVER-HELLO without a cipher kind" : fmt::format("offers {} cipher kinds", kinds));
  }
  if (reply.answered()) return decide(Support::no, "answered, but not with SSLv2");
  if (reply.refused()) return decide(Support::no, reply.why());
  decide(Support::inconclusive, reply.why());
}

void Inquiry::conclude() {
  if (searches() && search_) {
    // The search has asked for everything and found nothing. Its own judgement counts: it asks again, in parts, what had no answer.
    solve::Solution const solution = search_->solution();
    if (solution.complete) return decide(Support::no, refusal_.empty() ? "every suite is refused" : refusal_);
    return decide(Support::inconclusive, solution.reason);
  }
  if (trouble_.empty() && !refusal_.empty()) return decide(Support::no, refusal_);
  decide(Support::inconclusive, trouble_.empty() ? "no answer" : trouble_);
}

}  // namespace tlsgauge::probes

// Which curves and RFC 7919 groups does the server accept up to TLS 1.2, in which order, and who chooses?
//
// RFC 8422 section 5.4:
//   If a server selects an ECDHE suite, [...] the server key exchange message conveys the parameters.
//
// So elimination over supported_groups reads the curve, and it is RSA that signs wherever the server has such suites: without its
// certificate's curve in the list a server may not use an ECDSA suite at all. Where TLS 1.2 is signed with RSA, the signature schemes are
// picked independently and eliminated in the same connections.

#include <fmt/core.h>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/evidence.hpp"
#include "probes/exchange_rounds.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using wire::NamedGroup;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"curves"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites", "groups", "certificates"};
constexpr audit::Citation kCitations[] = {{"RFC 8422", "5.1"}, {"RFC 8422", "5.4"}, {"RFC 7919", "4"}};
constexpr std::string_view kAuthentications[] = {"RSA", "anon", "ECDSA"};
constexpr std::string_view kDheAuthentications[] = {"RSA", "anon", "DSS"};

std::optional<ExchangeSuites> with_curves(audit::Facts const& facts) { return exchange_suites(facts, "ECDHE", kAuthentications); }
std::optional<ExchangeSuites> with_primes(audit::Facts const& facts) { return exchange_suites(facts, "DHE", kDheAuthentications); }

audit::Applicability applies(audit::Facts const& facts) {
  if (with_curves(facts) || with_primes(facts)) return {};
  return {.applies = false, .reason = "no ECDHE or DHE suite up to TLS 1.2 is known to be accepted"};
}

/// Of the ECDSA certificate that was shown; empty where there is none.
std::optional<NamedGroup> certificate_curve(audit::Facts const& facts) {
  for (Value const& chain : facts.document()["certificates"].items()) {
    bool const own = !chain["shown_for"]["named"].is_string();
    if (!own || chain["chain"].items().empty() || chain["shown_for"]["protocol"] == Value{"TLSv1.3"}) continue;
    Value const& key = chain["chain"].items().front()["key"];
    if (key["type"] != Value{"ecdsa"} || !key["curve"].is_string()) continue;
    wire::NamedGroupInfo const* const info = wire::find_named_group(key["curve"].as_string());
    if (info != nullptr) return info->code;
  }
  return std::nullopt;
}

/// Of TLS 1.3: most servers have the same ones at all versions.
std::vector<solve::Code> newer_groups(audit::Facts const& facts) {
  std::vector<solve::Code> groups;
  for (Value const& group : facts.document()["groups"].items()) {
    wire::NamedGroupInfo const* const info = wire::find_named_group(group["name"].as_string());
    if (info != nullptr) groups.push_back(static_cast<solve::Code>(info->code));
  }
  return groups;
}

/// Stacks that leave the choice of the suite to the client leave it that of the curve, even where they choose in TLS 1.3.
bool chooses_suites(audit::Facts const& facts, ProtocolVersion version) {
  for (Value const& order : facts.document()["cipher_order"].items()) {
    if (order["protocol"] == Value{wire::name(version)}) return order["chooser"] == Value{"server"};
  }
  return false;
}

Value fact(NamedGroup group, ProtocolVersion version) {
  Value entry = Value::object();
  entry.set("code", wire::code_text(group)).set("name", wire::name(group)).set("protocol", wire::name(version));
  return entry;
}

Value list(solve::Solution const& solution, ProtocolVersion version) {
  Value groups = Value::array();
  for (solve::Code const code : solution.accepted) groups.push_back(fact(NamedGroup{code}, version));
  return groups;
}

/// RFC 9325 section 4.2.1: nothing below 112 bits.
bool weak(NamedGroup group) {
  wire::NamedGroupInfo const* const info = wire::find(group);
  return info != nullptr && info->security_bits > 0 && info->security_bits < 112;
}

std::string reproduce(Target const& target, NamedGroup group, ProtocolVersion version) {
  std::string const name = group == NamedGroup::secp192r1 ? std::string{"prime192v1"} : wire::name(group);
  return s_client(target, fmt::format("{} -groups {} -cipher ECDHE:@SECLEVEL=0", s_client_version(version), name));
}

/// A weak curve once more, on a connection of its own.
asio::awaitable<void> confirm(audit::Peer& peer, ExchangeRounds const& rounds, NamedGroup group, ProtocolVersion version, Value& entry) {
  audit::Question question = rounds.question({static_cast<solve::Code>(group)});
  question.purpose += ", once more";
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  solve::Answer const answer = exchange_answer(version, Part::curve, reply);
  if (answer.kind == solve::Answer::Kind::picked && answer.code == static_cast<solve::Code>(group)) {
    entry.set("evidence", evidence(reply, reproduce(peer.target(), group, version)));
  } else {
    entry.set("inconclusive", reply.answered() ? "picked once, and not when it was offered alone" : to_utf8(reply.why()));
  }
}

Value order(solve::Solution const& solution, ProtocolVersion version, std::string const& reason) {
  Value entry = Value::object();
  entry.set("protocol", wire::name(version))
      .set("chooser", probes::name(solution.chooser))
      .set("complete", solution.complete)
      .set("reason", reason.empty() ? Value{} : Value{reason});
  return entry;
}

Value named(std::optional<solve::Code> code) { return code ? Value{wire::name(NamedGroup{*code})} : Value{}; }

asio::awaitable<void> ask_curves(audit::Peer& peer, audit::Facts const& facts, Value& out, audit::Observation& seen) {
  std::optional<ExchangeSuites> const suites = with_curves(facts);
  if (!suites) {
    out.set("groups", Value::array()).set("order", nullptr).set("not_offered", nullptr);
    co_return;
  }
  std::vector<NamedGroup> const all = named_groups_of(wire::hello_for(suites->version, {}, {}));
  ExchangeRounds rounds{peer, *suites, Part::curve, solve::curve_universe(all)};
  rounds.expect(newer_groups(facts), !chooses_suites(facts, suites->version));
  rounds.recall();
  if (suites->authentication == "ECDSA") {
    if (std::optional<NamedGroup> const curve = certificate_curve(facts)) rounds.keep(*curve);
  }
  if (suites->authentication == "RSA" && suites->version == ProtocolVersion::TLSv1_2) rounds.beside(schemes_of_tls12("RSA"));
  co_await rounds.run();
  solve::Solution const solution = rounds.solution();
  std::string const reason = to_utf8(solution.reason);
  Value groups = Value::array();
  for (solve::Code const code : solution.accepted) {
    NamedGroup const group{code};
    Value entry = fact(group, suites->version);
    if (weak(group)) {
      co_await confirm(peer, rounds, group, suites->version, entry);
      if (entry["inconclusive"].is_string()) seen.open(wire::name(group) + ": " + entry["inconclusive"].as_string());
    }
    groups.push_back(std::move(entry));
  }
  out.set("groups", std::move(groups))
      .set("order", order(solution, suites->version, reason))
      .set("not_offered", named(rounds.not_offered()));
  if (solution.accepted.empty()) out.set("inconclusive", reason.empty() ? "no curve could be read" : reason);
  if (solution.accepted.empty() || (!solution.complete && !rounds.masked())) {
    seen.open(wire::name(suites->version) + ": there may be more curves than were found: " + reason);
  }
}

/// RFC 7919 section 4: a server that knows the extension picks of the groups that are named; one that does not brings its own prime.
asio::awaitable<void> ask_primes(audit::Peer& peer, audit::Facts const& facts, Value& out, audit::Observation& seen) {
  std::optional<ExchangeSuites> const suites = with_primes(facts);
  if (!suites) {
    out.set("ffdhe", nullptr);
    co_return;
  }
  constexpr NamedGroup kAll[] = {NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::ffdhe4096, NamedGroup::ffdhe6144,
                                 NamedGroup::ffdhe8192};
  // Whoever brings the same prime though it is not named does so of his own accord.
  std::vector<NamedGroup> offer{std::begin(kAll), std::end(kAll)};
  for (audit::Transcript const& transcript : peer.transcripts()) {
    solve::Answer const own = exchange_answer(suites->version, Part::ffdhe, transcript.reply);
    if (own.kind == solve::Answer::Kind::picked) std::erase(offer, NamedGroup{own.code});
  }
  if (offer.empty()) offer.assign(std::begin(kAll) + 1, std::end(kAll));
  ExchangeRounds rounds{peer, *suites, Part::ffdhe, solve::curve_universe(kAll)};
  if (suites->authentication == "RSA" && suites->version == ProtocolVersion::TLSv1_2) rounds.beside(schemes_of_tls12("RSA"));
  co_await rounds.first(codes_of(offer));
  if (!rounds.not_offered()) co_await rounds.run();
  solve::Solution solution = rounds.solution();
  bool const ignored = rounds.not_offered().has_value();
  std::string reason = to_utf8(solution.reason);
  if (ignored) {
    solution.accepted.clear();
    reason.clear();
  }
  Value ffdhe = Value::object();
  bool const refuses = solution.accepted.empty() && solution.complete;
  ffdhe.set("honoured", ignored                                 ? Value{false}
                        : solution.accepted.empty() && !refuses ? Value{}
                                                                : Value{true})
      .set("groups", list(solution, suites->version))
      .set("order", ignored ? Value{} : order(solution, suites->version, reason));
  if (!ignored && !solution.complete) {
    ffdhe.set("inconclusive", reason);
    seen.open(wire::name(suites->version) + ": whether the server takes the client's ffdhe groups stayed open: " + reason);
  }
  out.set("ffdhe", std::move(ffdhe));
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  audit::Observation seen;
  Value out = Value::object();
  co_await ask_curves(peer, facts, out, seen);
  co_await ask_primes(peer, facts, out, seen);
  seen.fact("curves", std::move(out));
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe curves{
    .id = "curves",
    .question = "Which curves and RFC 7919 groups does the server accept up to TLS 1.2, in which order, and who chooses?",
    .connections = "curves + 1-2",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes

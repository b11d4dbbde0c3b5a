// Facts about how sessions are resumed, and about early data.

#include <fmt/format.h>

#include <algorithm>

#include "policy/readers.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

constexpr std::size_t kMaxReason = 120;
constexpr std::string_view kMeans[] = {"tls12_session_ids", "tls12_tickets", "tls13_tickets"};

ProtocolVersion version_of(std::string_view means) {
  return means == "tls13_tickets" ? ProtocolVersion::TLSv1_3 : ProtocolVersion::TLSv1_2;
}

/// A member of `sessions`, or why there is none.
Section means_section(Subject const& subject, std::string_view means) {
  ProtocolVersion const version = version_of(means);
  Section const sessions = measured_within(*subject.endpoint, "sessions", version, version);
  if (!sessions.value) return sessions;
  Value const* const found = sessions.value->find(means);
  if (found && found->is_object()) return {.value = found, .missing = {}};
  VersionSupport const support = version_support(*subject.endpoint, version);
  if (support.accepted == Truth::no)
    return {.value = nullptr, .missing = Observed::not_applicable(wire::name(version) + " is not accepted")};
  if (support.accepted == Truth::unknown) return {.value = nullptr, .missing = Observed::unknown(could_not_tell(version, support.reason))};
  return {.value = nullptr, .missing = Observed::unknown(reason_of(*sessions.value, "not established"))};
}

/// Each of these means for which the member `key` is yes.
Observed means_that(Subject const& subject, std::string_view key) {
  Observed out;
  out.state = Observed::State::known;
  bool applies = false;
  std::size_t asked = 0;
  std::string reason;
  for (std::string_view const means : kMeans) {
    Section const found = means_section(subject, means);
    if (!found.value && found.missing.state == Observed::State::not_applicable) continue;
    applies = true;
    Element element{.key = std::string{means}, .label = std::string{means}, .code = 0};
    Observed given = found.value ? answer(*found.value, "given", "") : found.missing;
    if (given.state == Observed::State::known && given.flag && key != "given") given = answer(*found.value, key, "");
    if (given.state == Observed::State::known) ++asked;
    if (given.state == Observed::State::known && given.flag) out.elements.push_back(std::move(element));
    if (given.state == Observed::State::unknown) {
      reason = given.reason;
      out.possible.push_back({.element = std::move(element), .reason = fmt::format("{}: {}", means, given.reason)});
    }
  }
  if (!applies) return Observed::not_applicable("neither TLSv1.2 nor TLSv1.3 is accepted");
  return asked == 0 ? Observed::unknown(reason) : out;
}

Observed read_given(Subject const& subject, ProtocolVersion) { return means_that(subject, "given"); }
Observed read_resumed(Subject const& subject, ProtocolVersion) { return means_that(subject, "resumed"); }

/// The part about tickets where there are some.
Section tickets(Subject const& subject, ProtocolVersion version) {
  Section const found = means_section(subject, version == ProtocolVersion::TLSv1_3 ? "tls13_tickets" : "tls12_tickets");
  if (!found.value) return found;
  Observed given = answer(*found.value, "given", "");
  if (given.state != Observed::State::known) return {.value = nullptr, .missing = std::move(given)};
  if (!given.flag) return {.value = nullptr, .missing = Observed::not_applicable("no ticket is given in " + wire::name(version))};
  return found;
}

Observed read_ticket_lifetime(Subject const& subject, ProtocolVersion version) {
  Section const found = tickets(subject, version);
  if (!found.value) return found.missing;
  Value const& lifetime = (*found.value)["lifetime_s"];
  if (!lifetime.is_number()) return Observed::unknown("not read");
  // RFC 5077 section 5.6: zero leaves it to the client.
  if (version == ProtocolVersion::TLSv1_2 && lifetime.as_double() == 0)
    return Observed::absent("the tickets do not say for how long they hold");
  return Observed::of_number(lifetime.as_double());
}

Observed read_ticket_reusable(Subject const& subject, ProtocolVersion) {
  Section const found = tickets(subject, ProtocolVersion::TLSv1_3);
  if (!found.value) return found.missing;
  Observed const resumed = answer(*found.value, "resumed", "");
  if (resumed.state != Observed::State::known) return resumed;
  if (!resumed.flag) return Observed::not_applicable("tickets of TLSv1.3 are not taken");
  return answer(*found.value, "reusable", "");
}

Observed read_psk_modes(Subject const& subject, ProtocolVersion) {
  Section const found = tickets(subject, ProtocolVersion::TLSv1_3);
  if (!found.value) return found.missing;
  Observed const resumed = answer(*found.value, "resumed", "");
  if (resumed.state != Observed::State::known) return resumed;
  if (!resumed.flag) return Observed::not_applicable("tickets of TLSv1.3 are not taken");
  Observed out = texts_of(*found.value, "psk_modes");
  std::string const& doubt = (*found.value)["inconclusive"].as_string();
  if (out.state == Observed::State::known && doubt.starts_with("psk_ke")) make_incomplete(out, bounded(doubt, kMaxReason));
  return out;
}

Section early_data(Subject const& subject) {
  return measured_within(*subject.endpoint, "early_data", ProtocolVersion::TLSv1_3, ProtocolVersion::TLSv1_3);
}

Observed read_early_offered(Subject const& subject, ProtocolVersion) {
  Section const found = early_data(subject);
  return found.value ? answer(*found.value, "offered", "") : found.missing;
}

Observed read_early_accepted(Subject const& subject, ProtocolVersion version) {
  Observed const offered = read_early_offered(subject, version);
  if (offered.state != Observed::State::known || !offered.flag) return offered;
  return answer(*early_data(subject).value, "accepted", "");
}

Observed read_early_size(Subject const& subject, ProtocolVersion version) {
  Observed const offered = read_early_offered(subject, version);
  if (offered.state != Observed::State::known) return offered;
  if (!offered.flag) return Observed::not_applicable("no early data is offered");
  Value const& size = (*early_data(subject).value)["max_early_data_size"];
  return size.is_number() ? Observed::of_number(size.as_double()) : Observed::unknown("not read");
}

Observed read_early_replay(Subject const& subject, ProtocolVersion version) {
  Observed const accepted = read_early_accepted(subject, version);
  if (accepted.state != Observed::State::known) return accepted;
  if (!accepted.flag) return Observed::not_applicable("no early data is accepted");
  Value const& section = *early_data(subject).value;
  if (!section.find("replay")) return Observed::unknown(reason_of(section, "not tried"));
  return word_of(section, "replay", {"accepted", "rejected", "too_early", "deferred"}, "");
}

}  // namespace

void add_session_facts(std::vector<FactSpec>& all) {
  std::vector<std::string_view> const means{std::begin(kMeans), std::end(kMeans)};
  all.push_back({.name = "sessions.given",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "the means of resumption that the server hands out: session IDs and tickets",
                 .noun = "means of resumption",
                 .read = read_given,
                 .verb = "given",
                 .words = means});
  all.push_back({.name = "sessions.resumed",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "the means by which a session was resumed",
                 .noun = "working means of resumption",
                 .read = read_resumed,
                 .words = means});
  struct Lifetime {
    std::string_view name;
    ProtocolVersion version;
  };
  for (Lifetime const& one : {Lifetime{"sessions.ticket_lifetime.TLSv1.2", ProtocolVersion::TLSv1_2},
                              Lifetime{"sessions.ticket_lifetime.TLSv1.3", ProtocolVersion::TLSv1_3}}) {
    all.push_back({.name = one.name,
                   .type = Type::number,
                   .scope = Scope::endpoint,
                   .sentence = "for how long the server says that its tickets of that version hold; absent where it does not say",
                   .noun = "lifetime of tickets",
                   .read = read_ticket_lifetime,
                   .unit = "seconds",
                   .version = one.version});
  }
  all.push_back({.name = "sessions.ticket_reusable",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the same ticket of TLS 1.3 is taken twice",
                 .noun = "reuse of tickets",
                 .read = read_ticket_reusable,
                 .affirmed = "a ticket is taken twice",
                 .denied = "a ticket is taken once"});
  all.push_back({.name = "sessions.psk_modes",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "how sessions of TLS 1.3 are resumed: psk_dhe_ke with a fresh key exchange, psk_ke without",
                 .noun = "PSK modes",
                 .read = read_psk_modes,
                 .words = {"psk_ke", "psk_dhe_ke"}});
  all.push_back({.name = "early_data.offered",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "tickets allow early data (0-RTT)",
                 .noun = "early data",
                 .read = read_early_offered,
                 .affirmed = "early data is offered",
                 .denied = "early data is not offered"});
  all.push_back({.name = "early_data.accepted",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "early data (0-RTT) is accepted; false where it is not even offered",
                 .noun = "early data",
                 .read = read_early_accepted,
                 .affirmed = "early data is accepted",
                 .denied = "early data is not accepted"});
  all.push_back({.name = "early_data.max_size",
                 .type = Type::number,
                 .scope = Scope::endpoint,
                 .sentence = "how much early data tickets allow; not applicable where they allow none",
                 .noun = "early data",
                 .read = read_early_size,
                 .unit = "octets"});
  all.push_back({.name = "early_data.replay",
                 .type = Type::text,
                 .scope = Scope::endpoint,
                 .sentence = "what comes of the same early data a second time; not applicable where none is accepted",
                 .noun = "replayed early data",
                 .read = read_early_replay,
                 .words = {"accepted", "rejected", "too_early", "deferred"}});
}

}  // namespace tlsgauge::policy

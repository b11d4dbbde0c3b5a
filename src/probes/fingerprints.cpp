// What does the server's software look like from outside? JARM and JA3S.
//
// Ten hellos of a fixed form are answered by a library in its own way, whatever certificate is behind it. What counts is the ServerHello
// alone: a flight that breaks off behind it is an answer here. JARM knows no "inconclusive", so one hello that was never heard leaves the
// whole without a value.
//
// jarm.py gives up with 62 zeros when one hello is met with silence; here, as in most other implementations, silence that is believed to be
// a refusal counts as one.

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "crypto/fingerprint.hpp"

namespace tlsgauge::probes {
namespace {

constexpr std::string_view kKeys[] = {"fingerprints"};
constexpr std::string_view kNeeds[] = {"protocols"};
constexpr audit::Citation kCitations[] = {{"salesforce/jarm", "jarm.py"}, {"salesforce/ja3", "README, JA3S"}};
// JA3S is only worth something beside the hello: these are the two that say most, one for each generation.
constexpr std::string_view kJa3sHellos[] = {"tls1_2_forward", "tls1_3_forward"};

audit::Applicability applies(audit::Facts const& facts) {
  if (facts.supported_versions().empty()) return {.applies = false, .reason = "no protocol version is known to be supported"};
  return {};
}

/// What a connection brought back, as far as JARM looks at it: where more came than was kept, the ServerHello is put in its place.
Bytes octets_of(audit::Reply const& reply) {
  auto const& messages = reply.flight.messages;
  constexpr std::size_t kRecordHeader = 5;
  bool const cut = reply.received.size() == audit::Reply::kKeptOctets && !messages.empty() &&
                   messages.front().whole.size() + kRecordHeader > reply.received.size();
  if (!cut) return reply.received;
  Bytes octets{reply.received.begin(), reply.received.begin() + kRecordHeader};
  octets.insert(octets.end(), messages.front().whole.begin(), messages.front().whole.end());
  return octets;
}

/// Something that a TLS peer could have meant, even if it is not what was asked for.
bool heard(audit::Reply const& reply) {
  return reply.answered() || reply.refused() || reply.outcome == audit::Outcome::malformed || reply.outcome == audit::Outcome::not_tls;
}

Value ja3s_facts(wire::JarmHello const& asked, audit::Reply const& reply) {
  if (!reply.flight.server_hello) return {};
  crypto::Fingerprint const client = crypto::ja3(asked.hello);
  crypto::Fingerprint const server = crypto::ja3s(*reply.flight.server_hello);
  Value facts = Value::object();
  facts.set("ja3", client.md5).set("text", server.text).set("md5", server.md5);
  return facts;
}

audit::Observation report(std::vector<wire::JarmHello> const& hellos, std::vector<audit::Reply> const& replies) {
  audit::Observation seen;
  std::vector<wire::JarmAnswer> answers;
  Value shown = Value::array(), ja3s = Value::object();
  std::string open;
  for (std::size_t i = 0; i < hellos.size(); ++i) {
    answers.push_back(wire::jarm_answer(octets_of(replies[i])));
    bool const known = heard(replies[i]) || !answers.back().cipher_suite.empty();
    shown.push_back(known ? Value{to_utf8(answers.back().text())} : Value{});
    if (!known && open.empty()) open = to_utf8(std::string{hellos[i].name} + ": " + replies[i].why());
    for (std::string_view const name : kJa3sHellos) {
      if (name == hellos[i].name) ja3s.set(name, ja3s_facts(hellos[i], replies[i]));
    }
  }
  Value facts = Value::object();
  facts.set("jarm", open.empty() ? Value{crypto::jarm(answers)} : Value{})
      .set("jarm_answers", std::move(shown))
      .set("ja3s", std::move(ja3s));
  if (!open.empty()) {
    facts.set("inconclusive", open);
    seen.open(open);
  }
  seen.fact("fingerprints", std::move(facts));
  return seen;
}

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const&) {
  Target const& target = peer.target();
  std::vector<wire::JarmHello> const hellos = wire::jarm_hellos(target.server_name.empty() ? target.host : target.server_name);
  std::vector<audit::Reply> replies(hellos.size());
  std::unique_ptr<audit::Batch> const batch = peer.batch();
  for (std::size_t i = 0; i < hellos.size(); ++i) {
    audit::Question question{hellos[i].hello};
    question.raw = hellos[i].hello.encode_in_records();  // an answer counts even where it contradicts the hello
    question.purpose = "JARM " + std::string{hellos[i].name};
    batch->ask(i, std::move(question));
  }
  while (batch->pending() > 0) {
    audit::Batch::Ended ended = co_await batch->next();
    replies[ended.id] = std::move(ended.reply);
  }
  co_return report(hellos, replies);
}

}  // namespace

extern constexpr audit::Probe fingerprints{
    .id = "fingerprints",
    .question = "What does the server's software look like from outside: JARM and JA3S?",
    .connections = "10",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
    .alone = true,  // other probes read all transcripts: none may find these odd ones in it, in one run and not in the next
    .on_request = true,
};

}  // namespace tlsgauge::probes

// Which protocols does the server take by ALPN, in which order, who chooses, and what if it knows none?
//
// RFC 7301 section 3.2:
//   [...] the server SHALL select the most highly preferred protocol that it supports and that is also advertised by the client. In the
//   event that the server supports no protocols that the client advertises, then the server SHALL respond with a fatal
//   "no_application_protocol" alert.
//
// By elimination, the registry's protocols at once; so the last question is the one about none that the server knows.

#include <fmt/core.h>

#include <algorithm>

#include "audit/probe.hpp"
#include "base/text.hpp"
#include "probes/offers.hpp"
#include "probes/readable.hpp"
#include "wire/reader.hpp"
#include "wire/registry/alpn.hpp"

namespace tlsgauge::probes {
namespace {

using wire::ExtensionType;
using wire::ProtocolVersion;

constexpr std::string_view kKeys[] = {"alpn"};
constexpr std::string_view kNeeds[] = {"protocols", "cipher_suites", "certificates", "curves"};
constexpr audit::Citation kCitations[] = {{"RFC 7301", "3.2"}, {"RFC 7301", "6"}};
constexpr std::size_t kMost = 16;  // no honest server takes more

using Protocols = std::vector<std::string>;

audit::Applicability applies(audit::Facts const& facts) {
  if (version_to_ask(facts)) return {};
  return {.applies = false, .reason = "no version that has extensions is known to be supported"};
}

/// A rare one in front: who takes that takes anything, or goes by the client's order. http/1.1 stands before h2, since the usual hello has
/// them the other way round: the two together tell who chooses.
Protocols universe() {
  Protocols list{"sunrpc", "http/1.1", "h2"};
  for (std::string_view const id : wire::kApplicationProtocols) {
    // RFC 9113 section 3.1: h2c must not be offered over TLS.
    if (id != "h2c" && std::find(list.begin(), list.end(), id) == list.end()) list.emplace_back(id);
  }
  return list;
}

Protocols protocols_of(std::vector<wire::Extension> const& extensions) {
  Protocols list;
  wire::Extension const* const extension = wire::find(extensions, ExtensionType::application_layer_protocol_negotiation);
  if (extension == nullptr) return list;
  wire::Reader reader{extension->data};
  reader.vector16([&](wire::Reader& names) {
    while (names.more()) {
      names.vector8([&](wire::Reader& name) {
        ByteView const octets = name.rest();
        list.emplace_back(reinterpret_cast<char const*>(octets.data()), octets.size());
      });
    }
  });
  return list;
}

std::vector<wire::Extension> const& answered_extensions(wire::Flight const& flight) {
  bool const tls13 = flight.server_hello->version() == ProtocolVersion::TLSv1_3;
  return tls13 ? flight.encrypted_extensions : flight.server_hello->extensions;
}

struct Choice {
  Protocols offered;
  std::string picked;
};

class Rounds {
 public:
  Rounds(audit::Peer& peer, audit::Facts const& facts, ProtocolVersion version)
      : peer_(peer),
        version_(version),
        model_(version == ProtocolVersion::TLSv1_3 ? readable_hello(peer, facts) : model_hello(peer, version)) {
    for (audit::Transcript const& transcript : peer.transcripts()) {
      if (!transcript.question.raw.empty() || transcript.reply.server_hello() == nullptr) continue;
      if (!for_target(peer, transcript.question.hello)) continue;
      if (transcript.reply.server_hello()->version() != version) continue;
      Protocols const picked = protocols_of(answered_extensions(transcript.reply.flight));
      if (picked.size() == 1) choices_.push_back({protocols_of(transcript.question.hello.extensions), picked.front()});
    }
  }

  asio::awaitable<void> run() {
    recall();
    for (Protocols rest = left(); !rest.empty();) {
      co_await offer(rest);
      if (picked_.empty()) break;  // refused, ignored or open
      if (std::find(rest.begin(), rest.end(), picked_) == rest.end()) {
        unknown_ = "unoffered";
        break;
      }
      accepted_.push_back(picked_);
      if (accepted_.size() == 1 && picked_ == rest.front()) {
        co_await try_invented();
        if (unknown_ == "echoed") co_return;
      }
      if (accepted_.size() == kMost) {
        open_ = fmt::format("more than {} protocols may be taken", kMost);
        co_return;
      }
      std::erase(rest, accepted_.back());
    }
    for (Choice const& choice : choices_) {
      bool const found = std::find(accepted_.begin(), accepted_.end(), choice.picked) != accepted_.end();
      if (!found && open_.empty()) open_ = to_utf8(choice.picked) + " was picked on another connection, and not here";
    }
    co_await find_chooser();
  }

  [[nodiscard]] Value facts() const {
    Value list = Value::array();
    for (std::string const& protocol : accepted_) list.push_back(protocol);
    Value out = Value::object();
    out.set("protocol", wire::name(version_))
        .set("protocols", std::move(list))
        .set("chooser", chooser_.empty() ? Value{} : Value{chooser_})
        .set("unknown", unknown_)
        .set("alert", alert_.empty() ? Value{} : Value{alert_});
    if (!open_.empty()) out.set("inconclusive", open_);
    return out;
  }
  [[nodiscard]] std::string const& open() const { return open_; }

 private:
  /// What the usual hellos were answered with need not be asked for again, as long as the server's order can still be told.
  void recall() {
    Protocols const usual{"h2", "http/1.1"};
    for (std::string const& id : usual) {
      bool const picked = std::any_of(choices_.begin(), choices_.end(), [&](Choice const& choice) { return choice.picked == id; });
      if (picked) accepted_.push_back(id);
    }
    bool const both_ways = std::any_of(choices_.begin(), choices_.end(), [](Choice const& choice) {
      return choice.offered.size() > 1 && choice.offered.front() == "http/1.1" && choice.offered.back() == "h2";
    });
    if (!both_ways) accepted_.clear();
  }

  [[nodiscard]] Protocols left() const {
    Protocols list = universe();
    std::erase_if(list, [&](std::string const& id) { return std::find(accepted_.begin(), accepted_.end(), id) != accepted_.end(); });
    return list;
  }

  /// Fills `picked_`; where nothing is picked, `unknown_`, or `open_` when it is not known why.
  asio::awaitable<void> offer(Protocols protocols) {
    wire::ClientHello hello = model_;
    wire::fill_random(hello.random);
    wire::put(hello, wire::application_layer_protocol_negotiation(protocols));
    std::string const purpose = fmt::format("{} ALPN, {} offered", wire::name(version_), protocols.size());
    ReadableFlight asked;
    if (version_ == ProtocolVersion::TLSv1_3) {
      asked = co_await ask_readable(peer_, hello, purpose);
    } else {
      audit::Question question{std::move(hello)};
      question.purpose = purpose;
      asked.reply = co_await peer_.exchange(std::move(question));
      asked.refused = asked.reply.refused();
      if (!asked.reply.answered()) asked.failure = asked.reply.why();
    }
    picked_.clear();
    if (asked.refused) {
      unknown_ = "refused";
      std::optional<wire::Alert> const alert = asked.reply.flight.fatal_alert();
      alert_ = alert ? wire::name(alert->description) : std::string{};
    } else if (!asked.failure.empty()) {
      open_ = to_utf8(asked.failure);
    } else {
      Protocols const picked = protocols_of(answered_extensions(asked.reply.flight));
      if (picked.empty()) unknown_ = "ignored";
      if (picked.empty()) co_return;
      picked_ = picked.front();
      choices_.push_back({std::move(protocols), picked_});
    }
  }

  asio::awaitable<void> try_invented() {
    Protocols const invented{"tlsgauge"};
    std::string const first = picked_;
    co_await offer(invented);
    bool const echoed = picked_ == invented.front();
    picked_ = first;
    if (!echoed) co_return;
    choices_.pop_back();
    unknown_ = "echoed";
    chooser_ = "client";
    accepted_.clear();
  }

  asio::awaitable<void> find_chooser() {
    if (accepted_.size() < 2) {
      if (!accepted_.empty()) chooser_ = "indifferent";
      co_return;
    }
    chooser_ = told();
    if (!chooser_.empty()) co_return;
    Protocols const reversed{accepted_.rbegin(), accepted_.rend()};
    std::string const unknown = unknown_, alert = alert_;
    co_await offer(reversed);
    unknown_ = unknown;  // these are known
    alert_ = alert;
    chooser_ = told();
    if (!chooser_.empty()) co_return;
    chooser_ = "inconclusive";
    if (open_.empty()) open_ = "what was taken before is not taken in another order";
  }

  /// Who chooses, as far as the choices show it.
  [[nodiscard]] std::string told() const {
    std::vector<Choice> free;  // as far as they are about protocols that are taken
    for (Choice choice : choices_) {
      std::erase_if(choice.offered,
                    [&](std::string const& id) { return std::find(accepted_.begin(), accepted_.end(), id) == accepted_.end(); });
      if (std::find(choice.offered.begin(), choice.offered.end(), choice.picked) == choice.offered.end()) continue;
      if (choice.offered.front() != choice.picked) return "server";
      free.push_back(std::move(choice));
    }
    auto const holds = [](Choice const& choice, std::string const& id) {
      return std::find(choice.offered.begin(), choice.offered.end(), id) != choice.offered.end();
    };
    for (Choice const& a : free) {
      for (Choice const& b : free) {
        if (a.picked != b.picked && holds(a, b.picked) && holds(b, a.picked)) return "client";
      }
    }
    return {};
  }

  audit::Peer& peer_;
  ProtocolVersion version_;
  wire::ClientHello model_;
  std::vector<Choice> choices_;
  Protocols accepted_;
  std::string picked_;
  std::string chooser_;
  std::string unknown_ = "inconclusive";
  std::string alert_;
  std::string open_;
};

asio::awaitable<audit::Observation> ask(audit::Peer& peer, audit::Facts const& facts) {
  Rounds rounds{peer, facts, *version_to_ask(facts)};
  co_await rounds.run();
  audit::Observation seen;
  seen.fact("alpn", rounds.facts());
  if (!rounds.open().empty()) seen.open(rounds.open());
  co_return seen;
}

}  // namespace

extern constexpr audit::Probe alpn{
    .id = "alpn",
    .question = "Which protocols does the server take by ALPN, in which order, who chooses, and what if it knows none?",
    .connections = "protocols + 1",
    .keys = kKeys,
    .citations = kCitations,
    .needs = kNeeds,
    .applies = applies,
    .ask = ask,
};

}  // namespace tlsgauge::probes

#include "probes/verify_rounds.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "crypto/key_share.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {
namespace {

using solve::Answer;
using solve::Code;
using wire::ProtocolVersion;
using wire::SignatureScheme;

/// RFC 8446 section 4.2.3: what a server may sign CertificateVerify with; the others are for certificates.
std::vector<SignatureScheme> of_handshakes() {
  std::vector<SignatureScheme> schemes = schemes_of(wire::hello_for(ProtocolVersion::TLSv1_3, {}, {}));
  std::erase_if(schemes, [](SignatureScheme scheme) {
    wire::SignatureSchemeInfo const* const info = wire::find(scheme);
    return info == nullptr || !info->tls13.starts_with("Y");
  });
  return schemes;
}

/// JSSE sends its ServerHello before it knows whether it has a key, and an alert behind it when it has none.
bool broken_off(audit::Reply const& reply) {
  return reply.outcome == audit::Outcome::inconclusive && reply.flight.server_hello.has_value();
}

bool alerted_late(audit::Reply const& reply) { return broken_off(reply) && reply.flight.fatal_alert().has_value(); }

/// The flight of a ServerHello that was no HelloRetryRequest.
bool whole(audit::Reply const& reply) {
  wire::ServerHello const* const hello = reply.server_hello();
  return hello != nullptr && hello->version() == ProtocolVersion::TLSv1_3 && !hello->is_hello_retry_request() &&
         reply.flight.certificate_verify_scheme.has_value();
}

}  // namespace

VerifyRounds::VerifyRounds(audit::Peer& peer, std::optional<LesserShare> lesser)
    : peer_(peer), members_(codes_of(of_handshakes())), enumeration_(solve::scheme_universe(of_handshakes())), lesser_(std::move(lesser)) {
  for (audit::Transcript const& transcript : peer.transcripts()) {
    if (!transcript.question.raw.empty() || !whole(transcript.reply)) continue;
    std::optional<wire::NamedGroup> const group = transcript.reply.server_hello()->key_share_group();
    if (!group) continue;
    model_ = transcript.question.hello;
    group_ = *group;
    break;
  }
  if (model_) recall();
}

std::vector<Code> VerifyRounds::offered(wire::ClientHello const& hello) const {
  std::vector<Code> list = codes_of(schemes_of(hello));
  std::erase_if(list, [this](Code code) { return !holds(members_, code); });
  return list;
}

void VerifyRounds::recall() {
  for (audit::Transcript const& transcript : peer_.transcripts()) {
    wire::ClientHello const& hello = transcript.question.hello;
    if (!transcript.question.raw.empty() || only_version(hello) != ProtocolVersion::TLSv1_3 || !has_shares(hello)) continue;
    std::vector<Code> offer = offered(hello);
    bool const about_schemes = hello.cipher_suites == model_->cipher_suites && named_groups_of(hello) == named_groups_of(*model_) &&
                               wire::find(hello.extensions, wire::ExtensionType::signature_algorithms_cert) != nullptr;
    if (whole(transcript.reply)) {
      enumeration_.observe(offer, Answer::picked(static_cast<Code>(*transcript.reply.flight.certificate_verify_scheme)));
    } else if (about_schemes && transcript.reply.refused()) {
      // A refusal of all holds in whatever order they are named.
      std::vector<Code> sorted;
      std::copy_if(members_.begin(), members_.end(), std::back_inserter(sorted), [&](Code code) { return holds(offer, code); });
      enumeration_.observe(sorted, Answer::refused());
    }
  }
}

Result<audit::Question> VerifyRounds::question(std::vector<Code> const& offer, std::optional<LesserShare> const& lesser) const {
  Result<crypto::OfferedShare> share = crypto::offer_share(lesser ? lesser->shared : group_);
  if (!share) return share.error();
  wire::ClientHello hello = *model_;
  wire::Extension inside = wire::signature_algorithms(schemes_of(wire::hello_for(ProtocolVersion::TLSv1_3, {}, {})));
  inside.type = wire::ExtensionType::signature_algorithms_cert;
  std::vector<wire::KeyShareEntry> const shares{share->entry};
  wire::put(hello, wire::key_share(shares));
  if (lesser) wire::put(hello, wire::supported_groups(lesser->groups));
  wire::put(hello, wire::signature_algorithms(schemes_of(offer)));
  wire::put(hello, std::move(inside));
  wire::fill_random(hello.random);
  audit::Question out{std::move(hello)};
  out.keys = share->keys;
  out.purpose = fmt::format("TLSv1.3 signature schemes, {} offered", offer.size());
  return out;
}

Answer VerifyRounds::read(std::vector<Code> const& offer, audit::Reply const& reply) {
  if (whole(reply)) {
    Code const used = static_cast<Code>(*reply.flight.certificate_verify_scheme);
    if (holds(offer, used)) return Answer::picked(used);
    if (!not_offered_) not_offered_ = used;
    return Answer::refused();
  }
  if (alerted_late(reply)) return Answer::refused();
  if (wire::ServerHello const* const hello = reply.server_hello()) {
    if (hello->version() != ProtocolVersion::TLSv1_3) return Answer::refused();
    return Answer::inconclusive(hello->is_hello_retry_request() ? "a HelloRetryRequest for a share that was taken before"
                                                                : "a flight without a CertificateVerify that can be read");
  }
  Answer const refusal = group_answer(reply);
  return refusal.kind == Answer::Kind::picked ? Answer::inconclusive("an answer that says nothing of signatures") : refusal;
}

/// A share opens the answer of one connection only, so a flight that broke off is asked for anew here.
asio::awaitable<audit::Reply> VerifyRounds::again(std::vector<Code> const& offer, audit::Reply reply) {
  auto const retry = [&reply] { return reply.server_hello() && reply.server_hello()->is_hello_retry_request(); };
  for (int tries = 1; tries < (reply.flight.fatal_alert() ? 2 : 3) && (broken_off(reply) || retry()); ++tries) {
    Result<audit::Question> once_more = question(offer, std::nullopt);
    if (!once_more) break;
    audit::Question question = std::move(*once_more);
    reply = co_await peer_.exchange(std::move(question));
  }
  co_return reply;
}

asio::awaitable<audit::Reply> VerifyRounds::alone(std::vector<Code> const& offer) {
  Result<audit::Question> once = question(offer, std::nullopt);
  audit::Reply reply;
  if (!once) co_return reply;
  audit::Question question = std::move(*once);
  audit::Reply first = co_await peer_.exchange(std::move(question));
  reply = co_await again(offer, std::move(first));
  co_return reply;
}

/// JSSE chooses a key first and breaks off where that key cannot do the scheme, such as ecdsa_secp384r1_sha384 with a key on secp256r1,
/// though the list holds a scheme for another key of its. So what is left of each kind of key is asked for apart.
asio::awaitable<std::optional<Code>> VerifyRounds::culprit(std::vector<Code> const& offer) {
  std::vector<Code> const found = enumeration_.solution().accepted;
  std::optional<Code> guilty;
  for (Code const known : culprits_) {
    if (holds(offer, known)) co_return known;
  }
  std::map<std::string_view, std::vector<Code>> kinds;
  for (Code const code : found) kinds[wire::find(SignatureScheme{code})->algorithm];
  for (auto& [algorithm, rest] : kinds) {
    for (Code const code : offer) {
      if (!holds(found, code) && wire::find(SignatureScheme{code})->algorithm == algorithm) rest.push_back(code);
    }
    if (rest.empty() || rest == offer) continue;
    audit::Reply const reply = co_await alone(rest);
    Answer const answer = read(rest, reply);
    if (!alerted_late(reply)) {
      enumeration_.observe(rest, answer);
      continue;
    }
    for (Code const code : rest) {
      std::vector<Code> const one{code};
      audit::Reply single;
      if (rest.size() == 1) {
        single = reply;
      } else {
        single = co_await alone(one);
      }
      if (alerted_late(single)) {
        culprits_.push_back(code);
        guilty = code;
        enumeration_.observe(one, Answer::failed(code));
      } else {
        Answer const its = read(one, single);
        enumeration_.observe(one, its);
      }
    }
  }
  co_return guilty;
}

asio::awaitable<void> VerifyRounds::run() {
  std::unique_ptr<audit::Batch> const batch = peer_.batch();
  std::map<std::uint64_t, std::vector<Code>> asked;
  while (true) {
    for (solve::Query const& query : enumeration_.next(std::max(1U, peer_.lanes()))) {
      Result<audit::Question> next = question(query.offer, query.hopeful ? std::exchange(lesser_, std::nullopt) : std::nullopt);
      if (!next) {
        enumeration_.feed(query.id, Answer::inconclusive(next.error().detail));
        continue;
      }
      next->alone = query.last;
      asked.emplace(query.id, query.offer);
      batch->ask(query.id, std::move(*next));
    }
    if (batch->pending() == 0) break;
    audit::Batch::Ended ended = co_await batch->next();
    std::vector<Code> const offer = asked.at(ended.id);
    asked.erase(ended.id);
    audit::Reply const reply = co_await again(offer, std::move(ended.reply));
    if (reply.outcome == audit::Outcome::cancelled) enumeration_.stop(reply.why());
    Answer answer = read(offer, reply);
    if (alerted_late(reply)) {
      std::optional<Code> const guilty = co_await culprit(offer);
      if (guilty) answer = Answer::failed(*guilty);
    }
    enumeration_.feed(ended.id, answer);
    if (reply.outcome == audit::Outcome::cancelled) break;
  }
}

}  // namespace tlsgauge::probes

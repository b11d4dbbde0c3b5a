#include "probes/certificate_wave.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/key_share.hpp"
#include "probes/offers.hpp"
#include "probes/readable.hpp"
#include "wire/hello.hpp"
#include "wire/ssl2.hpp"

namespace tlsgauge::probes {
namespace {

using wire::CipherSuite;
using wire::NamedGroup;
using wire::ProtocolVersion;
using wire::SignatureScheme;
using wire::SignatureSchemeInfo;

constexpr int kMaxTries = 3;
constexpr auto kAlpn = wire::ExtensionType::application_layer_protocol_negotiation;

template <class Accepts>
std::vector<SignatureScheme> schemes_where(Accepts const& accepts) {
  std::vector<SignatureScheme> kept;
  for (SignatureSchemeInfo const& scheme : wire::signature_schemes()) {
    if (accepts(scheme)) kept.push_back(scheme.code);
  }
  return kept;
}

bool for_pss_keys(SignatureSchemeInfo const& scheme) { return scheme.name.find("_pss_pss_") != std::string_view::npos; }

template <class Accepts>
std::vector<CipherSuite> suites_where(ProtocolVersion version, Accepts const& accepts) {
  std::vector<CipherSuite> suites = suites_of(solve::Enumeration{solve::suite_universe(version)}.opening());
  std::erase_if(suites, [&](CipherSuite suite) {
    wire::CipherSuiteInfo const* const info = wire::find(suite);
    return info == nullptr || !accepts(*info);
  });
  return suites;
}

/// Questions one after the other that start from one hello.
class Line {
 public:
  Line(ProtocolVersion version, wire::ClientHello hello, std::string what)
      : version_(version), hello_(std::move(hello)), purpose_(wire::name(version) + " certificates, " + std::move(what)) {}

  enum class Then { stop, ask_for_others };
  /// Offers only these schemes for the handshake; then asks on with those that the key shown cannot serve, until nothing new is shown.
  void limit(std::vector<SignatureScheme> schemes, Then then) {
    schemes_ = std::move(schemes);
    limited_ = true;
    then_ = then;
  }

  /// Empty: nothing can be asked.
  std::optional<audit::Question> question() {
    wire::ClientHello hello = limited_ ? signed_with(hello_, schemes_) : hello_;
    wire::fill_random(hello.random);
    if (without_alpn_) wire::drop(hello, kAlpn);
    audit::Question question;
    if (version_ == ProtocolVersion::TLSv1_3) {
      Result<crypto::OfferedShare> const share = crypto::offer_share(group_);
      if (!share) {
        open_ = "no key share for " + wire::name(group_) + " can be made: " + share.error().detail;
        return std::nullopt;
      }
      std::vector<wire::KeyShareEntry> const shares{share->entry};
      wire::put(hello, wire::key_share(shares));
      question.keys = share->keys;
    }
    question.hello = std::move(hello);
    question.purpose = purpose_;
    return question;
  }

  /// Whether to ask once more.
  bool feed(audit::Reply const& reply) {
    wire::ServerHello const* const answer = reply.server_hello();
    if (!answer) return unanswered(reply);
    answered_ = true;
    if (answer->is_hello_retry_request()) return retry(answer->key_share_group());
    std::vector<Bytes> const& chain = reply.flight.certificates;
    if (chain.empty()) {
      if (answer->version() == ProtocolVersion::TLSv1_3) open_ = "the encrypted flight held no certificate";
      return false;
    }
    shown_.emplace_back(answer->version(), reply.flight);
    return then_ == Then::ask_for_others && without_schemes_of(chain.front());
  }

  void write(ChainBook& book, bool named) const {
    for (auto const& [version, flight] : shown_) book.add(version, flight, named);
  }
  [[nodiscard]] ProtocolVersion version() const { return version_; }
  [[nodiscard]] std::string const& purpose() const { return purpose_; }
  [[nodiscard]] std::string const& open() const { return open_; }
  [[nodiscard]] bool answered() const { return answered_; }

 private:
  bool unanswered(audit::Reply const& reply) {
    std::optional<wire::Alert> const alert = reply.flight.fatal_alert();
    if (alert && alert->description == wire::AlertDescription::no_application_protocol && !without_alpn_) return without_alpn_ = true;
    bool const begun = reply.outcome == audit::Outcome::inconclusive && reply.flight.server_hello.has_value();
    // JSSE sends its ServerHello before it knows whether it has a key, and an alert behind it when it has none.
    alerted_ = alerted_ && alert.has_value();
    if (begun && version_ == ProtocolVersion::TLSv1_3 && ++broken_off_ < kMaxTries) return true;
    if (!reply.refused() && !(begun && alerted_)) open_ = reply.why();
    return false;
  }

  bool retry(std::optional<NamedGroup> wanted) {
    tried_.push_back(group_);
    if (!wanted || !crypto::can_share(*wanted) || std::find(tried_.begin(), tried_.end(), *wanted) != tried_.end()) {
      open_ = "the server asks to retry with " + (wanted ? wire::name(*wanted) : std::string{"no group"}) + ", which leads nowhere";
      return false;
    }
    group_ = *wanted;
    return true;
  }

  /// False where nothing is left to ask for, or the server does not mind what it is asked for.
  bool without_schemes_of(Bytes const& leaf) {
    Result<crypto::Certificate> const read = crypto::read_certificate(leaf);
    if (!read) return false;
    std::size_t const before = schemes_.size();
    std::erase_if(schemes_, [&](SignatureScheme code) {
      SignatureSchemeInfo const* const info = wire::find(code);
      return info != nullptr && signs_with(read->key_type, *info);
    });
    return schemes_.size() < before && !schemes_.empty();
  }

  ProtocolVersion version_;
  wire::ClientHello hello_;
  std::string purpose_;
  std::vector<SignatureScheme> schemes_;
  bool limited_ = false;
  Then then_ = Then::stop;
  NamedGroup group_ = NamedGroup::x25519;
  std::vector<NamedGroup> tried_;
  int broken_off_ = 0;
  bool alerted_ = true;
  bool without_alpn_ = false;
  bool answered_ = false;
  std::vector<std::pair<ProtocolVersion, wire::Flight>> shown_;
  std::string open_;
};

using Lines = std::vector<Line>;

Line tls13(audit::Peer const& peer, std::string what, std::vector<SignatureScheme> schemes) {
  Line line{ProtocolVersion::TLSv1_3, readable_hello(peer, audit::Facts{}), std::move(what)};
  line.limit(std::move(schemes), Line::Then::ask_for_others);
  return line;
}

Line older(audit::Peer const& peer, ProtocolVersion version, std::string what, std::vector<CipherSuite> suites) {
  return {version, usual_hello(version, std::move(suites), peer.target().server_name), std::move(what)};
}

bool signs_key_exchange(wire::CipherSuiteInfo const& suite) { return suite.key_exchange == "ECDHE" || suite.key_exchange == "DHE"; }

/// As many as an address takes at once. SSL 3.0 and older are left to a second round.
Lines first_round(audit::Peer const& peer) {
  constexpr ProtocolVersion k12 = ProtocolVersion::TLSv1_2;
  Lines lines;
  auto const in13 = [](SignatureSchemeInfo const& scheme) { return scheme.tls13.starts_with("Y"); };
  lines.push_back(tls13(peer, "RSA", schemes_where([&](auto const& scheme) { return in13(scheme) && signs_with("rsa", scheme); })));
  lines.push_back(tls13(peer, "ECDSA", schemes_where([&](auto const& scheme) { return in13(scheme) && signs_with("ecdsa", scheme); })));
  lines.push_back(tls13(peer, "other keys", schemes_where([&](auto const& scheme) {
                          return in13(scheme) && !signs_with("rsa", scheme) && !signs_with("ecdsa", scheme);
                        })));
  auto const by = [](std::string_view authentication) {
    return suites_where(k12, [=](wire::CipherSuiteInfo const& suite) { return suite.authentication == authentication; });
  };
  std::vector<SignatureScheme> const rare =
      schemes_where([](auto const& scheme) { return scheme.algorithm == "eddsa" || for_pss_keys(scheme) || scheme.algorithm == "dsa"; });
  std::vector<SignatureScheme> common = schemes_of(wire::hello_for(k12, {}, {}));
  std::erase_if(common, [&](SignatureScheme scheme) { return std::find(rare.begin(), rare.end(), scheme) != rare.end(); });
  for (std::string_view const kind : {"RSA", "ECDSA"}) {
    Line line = older(peer, k12, std::string{kind}, by(kind));
    line.limit(common, Line::Then::stop);
    lines.push_back(std::move(line));
  }
  // RFC 8422 section 5.10 and RFC 8446 section 4.2.3: such keys hide behind the suites of others.
  std::vector<CipherSuite> const signing =
      suites_where(k12, [](wire::CipherSuiteInfo const& suite) { return signs_key_exchange(suite) && suite.authentication != "anon"; });
  lines.push_back(older(peer, k12, "other keys", signing));
  lines.back().limit(rare, Line::Then::ask_for_others);
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_1, ProtocolVersion::TLSv1_0}) {
    lines.push_back(older(peer, version, "all keys", suites_where(version, [](auto const&) { return true; })));
  }
  return lines;
}

/// For servers that drop long hellos, those whose suites are rare, and those that know nothing newer.
Lines second_round(audit::Peer const& peer) {
  std::string const& name = peer.target().server_name;
  Lines lines;
  wire::ClientHello newest = short_hello(ProtocolVersion::TLSv1_3, readable_hello(peer, audit::Facts{}).cipher_suites, name);
  lines.emplace_back(ProtocolVersion::TLSv1_3, std::move(newest), "short hello");
  for (ProtocolVersion const version : {ProtocolVersion::TLSv1_2, ProtocolVersion::TLSv1_0}) {
    std::vector<CipherSuite> suites = suites_where(version, [](auto const&) { return true; });
    lines.emplace_back(version, short_hello(version, suites, name), "short hello");
    std::vector<CipherSuite> rest = wire::offerable_suites(version);
    std::erase_if(rest, [&](CipherSuite suite) { return std::find(suites.begin(), suites.end(), suite) != suites.end(); });
    constexpr std::size_t kMost = 100;
    if (rest.size() > kMost) rest.resize(kMost);
    if (!rest.empty()) lines.push_back(older(peer, version, "rare suites", std::move(rest)));
  }
  return lines;
}

asio::awaitable<void> ask_all(audit::Peer& peer, Lines& lines) {
  std::unique_ptr<audit::Batch> const batch = peer.batch();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (std::optional<audit::Question> question = lines[i].question()) batch->ask(i, std::move(*question));
  }
  while (batch->pending() > 0) {
    audit::Batch::Ended const ended = co_await batch->next();
    Line& line = lines[ended.id];
    if (!line.feed(ended.reply)) continue;
    if (std::optional<audit::Question> question = line.question()) batch->ask(ended.id, std::move(*question));
  }
}

/// In the order of the lines, whichever ended first.
void write(Lines const& lines, bool named, ChainBook& book) {
  for (Line const& line : lines) line.write(book, named && line.version() != ProtocolVersion::SSLv3);
  for (Line const& line : lines) {
    if (line.open().empty()) continue;
    if (line.answered() && !book.holds(line.version())) {
      book.unread(line.version(), "", line.open());
    } else {
      book.note(line.purpose() + " stayed open: " + to_utf8(line.open()));
    }
  }
}

Line ssl3(audit::Peer const& peer) {
  constexpr ProtocolVersion kVersion = ProtocolVersion::SSLv3;
  return older(peer, kVersion, "all keys", suites_where(kVersion, [](auto const&) { return true; }));
}

}  // namespace

bool signs_with(std::string_view key_type, SignatureSchemeInfo const& scheme) {
  if (key_type == "rsa") return scheme.algorithm == "rsa_pss" && !for_pss_keys(scheme);
  if (key_type == "rsa-pss") return for_pss_keys(scheme);
  if (key_type == "ed25519" || key_type == "ed448") return scheme.name == key_type;
  return !scheme.algorithm.empty() && key_type.starts_with(scheme.algorithm);  // "ecdsa", "ml-dsa-65"
}

asio::awaitable<void> collect_in_a_wave(audit::Peer& peer, ChainBook& book) {
  bool const named = !peer.target().server_name.empty();
  Lines lines = first_round(peer);
  co_await ask_all(peer, lines);
  bool const shown = std::any_of(lines.begin(), lines.end(), [](Line const& line) { return line.answered(); });
  Lines more;
  if (lines.back().answered() || !shown) more.push_back(ssl3(peer));
  bool const reached = std::any_of(peer.transcripts().begin(), peer.transcripts().end(), [](audit::Transcript const& transcript) {
    return transcript.reply.outcome != audit::Outcome::unreachable && transcript.reply.outcome != audit::Outcome::not_tls;
  });
  if (!shown && reached) {
    for (Line& line : second_round(peer)) more.push_back(std::move(line));
  }
  if (!more.empty() && reached) co_await ask_all(peer, more);
  for (Line& line : more) lines.push_back(std::move(line));
  write(lines, named, book);
  if (std::none_of(lines.begin(), lines.end(), [](Line const& line) { return line.answered(); }) && book.open().empty()) {
    book.note("no hello was answered");
  }
}

}  // namespace tlsgauge::probes

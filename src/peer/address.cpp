#include "peer/address.hpp"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <utility>

#include "wire/hello.hpp"

namespace tlsgauge::peer {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kSmallHello = 512;  // octets of a hello that makes the best control
constexpr unsigned kMaxCanaries = 2;
constexpr milliseconds kFirstWait{100};
constexpr milliseconds kLongestWait{4000};
constexpr milliseconds kMostWaiting{60'000};  // on controls that fail, in all; less where the user's timeout is short
constexpr milliseconds kLeastWaiting{3'000};
constexpr milliseconds kRegained{500};                      // of that, by each good answer
constexpr std::size_t kMaxKeptOctets = 16UL * 1024 * 1024;  // flights beyond it are kept without their messages

constexpr std::size_t kLargeChain = 64UL * 1024;

bool large(wire::CertificateList const& chain) { return chain.octets() > kLargeChain; }

std::size_t octets_of(wire::Flight const& flight) {
  std::size_t octets = flight.ocsp_response.size();
  if (!large(flight.certificates)) octets += flight.certificates.octets();  // the large ones are counted once
  for (Bytes const& response : flight.ocsp_of_issuers) octets += response.size();
  for (wire::HandshakeMessage const& message : flight.messages) octets += message.whole.size();
  return octets;
}

milliseconds since(Clock::time_point start) { return std::chrono::duration_cast<milliseconds>(Clock::now() - start); }

/// The control hello with suites and padding of the question, so that only what it asks for tells them apart. Any suite may be picked.
wire::ClientHello enlarged(wire::ClientHello hello, audit::Question const& question, std::size_t octets) {
  for (wire::CipherSuite const suite : question.hello.cipher_suites) {
    if (hello.cipher_suites.size() >= question.hello.cipher_suites.size()) break;
    if (std::find(hello.cipher_suites.begin(), hello.cipher_suites.end(), suite) == hello.cipher_suites.end()) {
      hello.cipher_suites.push_back(suite);
    }
  }
  std::size_t const now = hello.encode_in_records().size() + 4;
  if (now < octets && !hello.extensions.empty()) wire::put(hello, wire::padding(octets - now));
  return hello;
}

}  // namespace

Address::Address(asio::any_io_executor executor, Target target, audit::Settings settings, std::shared_ptr<net::Budget> shared)
    : timing(settings.timeout),
      budget(*shared),
      endpoint_slots(executor),
      shared_budget_(std::move(shared)),
      executor_(executor),
      target_(std::move(target)),
      settings_(std::move(settings)),
      control_over_(std::move(executor)) {
  Result<asio::ip::tcp::endpoint> const endpoint =
      net::endpoint_of(target_.address, settings_.connect_port != 0 ? settings_.connect_port : target_.port);
  if (endpoint) {
    endpoint_ = *endpoint;
  } else {
    no_endpoint_ = endpoint.error();
  }
}

unsigned Address::lanes() const { return budget.limit(); }

void Address::count(net::Connection const& connection) {
  cost_.bytes_sent += connection.bytes_sent();
  cost_.bytes_received += connection.bytes_received();
}

asio::awaitable<Attempt> Address::ask(audit::Question const& question, milliseconds limit, std::stop_token stop, net::Slots::Turn turn) {
  Attempt result;
  if (no_endpoint_) {
    result.kind = Attempt::Kind::unconnected;
    result.detail = no_endpoint_->detail;
    co_return result;
  }
  net::Budget::Pass const pass = co_await budget.acquire(stop, turn == net::Slots::Turn::first ? turn : net::Slots::Turn::next);
  net::EndpointSlots::Place const place = co_await endpoint_slots.enter(stop, turn);
  if (!pass || !place) {
    result.detail = "interrupted";
    co_return result;
  }
  net::Connection connection{executor_, limit, std::move(stop)};
  auto const number = static_cast<std::uint32_t>(++cost_.connections);
  result = co_await attempt(connection, endpoint_, question);
  count(connection);
  share_chain(result.flight);
  result.connection = number;
  result.era = net::Budget::era(pass);
  result.kind == Attempt::Kind::answered ? endpoint_slots.took(place) : endpoint_slots.balked();
  reached_ |= connection.connect_ms() > 0;
  co_return result;
}

asio::awaitable<Address::Control> Address::control(std::stop_token stop) {
  std::uint64_t const seen = control_over_.count();
  if (!control_running_) {
    control_running_ = true;
    asio::co_spawn(
        executor_, [](std::shared_ptr<Address> self) -> asio::awaitable<void> { co_await self->run_control(); }(shared_from_this()),
        asio::detached);
  }
  bool const over = co_await control_over_.after(seen, std::move(stop));
  co_return over ? last_control_ : Control::dead;
}

asio::awaitable<void> Address::run_control() {
  bool alive = false;
  bool const known = control_.has_value();
  if (known) {
    alive = co_await try_control_until_patience_ends();
    dead_ = !alive && !stop_.stop_requested();
  } else {
    alive = co_await try_canary();
  }
  last_control_ = alive ? Control::alive : known ? Control::dead : Control::unknown;
  control_running_ = false;
  control_over_.happen();
}

asio::awaitable<bool> Address::try_canary() {
  if (canaries_ >= kMaxCanaries) co_return false;
  ++canaries_;
  audit::Question question{wire::canary_hello(target_.server_name)};
  question.purpose = "is there a TLS server at all";
  Attempt const attempt = co_await ask(question, timing.usual(), stop(), net::Slots::Turn::first);
  if (attempt.kind != Attempt::Kind::answered && attempt.kind != Attempt::Kind::alerted) co_return false;
  learn(attempt, question);
  co_return true;
}

asio::awaitable<bool> Address::try_control_until_patience_ends() {
  audit::Question question{*control_};
  question.purpose = "control";
  milliseconds const most = std::clamp(6 * settings_.timeout, kLeastWaiting, kMostWaiting);
  milliseconds wait = kFirstWait;
  while (true) {
    Clock::time_point const start = Clock::now();
    Attempt const attempt = co_await ask(question, timing.usual(), stop(), net::Slots::Turn::first);
    // An alert in place of the hello that it once had: there, but overloaded.
    bool const well =
        attempt.kind == Attempt::Kind::answered || (attempt.kind == Attempt::Kind::alerted && control_worth_ == Worth::alerted);
    if (well) {
      learn(attempt, question);
      co_return true;
    }
    if (attempt.kind == Attempt::Kind::cancelled) co_return false;
    if (attempt.kind != Attempt::Kind::local) {
      reliability.fault();
      budget.trouble(attempt.era);
    }
    waited_ += since(start) + wait;
    if (waited_ >= most) co_return false;
    bool const go_on = co_await net::pause(wait, stop());
    if (!go_on) co_return false;
    wait = std::min(2 * wait, kLongestWait);
  }
}

asio::awaitable<bool> Address::answers_hellos_like(audit::Question const& question, std::size_t octets, std::stop_token stop) {
  if (!question.raw.empty() || !control_) co_return true;
  std::size_t const suites = question.hello.cipher_suites.size();
  constexpr unsigned kTries = 3;
  for (unsigned i = 0; i < kTries; ++i) {
    if (octets <= std::max(proven_octets_, kSmallHello / 2) && suites <= proven_suites_) co_return true;
    audit::Question like{enlarged(*control_, question, octets)};
    like.purpose = "control of the size of a refused hello";
    Attempt const attempt = co_await ask(like, timing.usual(), stop, net::Slots::Turn::first);
    if (attempt.kind == Attempt::Kind::answered || attempt.kind == Attempt::Kind::alerted) {
      learn(attempt, like);
      proven_octets_ = std::max(proven_octets_, octets);
      proven_suites_ = std::max(proven_suites_, suites);
      co_return true;
    }
  }
  co_return false;
}

void Address::learn(Attempt const& attempt, audit::Question const& question) {
  bool const in_full = attempt.kind == Attempt::Kind::answered;
  reliability.success();
  budget.good();
  answered_ = true;
  dead_ = false;
  waited_ = std::max(milliseconds{0}, waited_ - kRegained);
  if (!question.raw.empty()) return;
  if (in_full) timing.good(attempt.connect_ms, attempt.answer_ms);
  keep_as_control(attempt, question);
  proven_octets_ = std::max(proven_octets_, attempt.hello_octets);
  proven_suites_ = std::max(proven_suites_, question.hello.cipher_suites.size());
}

/// Any hello that was answered will do, even with an alert, which shows that the server is there; a small one with a ServerHello is best.
void Address::keep_as_control(Attempt const& attempt, audit::Question const& question) {
  if (question.keys || !question.delivery.usual()) return;
  Worth worth = Worth::alerted;
  if (attempt.kind == Attempt::Kind::answered) worth = attempt.hello_octets <= kSmallHello ? Worth::answered : Worth::answered_large;
  if (worth <= control_worth_) return;
  control_worth_ = worth;
  control_ = question.hello;
  control_->random = {};
}

/// Up to TLS 1.1 servers sign in one and the same way (RFC 5246 section 1.2), so that what fails at one of these versions fails at all.
bool Address::failed_before(wire::ServerHello const& hello, wire::Alert const& alert) {
  return !failures_.emplace(std::max(hello.version(), wire::ProtocolVersion::TLSv1_1), hello.cipher_suite, alert.description).second;
}

/// A server shows its chain in each of some sixty flights. A large one is kept once.
void Address::share_chain(wire::Flight& flight) {
  if (!large(flight.certificates)) return;
  auto const known = std::ranges::find(large_chains_, flight.certificates);
  if (known != large_chains_.end()) {
    flight.certificates = *known;
  } else if (std::size_t const octets = flight.certificates.octets(); kept_octets_ + octets <= kMaxKeptOctets) {
    kept_octets_ += octets;
    large_chains_.push_back(flight.certificates);
  }
}

void Address::record(audit::Question question, audit::Reply const& reply) {
  audit::Transcript& transcript = transcripts_.emplace_back();
  transcript.question = std::move(question);
  transcript.question.keys.reset();
  transcript.reply = reply;
  std::size_t const octets = octets_of(reply.flight);
  bool const shared =
      !large(reply.flight.certificates) || std::ranges::find(large_chains_, reply.flight.certificates) != large_chains_.end();
  if (!shared || kept_octets_ + octets > kMaxKeptOctets) {
    transcript.reply.flight.messages.clear();
    transcript.reply.flight.certificates.clear();
    transcript.reply.flight.cut_chain = 0;
    transcript.reply.flight.ocsp_response.clear();
    transcript.reply.flight.ocsp_of_issuers.clear();
    return;
  }
  kept_octets_ += octets;
}

void Address::record(audit::HandshakeOrder order, audit::HandshakeRecord const& record) {
  audit::HandshakeTranscript& transcript = handshakes_.emplace_back();
  transcript.order = std::move(order);
  transcript.record = record;
}

}  // namespace tlsgauge::peer

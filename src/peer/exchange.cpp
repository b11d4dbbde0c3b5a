#include "peer/exchange.hpp"

#include <algorithm>
#include <utility>

#include "wire/record.hpp"

namespace tlsgauge::peer {
namespace {

using audit::Outcome;
using Kind = Attempt::Kind;
using std::chrono::milliseconds;

constexpr unsigned kMaxUncontrolled = 3;  // failures before the address ever answered
constexpr unsigned kMaxUnconnected = 2;   // before TCP ever got through
constexpr unsigned kMaxOdd = 3;           // contradictions and breaches of grammar
constexpr unsigned kMaxForeign = 2;       // answers that are no TLS, before there ever was one that is
constexpr unsigned kMaxLocal = 20;        // failures of this machine, with waits of kLocalWait to 1 s
constexpr milliseconds kLocalWait{50};

/// Some stacks fail with it at random; a fatal alert after a ServerHello contradicts that.
bool is_doubtful(wire::Flight const& flight) {
  std::optional<wire::Alert> const alert = flight.fatal_alert();
  return flight.answered() || (alert && alert->description == wire::AlertDescription::internal_error);
}

}  // namespace

asio::awaitable<audit::Reply> Exchange::run() {
  while (true) {
    Attempt attempt = co_await address_->ask(question_, limit(), stop_, question_.alone ? net::Slots::Turn::alone : net::Slots::Turn::next);
    Next next = weigh(attempt);
    if (next == Next::wait) {
      milliseconds const wait = std::min(kLocalWait * local_ * local_, milliseconds{1000});
      bool const waited = co_await net::pause(wait, stop_);
      next = waited ? Next::ask_again : end(Outcome::cancelled, "interrupted");
    }
    if (next == Next::control || next == Next::control_then_charge) {
      Address::Control const control = co_await address_->control(stop_);
      next = after_control(control, next == Next::control_then_charge);
    }
    if (next == Next::ask_again) continue;
    if (reply_.outcome == Outcome::refused_silently) co_await check_size();
    co_return std::move(reply_);
  }
}

/// Shorter than the user's timeout once the address has shown its pace; but where it was silent, once the whole of it.
milliseconds Exchange::limit() {
  bool const in_full = silent_ && !waited_in_full_;
  milliseconds const limit = in_full ? address_->timing.full() : address_->timing.usual();
  waited_in_full_ |= limit == address_->timing.full();
  return limit;
}

Exchange::Next Exchange::weigh(Attempt& attempt) {
  if (attempt.connection != 0) {
    ++reply_.attempts;
    reply_.connection = attempt.connection;
    reply_.connect_ms = attempt.connect_ms;
    reply_.first_byte_ms = attempt.first_byte_ms;
    reply_.sent = std::move(attempt.sent);
    reply_.received = std::move(attempt.received);
  }
  if (attempt.hello_octets != 0) hello_octets_ = attempt.hello_octets;
  silent_ = attempt.kind == Kind::silent;
  what_ = attempt.detail;
  reply_.flight = std::move(attempt.flight);
  attempt.flight = {};
  switch (attempt.kind) {
    case Kind::answered:
      return on_answer(attempt);
    case Kind::alerted:
      return on_alert(attempt);
    case Kind::malformed:
      return on_oddity(attempt, attempt.detail);
    case Kind::foreign:
      return on_foreign(attempt);
    case Kind::closed:
      return on_suspicion(attempt, Sign::closed);
    case Kind::reset:
      return on_suspicion(attempt, Sign::reset);
    case Kind::silent:
      return on_suspicion(attempt, Sign::silent);
    case Kind::unconnected:
      return on_unconnected(attempt);
    case Kind::local:
      return on_local(attempt);
    case Kind::cancelled:
      break;
  }
  return end(Outcome::cancelled, "interrupted");
}

Exchange::Next Exchange::on_answer(Attempt const& attempt) {
  if (question_.raw.empty()) {
    std::string const odd = audit::contradiction(question_.hello, reply_.flight);
    if (!odd.empty()) return on_oddity(attempt, odd);
  }
  address_->learn(attempt, question_);
  address_->reliability.fault(suspicion_.charged());  // what looked like a refusal was none
  return end(Outcome::answered, {});
}

Exchange::Next Exchange::on_alert(Attempt const& attempt) {
  address_->learn(attempt, question_);
  std::string detail = attempt.detail;
  if (reply_.flight.answered()) detail += " after a ServerHello";
  if (!is_doubtful(reply_.flight)) return end(Outcome::refused, std::move(detail));
  if (attempt.keys_started) return end(Outcome::inconclusive, std::move(detail));
  ++doubtful_alerts_;
  std::optional<wire::ServerHello> const& hello = reply_.flight.server_hello;
  std::optional<wire::Alert> const alert = reply_.flight.fatal_alert();
  if (doubtful_alerts_ == 1 && question_.about_suites && hello && alert && address_->failed_before(*hello, *alert)) ++doubtful_alerts_;
  if (doubtful_alerts_ < 2) return Next::ask_again;
  return end(Outcome::refused, detail + ", twice");
}

Exchange::Next Exchange::on_oddity(Attempt const& attempt, std::string what) {
  if (attempt.keys_started) return end(Outcome::inconclusive, std::move(what));
  if (++odd_ < kMaxOdd) return Next::ask_again;
  return end(Outcome::malformed, std::move(what));
}

Exchange::Next Exchange::on_foreign(Attempt const& attempt) {
  if (address_->has_control()) return on_suspicion(attempt, Sign::garbage);
  if (++foreign_ < kMaxForeign) return Next::ask_again;
  return end(Outcome::not_tls, attempt.detail.empty() ? "the answer is no TLS" : attempt.detail);
}

Exchange::Next Exchange::on_unconnected(Attempt const& attempt) {
  ++unconnected_;
  if (attempt.connection == 0) return end(Outcome::unreachable, attempt.detail);  // it has no address
  address_->budget.trouble(attempt.era);
  if (!address_->reached()) {
    bool const again = unconnected_ < kMaxUnconnected && !address_->hopeless();
    if (again) return Next::ask_again;
    address_->learn_nothing();
    return end(Outcome::unreachable, attempt.detail);
  }
  // The question was never heard: a fault of the way there, which speaks neither for nor against it.
  address_->reliability.fault();
  if (unconnected_ >= Suspicion::kMost || address_->dead()) return end(Outcome::inconclusive, attempt.detail);
  return Next::control;
}

Exchange::Next Exchange::on_local(Attempt const& attempt) {
  if (++local_ >= kMaxLocal) return end(Outcome::inconclusive, "for want of means of this machine: " + attempt.detail);
  return Next::wait;
}

Exchange::Next Exchange::on_suspicion(Attempt const& attempt, Sign sign) {
  sign_ = sign;
  // A server that has never said a word is not slowed down by several questions at once; asking one by one only takes longer.
  if (sign != Sign::silent || address_->answered()) address_->budget.trouble(attempt.era);
  if (attempt.keys_started) return end(Outcome::inconclusive, what_);
  if (address_->dead()) return end(Outcome::inconclusive, what_ + "; and control hellos are answered no more");
  if (address_->hopeless()) return end(Outcome::inconclusive, what_);
  return Next::control_then_charge;
}

Exchange::Next Exchange::after_control(Address::Control control, bool charge) {
  if (stop_.stop_requested()) return end(Outcome::cancelled, "interrupted");
  switch (control) {
    case Address::Control::dead:
      return end(Outcome::inconclusive, what_ + "; and control hellos are answered no more");
    case Address::Control::unknown:
      if (address_->has_control()) return Next::ask_again;  // another question has found one meanwhile
      ++uncontrolled_;
      if (!silent_ && uncontrolled_ < kMaxUncontrolled) return Next::ask_again;
      address_->learn_nothing();
      return end(Outcome::inconclusive, what_);
    case Address::Control::alive:
      break;
  }
  if (!charge) return Next::ask_again;
  suspicion_.charge(sign_);
  switch (suspicion_.verdict(address_->reliability)) {
    case Suspicion::Verdict::ask_again:
      return Next::ask_again;
    case Suspicion::Verdict::no:
      return end(Outcome::refused_silently, suspicion_.describe());
    case Suspicion::Verdict::undecided:
      break;
  }
  return end(Outcome::inconclusive, "cannot be told from faults: " + suspicion_.describe());
}

/// A middlebox that drops large hellos looks like a server that refuses what is in them.
asio::awaitable<void> Exchange::check_size() {
  bool const answered = co_await address_->answers_hellos_like(question_, hello_octets_, stop_);
  if (answered) {
    address_->budget.no_trouble_after_all();
    co_return;
  }
  bool const stopped = stop_.stop_requested();
  end(stopped ? Outcome::cancelled : Outcome::inconclusive, stopped ? "interrupted"
                                                                    : "hellos of " + std::to_string(hello_octets_) + " octets with " +
                                                                          std::to_string(question_.hello.cipher_suites.size()) +
                                                                          " suites get no answer, whatever they ask for");
}

Exchange::Next Exchange::end(audit::Outcome outcome, std::string detail) {
  reply_.outcome = outcome;
  reply_.detail = std::move(detail);
  return Next::over;
}

}  // namespace tlsgauge::peer

#include "probes/dns_questions.hpp"

#include "base/text.hpp"

namespace tlsgauge::probes {

asio::awaitable<Result<audit::DnsAnswer>> DnsQuestions::ask(std::string name, std::uint16_t type) {
  constexpr std::chrono::seconds kLimit{4};
  std::pair<std::string, std::uint16_t> const key{name, type};
  if (auto const known = answers_.find(key); known != answers_.end()) co_return known->second;
  if (given_up_.empty() && std::chrono::steady_clock::now() - begun_ > kLimit) given_up_ = "the DNS server answers too slowly";
  if (!given_up_.empty()) co_return Error{ErrorKind::timed_out, given_up_};
  Result<audit::DnsAnswer> answer = co_await peer_.look_up(std::move(name), type);
  if (!answer && answer.error().kind != ErrorKind::malformed && answer.error().kind != ErrorKind::refused)
    given_up_ = answer.error().detail;
  if (answer) validating_ = answer->validating;
  answers_.emplace(key, answer);
  co_return answer;
}

Value no_answer(Error const& error) {
  Value facts = Value::object();
  facts.set(error.kind == ErrorKind::malformed ? "bogus" : "not_checked", to_utf8(error.detail));
  return facts;
}

}  // namespace tlsgauge::probes

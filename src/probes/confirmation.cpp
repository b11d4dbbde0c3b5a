#include "probes/confirmation.hpp"

#include "base/text.hpp"
#include "wire/hello.hpp"

namespace tlsgauge::probes {

asio::awaitable<Confirmation> confirmed(audit::Peer& peer, Shows shows, std::optional<audit::Question> again) {
  Confirmation result;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    if (result.holds()) co_return result;
    if (!transcript.reply.answered() || !shows(transcript.reply)) continue;
    if (result.replies.empty() && !again) again = transcript.question;
    result.replies.push_back(transcript.reply);
  }
  if (result.holds()) co_return result;
  if (!again) {
    result.doubt = "no connection has shown it";
    co_return result;
  }
  wire::fill_random(again->hello.random);
  again->purpose += ", once more";
  again->alone = true;
  audit::Question question = std::move(*again);
  audit::Reply const reply = co_await peer.exchange(std::move(question));
  if (reply.answered() && shows(reply)) {
    result.replies.push_back(reply);
  } else {
    result.doubt = "not so a second time: " + to_utf8(reply.answered() ? "another answer" : reply.why());
  }
  co_return result;
}

}  // namespace tlsgauge::probes

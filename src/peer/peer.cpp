#include "peer/peer.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "crypto/old_servers.hpp"
#include "net/fetch.hpp"
#include "net/http.hpp"
#include "peer/address.hpp"
#include "peer/batch.hpp"
#include "peer/handshake.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge::peer {
namespace {

bool may_repeat(ErrorKind kind) {
  return kind == ErrorKind::reset || kind == ErrorKind::closed || kind == ErrorKind::unreachable || kind == ErrorKind::unsupported;
}

/// A connection that may be used again, with the leave to hold it.
struct HttpLine {
  net::Budget::Pass pass;
  net::EndpointSlots::Place place;
  std::shared_ptr<net::HttpSession> session;
};

asio::awaitable<Result<audit::HttpReply>> http_once(Address& address, net::HttpRequest const& request, std::unique_ptr<HttpLine>& line) {
  if (!line) {
    net::Budget::Pass pass = co_await address.budget.acquire(address.stop());
    net::EndpointSlots::Place place = co_await address.endpoint_slots.enter(address.stop(), net::Slots::Turn::next);
    if (!pass || !place) co_return Error{ErrorKind::cancelled, "interrupted"};
    line = std::make_unique<HttpLine>(HttpLine{std::move(pass), std::move(place), net::make_http_session()});
  }
  Result<net::HttpResponse> response = co_await net::http_get(request, line->session, address.stop());
  if (!response || !request.keep) line.reset();
  address.cost().connections += response ? response->connections : 1;
  if (!response) co_return response.error();
  address.cost().bytes_sent += response->bytes_sent;
  address.cost().bytes_received += response->bytes_received;
  audit::HttpReply reply;
  reply.version = response->version;
  reply.http2_error = std::move(response->http2_error);
  reply.status = response->status;
  reply.headers = std::move(response->headers);
  reply.redirect = std::move(response->redirect);
  co_return reply;
}

/// `kept` is taken for an order over TLS, and left where the order wants that.
asio::awaitable<Result<audit::HttpReply>> http_get(std::shared_ptr<Address> address, audit::HttpOrder order,
                                                   std::shared_ptr<std::unique_ptr<HttpLine>> kept) {
  Target const& target = address->target();
  net::HttpRequest request;
  request.host = target.server_name.empty() ? target.address : target.server_name;
  request.address = target.address;
  request.plain = order.plain;
  if (order.plain) {
    request.port = address->settings().http_port != 0 ? address->settings().http_port : 80;
  } else {
    request.port = target.port;
    request.connect_port = address->settings().connect_port;
  }
  request.prepare_tls = crypto::admit_old_servers;
  request.keep = order.keep;
  request.connect_limit = order.connect_limit;
  request.path = std::move(order.path);
  request.user_agent = std::string{kName} + "/" + std::string{kVersion};
  request.limit = order.limit.count() > 0 ? std::min(order.limit, address->settings().timeout) : address->settings().timeout;
  std::unique_ptr<HttpLine> line;
  if (!order.plain) line = std::move(*kept);
  constexpr int kTries = 3;
  for (int i = 1;; ++i) {
    Result<audit::HttpReply> reply = co_await http_once(*address, request, line);
    bool const shut = order.plain && !reply && reply.error().kind == ErrorKind::unreachable;
    bool const again = !reply && may_repeat(reply.error().kind) && i < kTries && !shut;
    if (again) continue;
    if (order.keep) *kept = std::move(line);
    co_return reply;
  }
}

asio::awaitable<Result<audit::Fetched>> fetch(std::shared_ptr<Address> address, std::shared_ptr<net::Fetcher> fetcher,
                                              audit::FetchOrder order) {
  if (address->settings().offline) co_return Error{ErrorKind::cancelled, "offline"};
  if (!fetcher) co_return Error{ErrorKind::unsupported, "nothing is fetched here"};
  net::FetchRequest request;
  request.url = std::move(order.url);
  request.body = std::move(order.body);
  request.content_type = std::move(order.content_type);
  request.most_octets = std::min(order.most_octets, net::kMostFetchedOctets);
  request.from = net::reach_of(address->target().address);
  Result<net::FetchResponse> response = co_await fetcher->fetch(std::move(request), address->stop());
  if (!response) co_return response.error();
  audit::Fetched fetched;
  fetched.status = response->status;
  fetched.content_type = std::move(response->content_type);
  fetched.content = std::move(response->content);
  fetched.url = std::move(response->url);
  co_return fetched;
}

class SocketPeer final : public LivePeer {
 public:
  SocketPeer(std::shared_ptr<Address> address, std::shared_ptr<net::Fetcher> fetcher)
      : address_(std::move(address)), fetcher_(std::move(fetcher)) {}

  [[nodiscard]] Target const& target() const override { return address_->target(); }
  [[nodiscard]] audit::Settings const& settings() const override { return address_->settings(); }
  [[nodiscard]] unsigned lanes() const override { return address_->lanes(); }
  [[nodiscard]] std::deque<audit::Transcript> const& transcripts() const override { return address_->transcripts(); }
  [[nodiscard]] std::deque<audit::HandshakeTranscript> const& handshakes() const override { return address_->handshakes(); }
  [[nodiscard]] Cost cost() const override { return address_->cost(); }
  void one_by_one() override {
    address_->endpoint_slots.forget();
    address_->budget.one_by_one();
  }
  void cancel() override { address_->cancel(); }

  asio::awaitable<audit::Reply> exchange(audit::Question question) override {
    return peer::exchange(address_, std::move(question), address_->stop());
  }
  [[nodiscard]] std::unique_ptr<audit::Batch> batch() override { return std::make_unique<LiveBatch>(address_); }
  asio::awaitable<audit::HandshakeRecord> handshake(audit::HandshakeOrder order) override {
    return peer::handshake(address_, std::move(order));
  }
  asio::awaitable<Result<audit::HttpReply>> http_get(audit::HttpOrder order) override {
    return peer::http_get(address_, std::move(order), line_);
  }
  asio::awaitable<Result<audit::Fetched>> fetch(audit::FetchOrder order) override {
    return peer::fetch(address_, fetcher_, std::move(order));
  }
  asio::awaitable<Result<audit::DnsAnswer>> look_up(std::string, std::uint16_t) override {
    co_return Error{ErrorKind::unsupported, "not built yet"};  // TODO
  }

 private:
  std::shared_ptr<Address> address_;
  std::shared_ptr<net::Fetcher> fetcher_;
  std::shared_ptr<std::unique_ptr<HttpLine>> line_ = std::make_shared<std::unique_ptr<HttpLine>>();
};

}  // namespace

std::unique_ptr<LivePeer> make_peer(asio::any_io_executor executor, Target target, audit::Settings settings,
                                    std::shared_ptr<net::Budget> budget, std::shared_ptr<net::Fetcher> fetcher) {
  return std::make_unique<SocketPeer>(
      std::make_shared<Address>(std::move(executor), std::move(target), std::move(settings), std::move(budget)), std::move(fetcher));
}

}  // namespace tlsgauge::peer

#include "cli/demo_server.hpp"

#include <fmt/format.h>

namespace tlsgauge::cli {
namespace {

constexpr std::size_t kMaxRequest = 16 * 1024;

class HttpsHandler : public net::Handler {
 public:
  HttpsHandler(std::shared_ptr<crypto::ServerContext const> context, std::string response)
      : session_(std::move(context)), response_(std::move(response)) {}

  Reaction on_bytes(ByteView bytes) override {
    using State = crypto::ServerSession::State;
    State const state = session_.feed(bytes);
    Reaction reaction;
    if (state == State::established) {
      Bytes const plain = session_.take_plain();
      request_.append(plain.begin(), plain.end());
      if (request_.find("\r\n\r\n") != std::string::npos) {
        reaction.close = !session_.write(view(response_)).has_value();
        session_.close();
        reaction.close = true;
      }
    }
    if (state == State::failed || request_.size() > kMaxRequest) reaction.close = true;
    reaction.send = session_.take_output();
    return reaction;
  }

 private:
  crypto::ServerSession session_;
  std::string response_;
  std::string request_;
};

}  // namespace

Result<std::unique_ptr<net::Listener>> start_demo_server(crypto::ServerSettings const& settings, std::string const& hsts) {
  auto context = crypto::ServerContext::make(settings);
  if (!context) return context.error();
  constexpr std::string_view kPage = "tlsgauge demo\n";
  std::string const header = hsts.empty() ? "" : fmt::format("Strict-Transport-Security: {}\r\n", hsts);
  std::string const response = fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n{}Connection: close\r\n\r\n{}", kPage.size(), header, kPage);
  return net::Listener::start(0, [shared = *context, response] { return std::make_unique<HttpsHandler>(shared, response); });
}

}  // namespace tlsgauge::cli

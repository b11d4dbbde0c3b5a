#include "net/fetch.hpp"

#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <map>

#include "net/listener.hpp"

namespace tlsgauge::net {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// What a path is answered with, and afterwards how often what is sent.
struct Page {
  std::string text;
  std::string drip = {};  ///< again and again, every 20 ms
  bool stays_open = false;
};

/// HTTP on loopback, one request a connection.
class WebServer {
 public:
  using Answer = std::function<Page(std::string const& request)>;

  explicit WebServer(Answer answer) {
    listener_ = std::move(Listener::start(0, [this, answer = std::move(answer)] {
                            ++connections_;
                            return std::make_unique<Talk>(answer);
                          }).value());
  }
  [[nodiscard]] std::string url(std::string const& path = "/") const { return "http://127.0.0.1:" + port() + path; }
  [[nodiscard]] std::string port() const { return std::to_string(listener_->port()); }
  [[nodiscard]] unsigned connections() const { return connections_; }

 private:
  class Talk final : public Handler {
   public:
    explicit Talk(Answer answer) : answer_(std::move(answer)) {}
    Reaction on_bytes(ByteView bytes) override {
      heard_.append(bytes.begin(), bytes.end());
      std::size_t const head = heard_.find("\r\n\r\n");
      if (head == std::string::npos || !page_.text.empty()) return {};
      std::size_t const length = heard_.find("Content-Length: ");
      std::size_t const body = length < head ? std::stoul(heard_.substr(length + 16)) : 0;
      if (heard_.size() < head + 4 + body) return {};
      page_ = answer_(heard_);
      Reaction reaction = said(page_.text);
      reaction.close = page_.drip.empty() && !page_.stays_open;
      return reaction;
    }
    Reaction on_wake() override { return said(page_.drip); }

   private:
    Reaction said(std::string const& text) const {
      Reaction reaction;
      reaction.send.assign(text.begin(), text.end());
      if (!page_.drip.empty()) reaction.wake_after = milliseconds{20};
      return reaction;
    }
    Answer answer_;
    std::string heard_;
    Page page_;
  };

  std::atomic<unsigned> connections_{0};
  std::unique_ptr<Listener> listener_;
};

Page ok(std::string const& content, std::string const& fields = "") {
  return {"HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content};
}
Page redirect(std::string const& to, int status = 302) {
  return {"HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n"};
}

class Fetching {
 public:
  explicit Fetching(milliseconds limit = milliseconds{3000}, std::size_t kept = 64UL * 1024 * 1024) {
    FetchBounds bounds;
    bounds.limit = limit;
    bounds.kept_octets = kept;
    fetcher_.emplace(io_.get_executor(), "tlsgauge/test", bounds);
  }

  std::vector<Result<FetchResponse>> all(std::vector<FetchRequest> const& requests) {
    std::vector<std::optional<Result<FetchResponse>>> found(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) asio::co_spawn(io_, keep(requests[i], found[i]), asio::detached);
    io_.restart();
    io_.run();
    std::vector<Result<FetchResponse>> results;
    for (auto& each : found) results.push_back(std::move(each).value());
    return results;
  }
  Result<FetchResponse> one(std::string url, Reach from = Reach::loopback, std::size_t most = kMostFetchedOctets) {
    FetchRequest request;
    request.url = std::move(url);
    request.from = from;
    request.most_octets = most;
    return std::move(all({request}).front());
  }
  /// "refused: not asked: ..." of a request that must fail.
  std::string failure(std::string url, Reach from = Reach::loopback, std::size_t most = kMostFetchedOctets) {
    Result<FetchResponse> const result = one(std::move(url), from, most);
    return result ? "status " + std::to_string(result->status)
                  : std::to_string(static_cast<int>(result.error().kind)) + " " + result.error().detail;
  }
  Fetcher& fetcher() { return *fetcher_; }
  asio::io_context& io() { return io_; }
  std::stop_source stop;

 private:
  asio::awaitable<void> keep(FetchRequest request, std::optional<Result<FetchResponse>>& into) {
    Result<FetchResponse> result = co_await fetcher_->fetch(std::move(request), stop.get_token());
    into.emplace(std::move(result));
  }

  asio::io_context io_;
  std::optional<Fetcher> fetcher_;
};

std::string said(ErrorKind kind, std::string const& detail) { return std::to_string(static_cast<int>(kind)) + " " + detail; }
std::string refused(std::string const& detail) { return said(ErrorKind::refused, "not asked: " + detail); }

TEST(Fetch, GivesStatusTypeAndContent) {
  std::string request;
  WebServer const server{[&](std::string const& heard) {
    request = heard;
    return ok(std::string{"a\0b", 3}, "Content-Type: application/pkix-crl\r\n");
  }};
  Fetching fetching;
  Result<FetchResponse> const found = fetching.one(server.url("/a?b"));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->status, 200);
  EXPECT_EQ(found->content_type, "application/pkix-crl");
  EXPECT_EQ(found->content, (Bytes{'a', 0, 'b'}));
  EXPECT_EQ(found->url, server.url("/a?b"));
  EXPECT_TRUE(request.starts_with("GET /a?b HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("User-Agent: tlsgauge/test\r\n"), std::string::npos) << request;
  EXPECT_EQ(request.find("Accept-Encoding"), std::string::npos) << request;
  EXPECT_EQ(request.find("Cookie"), std::string::npos) << request;
}

TEST(Fetch, PostsABody) {
  std::string request;
  WebServer const server{[&](std::string const& heard) {
    request = heard;
    return ok("x");
  }};
  Fetching fetching;
  FetchRequest order;
  order.url = server.url();
  order.from = Reach::loopback;
  order.body = {'h', 0, 'i'};
  order.content_type = "application/ocsp-request";
  EXPECT_TRUE(fetching.all({order}).front());
  EXPECT_TRUE(request.starts_with("POST / HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Content-Type: application/ocsp-request\r\n"), std::string::npos) << request;
  EXPECT_TRUE(request.ends_with(std::string{"\r\n\r\nh\0i", 7})) << request;
}

TEST(Fetch, AStatusIsNoError) {
  WebServer const server{[](std::string const&) { return Page{"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"}; }};
  Fetching fetching;
  EXPECT_EQ(fetching.failure(server.url()), "status 404");
}

TEST(Fetch, RefusesOtherSchemesCredentialsAndPorts) {
  Fetching fetching;
  EXPECT_EQ(fetching.failure("file:///etc/passwd"), refused("the scheme is file, neither http nor https"));
  EXPECT_EQ(fetching.failure("ftp://127.0.0.1/x"), refused("the scheme is ftp, neither http nor https"));
  EXPECT_EQ(fetching.failure("gopher://127.0.0.1:6379/_x"), refused("the scheme is gopher, neither http nor https"));
  EXPECT_EQ(fetching.failure("ldap://127.0.0.1/x"), refused("the scheme is ldap, neither http nor https"));
  EXPECT_EQ(fetching.failure("http://user:secret@127.0.0.1/"), refused("the URL holds credentials"));
  EXPECT_EQ(fetching.failure("http://user@127.0.0.1/"), refused("the URL holds credentials"));
  EXPECT_EQ(fetching.failure("http://127.0.0.1:25/"), refused("port 25 is not one of HTTP"));
  EXPECT_EQ(fetching.failure("http://127.0.0.1/\r\nX: y"), refused("the URL is not printable ASCII"));
  EXPECT_EQ(fetching.failure("http://127.0.0.1/" + std::string(2048, 'a')), refused("the URL is longer than 2048 characters"));
  EXPECT_EQ(fetching.failure("http://[fe80::1%25eth0]/"), refused("the URL names a network interface"));
  EXPECT_EQ(fetching.failure(""), refused("this is no URL"));
}

TEST(Fetch, AsksLoopbackOnlyForLoopback) {
  WebServer const server{[](std::string const&) { return ok("x"); }};
  Fetching fetching;
  for (Reach const from : {Reach::global, Reach::private_, Reach::link_local, Reach::shared, Reach::never}) {
    for (std::string const host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1"}) {
      std::string const found = fetching.failure("http://" + host + ":" + server.port() + "/", from);
      EXPECT_TRUE(found.starts_with(refused(""))) << host << ": " << found;
      EXPECT_TRUE(found.ends_with("is a loopback address")) << host << ": " << found;
    }
  }
  EXPECT_EQ(server.connections(), 0U);
  EXPECT_TRUE(fetching.one(server.url(), Reach::loopback));
  EXPECT_TRUE(fetching.one("http://localhost:" + server.port() + "/", Reach::loopback));
}

TEST(Fetch, AsksNoPrivateOrMetadataAddress) {
  Fetching fetching;
  for (Reach const from : {Reach::global, Reach::loopback}) {
    EXPECT_EQ(fetching.failure("http://10.1.2.3/", from), refused("10.1.2.3 is a private address"));
    EXPECT_EQ(fetching.failure("http://[fd12::1]/", from), refused("fd12::1 is a private address"));
    EXPECT_EQ(fetching.failure("http://169.254.7.7/", from), refused("169.254.7.7 is a link-local address"));
    EXPECT_EQ(fetching.failure("http://100.64.0.1/", from), refused("100.64.0.1 is an address behind a carrier's NAT"));
    EXPECT_EQ(fetching.failure("http://0.0.0.0/", from), refused("0.0.0.0 is an address that no certificate may lead to"));
    EXPECT_EQ(fetching.failure("http://[64:ff9b::a00:1]/", from), refused("64:ff9b::a00:1 is an address that no certificate may lead to"));
  }
  for (Reach const from : {Reach::global, Reach::loopback, Reach::link_local, Reach::private_}) {
    EXPECT_EQ(fetching.failure("http://169.254.169.254/latest/meta-data/", from),
              refused("169.254.169.254 is an address that no certificate may lead to"));
    EXPECT_EQ(fetching.failure("http://[fd00:ec2::254]/", from), refused("fd00:ec2::254 is an address that no certificate may lead to"));
  }
}

TEST(Fetch, ChecksEveryRedirect) {
  std::map<std::string, std::string> const targets{
      {"/private", "http://10.0.0.1/"},
      {"/metadata", "http://169.254.169.254/"},
      {"/file", "file:///etc/passwd"},
      {"/user", "http://a:b@127.0.0.1/"},
      {"/ftp", "ftp://127.0.0.1/"},
      {"/port", "http://127.0.0.1:22/"},
      {"/mapped", "http://[::ffff:10.0.0.1]/"},
  };
  WebServer const server{[&](std::string const& heard) {
    std::string const path = heard.substr(4, heard.find(' ', 4) - 4);
    auto const at = targets.find(path);
    return at == targets.end() ? ok("x") : redirect(at->second);
  }};
  Fetching fetching;
  EXPECT_EQ(fetching.failure(server.url("/private")), refused("10.0.0.1 is a private address"));
  EXPECT_EQ(fetching.failure(server.url("/mapped")), refused("::ffff:10.0.0.1 is a private address"));
  EXPECT_EQ(fetching.failure(server.url("/metadata")), refused("169.254.169.254 is an address that no certificate may lead to"));
  EXPECT_EQ(fetching.failure(server.url("/file")), refused("the scheme is file, neither http nor https"));
  EXPECT_EQ(fetching.failure(server.url("/ftp")), refused("the scheme is ftp, neither http nor https"));
  EXPECT_EQ(fetching.failure(server.url("/user")), refused("the URL holds credentials"));
  EXPECT_EQ(fetching.failure(server.url("/port")), refused("port 22 is not one of HTTP"));
}

TEST(Fetch, FollowsFiveRedirectsAndNoSixth) {
  WebServer const server{[](std::string const& heard) {
    int const left = heard[5] - '0';
    return left == 0 ? ok("there") : redirect(std::to_string(left - 1), 301 + left % 2);
  }};
  Fetching fetching;
  Result<FetchResponse> const five = fetching.one(server.url("/5"));
  ASSERT_TRUE(five) << five.error().detail;
  EXPECT_EQ(five->url, server.url("/0"));
  EXPECT_EQ(fetching.failure(server.url("/6")), said(ErrorKind::refused, "more than 5 redirects"));
}

TEST(Fetch, BoundsTheContent) {
  std::string const most(kMostFetchedOctets, 'z');
  WebServer const server{[&](std::string const& heard) {
    if (heard.starts_with("GET /told ")) return ok(most + "z");
    if (heard.starts_with("GET /chunked ")) {
      return Page{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2000000\r\n" + std::string(0x2000000, 'z') + "\r\n0\r\n\r\n"};
    }
    return Page{"HTTP/1.1 200 OK\r\n\r\n" + (heard.starts_with("GET /untold ") ? most + "z" : most)};
  }};
  Fetching fetching;
  std::string const too_large = said(ErrorKind::too_large, "more than 20971520 octets");
  EXPECT_EQ(fetching.failure(server.url("/told")), too_large);
  EXPECT_EQ(fetching.failure(server.url("/untold")), too_large);
  EXPECT_EQ(fetching.failure(server.url("/chunked")), too_large);
  Result<FetchResponse> const all = fetching.one(server.url("/most"));
  ASSERT_TRUE(all) << all.error().detail;
  EXPECT_EQ(all->content.size(), kMostFetchedOctets);
}

TEST(Fetch, BoundsTheHeader) {
  WebServer const server{[](std::string const&) { return Page{"HTTP/1.1 200 OK\r\n", "X: " + std::string(8000, 'y') + "\r\n"}; }};
  Fetching fetching;
  std::string const found = fetching.failure(server.url());
  EXPECT_TRUE(found.starts_with(said(ErrorKind::too_large, ""))) << found;
}

TEST(Fetch, EndsASlowDripInTime) {
  WebServer const server{[](std::string const& heard) {
    return heard.starts_with("GET /header ") ? Page{"HTTP/1.1 200 OK\r\n", "X: y\r\n"} : Page{"HTTP/1.1 200 OK\r\n\r\n", "z"};
  }};
  Fetching fetching{milliseconds{400}};
  Clock::time_point const start = Clock::now();
  EXPECT_TRUE(fetching.failure(server.url()).starts_with(said(ErrorKind::timed_out, "")));
  EXPECT_TRUE(fetching.failure(server.url("/header")).starts_with(said(ErrorKind::timed_out, "")));
  EXPECT_LT(Clock::now() - start, milliseconds{1500});
}

TEST(Fetch, RedirectsShareTheTime) {
  WebServer const server{[](std::string const&) { return Page{"HTTP/1.1 302 Elsewhere\r\nLocation: /again\r\n\r\n", "z"}; }};
  Fetching fetching{milliseconds{400}};
  Clock::time_point const start = Clock::now();
  EXPECT_TRUE(fetching.failure(server.url()).starts_with(said(ErrorKind::timed_out, "")));
  EXPECT_LT(Clock::now() - start, milliseconds{1000});
}

TEST(Fetch, DecodesNothing) {
  std::string const bomb{"\x1f\x8b\x08\x00no gzip", 12};
  WebServer const server{[&](std::string const& heard) {
    if (heard.starts_with("GET /transfer ")) return Page{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n" + bomb};
    return ok(bomb, "Content-Encoding: gzip\r\n");
  }};
  Fetching fetching;
  Result<FetchResponse> const found = fetching.one(server.url());
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->content, Bytes(bomb.begin(), bomb.end()));
  EXPECT_EQ(fetching.failure(server.url("/transfer")), said(ErrorKind::unsupported, "a transfer coding that was not asked for"));
}

TEST(Fetch, FetchesOnceWhatIsAskedForTwice) {
  WebServer const server{[](std::string const&) { return ok("x"); }};
  Fetching fetching;
  FetchRequest request;
  request.url = server.url();
  request.from = Reach::loopback;
  for (Result<FetchResponse> const& each : fetching.all({request, request, request})) EXPECT_TRUE(each);
  EXPECT_TRUE(fetching.all({request}).front());
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(fetching.fetcher().transfers(), 1U);
  request.body = {'a'};  // another question
  EXPECT_TRUE(fetching.all({request}).front());
  EXPECT_EQ(server.connections(), 2U);
}

TEST(Fetch, FailsOnceAndKeepsPermissionsApart) {
  WebServer const server{[](std::string const&) { return Page{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"}; }};
  Fetching fetching;
  EXPECT_EQ(fetching.failure(server.url(), Reach::global), refused("127.0.0.1 is a loopback address"));
  EXPECT_TRUE(fetching.failure(server.url()).starts_with(said(ErrorKind::closed, "")));
  EXPECT_TRUE(fetching.failure(server.url()).starts_with(said(ErrorKind::closed, "")));
  EXPECT_EQ(server.connections(), 1U);
}

TEST(Fetch, ForgetsWhatIsTooMuchToKeep) {
  WebServer const server{[](std::string const&) { return ok(std::string(600'000, 'x')); }};
  Fetching fetching{milliseconds{3000}, 1'000'000};
  EXPECT_TRUE(fetching.one(server.url("/1")));
  EXPECT_TRUE(fetching.one(server.url("/2")));
  EXPECT_LE(fetching.fetcher().kept_octets(), 1'000'000U);
  EXPECT_TRUE(fetching.one(server.url("/2")));
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_TRUE(fetching.one(server.url("/1")));
  EXPECT_EQ(server.connections(), 3U);
}

TEST(Fetch, StopsWhenNobodyWaits) {
  WebServer const server{[](std::string const&) { return Page{"HTTP/1.1 200 OK\r\n\r\n", "z"}; }};
  Fetching fetching{milliseconds{10'000}};
  asio::steady_timer timer{fetching.io(), milliseconds{100}};
  timer.async_wait([&](asio::error_code const&) { fetching.stop.request_stop(); });
  Clock::time_point const start = Clock::now();
  EXPECT_TRUE(fetching.failure(server.url()).starts_with(said(ErrorKind::cancelled, "")));
  EXPECT_LT(Clock::now() - start, milliseconds{1000});
  fetching.stop = {};
  EXPECT_EQ(fetching.fetcher().kept_octets(), 0U);
}

TEST(Reach, KnowsTheSpecialRanges) {
  std::pair<char const*, Reach> const table[] = {
      {"8.8.8.8", Reach::global},
      {"2606:4700::1111", Reach::global},
      {"127.255.0.1", Reach::loopback},
      {"::1", Reach::loopback},
      {"10.0.0.0", Reach::private_},
      {"172.15.255.255", Reach::global},
      {"172.16.0.0", Reach::private_},
      {"172.31.255.255", Reach::private_},
      {"172.32.0.0", Reach::global},
      {"192.168.1.1", Reach::private_},
      {"fc00::1", Reach::private_},
      {"fd00:ec2::254", Reach::never},
      {"fec0::1", Reach::private_},
      {"100.63.255.255", Reach::global},
      {"100.64.0.0", Reach::shared},
      {"100.127.255.255", Reach::shared},
      {"100.100.100.200", Reach::never},
      {"169.254.1.1", Reach::link_local},
      {"169.254.169.254", Reach::never},
      {"fe80::1", Reach::link_local},
      {"febf::1", Reach::link_local},
      {"0.0.0.0", Reach::never},
      {"::", Reach::never},
      {"224.0.0.1", Reach::never},
      {"255.255.255.255", Reach::never},
      {"ff02::1", Reach::never},
      {"192.0.0.192", Reach::never},
      {"198.19.0.1", Reach::never},
      {"2001:db8::1", Reach::never},
      {"::ffff:127.0.0.1", Reach::loopback},
      {"::ffff:10.0.0.1", Reach::private_},
      {"::ffff:8.8.8.8", Reach::global},
      {"::ffff:169.254.169.254", Reach::never},
      {"::7f00:1", Reach::never},
      {"::ffff:0:7f00:1", Reach::never},
      {"64:ff9b::7f00:1", Reach::never},
      {"64:ff9b::808:808", Reach::global},
      {"64:ff9b:1::808:808", Reach::never},
      {"2002:7f00:1::1", Reach::never},
      {"2002:808:808::1", Reach::global},
      {"2001:0:808:808::f7f7:f7f7", Reach::global},  // client 8.8.8.8
      {"2001:0:808:808::80ff:fffe", Reach::never},   // client 127.0.0.1
      {"2001:0:a00:1::f7f7:f7f7", Reach::never},     // server 10.0.0.1
      {"2606:4700::5efe:a00:1", Reach::never},
      {"2606:4700::200:5efe:a00:1", Reach::never},
      {"no address", Reach::never},
  };
  for (auto const& [literal, reach] : table) EXPECT_EQ(words(reach_of(literal)), words(reach)) << literal;
}

}  // namespace
}  // namespace tlsgauge::net

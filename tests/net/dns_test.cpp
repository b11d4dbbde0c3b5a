#include "net/dns.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <thread>

#include "net/dns_library.hpp"
#include "support/run.hpp"

namespace tlsgauge::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::ElementsAre;

constexpr std::uint16_t kCaa = 257;

/// A UDP socket on loopback. `answers`: gives every question an answer with these RDATA of the type asked for; else it keeps silent.
class Server {
 public:
  explicit Server(bool answers, std::vector<Bytes> records = {}, std::uint8_t rcode = 0) : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t length = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    timeval const limit{.tv_sec = 0, .tv_usec = 20'000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (answers) {
      thread_ = std::jthread([this, records = std::move(records), rcode](std::stop_token const& stop) { serve(records, rcode, stop); });
    }
  }
  Server(Server const&) = delete;
  Server& operator=(Server const&) = delete;
  ~Server() {
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
    }
    ::close(socket_);
  }

  /// /dev/null: nothing is validated, whatever the system has.
  [[nodiscard]] DnsSettings settings() const {
    DnsSettings made;
    made.server = "127.0.0.1@" + std::to_string(port_);
    made.anchor = "/dev/null";
    return made;
  }

 private:
  void serve(std::vector<Bytes> const& records, std::uint8_t rcode, std::stop_token const& stop) const {
    while (!stop.stop_requested()) {
      std::array<std::uint8_t, 1500> query{};
      sockaddr_in from{};
      socklen_t length = sizeof from;
      ssize_t const count = ::recvfrom(socket_, query.data(), query.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
      if (count < 17) continue;
      std::size_t end = 12;
      while (query[end] != 0) end += query[end] + std::size_t{1};
      end += 5;
      Bytes reply{query.begin(), query.begin() + static_cast<std::ptrdiff_t>(end)};
      reply[2] = 0x81;  // QR, RD
      reply[3] = static_cast<std::uint8_t>(0x80U | rcode);
      reply[7] = static_cast<std::uint8_t>(records.size());
      reply[9] = reply[11] = 0;
      for (Bytes const& rdata : records) {
        Bytes const head{0xC0, 12, reply[end - 4], reply[end - 3], 0, 1, 0, 0, 0, 60, 0, static_cast<std::uint8_t>(rdata.size())};
        reply.insert(reply.end(), head.begin(), head.end());
        reply.insert(reply.end(), rdata.begin(), rdata.end());
      }
      ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
    }
  }

  int socket_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

class Dns : public testing::Test {
 protected:
  void SetUp() override {
    if (!dns_library()) GTEST_SKIP() << dns_library().error().detail;
  }
};

TEST(DnsServerText, IsAnAddressWithOrWithoutAPort) {
  for (std::string_view const text : {"127.0.0.1", "::1", "127.0.0.1@53", "2001:db8::53@5353"}) EXPECT_TRUE(is_dns_server(text)) << text;
  for (std::string_view const text :
       {"", "ns.example", "127.0.0.1:53", "127.0.0.1@", "127.0.0.1@0", "127.0.0.1@65536", "127.0.0.1@53x", "@53"}) {
    EXPECT_FALSE(is_dns_server(text)) << text;
  }
}

TEST_F(Dns, GivesRecordsInCanonicalOrder) {
  Server const server{true, {{0, 1, 'b'}, {0, 1, 'a'}}};
  Result<DnsRecords> const found = test::run(look_up(server.settings(), "www.example.com", kCaa, milliseconds{3000}, {}));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_THAT(found->records, ElementsAre(Bytes{0, 1, 'a'}, Bytes{0, 1, 'b'}));
  EXPECT_FALSE(found->secure);
}

TEST_F(Dns, TellsNoDataFromNoName) {
  Server const none{true};
  Result<DnsRecords> found = test::run(look_up(none.settings(), "www.example.com", kCaa, milliseconds{3000}, {}));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_TRUE(found->name_exists && found->records.empty());
  Server const unknown{true, {}, 3};
  found = test::run(look_up(unknown.settings(), "www.example.com", kCaa, milliseconds{3000}, {}));
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_FALSE(found->name_exists);
}

TEST_F(Dns, AnErrorOfTheServerIsNoAnswer) {
  Server const server{true, {}, 2};
  Result<DnsRecords> const found = test::run(look_up(server.settings(), "www.example.com", kCaa, milliseconds{5000}, {}));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::refused) << found.error().detail;
}

asio::awaitable<milliseconds> second_question(DnsSettings settings) {
  std::string const name = "www.example.com";
  Result<DnsRecords> const first = co_await look_up(settings, name, kCaa, milliseconds{300}, std::stop_token{});
  EXPECT_EQ(first ? ErrorKind::local : first.error().kind, ErrorKind::timed_out);
  auto const begun = steady_clock::now();
  Result<DnsRecords> const second = co_await look_up(settings, name, kCaa, milliseconds{5000}, std::stop_token{});
  EXPECT_EQ(second ? ErrorKind::local : second.error().kind, ErrorKind::timed_out);
  co_return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
}

TEST_F(Dns, ASilentServerIsAwaitedOnce) {
  Server const server{false};
  EXPECT_LT(test::run(second_question(server.settings())), milliseconds{1000});
}

TEST_F(Dns, EndsAtOnceWhenStopped) {
  Server const server{false};
  std::stop_source stop;
  std::jthread const stopper([&stop] {
    std::this_thread::sleep_for(milliseconds{100});
    stop.request_stop();
  });
  auto const begun = steady_clock::now();
  Result<DnsRecords> const found = test::run(look_up(server.settings(), "www.example.com", kCaa, milliseconds{20'000}, stop.get_token()));
  EXPECT_EQ(found ? ErrorKind::local : found.error().kind, ErrorKind::cancelled);
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds{5});
}

asio::awaitable<void> never_answered(DnsSettings settings) {
  std::string const name = "www.example.com";
  Result<DnsRecords> const found = co_await look_up(settings, name, kCaa, milliseconds{20'000}, std::stop_token{});
  ADD_FAILURE() << found.has_value();
}

TEST_F(Dns, SurvivesTheEndOfItsContext) {
  Server const server{false};
  asio::io_context context;
  asio::co_spawn(context, never_answered(server.settings()), asio::detached);
  context.run_for(milliseconds{100});
}

TEST_F(Dns, SaysWhatIsWrongWithTheServer) {
  DnsSettings settings;
  settings.server = "ns.example";
  Result<DnsRecords> const found = test::run(look_up(settings, "www.example.com", kCaa, milliseconds{300}, {}));
  EXPECT_EQ(found ? ErrorKind::local : found.error().kind, ErrorKind::invalid_input);
}

}  // namespace
}  // namespace tlsgauge::net

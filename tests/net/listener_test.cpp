#include "net/listener.hpp"

#include <gtest/gtest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include "net/connection.hpp"
#include "net/resolve.hpp"
#include "support/run.hpp"

namespace tlsgauge::net {
namespace {

using std::chrono::milliseconds;

class Echo final : public Handler {
 public:
  Reaction on_bytes(ByteView bytes) override {
    Reaction reaction;
    reaction.send.assign(bytes.begin(), bytes.end());
    reaction.close = !bytes.empty() && bytes.back() == '.';
    reaction.reset = !bytes.empty() && bytes.back() == '!';
    return reaction;
  }
};

std::unique_ptr<Listener> echo() {
  return std::move(Listener::start(0, [] { return std::make_unique<Echo>(); }).value());
}

struct Heard {
  std::string text;
  ErrorKind end{};
};

asio::awaitable<Heard> talk(asio::any_io_executor executor, std::uint16_t port, std::string words, milliseconds limit) {
  Heard heard;
  Connection connection{executor, limit, {}};
  auto const to = endpoint_of("127.0.0.1", port).value();
  Result<void> const connected = co_await connection.connect(to);
  if (!connected) {
    heard.end = connected.error().kind;
    co_return heard;
  }
  Result<void> const sent = co_await connection.write(view(words));
  EXPECT_TRUE(sent);
  while (true) {
    Result<ByteView> const bytes = co_await connection.read();
    if (!bytes) {
      heard.end = bytes.error().kind;
      break;
    }
    heard.text.append(bytes->begin(), bytes->end());
  }
  EXPECT_EQ(connection.bytes_sent(), words.size());
  EXPECT_EQ(connection.bytes_received(), heard.text.size());
  co_return heard;
}

Heard say(std::uint16_t port, std::string words, milliseconds limit = milliseconds{2000}) {
  asio::io_context io;
  Heard heard;
  asio::co_spawn(
      io,
      [](asio::awaitable<Heard> task, Heard& out) -> asio::awaitable<void> { out = co_await std::move(task); }(
                                                      talk(io.get_executor(), port, std::move(words), limit), heard),
      asio::detached);
  io.run();
  return heard;
}

TEST(Connection, WritesReadsAndSeesTheEnd) {
  auto const listener = echo();
  Heard const heard = say(listener->port(), "hello.");
  EXPECT_EQ(heard.text, "hello.");
  EXPECT_EQ(heard.end, ErrorKind::closed);
}

TEST(Connection, TellsAResetFromAnEnd) {
  auto const listener = echo();
  EXPECT_EQ(say(listener->port(), "hello!").end, ErrorKind::reset);
}

TEST(Connection, KeepsItsDeadline) {
  auto const listener = echo();
  auto const start = std::chrono::steady_clock::now();
  Heard const heard = say(listener->port(), "hello", milliseconds{100});
  EXPECT_EQ(heard.text, "hello");
  EXPECT_EQ(heard.end, ErrorKind::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds{1000});
}

TEST(Connection, IsRefusedWhereNobodyListens) {
  std::uint16_t const port = echo()->port();
  EXPECT_EQ(say(port, "x").end, ErrorKind::refused);
}

TEST(Connection, EndpointsAreLiterals) {
  EXPECT_TRUE(endpoint_of("::1", 443));
  EXPECT_FALSE(endpoint_of("localhost", 443));
  EXPECT_FALSE(endpoint_of("", 443));
}

TEST(Listener, ServesManyAtOnceAndEndsWithThem) {
  auto listener = echo();
  asio::io_context io;
  std::vector<Heard> heard(50);
  for (Heard& one : heard) {
    asio::co_spawn(
        io,
        [](asio::awaitable<Heard> task, Heard& out) -> asio::awaitable<void> { out = co_await std::move(task); }(
                                                        talk(io.get_executor(), listener->port(), "never ends", milliseconds{20'000}), one),
        asio::detached);
  }
  io.run_for(milliseconds{200});
  listener.reset();
  io.run();
  for (Heard const& one : heard) EXPECT_EQ(one.end, ErrorKind::reset);
}

TEST(Listener, SaysWhyItCannotBind) {
  auto const listener = echo();
  auto const second = Listener::start(listener->port(), [] { return std::make_unique<Echo>(); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::local);
  EXPECT_NE(second.error().detail.find(std::to_string(listener->port())), std::string::npos);
}

Result<std::vector<std::string>> resolve(std::string host, Family family = Family::any) {
  asio::io_context io;
  Result<std::vector<std::string>> found;
  Resolver const resolver{io.get_executor()};
  asio::co_spawn(
      io,
      [](asio::awaitable<Result<std::vector<std::string>>> task, Result<std::vector<std::string>>& out) -> asio::awaitable<void> {
        out = co_await std::move(task);
      }(resolver.resolve(std::move(host), family, milliseconds{5000}, {}), found),
      asio::detached);
  io.run();
  return found;
}

TEST(Resolver, TakesALiteralForItsOwnAddress) {
  EXPECT_EQ(resolve("192.0.2.7").value(), std::vector<std::string>{"192.0.2.7"});
  EXPECT_EQ(resolve("2001:db8::7").value(), std::vector<std::string>{"2001:db8::7"});
  EXPECT_EQ(resolve("192.0.2.7", Family::v6).error().kind, ErrorKind::unreachable);
  EXPECT_EQ(resolve("2001:db8::7", Family::v4).error().kind, ErrorKind::unreachable);
}

TEST(Resolver, FindsLocalhost) {
  auto const found = resolve("localhost", Family::v4);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->front(), "127.0.0.1");
}

TEST(Resolver, GivesUpWhenStopped) {
  asio::io_context io;
  std::stop_source stop;
  stop.request_stop();
  Resolver const resolver{io.get_executor()};
  Result<std::vector<std::string>> found;
  asio::co_spawn(
      io,
      [](asio::awaitable<Result<std::vector<std::string>>> task, Result<std::vector<std::string>>& out) -> asio::awaitable<void> {
        out = co_await std::move(task);
      }(resolver.resolve("localhost", Family::any, milliseconds{5000}, stop.get_token()), found),
      asio::detached);
  io.run();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace tlsgauge::net

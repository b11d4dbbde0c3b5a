#include "net/resolve.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>

#include "net/on_thread.hpp"
#include "net/url.hpp"

namespace tlsgauge::net {
namespace {

using Addresses = std::vector<std::string>;
constexpr std::size_t kMaxAddresses = 64;
constexpr unsigned kMaxThreads = 128;  // those included that hang and are awaited no more
constexpr std::chrono::milliseconds kLook{20};

/// Counts a thread for as long as its work exists.
class Counted {
 public:
  explicit Counted(std::shared_ptr<std::atomic<unsigned>> count) : count_(std::move(count)) { ++*count_; }
  Counted(Counted const& other) : count_(other.count_) { ++*count_; }
  Counted& operator=(Counted const&) = delete;
  ~Counted() { --*count_; }

 private:
  std::shared_ptr<std::atomic<unsigned>> count_;
};

Result<Addresses> no_address(std::string const& host, std::string const& why) {
  return Error{ErrorKind::unreachable, "no address for " + host + ": " + why};
}

Result<Addresses> ask_system(std::string const& host, Family family) {
  addrinfo hints{};
  hints.ai_family = family == Family::v4 ? AF_INET : family == Family::v6 ? AF_INET6 : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  int const code = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (code == EAI_SYSTEM && (errno == EMFILE || errno == ENFILE)) {
    return Error{ErrorKind::local, "no address for " + host + ": " + std::strerror(errno)};
  }
  if (code != 0) return no_address(host, gai_strerror(code));
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> const owned{found, &freeaddrinfo};
  Addresses addresses;
  for (addrinfo const* at = found; at != nullptr && addresses.size() < kMaxAddresses; at = at->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    std::string address{text.data()};
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) addresses.push_back(std::move(address));
  }
  if (addresses.empty()) return no_address(host, "the answer holds none");
  return addresses;
}

Result<Addresses> literal(std::string const& host, Family family) {
  bool const v6 = host.find(':') != std::string::npos;
  if ((v6 && family == Family::v4) || (!v6 && family == Family::v6)) return no_address(host, "it is of the other family");
  return Addresses{host};
}

}  // namespace

asio::awaitable<Result<Addresses>> Resolver::resolve(std::string host, Family family, std::chrono::milliseconds limit,
                                                     std::stop_token stop) const {
  if (is_address(host)) co_return literal(host, family);
  Slots const slots = slots_;
  auto const alive = threads_;
  std::stop_source ending;
  std::stop_callback const forward{stop, [&ending] { ending.request_stop(); }};
  auto const executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor, limit};
  timer.async_wait([ending](asio::error_code const& cancelled) mutable {
    if (!cancelled) ending.request_stop();
  });

  Result<Addresses> addresses;
  bool admitted = co_await slots.acquire(ending.get_token());
  if (admitted) {
    while (admitted && alive->load() >= kMaxThreads) admitted = co_await pause(kLook, ending.get_token());
    std::function<Result<Addresses>()> const work = [host, family, counted = Counted{alive}] { return ask_system(host, family); };
    if (admitted) addresses = co_await on_thread<Addresses>(work, ending.get_token());
    slots.release();
  }
  if (stop.stop_requested()) co_return Error{ErrorKind::cancelled, "interrupted"};
  bool const late = !admitted || (!addresses && addresses.error().kind == ErrorKind::cancelled);
  if (late) co_return Error{ErrorKind::timed_out, "no address for " + host + " within " + std::to_string(limit.count()) + " ms"};
  co_return addresses;
}

}  // namespace tlsgauge::net

#include "net/dns.hpp"

#include <unistd.h>

#include <algorithm>
#include <asio/any_io_executor.hpp>
#include <asio/execution_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <charconv>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>

#include "base/text.hpp"
#include "net/dns_library.hpp"
#include "net/pause.hpp"
#include "net/url.hpp"

namespace tlsgauge::net {
namespace {

constexpr std::size_t kMaxRecords = 256;
constexpr int kInternet = 1;
constexpr std::uint16_t kDnskey = 48;
constexpr char const* kAnchors[] = {"/usr/share/dns/root.key", "/etc/unbound/root.key"};
constexpr char const* kResolvConf = "/etc/resolv.conf";
constexpr std::size_t kMaxServers = 3;  // as many as the C library asks

// Small caches, few sockets: one run asks little.
constexpr char const* kOptions[][2] = {{"do-not-query-localhost:", "no"},   {"msg-cache-size:", "256k"},
                                       {"rrset-cache-size:", "512k"},       {"key-cache-size:", "128k"},
                                       {"neg-cache-size:", "64k"},          {"msg-cache-slabs:", "1"},
                                       {"rrset-cache-slabs:", "1"},         {"key-cache-slabs:", "1"},
                                       {"infra-cache-slabs:", "1"},         {"infra-cache-numhosts:", "200"},
                                       {"outgoing-range:", "64"},           {"num-queries-per-thread:", "64"},
                                       {"outgoing-num-tcp:", "8"},          {"qname-minimisation:", "no"},
                                       {"edns-buffer-size:", "1232"},       {"use-syslog:", "no"},
                                       {"trust-anchor-signaling:", "no"},   {"local-zone:", "test nodefault"},
                                       {"local-zone:", "invalid nodefault"}};

bool readable(std::string const& path) { return std::ifstream{path}.good(); }

std::vector<std::string> system_servers() {
  std::ifstream file{kResolvConf};
  std::vector<std::string> servers;
  for (std::string line; servers.size() < kMaxServers && std::getline(file, line);) {
    std::istringstream words{line};
    std::string keyword, address;
    if (words >> keyword >> address && keyword == "nameserver" && is_address(address)) servers.push_back(address);
  }
  return servers;
}

/// Where the anchor is; empty: nowhere.
std::string anchor_of(DnsSettings const& settings) {
  if (!settings.anchor.empty()) return settings.anchor;
  for (char const* const path : kAnchors) {
    if (readable(path)) return path;
  }
  return {};
}

std::string rcode_name(int rcode) {
  constexpr std::string_view kNames[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
  if (rcode >= 0 && static_cast<std::size_t>(rcode) < std::size(kNames)) return std::string{kNames[rcode]};
  return "RCODE " + std::to_string(rcode);
}

Result<DnsRecords> read(ub_result const& found, bool validating) {
  if (found.bogus != 0) return Error{ErrorKind::malformed, printable(found.why_bogus != nullptr ? found.why_bogus : "no reason is given")};
  constexpr int kNoError = 0, kNxDomain = 3;
  if (found.rcode != kNoError && found.rcode != kNxDomain) {
    return Error{ErrorKind::refused, "the DNS server answers " + rcode_name(found.rcode)};
  }
  DnsRecords answer;
  answer.name_exists = found.nxdomain == 0;
  answer.secure = found.secure != 0;
  answer.validating = validating;
  for (std::size_t i = 0; found.havedata != 0 && found.data != nullptr && found.data[i] != nullptr; ++i) {
    if (i == kMaxRecords) return Error{ErrorKind::too_large, "more than " + std::to_string(kMaxRecords) + " records"};
    auto const* const first = reinterpret_cast<std::uint8_t const*>(found.data[i]);
    answer.records.emplace_back(first, first + std::max(found.len[i], 0));
  }
  std::sort(answer.records.begin(), answer.records.end());
  return answer;
}

/// A context of libunbound, whose resolver works on a thread of its own and tells results through a pipe. For one thread.
class Client : public std::enable_shared_from_this<Client> {
 public:
  struct Asked {
    explicit Asked(asio::any_io_executor executor) : done(std::move(executor)) {}
    Event done;
    int id = 0;
    std::optional<Result<DnsRecords>> answer;
    bool validating = false;
    Client* client = nullptr;
  };

  static Result<std::shared_ptr<Client>> make(DnsSettings const& settings, asio::any_io_executor const& executor) {
    Result<DnsLibrary const*> const library = dns_library();
    if (!library) return library.error();
    auto client = std::make_shared<Client>(**library, executor);
    if (Result<void> const ready = client->configure(settings); !ready) return ready.error();
    return client;
  }

  Client(DnsLibrary const& library, asio::any_io_executor const& executor)
      : library_(library), executor_(executor), pipe_(executor), context_(library.create()) {}
  Client(Client const&) = delete;
  Client& operator=(Client const&) = delete;
  ~Client() {
    if (context_ != nullptr) library_.destroy(context_);
  }

  Result<std::shared_ptr<Asked>> ask(std::string const& name, std::uint16_t type) {
    auto asked = std::make_shared<Asked>(executor_);
    asked->validating = validating_;
    asked->client = this;
    int const code = library_.resolve(context_, name.c_str(), type, kInternet, asked.get(), &Client::on_answer, &asked->id);
    if (code != 0) return Error{ErrorKind::local, std::string{"DNS: "} + library_.describe(code)};
    asked_[asked.get()] = asked;
    listen();
    return asked;
  }

  void forget(Asked const& asked) {
    if (asked_.erase(&asked) > 0) library_.cancel(context_, asked.id);
    if (asked_.empty()) pipe_.cancel();
  }

  /// RFC 4035 section 3.2: a server that is not security-aware leaves the signatures out, and then all looks bogus.
  enum class Passes : std::uint8_t { unknown, yes, no } passes_signatures = Passes::unknown;
  bool answered = false;  ///< at least once
  bool silent = false;    ///< was asked, in vain, before it ever answered

 private:
  Result<void> configure(DnsSettings const& settings) {
    if (context_ == nullptr) return Error{ErrorKind::local, "libunbound cannot be started"};
    library_.log_to(context_, nullptr);
    for (auto const& [option, value] : kOptions) library_.set_option(context_, option, value);
    std::vector<std::string> const servers = settings.server.empty() ? system_servers() : std::vector<std::string>{settings.server};
    if (servers.empty()) return Error{ErrorKind::unsupported, std::string{kResolvConf} + " names no DNS server"};
    for (std::string const& server : servers) {
      if (library_.set_forwarder(context_, server.c_str()) != 0)
        return Error{ErrorKind::invalid_input, "no DNS server: " + printable(server)};
    }
    std::string const anchor = anchor_of(settings);
    validating_ = !anchor.empty();
    if (validating_ && library_.add_anchor_file(context_, anchor.c_str()) != 0) {
      return Error{ErrorKind::invalid_input, "the trust anchor cannot be read: " + printable(anchor)};
    }
    library_.use_thread(context_, 1);
    int const own = dup(library_.descriptor(context_));
    if (own < 0) return Error{ErrorKind::local, "no descriptor is left"};
    pipe_.assign(own);
    return {};
  }

  /// Waits for the pipe only while there is something to wait for, or the io_context would never run out of work.
  void listen() {
    if (listening_ || asked_.empty()) return;
    listening_ = true;
    pipe_.async_wait(asio::posix::stream_descriptor::wait_read, [self = weak_from_this()](asio::error_code const& error) {
      std::shared_ptr<Client> const client = self.lock();
      if (!client) return;
      client->listening_ = false;
      if (!error) client->library_.process(client->context_);
      client->listen();
    });
  }

  static void on_answer(void* user, int code, ub_result* found) {
    auto* const asked = static_cast<Asked*>(user);
    Client& client = *asked->client;
    if (code != 0 || found == nullptr) {
      asked->answer = Error{ErrorKind::local, std::string{"DNS: "} + client.library_.describe(code)};
    } else {
      asked->answer = read(*found, asked->validating);
    }
    if (found != nullptr) client.library_.release(found);
    asked->done.happen();
    client.asked_.erase(asked);
  }

  DnsLibrary const& library_;
  asio::any_io_executor executor_;
  asio::posix::stream_descriptor pipe_;
  ub_ctx* context_;
  bool validating_ = false;
  bool listening_ = false;
  std::map<Asked const*, std::shared_ptr<Asked>> asked_;
};

/// The clients of an io_context: they end with it.
class Clients : public asio::execution_context::service {
 public:
  using key_type = Clients;
  static asio::execution_context::id id;
  explicit Clients(asio::execution_context& context) : asio::execution_context::service(context) {}

  Result<std::shared_ptr<Client>> of(DnsSettings const& settings, asio::any_io_executor const& executor) {
    auto known = made_.find(settings);
    if (known == made_.end()) known = made_.emplace(settings, Client::make(settings, executor)).first;
    return known->second;
  }

 private:
  void shutdown() override { made_.clear(); }
  std::map<DnsSettings, Result<std::shared_ptr<Client>>> made_;
};
asio::execution_context::id Clients::id;

/// Given up with its coroutine, if it has no answer by then.
class Waiting {
 public:
  Waiting(std::shared_ptr<Client> const& client, std::shared_ptr<Client::Asked> asked) : client_(client), asked_(std::move(asked)) {}
  Waiting(Waiting const&) = delete;
  Waiting& operator=(Waiting const&) = delete;
  ~Waiting() {
    if (std::shared_ptr<Client> const client = client_.lock(); client && !asked_->answer) client->forget(*asked_);
  }

 private:
  std::weak_ptr<Client> client_;
  std::shared_ptr<Client::Asked> asked_;
};

asio::awaitable<Result<DnsRecords>> ask(std::shared_ptr<Client> client, std::string name, std::uint16_t type, std::stop_token ending) {
  Result<std::shared_ptr<Client::Asked>> const begun = client->ask(name, type);
  if (!begun) co_return begun.error();
  std::shared_ptr<Client::Asked> const asked = *begun;
  Waiting const waiting{client, asked};
  std::weak_ptr<Client> const weak = client;
  client.reset();  // a coroutine that is never resumed must not keep it
  if (!asked->answer) co_await asked->done.after(0, ending);
  if (!asked->answer) co_return Error{ErrorKind::timed_out, "no answer"};
  if (std::shared_ptr<Client> const there = weak.lock()) there->answered = true;
  co_return *asked->answer;
}

}  // namespace

bool is_dns_server(std::string_view text) {
  std::size_t const at = text.find('@');
  if (!is_address(std::string{text.substr(0, at)})) return false;
  if (at == std::string_view::npos) return true;
  std::string_view const digits = text.substr(at + 1);
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && end == digits.data() + digits.size() && port != 0;
}

asio::awaitable<Result<DnsRecords>> look_up(DnsSettings settings, std::string name, std::uint16_t type, std::chrono::milliseconds limit,
                                            std::stop_token stop) {
  auto const executor = co_await asio::this_coro::executor;
  Result<std::shared_ptr<Client>> const found = asio::use_service<Clients>(executor.context()).of(settings, executor);
  if (!found) co_return found.error();
  std::weak_ptr<Client> const client = *found;
  std::string const late = "the DNS server does not answer within " + std::to_string(limit.count()) + " ms";
  if ((*found)->silent) co_return Error{ErrorKind::timed_out, late};

  std::stop_source ending;
  std::stop_callback const forward{stop, [&ending] { ending.request_stop(); }};
  asio::steady_timer timer{executor, limit};
  timer.async_wait([ending](asio::error_code const& cancelled) mutable {
    if (!cancelled) ending.request_stop();
  });
  std::stop_token const end = ending.get_token();
  std::shared_ptr<Client> asking = client.lock();
  Result<DnsRecords> answer = co_await ask(std::move(asking), name, type, end);
  std::shared_ptr<Client> there = client.lock();
  if (stop.stop_requested() || !there) co_return Error{ErrorKind::cancelled, "interrupted"};
  if (!answer && answer.error().kind == ErrorKind::timed_out) {
    there->silent = !there->answered;
    co_return Error{ErrorKind::timed_out, late};
  }
  if (answer || answer.error().kind != ErrorKind::malformed) co_return answer;
  if (there->passes_signatures == Client::Passes::unknown) {
    std::string const root = ".";
    Result<DnsRecords> const keys = co_await ask(std::move(there), root, kDnskey, end);
    there = client.lock();
    if (stop.stop_requested() || !there) co_return Error{ErrorKind::cancelled, "interrupted"};
    if (!keys && keys.error().kind != ErrorKind::malformed) co_return keys.error();
    there->passes_signatures = keys && keys->secure ? Client::Passes::yes : Client::Passes::no;
  }
  if (there->passes_signatures == Client::Passes::yes) co_return answer;
  co_return Error{ErrorKind::unsupported, "the DNS server passes no DNSSEC on that this trust anchor validates"};
}

}  // namespace tlsgauge::net

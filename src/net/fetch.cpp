#include "net/fetch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "net/curl_transfer.hpp"
#include "net/on_thread.hpp"
#include "net/pause.hpp"
#include "net/slots.hpp"

namespace tlsgauge::net {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kMaxRedirects = 5;
constexpr std::size_t kMaxUrl = 2048;
constexpr std::size_t kMaxHeaderOctets = 256 * 1024;
constexpr std::size_t kEntryOctets = 4096;  // what remembering costs beside the content, at most
constexpr unsigned long kFirstFreePort = 1024;

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, which == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0U) != CURLUE_OK) return {};
  std::unique_ptr<char, decltype(&curl_free)> const owned{text, &curl_free};
  return text;
}

/// Why this URL is not asked at all; empty when it may be.
std::string objection(std::string const& text) {
  if (text.size() > kMaxUrl) return "the URL is longer than " + std::to_string(kMaxUrl) + " characters";
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; })) return "the URL is not printable ASCII";
  Url const url{curl_url(), &curl_url_cleanup};
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) return "this is no URL";
  std::string const scheme = ascii_lower(part(url.get(), CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https") return "the scheme is " + scheme + ", neither http nor https";
  if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty()) return "the URL holds credentials";
  if (part(url.get(), CURLUPART_HOST).empty()) return "the URL names no host";
  if (!part(url.get(), CURLUPART_ZONEID).empty()) return "the URL names a network interface";
  unsigned long const port = std::strtoul(part(url.get(), CURLUPART_PORT).c_str(), nullptr, 10);
  if (port != 80 && port != 443 && port < kFirstFreePort) return "port " + std::to_string(port) + " is not one of HTTP";
  return {};
}

/// What the callbacks share.
struct Collected {
  FetchRequest const* request = nullptr;
  FetchResponse response;
  std::size_t header_octets = 0;
  bool too_large = false;
  bool encoded = false;
  std::string forbidden;  ///< the first address that was not to be asked
};

curl_socket_t on_socket(void* user, curlsocktype, curl_sockaddr* to) {
  auto& collected = *static_cast<Collected*>(user);
  ByteView octets;
  if (to->family == AF_INET) {
    octets = {reinterpret_cast<std::uint8_t const*>(&reinterpret_cast<sockaddr_in const*>(&to->addr)->sin_addr), 4};
  } else if (to->family == AF_INET6) {
    octets = {reinterpret_cast<std::uint8_t const*>(&reinterpret_cast<sockaddr_in6 const*>(&to->addr)->sin6_addr), 16};
  }
  Reach const reach = reach_of(octets);
  if (octets.empty() || !may_lead(collected.request->from, reach)) {
    char literal[INET6_ADDRSTRLEN] = "?";
    if (!octets.empty()) inet_ntop(to->family, octets.data(), literal, sizeof literal);
    if (collected.forbidden.empty()) collected.forbidden = std::string{literal} + " is " + std::string{words(reach)};
    return CURL_SOCKET_BAD;
  }
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t on_header(char* data, std::size_t, std::size_t count, void* user) {
  auto& collected = *static_cast<Collected*>(user);
  collected.header_octets += count;
  collected.too_large = collected.too_large || collected.header_octets > kMaxHeaderOctets;
  // libcurl undoes such codings unasked.
  std::string const line = ascii_lower(trim({data, count}));
  constexpr std::string_view kCoding = "transfer-encoding:";
  collected.encoded = collected.encoded || (line.starts_with(kCoding) && trim(std::string_view{line}.substr(kCoding.size())) != "chunked");
  return collected.too_large || collected.encoded ? 0 : count;
}

std::size_t on_content(char* data, std::size_t, std::size_t count, void* user) {
  auto& collected = *static_cast<Collected*>(user);
  Bytes& content = collected.response.content;
  collected.too_large = collected.too_large || count > collected.request->most_octets - content.size();
  if (collected.too_large) return 0;
  content.insert(content.end(), data, data + count);
  return count;
}

void set_options(CURL* easy, FetchRequest const& request, std::string const& user_agent, milliseconds limit, Collected& collected) {
  set_common_options(easy, static_cast<long>(limit.count()));
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs is left to itself
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.most_octets));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &collected);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &collected);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_content);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &collected);
  if (request.body.empty()) return;
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
}

std::optional<Error> fault_of(Collected const& collected, CURLcode code, bool stopped) {
  if (stopped) return Error{ErrorKind::cancelled, "interrupted"};
  if (collected.too_large || code == CURLE_FILESIZE_EXCEEDED) {
    return Error{ErrorKind::too_large, collected.header_octets > kMaxHeaderOctets
                                           ? "the header is too long"
                                           : "more than " + std::to_string(collected.request->most_octets) + " octets"};
  }
  if (collected.encoded) return Error{ErrorKind::unsupported, "a transfer coding that was not asked for"};
  if (code == CURLE_OK) return std::nullopt;
  if (!collected.forbidden.empty()) return Error{ErrorKind::refused, "not asked: " + collected.forbidden};
  if (code == CURLE_COULDNT_RESOLVE_HOST) return Error{ErrorKind::unreachable, "the name cannot be resolved"};
  return Error{kind_of(code), curl_easy_strerror(code)};
}

/// `next`: where a redirect leads; empty: this is the answer.
Result<FetchResponse> fetch_once(FetchRequest const& request, std::string const& user_agent, milliseconds limit, Stopper& stopper,
                                 std::string& next) {
  CurlEasy const easy{curl_easy_init(), &curl_easy_cleanup};
  CurlMulti const multi{curl_multi_init(), &curl_multi_cleanup};
  std::string const type = "Content-Type: " + request.content_type;
  CurlList const fields{request.body.empty() ? nullptr : curl_slist_append(nullptr, type.c_str()), &curl_slist_free_all};
  if (!easy || !multi) return Error{ErrorKind::local, "libcurl cannot be started"};
  Collected collected;
  collected.request = &request;
  set_options(easy.get(), request, user_agent, limit, collected);
  if (fields) curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, fields.get());
  CURLcode const code = transfer(easy.get(), multi.get(), stopper);
  if (std::optional<Error> fault = fault_of(collected, code, stopper.stopped())) return *std::move(fault);

  FetchResponse& response = collected.response;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &response.status);
  char const* text = nullptr;
  if (curl_easy_getinfo(easy.get(), CURLINFO_CONTENT_TYPE, &text) == CURLE_OK && text != nullptr) response.content_type = to_utf8(text);
  if (curl_easy_getinfo(easy.get(), CURLINFO_REDIRECT_URL, &text) == CURLE_OK && text != nullptr) next = text;
  response.url = request.url;
  return std::move(response);
}

Result<FetchResponse> fetch_all(FetchRequest request, std::string const& user_agent, milliseconds limit, Stopper& stopper) {
  if (!curl_started()) return Error{ErrorKind::local, "libcurl cannot be started"};
  Clock::time_point const end = Clock::now() + limit;
  for (int redirects = 0;; ++redirects) {
    if (std::string const why = objection(request.url); !why.empty()) return Error{ErrorKind::refused, "not asked: " + why};
    auto const left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
    if (left <= milliseconds{0}) return Error{ErrorKind::timed_out, "no answer in time"};
    std::string next;
    Result<FetchResponse> response = fetch_once(request, user_agent, left, stopper, next);
    if (!response || next.empty()) return response;
    if (redirects == kMaxRedirects) return Error{ErrorKind::refused, "more than " + std::to_string(kMaxRedirects) + " redirects"};
    constexpr long kSeeOther = 303;
    if (response->status == kSeeOther) request.body.clear();
    request.url = std::move(next);
  }
}

std::string key_of(FetchRequest const& request) {
  return std::to_string(static_cast<int>(request.from)) + ' ' + std::to_string(request.most_octets) + ' ' + request.url + '\n' +
         request.content_type + '\n' + std::string{request.body.begin(), request.body.end()};
}

}  // namespace

struct Fetcher::State : std::enable_shared_from_this<State> {
  struct Entry {
    explicit Entry(asio::any_io_executor executor) : over(std::move(executor)) {}
    std::optional<Result<FetchResponse>> result;
    Event over;
    std::stop_source stop;
    std::size_t waiting = 0;
    [[nodiscard]] std::size_t octets() const { return kEntryOctets + (result && *result ? (*result)->content.size() : 0); }
  };
  using Recent = std::list<std::pair<std::string, std::shared_ptr<Entry>>>;

  State(asio::any_io_executor e, std::string agent, FetchBounds b)
      : executor(std::move(e)), user_agent(std::move(agent)), bounds(b), slots(executor, b.at_once) {}

  std::shared_ptr<Entry> enter(FetchRequest const& request) {
    std::string key = key_of(request);
    if (auto const at = index.find(key); at != index.end()) {
      recent.splice(recent.begin(), recent, at->second);
      return recent.front().second;
    }
    auto entry = std::make_shared<Entry>(executor);
    recent.emplace_front(key, entry);
    index.emplace(std::move(key), recent.begin());
    asio::co_spawn(executor, run(shared_from_this(), entry, request), asio::detached);
    return entry;
  }

  static asio::awaitable<void> run(std::shared_ptr<State> self, std::shared_ptr<Entry> entry, FetchRequest request) {
    auto const stopper = std::make_shared<Stopper>();
    std::stop_callback const on_stop{entry->stop.get_token(), [stopper] { stopper->stop(); }};
    bool const may_begin = co_await self->slots.acquire(entry->stop.get_token());
    if (may_begin) {
      ++self->transfers;
      std::function<Result<FetchResponse>()> const work = [request = std::move(request), stopper, agent = self->user_agent,
                                                           limit = self->bounds.limit] {
        return fetch_all(request, agent, limit, *stopper);
      };
      // Not given the stop, as in http.cpp.
      Result<FetchResponse> result = co_await on_thread<FetchResponse>(work, std::stop_token{});
      self->slots.release();
      entry->result = std::move(result);
    } else {
      entry->result = Error{ErrorKind::cancelled, "interrupted"};
    }
    self->settle(entry);
    entry->over.happen();
  }

  /// Forgets the oldest of what exceeds the bound.
  void settle(std::shared_ptr<Entry> const& entry) {
    if (entry->stop.stop_requested()) return;  // forgotten already
    octets += entry->octets();
    for (auto at = recent.end(); octets > bounds.kept_octets && at != recent.begin();) {
      --at;
      if (!at->second->result) continue;
      octets -= at->second->octets();
      index.erase(at->first);
      at = recent.erase(at);
    }
  }

  void leave(Entry& entry) {
    if (--entry.waiting > 0 || entry.result) return;
    entry.stop.request_stop();
    auto const at = std::find_if(recent.begin(), recent.end(), [&](auto const& each) { return each.second.get() == &entry; });
    if (at == recent.end()) return;
    index.erase(at->first);
    recent.erase(at);
  }

  asio::any_io_executor executor;
  std::string user_agent;
  FetchBounds bounds;
  Slots slots;
  Recent recent;  ///< the most recently used first
  std::map<std::string, Recent::iterator> index;
  std::size_t octets = 0;
  std::size_t transfers = 0;
};

Fetcher::Fetcher(asio::any_io_executor executor, std::string user_agent, FetchBounds bounds)
    : state_(std::make_shared<State>(std::move(executor), std::move(user_agent), bounds)) {}

Fetcher::~Fetcher() = default;

asio::awaitable<Result<FetchResponse>> Fetcher::fetch(FetchRequest request, std::stop_token stop) {
  std::shared_ptr<State> const state = state_;
  std::shared_ptr<State::Entry> const entry = state->enter(request);
  ++entry->waiting;
  while (!entry->result) {
    bool const happened = co_await entry->over.after(entry->over.count(), stop);
    if (!happened) break;
  }
  state->leave(*entry);
  if (!entry->result) co_return Error{ErrorKind::cancelled, "interrupted"};
  co_return *entry->result;
}

std::size_t Fetcher::transfers() const { return state_->transfers; }
std::size_t Fetcher::kept_octets() const { return state_->octets; }

}  // namespace tlsgauge::net

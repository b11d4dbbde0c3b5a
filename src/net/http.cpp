#include "net/http.hpp"

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "base/text.hpp"
#include "net/curl_transfer.hpp"
#include "net/on_thread.hpp"

namespace tlsgauge::net {

class HttpSession {
 public:
  std::string http2_error;                                  ///< not empty: HTTP/2 is not tried any more
  std::string alpn;                                         ///< of the last handshake; written to as long as a connection lives
  CurlMulti multi{curl_multi_init(), &curl_multi_cleanup};  ///< owns the connections
};

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxDrained = 128 * 1024;  // octets of content that a connection which may be of use again is worth
constexpr std::chrono::seconds kMaxDraining{1};
constexpr std::size_t kMaxHeaderOctets = 256 * 1024;
constexpr std::size_t kMaxHeaderFields = 500;

/// What the callbacks collect.
struct Collected {
  HttpResponse response;
  std::size_t header_octets = 0;
  bool begun = false;          ///< a status line has come
  bool informational = false;  ///< the last one was 1xx
  bool headers_over = false;   ///< those of the final response
  bool foreign = false;        ///< the first octets are no status line
  bool too_large = false;
  bool drain = false;  ///< read the content, within bounds
  std::size_t drained = 0;
  Clock::time_point drain_end;
};

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string bracketed(std::string const& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

std::string url_of(HttpRequest const& request) {
  return (request.plain ? "http://" : "https://") + bracketed(request.host) + ":" + std::to_string(request.port) + request.path;
}

/// RFC 9110 section 10.2.2: Location is relative to the address that was asked for. (libcurl tells it only once the content is over.)
std::string redirect_of(HttpRequest const& request, HttpResponse const& response) {
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> const url{curl_url(), &curl_url_cleanup};
  for (auto const& [field, value] : response.headers) {
    if (ascii_lower(field) != "location") continue;
    char* text = nullptr;
    constexpr unsigned kAny = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE;
    if (curl_url_set(url.get(), CURLUPART_URL, url_of(request).c_str(), 0) != CURLUE_OK ||
        curl_url_set(url.get(), CURLUPART_URL, value.c_str(), kAny) != CURLUE_OK ||
        curl_url_get(url.get(), CURLUPART_URL, &text, CURLU_NO_DEFAULT_PORT) != CURLUE_OK) {
      return value;
    }
    std::unique_ptr<char, decltype(&curl_free)> const owned{text, &curl_free};
    return text;
  }
  return {};
}

std::size_t on_header(char* data, std::size_t, std::size_t count, void* user) {
  auto& collected = *static_cast<Collected*>(user);
  std::string_view const line = without_line_end({data, count});
  collected.header_octets += count;
  if (line.starts_with("HTTP/") && (!collected.begun || (collected.headers_over && collected.informational))) {
    collected.response.headers.clear();
    collected.begun = true;
    collected.headers_over = false;
    std::size_t const blank = line.find(' ');
    collected.informational = blank != std::string_view::npos && line.substr(blank + 1).starts_with('1');  // RFC 9110 section 15.2
    return count;
  }
  if (line.empty()) {
    collected.headers_over = true;
    collected.drain_end = Clock::now() + kMaxDraining;
    return count;
  }
  if (collected.headers_over) return count;  // trailer fields
  auto& headers = collected.response.headers;
  if (collected.header_octets > kMaxHeaderOctets || headers.size() >= kMaxHeaderFields) {
    collected.too_large = true;
    return 0;
  }
  if (line.front() == ' ' || line.front() == '\t') {  // RFC 9112 section 5.2: obs-fold is one space
    if (!headers.empty()) headers.back().second += " " + std::string{trim(line)};
    return count;
  }
  std::size_t const colon = line.find(':');
  if (colon == std::string_view::npos) return count;
  headers.emplace_back(std::string{line.substr(0, colon)}, std::string{trim(line.substr(colon + 1))});
  return count;
}

std::size_t on_body(char* data, std::size_t, std::size_t count, void* user) {
  // Nothing of the content is wanted. Without a status line libcurl takes all that comes for the content of an HTTP/0.9 response.
  auto& collected = *static_cast<Collected*>(user);
  if (collected.begun && collected.drain && (collected.drained += count) <= kMaxDrained) return count;
  std::string_view first{data, count};
  first.remove_prefix(std::min(first.find_first_not_of(" \t\r\n"), first.size()));
  collected.foreign = !collected.begun && !ascii_lower(first.substr(0, 5)).starts_with(std::string_view{"http/"}.substr(0, first.size()));
  return 0;
}

CurlList connect_to(HttpRequest const& request) {
  std::string const port = std::to_string(request.port);
  std::string const to = request.connect_port != 0 ? std::to_string(request.connect_port) : port;
  std::string const line = bracketed(request.host) + ":" + port + ":" + bracketed(request.address) + ":" + to;
  return {curl_slist_append(nullptr, line.c_str()), &curl_slist_free_all};
}

/// Ends the reading of content that drips.
int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto const& collected = *static_cast<Collected const*>(user);
  return collected.headers_over && !collected.informational && Clock::now() > collected.drain_end ? 1 : 0;
}

CURLcode on_tls(CURL*, void* ssl_ctx, void* user) {
  auto const& [request, session] = *static_cast<std::pair<HttpRequest const&, HttpSession&> const*>(user);
  if (request.prepare_tls != nullptr) request.prepare_tls(ssl_ctx, &session.alpn);
  return CURLE_OK;
}

void set_options(CURL* easy, HttpRequest const& request, bool http2, CurlList const& connect, Collected& collected) {
  std::string const url = url_of(request);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect.get());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, request.plain ? "http" : "https");
  set_common_options(easy, static_cast<long>(request.limit.count()));
  if (request.connect_limit.count() > 0)
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_limit.count()));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_0));
  curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, http2 ? long{CURL_HTTP_VERSION_2TLS} : long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, request.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &collected);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &collected);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, request.keep ? 0L : 1L);
  collected.drain = request.keep;
  if (!request.keep) return;
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &collected);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
}

/// libcurl does not always say that it was HTTP/2 that failed.
bool http2_failed(CURLcode code, HttpSession const& session) {
  if (code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM) return true;
  return session.alpn == "h2" && (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR);
}

int version_of(CURL* easy) {
  long version = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return 10;
    case CURL_HTTP_VERSION_1_1:
      return 11;
    case CURL_HTTP_VERSION_2_0:
      return 20;
    default:
      return 0;
  }
}

ErrorKind error_kind(CURL* easy, HttpRequest const& request, CURLcode code) {
  long system = 0;
  curl_off_t connected = 0;
  curl_off_t secured = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system);
  curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
  curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &secured);
  if (request.plain && code == CURLE_COULDNT_CONNECT && system == ECONNREFUSED) return ErrorKind::refused;
  if (request.plain && code == CURLE_OPERATION_TIMEDOUT && connected == 0) return ErrorKind::unreachable;
  if (!request.plain && code == CURLE_RECV_ERROR && secured == 0) return ErrorKind::unsupported;
  return kind_of(code);
}

/// `code` is what libcurl ended with.
Result<HttpResponse> get_once(HttpRequest const& request, bool http2, HttpSession& session, Stopper& stopper, CURLcode& code) {
  CurlEasy const easy{curl_easy_init(), &curl_easy_cleanup};
  CurlMulti const& multi = session.multi;
  CurlList const connect = connect_to(request);
  if (!easy || !multi || !connect) return Error{ErrorKind::local, "libcurl cannot be started"};
  Collected collected;
  set_options(easy.get(), request, http2, connect, collected);
  std::pair<HttpRequest const&, HttpSession&> const tls{request, session};
  curl_easy_setopt(easy.get(), CURLOPT_SSL_CTX_FUNCTION, &on_tls);
  curl_easy_setopt(easy.get(), CURLOPT_SSL_CTX_DATA, &tls);
  code = transfer(easy.get(), multi.get(), stopper);

  if (stopper.stopped()) return Error{ErrorKind::cancelled, "interrupted"};
  if (collected.too_large) return Error{ErrorKind::too_large, "more than 500 header fields or 256 KiB of them"};
  HttpResponse& response = collected.response;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &response.status);
  if (collected.foreign) return Error{ErrorKind::malformed, "the answer is no HTTP"};
  // Once the header of the final response is there, the content may fail: it is not wanted.
  if (!collected.headers_over || collected.informational) {
    if (code == CURLE_OK) return Error{ErrorKind::closed, "HTTP: closed before the end of the header"};
    return Error{error_kind(easy.get(), request, code),
                 std::string{"HTTP: "} + (code == CURLE_WRITE_ERROR ? "the status line cannot be read" : curl_easy_strerror(code))};
  }
  long request_octets = 0;
  long connections = 1;
  curl_easy_getinfo(easy.get(), CURLINFO_REQUEST_SIZE, &request_octets);
  curl_easy_getinfo(easy.get(), CURLINFO_NUM_CONNECTS, &connections);
  response.version = version_of(easy.get());
  response.connections = static_cast<unsigned>(connections);
  if (response.status / 100 == 3) response.redirect = redirect_of(request, response);
  response.bytes_sent = static_cast<std::uint64_t>(request_octets);
  response.bytes_received = collected.header_octets;
  return std::move(response);
}

/// RFC 9113 section 7: HTTP_1_1_REQUIRED is one reason to ask in the older way; that the newer one is broken is another.
Result<HttpResponse> get(HttpRequest const& request, HttpSession& session, Stopper& stopper) {
  CURLcode code = CURLE_OK;
  bool const http2 = !request.plain && session.http2_error.empty();
  Result<HttpResponse> reply = get_once(request, http2, session, stopper, code);
  if (http2 && !reply && http2_failed(code, session)) {
    Error const first = reply.error();
    session.http2_error = first.detail;
    reply = get_once(request, false, session, stopper, code);
    // It has chosen h2: whatever it says now, it is no stranger to HTTP.
    if (!reply && reply.error().kind == ErrorKind::malformed) return first;
    if (reply) ++reply->connections;
  }
  if (reply) reply->http2_error = session.http2_error;
  return reply;
}

}  // namespace

std::shared_ptr<HttpSession> make_http_session() {
  // Before the first handle: libcurl is started once, and not by whoever comes first.
  return curl_started() ? std::make_shared<HttpSession>() : nullptr;
}

asio::awaitable<Result<HttpResponse>> http_get(HttpRequest request, std::shared_ptr<HttpSession> session, std::stop_token stop) {
  if (!session) co_return Error{ErrorKind::local, "libcurl cannot be started"};
  auto const stopper = std::make_shared<Stopper>();
  std::stop_callback const on_stop{stop, [stopper] { stopper->stop(); }};
  std::function<Result<HttpResponse>()> work = [request = std::move(request), session = std::move(session), stopper] {
    return get(request, *session, *stopper);
  };
  // Not given the stop: a thread in libcurl is awaited, so that none is left when the program ends; it obeys `stopper` at once.
  Result<HttpResponse> result = co_await on_thread<HttpResponse>(std::move(work), std::stop_token{});
  co_return result;
}

}  // namespace tlsgauge::net

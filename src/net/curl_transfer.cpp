#include "net/curl_transfer.hpp"

namespace tlsgauge::net {
namespace {

constexpr int kLookAgainMs = 1000;

CURLcode drive(CURLM* multi, Stopper const& stopper) {
  while (!stopper.stopped()) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) {
      int left = 0;
      CURLMsg const* const message = curl_multi_info_read(multi, &left);
      return message != nullptr && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
    }
    if (curl_multi_poll(multi, nullptr, 0, kLookAgainMs, nullptr) != CURLM_OK) return CURLE_FAILED_INIT;
  }
  return CURLE_ABORTED_BY_CALLBACK;
}

}  // namespace

bool curl_started() {
  static CURLcode const started = curl_global_init(CURL_GLOBAL_DEFAULT);
  return started == CURLE_OK;
}

void Stopper::begin(CURLM* multi) {
  std::scoped_lock const lock{mutex_};
  multi_ = multi;
}

void Stopper::stop() {
  std::scoped_lock const lock{mutex_};
  stopped_ = true;
  if (multi_ != nullptr) curl_multi_wakeup(multi_);
}

CURLcode transfer(CURL* easy, CURLM* multi, Stopper& stopper) {
  curl_multi_add_handle(multi, easy);
  stopper.begin(multi);
  CURLcode const code = drive(multi, stopper);
  stopper.end();
  curl_multi_remove_handle(multi, easy);
  return code;
}

void set_common_options(CURL* easy, long limit_ms) {
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, limit_ms);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, limit_ms);
}

ErrorKind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP, but not as we know it
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_WRITE_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
      return ErrorKind::unsupported;
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorKind::timed_out;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return ErrorKind::closed;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return ErrorKind::reset;
    case CURLE_COULDNT_CONNECT:
      return ErrorKind::unreachable;
    default:
      return ErrorKind::local;
  }
}

}  // namespace tlsgauge::net

#pragma once
// What all transfers by libcurl share: owners of its objects, driving one transfer, stopping it from another thread, its errors as ours.

#include <curl/curl.h>

#include <atomic>
#include <memory>
#include <mutex>

#include "base/result.hpp"

namespace tlsgauge::net {

using CurlEasy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlMulti = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// Once a process; false when libcurl cannot be started.
[[nodiscard]] bool curl_started();

/// Wakes the transfer from another thread. libcurl allows curl_multi_wakeup from anywhere, as long as the handle lives.
class Stopper {
 public:
  void begin(CURLM* multi);
  void end() { begin(nullptr); }
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  std::mutex mutex_;
  CURLM* multi_ = nullptr;
  std::atomic<bool> stopped_{false};
};

/// Drives one transfer to its end, to the deadline of its options, or until stopped.
[[nodiscard]] CURLcode transfer(CURL* easy, CURLM* multi, Stopper& stopper);

/// No proxy, no credentials, no signals, no redirects that libcurl follows itself.
void set_common_options(CURL* easy, long limit_ms);

[[nodiscard]] ErrorKind kind_of(CURLcode code);

}  // namespace tlsgauge::net

#include "scan/scanner.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge::scanning {
namespace {

using std::chrono::milliseconds;

// Workers that are told to stop do so at once; this is for what the system will not give back.
constexpr milliseconds kGrace{700};
constexpr milliseconds kProgressPeriod{200};
constexpr unsigned kMinEndpoints = 4;
constexpr rlim_t kSpareDescriptors = 128;  // files, resolvers, HTTP

/// Connections that the limit on open files leaves room for, once it is raised as far as it goes.
unsigned descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  rlim_t const room = limit.rlim_cur > 2 * kSpareDescriptors ? limit.rlim_cur - kSpareDescriptors : limit.rlim_cur / 2;
  return static_cast<unsigned>(std::clamp<rlim_t>(room, 1, 1'000'000));
}

/// A server that answers, but slowly, may keep us busy for long; this is when an endpoint is given up.
milliseconds time_limit(ScanOptions const& options) { return std::max<milliseconds>(std::chrono::minutes{1}, 30 * options.timeout); }

net::Family family(AddressFamily family) {
  switch (family) {
    case AddressFamily::v4:
      return net::Family::v4;
    case AddressFamily::v6:
      return net::Family::v6;
    case AddressFamily::any:
      break;
  }
  return net::Family::any;
}

std::vector<Exchange> exchanges(audit::Peer const& peer) {
  std::vector<Exchange> list;
  for (audit::Transcript const& transcript : peer.transcripts()) {
    audit::Reply const& reply = transcript.reply;
    list.push_back({.purpose = transcript.question.purpose,
                    .outcome = std::string{name(reply.outcome)},
                    .detail = to_utf8(reply.why()),
                    .connection = reply.connection,
                    .attempts = reply.attempts,
                    .sent = hex(reply.sent),
                    .received = hex(reply.received),
                    .connect_ms = reply.connect_ms,
                    .first_byte_ms = reply.first_byte_ms});
  }
  return list;
}

}  // namespace

Scanner::Scanner(std::vector<Target> const& targets, ScanOptions const& options, ScanEvents const& events, Plan const& plan)
    : targets_(targets),
      options_(options),
      events_(events),
      plan_(plan),
      limits_(io_.get_executor(), std::clamp(options.concurrency, 1U, descriptors()), options.rate),
      resolver_(io_.get_executor()),
      fetcher_(std::make_shared<net::Fetcher>(io_.get_executor(), std::string{kName} + "/" + std::string{kVersion})),
      total_(targets.size()),
      most_workers_(std::max(kMinEndpoints, limits_.connections())) {
  settings_.ca_file = options.ca_file;
  settings_.at = options.at.value_or(now());
  settings_.offline = options.offline;
  settings_.timeout = options.timeout;
  settings_.connect_port = options.connect_port;
  settings_.trust_stores = options.trust_stores;
  settings_.ct_logs = options.ct_logs;
  settings_.http_port = options.http_port;
  settings_.dns_server = options.dns_server;
  settings_.dns_anchor = options.dns_anchor;
  for (std::size_t i = 0; i < targets.size(); ++i) queue_.push_back({{i, 0}, {}});
}

std::vector<Endpoint> Scanner::run(std::stop_token const& stop) {
  {
    std::stop_callback const on_stop{stop, [this] { asio::post(io_, [this] { interrupt(); }); }};
    keep_progress();
    start_workers();
    if (workers_ > 0) io_.run();
  }
  if (failure_) std::rethrow_exception(failure_);
  for (std::shared_ptr<Running> const& left : running_) {
    if (left->conductor) finish(*left);
  }
  if (failure_) std::rethrow_exception(failure_);
  show_progress();
  std::vector<Endpoint> endpoints;
  endpoints.reserve(done_.size());
  for (auto& [place, endpoint] : done_) endpoints.push_back(std::move(endpoint));
  return endpoints;
}

void Scanner::start_workers() {
  while (workers_ < std::min(most_workers_, queue_.size() + running_.size())) {
    ++workers_;
    asio::co_spawn(io_, work(), [this](std::exception_ptr const& failure) {
      if (failure && !failure_) failure_ = failure;
      if (--workers_ == 0 || failure_) io_.stop();
    });
  }
}

asio::awaitable<void> Scanner::work() {
  while (!queue_.empty() && !stopping_.stop_requested()) {
    Job const job = std::move(queue_.front());
    queue_.pop_front();
    auto const running = std::make_shared<Running>(io_);
    running->place = job.place;
    running->endpoint.target = targets_[job.place.first];
    if (options_.server_name) running->endpoint.target.server_name = *options_.server_name;
    running_.insert(running);
    co_await examine(running, job.address);
    running_.erase(running);
    bool const untouched = stopping_.stop_requested() && !running->conductor;
    if (!untouched) finish(*running);
  }
}

asio::awaitable<void> Scanner::examine(std::shared_ptr<Running> running, std::string address) {
  if (address.empty()) address = co_await resolve(running);
  if (address.empty()) co_return;
  running->endpoint.target.address = address;
  begin(*running);
  co_await running->conductor->run();
  running->limit.cancel();
}

/// The first address; the others become jobs when all are wanted. Empty: there is none, and the endpoint says why.
asio::awaitable<std::string> Scanner::resolve(std::shared_ptr<Running> running) {
  std::string const host = options_.connect_host.empty() ? running->endpoint.target.host : options_.connect_host;
  std::stop_token const stop = stopping_.get_token();
  Result<std::vector<std::string>> const addresses = co_await resolver_.resolve(host, family(options_.family), options_.timeout, stop);
  if (!addresses) {
    running->endpoint.status = Status::unreachable;
    running->endpoint.errors.push_back({"resolve", to_utf8(addresses.error().detail)});
    co_return std::string{};
  }
  if (options_.all_addresses) {
    for (std::size_t i = addresses->size(); i-- > 1;) queue_.push_front({{running->place.first, i}, (*addresses)[i]});
    total_ += addresses->size() - 1;
    show_progress();
    start_workers();
  }
  co_return addresses->front();
}

/// Many names may lead to one address.
std::shared_ptr<net::Budget> Scanner::budget_for(std::string const& address) {
  std::erase_if(budgets_, [](auto const& each) { return each.second.expired(); });
  std::weak_ptr<net::Budget>& known = budgets_[address];
  std::shared_ptr<net::Budget> budget = known.lock();
  if (!budget) {
    budget = std::make_shared<net::Budget>(io_.get_executor(), limits_, std::max(options_.per_host, 1U));
    known = budget;
  }
  return budget;
}

void Scanner::begin(Running& running) {
  running.peer =
      peer::make_peer(io_.get_executor(), running.endpoint.target, settings_, budget_for(running.endpoint.target.address), fetcher_);
  running.conductor = std::make_shared<Conductor>(running.peer, plan_);
  milliseconds const limit = time_limit(options_);
  running.limit.expires_after(limit);
  running.limit.async_wait([conductor = running.conductor, peer = running.peer, limit](asio::error_code const& cancelled) {
    if (cancelled) return;
    conductor->stop(fmt::format("given up after {} s", std::chrono::floor<std::chrono::seconds>(limit).count()));
    peer->cancel();
  });
}

void Scanner::finish(Running& running) {
  Endpoint& endpoint = running.endpoint;
  if (running.conductor) {
    running.conductor->report(endpoint);
    endpoint.cost = running.peer->cost();
  }
  auto const lasted = std::chrono::steady_clock::now() - running.started;
  endpoint.cost.duration_ms = static_cast<std::uint64_t>(std::chrono::round<milliseconds>(lasted).count());
  connections_ += endpoint.cost.connections;
  if (events_.exchanges && running.peer) events_.exchanges(endpoint, exchanges(*running.peer));
  Endpoint const& kept = done_[running.place] = std::move(endpoint);
  if (events_.finished) events_.finished(kept);
}

void Scanner::keep_progress() {
  if (!events_.progress) return;
  progress_.expires_after(kProgressPeriod);
  progress_.async_wait([this](asio::error_code const& cancelled) {
    if (cancelled) return;
    show_progress();
    keep_progress();
  });
}

void Scanner::show_progress() {
  if (!events_.progress) return;
  Progress progress{.finished = done_.size(), .total = total_, .connections = connections_};
  for (std::shared_ptr<Running> const& running : running_) {
    if (running->peer) progress.connections += running->peer->cost().connections;
  }
  events_.progress(progress);
}

void Scanner::interrupt() {
  stopping_.request_stop();
  queue_.clear();
  for (std::shared_ptr<Running> const& running : running_) {
    if (!running->conductor) continue;
    running->conductor->stop("interrupted");
    running->peer->cancel();
  }
  grace_.expires_after(kGrace);
  grace_.async_wait([this](asio::error_code const& cancelled) {
    if (!cancelled) io_.stop();
  });
}

}  // namespace tlsgauge::scanning

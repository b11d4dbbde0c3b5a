#include "scan/conductor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "base/text.hpp"

namespace tlsgauge::scanning {
namespace {

constexpr std::size_t kMaxNotes = 32;  // errors of one probe that are reported

/// Facts as they were when the probe started: what others learn meanwhile must not move what it looks at.
asio::awaitable<audit::Observation> ask(audit::Probe const& probe, audit::Peer& peer, std::shared_ptr<audit::Facts const> facts) {
  audit::Observation seen = co_await probe.ask(peer, *facts);
  co_return seen;
}

std::string words(std::exception_ptr const& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (std::exception const& e) {
    return fmt::format("failed: {}", to_utf8(e.what()));
  } catch (...) {
    return "failed for an unknown reason";
  }
}

}  // namespace

Conductor::Conductor(std::shared_ptr<audit::Peer> peer, Plan const& plan) : peer_(std::move(peer)), plan_(plan) {
  for (audit::Probe const* const probe : plan.probes) {
    Task task;
    task.probe = probe;
    tasks_.push_back(std::move(task));
  }
}

asio::awaitable<void> Conductor::run() {
  auto const executor = co_await asio::this_coro::executor;
  changed_ = std::make_shared<asio::steady_timer>(executor);
  while (true) {
    dirty_ = false;
    start_ready();
    if (dirty_) continue;
    if (running_ == 0) break;
    changed_->expires_at(asio::steady_timer::time_point::max());
    asio::error_code woken;
    co_await changed_->async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  changed_.reset();  // the report may be read when the executor is gone
}

void Conductor::stop(std::string reason) {
  if (!stopped_) stopped_ = std::move(reason);
}

bool Conductor::ready(Task const& task) const {
  auto const holds = [](std::span<std::string_view const> ids, std::string_view id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  auto const open = [&](Task const& other) {
    return other.state != State::over && (holds(task.probe->needs, other.probe->id) || holds(task.probe->after, other.probe->id));
  };
  return task.state == State::waiting && std::none_of(tasks_.begin(), tasks_.end(), open);
}

void Conductor::start_ready() {
  for (Task& task : tasks_) {
    if (stopped_ || status_ != Status::complete) return;
    if (!task.probe->alone && ready(task)) start(task);
  }
  for (Task& task : tasks_) {
    if (running_ != 0 || dirty_ || stopped_ || status_ != Status::complete) return;
    if (task.probe->alone && ready(task)) start(task);
  }
}

void Conductor::start(Task& task) {
  auto facts_now = std::make_shared<audit::Facts const>(facts());
  if (!task.probe->applies(*facts_now).applies) {
    task.state = State::over;
    dirty_ = true;
    return;
  }
  task.state = State::running;
  ++running_;
  asio::co_spawn(changed_->get_executor(), ask(*task.probe, *peer_, std::move(facts_now)),
                 [self = shared_from_this(), this, &task](std::exception_ptr failure, audit::Observation seen) {
                   ended(task, failure, std::move(seen));
                 });
}

void Conductor::ended(Task& task, std::exception_ptr const& failure, audit::Observation seen) {
  task.state = State::over;
  if (failure) {
    task.failure = words(failure);
  } else {
    task.seen = std::move(seen);
  }
  if (task.probe->id == "protocols" || task.probe->id == "certificates") judge_reachability();  // either may be asked alone
  --running_;
  dirty_ = true;
  changed_->cancel();
}

void Conductor::judge_reachability() {
  std::string unreachable;
  bool only_unreachable = true;
  std::string foreign;
  for (audit::Transcript const& transcript : peer_->transcripts()) {
    audit::Reply const& reply = transcript.reply;
    if (reply.answered() || reply.refused()) return;
    // What cannot be read as SSLv2 may well be TLS.
    bool const told = reply.outcome == audit::Outcome::not_tls && !transcript.question.ssl2;
    if (told && foreign.empty()) foreign = reply.detail.empty() ? "no TLS" : to_utf8(reply.detail);
    if (reply.outcome == audit::Outcome::unreachable) {
      if (unreachable.empty()) unreachable = to_utf8(reply.detail);
    } else {
      only_unreachable = false;
    }
  }
  if (!foreign.empty()) {
    status_ = Status::not_tls;
    because_ = std::move(foreign);
  } else if (only_unreachable && !unreachable.empty()) {
    status_ = Status::unreachable;
    because_ = std::move(unreachable);
  }
}

Value Conductor::facts() const {
  Value facts = Value::object();
  for (Task const& task : tasks_) {
    if (!task.seen) continue;
    for (auto const& [key, value] : task.seen->facts()) facts.set(key, value);
  }
  return facts;
}

void Conductor::report(Endpoint& endpoint) const {
  endpoint.facts = facts();
  endpoint.status = status_;
  endpoint.errors.insert(endpoint.errors.end(), plan_.notes.begin(), plan_.notes.end());
  if (status_ != Status::complete) {
    endpoint.errors.push_back({status_ == Status::unreachable ? "connect" : "protocols", because_});
    return;
  }
  bool partial = tasks_.empty();  // nothing was asked at all
  for (Task const& task : tasks_) {
    std::string const where{task.probe->id};
    if (!task.failure.empty()) endpoint.errors.push_back({where, task.failure});
    std::size_t const count = task.seen ? task.seen->open().size() : 0;
    for (std::size_t i = 0; i < std::min(count, kMaxNotes); ++i) endpoint.errors.push_back({where, to_utf8(task.seen->open()[i])});
    if (count > kMaxNotes) endpoint.errors.push_back({where, fmt::format("and {} more", count - kMaxNotes)});
    partial |= count > 0 || !task.failure.empty();
    if (task.state == State::waiting && !stopped_) {
      endpoint.errors.push_back({where, "not asked: what it needs never came"});
      partial = true;
    }
  }
  if (stopped_) {
    endpoint.errors.push_back({"scan", *stopped_});
    partial = true;
  }
  if (partial) endpoint.status = Status::partial;
}

}  // namespace tlsgauge::scanning

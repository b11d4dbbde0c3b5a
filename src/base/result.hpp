#pragma once
// Either a value or the reason why there is none.

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace tlsgauge {

/// What went wrong, coarse enough to decide on; the sentence beside it is for people.
enum class ErrorKind {
  invalid_input,  ///< the caller's own file, option or argument is wrong
  malformed,      ///< bytes from a peer that break the protocol's grammar
  unsupported,    ///< well-formed, but this program or library cannot handle it
  refused,        ///< the peer said no
  closed,         ///< the peer ended the connection in order
  reset,          ///< the connection was torn down
  timed_out,      ///< nothing arrived within the limit
  unreachable,    ///< no connection could be made
  too_large,      ///< a bound on memory or length was met
  cancelled,      ///< the user interrupted
  local,          ///< this machine's own fault: descriptors, ports, files
};

struct Error {
  Error() = default;
  Error(ErrorKind k, std::string d) : kind(k), detail(std::move(d)) {}
  ErrorKind kind = ErrorKind::local;
  std::string detail;  ///< one sentence without a full stop
};

/// Spelled like std::expected<T, Error>, which this compiler does not have yet.
template <class T>
class [[nodiscard]] Result {
 public:
  Result() : held_(Error{ErrorKind::local, "no result"}) {}
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& operator*() & { return value(); }
  T const& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  T const* operator->() const { return &value(); }
  T& value() {
    assert(has_value());
    return std::get<0>(held_);
  }
  T const& value() const {
    assert(has_value());
    return std::get<0>(held_);
  }
  [[nodiscard]] Error const& error() const {
    assert(!has_value());
    return std::get<1>(held_);
  }

 private:
  std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  [[nodiscard]] Error const& error() const {
    assert(!ok_);
    return error_;
  }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace tlsgauge

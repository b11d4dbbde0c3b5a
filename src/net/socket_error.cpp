#include "net/socket_error.hpp"

#include <asio/error.hpp>
#include <cerrno>
#include <string>

namespace tlsgauge::net {
namespace {

ErrorKind kind_of(asio::error_code const& code) {
  if (code == asio::error::eof) return ErrorKind::closed;
  if (code.category() != asio::system_category()) return ErrorKind::local;
  switch (code.value()) {
    case ECONNREFUSED:
      return ErrorKind::refused;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return ErrorKind::reset;
    case ETIMEDOUT:
      return ErrorKind::timed_out;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EACCES:  // what a firewall's "administratively prohibited" becomes
    case EPERM:
    case EAFNOSUPPORT:
    case EPROTO:
    case ENOPROTOOPT:
    case EINVAL:  // connect to an address that is none to connect to, such as 0.0.0.0/8 or a scoped one without its scope
      return ErrorKind::unreachable;
    case ECANCELED:
      return ErrorKind::cancelled;
    default:
      return ErrorKind::local;
  }
}

}  // namespace

Error socket_error(std::string_view doing, asio::error_code const& code) {
  std::string const what = code == asio::error::eof ? "closed by the peer" : code.message();
  return {kind_of(code), std::string{doing} + ": " + what};
}

}  // namespace tlsgauge::net

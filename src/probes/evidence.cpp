#include "probes/evidence.hpp"

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "crypto/digest.hpp"

namespace tlsgauge::probes {

Value evidence(audit::Reply const& reply, std::string const& reproduce) {
  Value out = Value::object();
  out.set("connection", reply.connection)
      .set("hello_sha256", reply.sent.empty() ? Value{} : Value{crypto::sha256_hex(reply.sent)})
      .set("answer", hex(reply.received))
      .set("reproduce", reproduce.empty() ? Value{} : Value{reproduce});
  return out;
}

std::string s_client(Target const& target, std::string_view options) {
  // Addresses and A-labels hold nothing that a shell would read as more than a word.
  bool const v6 = target.address.find(':') != std::string::npos;
  std::string const name = target.server_name.empty() ? std::string{"-noservername"} : "-servername " + target.server_name;
  return fmt::format("openssl s_client -connect {}{}{}:{} {} {} </dev/null", v6 ? "[" : "", target.address, v6 ? "]" : "", target.port,
                     name, options);
}

}  // namespace tlsgauge::probes

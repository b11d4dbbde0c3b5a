#pragma once
// An endpoint that no model of score has anything against, to be spoiled point by point.

#include <string>
#include <vector>

#include "support/facts_builder.hpp"

namespace tlsgauge::test {

struct ScoreFacts : FactsBuilder {
  std::string group = "x25519";  ///< of every suite with ECDHE, and of TLS 1.3
  Value extensions = Value::object().set("secure_renegotiation", "yes").set("compression", "no");
  Value renegotiation = Value::object()
                            .set("protocol", "TLSv1.2")
                            .set("secure", true)
                            .set("client_initiated", "no")
                            .set("refused_by", "alert no_renegotiation");
  Value downgrade = Value::object().set("fallback_scsv", "yes").set("reasons", Value::object());

  /// Speaks that version with these suites alone.
  ScoreFacts& only(std::string const& protocol, std::vector<std::string> const& names, std::string const& chooser = "server") {
    refuses(protocol);
    accepts(protocol, names, chooser);
    return *this;
  }

  /// Finite-field suites get groups of that length.
  ScoreFacts& dh(int bits) {
    for (Suite& suite : suites) {
      if (suite.name.find("_DHE_") != std::string::npos || suite.name.find("_DH_anon") != std::string::npos) suite.dh_bits = bits;
    }
    return *this;
  }

  [[nodiscard]] Endpoint endpoint() const {
    ScoreFacts filled = *this;
    for (Suite& suite : filled.suites) {
      bool const curve = suite.protocol == "TLSv1.3" || suite.name.find("_ECDHE_") != std::string::npos;
      if (suite.group.empty() && curve) suite.group = group;
    }
    Endpoint out = filled.FactsBuilder::endpoint();
    auto const put = [&](std::string const& key, Value const& value) {
      if (!omitted.contains(key)) out.facts.set(key, value);
    };
    put("extensions", extensions);
    put("renegotiation", renegotiation);
    put("downgrade", downgrade);
    return out;
  }
};

}  // namespace tlsgauge::test

#pragma once
// Facts for tests of probes that build on others.

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "audit/facts.hpp"

namespace tlsgauge::test {

/// facts.protocols with these versions supported and the other ones not.
inline audit::Facts supporting(std::initializer_list<std::string_view> versions) {
  Value protocols = Value::array();
  for (wire::ProtocolVersion const version : wire::kAllVersions) {
    bool const yes = std::find(versions.begin(), versions.end(), wire::name(version)) != versions.end();
    Value entry = Value::object();
    entry.set("name", wire::name(version)).set("support", yes ? "yes" : "no").set("reason", "scripted");
    protocols.push_back(std::move(entry));
  }
  audit::Facts facts;
  facts.set("protocols", std::move(protocols));
  return facts;
}

}  // namespace tlsgauge::test

#include <gtest/gtest.h>

#include "probes/tls_server_script.hpp"
#include "support/facts.hpp"

namespace tlsgauge::probes {

extern audit::Probe const post_quantum;

namespace {

using test::supporting;

audit::Facts knowing(std::initializer_list<bool> groups, std::string_view chooser, bool complete = true) {
  audit::Facts facts = supporting({"TLSv1.3"});
  Value list = Value::array(), order = Value::object();
  for (bool const safe : groups) {
    Value group = Value::object();
    group.set("post_quantum", safe);
    list.push_back(std::move(group));
  }
  order.set("chooser", chooser).set("complete", complete);
  facts.set("groups", std::move(list));
  facts.set("group_order", std::move(order));
  return facts;
}

std::string learn(audit::Facts const& facts, std::string_view member = "key_exchange") {
  test::ScriptedPeer peer{[](audit::Question const&) { return test::alerted(); }};
  audit::Observation const seen = test::ask(post_quantum, peer, facts);
  EXPECT_EQ(peer.connections(), 0U);
  return seen.facts().at(0).second[member].as_string();
}

TEST(PostQuantum, TellsPreferredFromAccepted) {
  EXPECT_EQ(learn(knowing({true, false}, "server")), "preferred");
  EXPECT_EQ(learn(knowing({false, true}, "server")), "accepted");
  EXPECT_EQ(learn(knowing({true, false}, "client")), "accepted");
  EXPECT_EQ(learn(knowing({true}, "indifferent")), "preferred");
}

TEST(PostQuantum, IsAbsentOnlyWhereAllIsKnown) {
  EXPECT_EQ(learn(knowing({false}, "server")), "absent");
  EXPECT_EQ(learn(knowing({false}, "server", false)), "inconclusive");
  EXPECT_EQ(learn(knowing({}, "inconclusive", false)), "inconclusive");
  EXPECT_EQ(learn(supporting({"TLSv1.2"})), "absent");
}

TEST(PostQuantum, LooksAtTheKeyOfTheEndEntity) {
  for (std::string_view const type : {"ml-dsa-65", "2.16.840.1.101.3.4.3.18", "rsa"}) {
    Value key = Value::object(), certificate = Value::object(), list = Value::array(), chain = Value::object(), chains = Value::array();
    key.set("type", type);
    certificate.set("key", std::move(key));
    list.push_back(std::move(certificate));
    chain.set("chain", std::move(list));
    chains.push_back(std::move(chain));
    audit::Facts facts = supporting({"TLSv1.3"});
    facts.set("certificates", std::move(chains));
    EXPECT_EQ(learn(facts, "certificates"), type == "rsa" ? "no" : "yes");
  }
  EXPECT_EQ(learn(supporting({"TLSv1.3"}), "certificates"), "inconclusive");
  audit::Facts unread = supporting({"TLSv1.3"});
  Value chains = Value::array();
  chains.push_back(Value::object());
  unread.set("certificates", std::move(chains));
  EXPECT_EQ(learn(unread, "certificates"), "inconclusive");
}

TEST(PostQuantum, NeedsAVersion) { EXPECT_FALSE(post_quantum.applies(supporting({})).applies); }

}  // namespace
}  // namespace tlsgauge::probes

#include "report/text_trust.hpp"

#include <gmock/gmock.h>

#include "report/samples.hpp"
#include "report/text_facts.hpp"

namespace tlsgauge::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Value array(std::initializer_list<Value> items) { return Value{Value::Array{items}}; }

Value leaf(std::string_view subject, std::string_view sha256) {
  return Value::object()
      .set("subject", subject)
      .set("sha256", sha256)
      .set("spki_sha256", sha256)
      .set("key", Value::object().set("type", "rsa").set("bits", 2048));
}

Value entry(Value certificate, Value sni, Value named = {}) {
  Value shown = Value::object().set("protocol", "TLSv1.2").set("authentication", "rsa").set("sni", std::move(sni));
  if (named.is_string()) shown.set("named", named);
  return Value::object().set("shown_for", shown).set("chain", array({std::move(certificate)}));
}

std::string text_of(Value const& list, bool verbose = false) {
  TextPage page{100, false};
  write_facts(page, Value::object().set("certificates", list), verbose);
  return page.take();
}

TEST(ShapeFaults, AreToldWithPlacesFromOne) {
  EXPECT_THAT(shape_faults({}), IsEmpty());
  EXPECT_THAT(shape_faults(Value::object().set("in_order", true).set("duplicates", Value::array()).set("anchor_sent", false)), IsEmpty());
  EXPECT_EQ(shape_faults(Value::object()
                             .set("in_order", false)
                             .set("duplicates", array({1, 3}))
                             .set("superfluous", array({2}))
                             .set("unparsable", array({0}))
                             .set("anchor_sent", true)),
            "not in order; sent twice: 2, 4; of no use: 3; cannot be parsed: 1; the root is sent as well");
}

TEST(KeyFaults, AreTold) {
  EXPECT_THAT(key_faults(Value::object().set("type", "rsa")), IsEmpty());
  EXPECT_THAT(key_faults(Value::object().set("faults", Value::array())), IsEmpty());
  EXPECT_EQ(key_faults(Value::object().set("exponent", "3").set("faults", array({"roca", "exponent_small"}))),
            "ROCA (CVE-2017-15361), an exponent of 3");
}

TEST(TextChains, ShowFaultsOfShapeAndKey) {
  Value weak = leaf("CN=weak", "aa");
  weak.set("key", Value::object().set("type", "rsa").set("bits", 2048).set("faults", array({"close_primes"})));
  Value chain = entry(weak, "a.example");
  EXPECT_THAT(text_of(array({chain})), AllOf(HasSubstr("CVE-2022-26320"), Not(HasSubstr("shape"))));
  chain.set("shape", Value::object().set("in_order", false));
  EXPECT_THAT(text_of(array({chain})), HasSubstr("not in order"));
  Document document = test::sample("good");
  document.endpoints.front().facts = Value::object().set("certificates", array({chain}));
  EXPECT_THAT(test::render("html", document), AllOf(HasSubstr("shape: not in order"), HasSubstr("weak key of certificate 1: its primes")));
}

TEST(TextChains, TellInALineWhatOthersAreShown) {
  Value const own = entry(leaf("CN=own", "aa"), "a.example");
  Value const list =
      array({own, entry(leaf("CN=default", "bb"), nullptr, "none"), entry(leaf("CN=own", "aa"), "tlsgauge.invalid", "unknown")});
  std::string const text = text_of(list);
  EXPECT_THAT(text, AllOf(HasSubstr("without server name"), HasSubstr("another certificate, CN=default"), HasSubstr("unknown server name"),
                          HasSubstr("the same certificate with another chain"), Not(HasSubstr("for tlsgauge.invalid"))));
  EXPECT_THAT(text_of(array({own})), Not(HasSubstr("server name")));
  Document document = test::sample("good");
  document.endpoints.front().facts = Value::object().set("certificates", list);
  EXPECT_THAT(test::render("html", document), HasSubstr("without server name: another certificate, CN=default"));
}

TEST(TextChains, TellTheUsagesOnlyWhenVerbose) {
  Value certificate = leaf("CN=own", "aa");
  certificate.set("key_usage", array({"digitalSignature"})).set("extended_key_usage", array({"serverAuth"}));
  Value const list = array({entry(certificate, "a.example")});
  EXPECT_THAT(text_of(list, true), HasSubstr("digitalSignature, serverAuth"));
  EXPECT_THAT(text_of(list), Not(HasSubstr("serverAuth")));
}

TEST(TextSummary, NamesEndpointsWithTheSameKey) {
  Document document = test::sample("good");
  document.endpoints.resize(1);
  document.endpoints.front().facts = Value::object().set("certificates", array({entry(leaf("CN=own", "aa"), "www.example.com")}));
  EXPECT_THAT(test::render("text", document), Not(HasSubstr("same key")));
  document.endpoints.push_back(document.endpoints.front());
  document.endpoints.back().target.host = "second.example";
  EXPECT_THAT(test::render("text", document), HasSubstr("second.example:443"));
  EXPECT_THAT(test::render("text", document), HasSubstr("same key"));
  document.endpoints.back().facts = Value::object().set("certificates", array({entry(leaf("CN=two", "bb"), "www.example.com")}));
  EXPECT_THAT(test::render("text", document), Not(HasSubstr("same key")));
}

}  // namespace
}  // namespace tlsgauge::report

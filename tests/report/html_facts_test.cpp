#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A page about one endpoint of which nothing else is known.
std::string page(Value const& facts) {
  Document document = sample("good");
  document.endpoints.front().facts = facts;
  return render("html", document);
}

Value only(std::string_view key, Value const& fact) { return Value::object().set(key, fact); }

std::string h3(std::string_view title) { return "<h3>" + std::string{title} + "</h3>"; }
std::string h4(std::string_view title) { return "<h4><bdi>" + std::string{title} + "</bdi></h4>"; }
std::string bad_row(std::string_view text) { return "<dd class=\"fact bad\"><bdi>" + std::string{text} + "</bdi></dd>"; }
std::string bad_line(std::string_view text) { return "<p class=\"fact bad\"><bdi>" + std::string{text} + "</bdi></p>"; }

struct Shown {
  std::string_view key;
  std::string_view card;
  std::string block;
};

std::vector<Shown> all_shown() {
  return {{"group_retry", "Key exchange", "asks for a retry to get X25519MLKEM768 when a share of x25519 is sent"},
          {"curves", "Key exchange", h4("Key exchange groups up to TLSv1.2")},
          {"post_quantum", "Key exchange", h4("Post-quantum")},
          {"signature_schemes", "Signatures", h4("Signatures of handshakes")},
          {"extensions", "Extensions and ALPN", h4("Extensions")},
          {"alpn", "Extensions and ALPN", h4("ALPN, TLSv1.2")},
          {"sessions", "Sessions", "session IDs, TLSv1.2"},
          {"early_data", "Sessions", h4("Early data, TLSv1.3")},
          {"renegotiation", "Sessions", h4("Renegotiation")},
          {"downgrade", "Hygiene", h4("Downgrade protection")},
          {"tolerance", "Hygiene", h4("Tolerance of unusual hellos")},
          {"client_authentication", "Hygiene", h4("Client certificates")},
          {"server_name", "Hygiene", h4("Other server names, TLSv1.2")},
          {"certificate_compression", "Hygiene", h4("Certificate compression")},
          {"fingerprints", "Fingerprints", "to JARM&apos;s tls1_2_forward"}};
}

TEST(HtmlFacts, StandInTheirCards) {
  Value const facts = sample("good").endpoints.front().facts;
  std::string const whole = page(facts);
  for (Shown const& each : all_shown()) {
    ASSERT_FALSE(facts[each.key].is_null()) << each.key;
    EXPECT_THAT(whole, HasSubstr(each.block)) << each.key;
    std::string const alone = page(only(each.key, facts[each.key]));
    EXPECT_THAT(alone, HasSubstr(h3(each.card))) << each.key;
    EXPECT_THAT(alone, HasSubstr(each.block)) << each.key;
  }
  EXPECT_THAT(
      page(only("dh_parameters", sample("bad").endpoints.front().facts["dh_parameters"])),
      HasSubstr("<dt class=\"plain\"><bdi>1024 bits</bdi></dt><dd class=\"fair\"><bdi>a prime without a name, safe prime</bdi></dd>"));
}

TEST(HtmlFacts, LeaveNothingWhereTheyAreMissing) {
  Value const facts = sample("good").endpoints.front().facts;
  for (Shown const& each : all_shown()) {
    Value others = Value::object();
    for (auto const& [key, value] : facts.members()) {
      if (key != each.key) others.set(key, value);
    }
    EXPECT_THAT(page(others), Not(HasSubstr(each.block))) << each.key;
  }
  std::string const empty = page(Value::object());
  EXPECT_THAT(empty, Not(HasSubstr("class=\"fact-cards\"")));
  EXPECT_THAT(empty, Not(HasSubstr(h3("Key exchange"))));
}

TEST(HtmlFacts, MarkBadNews) {
  std::string const html = render("html", sample("bad"));
  EXPECT_THAT(html, HasSubstr(bad_line("below 112 bits: secp160r1, secp192r1")));
  EXPECT_THAT(html, HasSubstr(bad_row("broken hash: rsa_pkcs1_sha1")));
  EXPECT_THAT(html, HasSubstr(bad_row("accepted, 10 of 10 times")));

  Value extensions = Value::object();
  extensions.set("secure_renegotiation", "no").set("compression", "yes").set("compression_methods", Value::array().push_back("DEFLATE"));
  EXPECT_THAT(page(only("extensions", extensions)), HasSubstr(bad_row("NOT SECURE")));
  EXPECT_THAT(page(only("extensions", extensions)), HasSubstr(bad_row("ON: DEFLATE")));
  Value const replayed = Value::object().set("offered", "yes").set("accepted", "yes").set("replay", "accepted");
  EXPECT_THAT(page(only("early_data", replayed)), HasSubstr(bad_row("accepted: it can be replayed")));
  Value const downgrade = Value::object().set("fallback_scsv", "no");
  EXPECT_THAT(page(only("downgrade", downgrade)), HasSubstr(bad_row("no")));
}

TEST(HtmlFacts, DoNotMarkGoodNews) {
  std::string const html = render("html", sample("good"));
  EXPECT_THAT(html, Not(HasSubstr("class=\"fact bad\"")));
  EXPECT_THAT(html, HasSubstr("<dd class=\"good\"><bdi>answered with 425 Too Early</bdi></dd>"));
}

TEST(HtmlFacts, ShowHostileTextAsText) {
  std::string const hostile = "<img src=x onerror=alert(1)>\"'&{{{css}}}\x1b[31m";
  std::string const shown = "&lt;img src=x onerror=alert(1)&gt;&quot;&apos;&amp;{{{css}}}\\x1B[31m";
  Value alpn = Value::object(), asked = Value::object(), name = Value::object();
  alpn.set("protocol", "TLSv1.2").set("protocols", Value::array().push_back("1" + hostile)).set("unknown", "ignored");
  asked.set("requested", "yes").set("protocols", Value::array().push_back("TLSv1.2")).set("required", "no").set("reason", "2" + hostile);
  asked.set("authorities", Value::array().push_back("3" + hostile)).set("authorities_total", 1);
  name.set("protocol", "TLSv1.3").set("unknown_name", Value::object().set("answer", "other_certificate").set("subject", "4" + hostile));
  Value facts = Value::object();
  facts.set("alpn", alpn).set("client_authentication", asked).set("server_name", name);
  std::string const html = page(facts);
  for (char const* const each : {"1", "2", "3", "4"}) EXPECT_THAT(html, HasSubstr(each + shown));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
}

TEST(HtmlFacts, DrawTheLaddersOfARetryAndOfEarlyData) {
  std::string const html = render("html", sample("good"));
  EXPECT_THAT(html, HasSubstr("aria-label=\"Flights of TLSv1.3 after HelloRetryRequest\""));
  EXPECT_THAT(html, HasSubstr("aria-label=\"Flights of TLSv1.3 0-RTT\""));
  EXPECT_THAT(html, HasSubstr("0 round trips, 24.3 ms"));
  EXPECT_THAT(html, Not(HasSubstr("differ from those of the protocol")));
  EXPECT_THAT(html, HasSubstr("evenly. Of 0-RTT only the way of its data is drawn.</small>"));
  EXPECT_THAT(render("html", sample("bad")), Not(HasSubstr("Of 0-RTT")));
}

TEST(HtmlFacts, TimesThatNoHandshakeTakesAreNotKnown) {
  Document document = sample("good");
  Value const known = document.endpoints[0].facts["handshakes"].items().front();
  for (Value const& time : {Value{-5}, Value{1e308}, Value{86'400'001.0}, Value{"soon"}, Value{}}) {
    Value odd = known;
    odd.set("time_ms", time);
    Value list = Value::array();
    list.push_back(odd);
    document.endpoints[0].facts.set("handshakes", list);
    std::string const html = page(document.endpoints[0].facts);
    EXPECT_THAT(html, HasSubstr(", time not known</span>"));
    EXPECT_THAT(html, Not(HasSubstr("class=\"ladder\"")));
    EXPECT_THAT(html, Not(HasSubstr("To scale")));
    EXPECT_THAT(render("text", document), AllOf(HasSubstr("not known"), Not(HasSubstr("-5.00 ms")), Not(HasSubstr("00000000 s"))));
  }
  Value paced = known;
  paced.set("tcp_round_trip_ms", -1.0);
  Value list = Value::array();
  list.push_back(paced);
  document.endpoints[0].facts.set("handshakes", list);
  EXPECT_THAT(page(document.endpoints[0].facts), AllOf(Not(HasSubstr("on the way")), HasSubstr("the flights within it are spread evenly")));
}

}  // namespace
}  // namespace tlsgauge::test

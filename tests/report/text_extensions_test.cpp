#include "report/text_extensions.hpp"

#include <gmock/gmock.h>

#include "report/text_page.hpp"

namespace tlsgauge::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string shown(Value const& facts) {
  TextPage page{100, false};
  write_extensions(page, facts);
  return page.take();
}

TEST(TextExtensions, ShowNothingThatWasNotAsked) { EXPECT_EQ(shown(Value::object()), ""); }

TEST(TextExtensions, ShowBadNewsInCapitals) {
  Value extensions = Value::object();
  extensions.set("secure_renegotiation", "no")
      .set("session_ticket", "yes")
      .set("heartbeat", "no")
      .set("compression", "yes")
      .set("compression_methods", Value::array().push_back("DEFLATE"));
  std::string const text = shown(Value::object().set("extensions", extensions));
  EXPECT_THAT(text, HasSubstr("NOT SECURE"));
  EXPECT_THAT(text, HasSubstr("ON: DEFLATE"));
  EXPECT_THAT(text, HasSubstr("session_ticket"));
  EXPECT_THAT(text, HasSubstr("heartbeat"));
}

TEST(TextExtensions, SayWhoChoosesAndWhatComesOfTheUnknown) {
  Value alpn = Value::object();
  alpn.set("protocol", "TLSv1.2")
      .set("protocols", Value::array().push_back("h2").push_back("http/1.1"))
      .set("chooser", "server")
      .set("unknown", "refused")
      .set("alert", "no_application_protocol");
  std::string const text = shown(Value::object().set("alpn", alpn));
  EXPECT_THAT(text, HasSubstr("h2, http/1.1 (the server chooses)"));
  EXPECT_THAT(text, HasSubstr("refused with no_application_protocol"));
}

TEST(TextExtensions, ShowClientCertificatesOnlyWhereTheyAreAskedFor) {
  Value asked = Value::object();
  asked.set("requested", "no");
  EXPECT_EQ(shown(Value::object().set("client_authentication", asked)), "");
  asked.set("requested", "yes")
      .set("protocols", Value::array().push_back("TLSv1.2"))
      .set("required", "yes")
      .set("reason", "alert 40")
      .set("authorities", Value::array().push_back("CN=A"))
      .set("authorities_total", 3);
  std::string const text = shown(Value::object().set("client_authentication", asked));
  EXPECT_THAT(text, HasSubstr("yes: alert 40"));
  EXPECT_THAT(text, HasSubstr("CN=A"));
  EXPECT_THAT(text, HasSubstr("and 2 more"));
}

TEST(TextExtensions, ShowWhatOtherNamesGet) {
  Value same = Value::object().set("answer", "not_applicable");
  Value other = Value::object().set("answer", "other_certificate").set("subject", "CN=default");
  Value name = Value::object().set("protocol", "TLSv1.3").set("without_name", same).set("unknown_name", other);
  std::string const text = shown(Value::object().set("server_name", name));
  EXPECT_THAT(text, HasSubstr("another certificate: CN=default"));
  EXPECT_THAT(text, Not(HasSubstr("no name")));
}

}  // namespace
}  // namespace tlsgauge::report

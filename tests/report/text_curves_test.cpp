#include "report/text_curves.hpp"

#include <gmock/gmock.h>

#include "report/text_page.hpp"

namespace tlsgauge::report {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Value entry(std::string_view name, bool shown) {
  Value out = Value::object();
  out.set("name", name);
  if (shown) out.set("evidence", Value::object());
  return out;
}

Value list(std::initializer_list<Value> entries) {
  Value out = Value::array();
  for (Value const& each : entries) out.push_back(each);
  return out;
}

TEST(TextCurves, NamesCurvesAndWhichAreWeak) {
  Value order = Value::object(), ffdhe = Value::object(), curves = Value::object();
  order.set("protocol", "TLSv1.2").set("chooser", "client").set("complete", true).set("reason", nullptr);
  ffdhe.set("honoured", false).set("groups", Value::array());
  curves.set("groups", list({entry("x25519", false), entry("secp160r1", true)})).set("order", order).set("ffdhe", ffdhe);
  TextPage page(100, false);
  write_curves(page, curves);
  std::string const text = page.take();
  EXPECT_THAT(text, HasSubstr("  x25519, secp160r1\n"));
  EXPECT_THAT(text, HasSubstr("below 112 bits: secp160r1\n"));
  EXPECT_THAT(text, HasSubstr("TLSv1.2: the client chooses"));
  EXPECT_THAT(text, HasSubstr("the server brings a prime of its own"));
}

TEST(TextCurves, NamesSchemesAndWhichAreBroken) {
  Value each = Value::object();
  each.set("protocol", "TLSv1.2").set("authentication", "RSA").set("chooser", "server").set("complete", true);
  each.set("schemes", list({entry("rsa_pkcs1_sha256", false), entry("rsa_pkcs1_sha1", true)})).set("not_offered", "rsa_md5");
  TextPage page(100, false);
  write_signature_schemes(page, list({each}));
  std::string const text = page.take();
  EXPECT_THAT(text, HasSubstr("TLSv1.2, RSA"));
  EXPECT_THAT(text, HasSubstr("broken hash: rsa_pkcs1_sha1\n"));
  EXPECT_THAT(text, Not(HasSubstr("broken hash: rsa_pkcs1_sha256")));
  EXPECT_THAT(text, HasSubstr("rsa_md5 is used even when it is not offered"));
}

TEST(TextCurves, SaysWhetherARetryIsAskedFor) {
  Value retry = Value::object();
  retry.set("preferred", "X25519MLKEM768").set("shared", "x25519").set("asks", true).set("asked_for", "X25519MLKEM768");
  TextPage page(100, false);
  write_group_retry(page, retry);
  EXPECT_THAT(page.take(), HasSubstr("asks for a retry to get X25519MLKEM768 when a share of x25519 is sent"));
}

TEST(TextCurves, IsSilentWithoutFacts) {
  TextPage page(100, false);
  write_curves(page, Value{});
  write_signature_schemes(page, Value{});
  write_group_retry(page, Value{});
  EXPECT_THAT(page.take(), IsEmpty());
}

}  // namespace
}  // namespace tlsgauge::report

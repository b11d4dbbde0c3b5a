#include "report/text_fingerprints.hpp"

#include <gtest/gtest.h>

#include "report/text_page.hpp"

namespace tlsgauge::report {
namespace {

Value ja3s(std::string_view md5) {
  Value value = Value::object();
  value.set("ja3", "db8d").set("text", "771,51,").set("md5", md5);
  return value;
}

std::string written(Value const& fingerprints) {
  TextPage page(100, false);
  write_fingerprints(page, fingerprints);
  return page.take();
}

TEST(TextFingerprints, AreShownWithTheHelloTheyAnswer) {
  Value hellos = Value::object();
  hellos.set("tls1_2_forward", ja3s("650d")).set("tls1_3_forward", Value{});
  Value facts = Value::object();
  facts.set("jarm", "07d1").set("ja3s", std::move(hellos));
  EXPECT_EQ(written(facts), "\nFingerprints\n  JARM  07d1\n  JA3S  650d, to JARM's tls1_2_forward\n");
}

TEST(TextFingerprints, SayWhatStayedOpen) {
  Value facts = Value::object();
  facts.set("jarm", Value{}).set("inconclusive", "tls1_3_forward: timed out");
  EXPECT_EQ(written(facts), "\nFingerprints\n  JARM  inconclusive: tls1_3_forward: timed out\n");
}

TEST(TextFingerprints, AreNotMentionedWhereNobodyAsked) { EXPECT_EQ(written(Value{}), ""); }

}  // namespace
}  // namespace tlsgauge::report

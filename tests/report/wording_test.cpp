#include <gtest/gtest.h>

#include "report/strength.hpp"
#include "report/wording.hpp"

namespace tlsgauge::report {
namespace {

Value suite(std::string_view exchange, std::string_view authentication, std::string_view encryption, int bits, int block,
            std::string_view mode, std::string_view mac, bool forward_secrecy) {
  return Value::object()
      .set("protocol", "TLSv1.2")
      .set("key_exchange", exchange)
      .set("authentication", authentication)
      .set("encryption", encryption)
      .set("key_bits", bits)
      .set("block_bits", block)
      .set("mode", mode)
      .set("mac", mac)
      .set("aead", mac == "AEAD")
      .set("forward_secrecy", forward_secrecy)
      .set("export", false);
}

TEST(Strength, RatesSuites) {
  EXPECT_EQ(rate(suite("ECDHE", "RSA", "AES", 256, 128, "GCM", "AEAD", true)).strength, Strength::strong);
  EXPECT_EQ(rate(suite("ECDHE", "RSA", "AES", 256, 128, "CBC", "SHA1", true)).strength, Strength::fair);
  EXPECT_EQ(rate(suite("RSA", "RSA", "AES", 256, 128, "GCM", "AEAD", false)).strength, Strength::weak);
  EXPECT_EQ(rate(suite("ECDHE", "RSA", "3DES", 168, 64, "CBC", "SHA1", true)).strength, Strength::weak);
  EXPECT_EQ(rate(suite("RSA", "RSA", "RC4", 128, 0, "stream", "SHA1", false)).strength, Strength::broken);
  EXPECT_EQ(rate(suite("RSA", "RSA", "DES", 56, 64, "CBC", "SHA1", false)).strength, Strength::broken);
  EXPECT_EQ(rate(suite("ECDHE", "anon", "AES", 256, 128, "GCM", "AEAD", true)).strength, Strength::broken);
  EXPECT_EQ(rate(suite("ECDHE", "RSA", "NULL", 0, 0, "-", "SHA1", true)).strength, Strength::broken);
  EXPECT_EQ(rate(suite("RSA", "RSA", "AES", 128, 128, "CBC", "SHA1", false).set("export", true)).strength, Strength::broken);
}

TEST(Strength, LooksAtTheDiffieHellmanGroup) {
  Value dhe = suite("DHE", "RSA", "AES", 256, 128, "GCM", "AEAD", true);
  EXPECT_EQ(rate(dhe.set("dh_bits", 2048)).strength, Strength::strong);
  EXPECT_EQ(rate(dhe.set("dh_bits", 1024)).strength, Strength::weak);
  EXPECT_EQ(rate(dhe.set("dh_bits", 512)).strength, Strength::broken);
  EXPECT_EQ(key_exchange_of(dhe), "DH 512 bits");
}

TEST(Strength, SaysWhatASuiteIsMadeOf) {
  EXPECT_EQ(encryption_of(suite("ECDHE", "RSA", "AES", 256, 128, "GCM", "AEAD", true)), "AES-256-GCM");
  EXPECT_EQ(encryption_of(suite("ECDHE", "RSA", "CHACHA20", 256, 0, "POLY1305", "AEAD", true)), "CHACHA20-POLY1305");
  EXPECT_EQ(encryption_of(suite("RSA", "RSA", "3DES", 168, 64, "CBC", "SHA1", false)), "3DES-CBC, SHA1");
  EXPECT_EQ(encryption_of(suite("RSA", "RSA", "NULL", 0, 0, "-", "SHA1", false)), "none");
  EXPECT_EQ(encryption_of(Value::object()), "");
  EXPECT_EQ(key_exchange_of(suite("any", "any", "AES", 128, 128, "GCM", "AEAD", true)), "");
}

TEST(Wording, NamesPlaces) {
  Target target;
  target.host = "2001:db8::1";
  target.port = 25;
  target.address = "2001:db8::1";
  target.server_name = "mail.example";
  target.starttls = "smtp";
  EXPECT_EQ(place(target), "[2001:db8::1]:25");
  EXPECT_EQ(manner(target), "as mail.example, after STARTTLS (smtp)");
}

TEST(Wording, CountsDays) {
  EXPECT_EQ(days(76), "76 days left");
  EXPECT_EQ(days(1), "1 day left");
  EXPECT_EQ(days(0), "expires within a day");
  EXPECT_EQ(days(-1), "expired less than a day ago") << "an hour";
  EXPECT_EQ(days(-2), "expired 1 day ago") << "25 hours";
  EXPECT_EQ(days(-13), "expired 12 days ago") << "12 days and 3 hours";
  EXPECT_EQ(days(INT64_MIN), "expired 9223372036854775807 days ago");
  EXPECT_EQ(days_short(76), "76 d");
  EXPECT_EQ(days_short(0), "0 d");
  EXPECT_EQ(days_short(-1), "0 d ago");
  EXPECT_EQ(days_short(-13), "12 d ago");
}

TEST(Wording, ScalesNumbers) {
  EXPECT_EQ(octets(999), "999 B");
  EXPECT_EQ(octets(1500), "1.5 kB");
  EXPECT_EQ(octets(2'500'000), "2.5 MB");
  EXPECT_EQ(milliseconds(0.25), "0.25 ms");
  EXPECT_EQ(milliseconds(48.21), "48.2 ms");
  EXPECT_EQ(milliseconds(131.4), "131 ms");
  EXPECT_EQ(milliseconds(1300), "1.30 s");
}

TEST(Wording, LinksOnlyToTheWeb) {
  EXPECT_EQ(take_apart("RFC 8996 https://www.rfc-editor.org/rfc/rfc8996").url, "https://www.rfc-editor.org/rfc/rfc8996");
  EXPECT_EQ(take_apart("RFC 8996 https://www.rfc-editor.org/rfc/rfc8996").text, "RFC 8996");
  EXPECT_EQ(take_apart("https://a.example/").text, "https://a.example/");
  EXPECT_EQ(take_apart("x javascript:alert(1)").url, "");
  EXPECT_EQ(take_apart("x https://a.example/\"onclick=x").url, "");
  EXPECT_EQ(take_apart("x data:text/html,x").url, "");
  EXPECT_EQ(take_apart("x https://").url, "");
  EXPECT_EQ(take_apart("x HTTPS://A.EXAMPLE").url, "HTTPS://A.EXAMPLE");
  EXPECT_EQ(take_apart("x https://a.example/\x1b").url, "");
  EXPECT_EQ(take_apart("").text, "");
}

TEST(Wording, OrdersRequirementsBySeverityThenPoints) {
  Assessment a;
  auto const add = [&](char const* id, Severity severity, Verdict verdict, double points) {
    Requirement r;
    r.id = id;
    r.severity = severity;
    r.verdict = verdict;
    r.points_lost = points;
    a.requirements.push_back(r);
  };
  add("a", Severity::low, Verdict::fail, 9);
  add("b", Severity::critical, Verdict::fail, 1);
  add("c", Severity::critical, Verdict::pass, 0);
  add("d", Severity::critical, Verdict::fail, 5);
  std::string order;
  for (Requirement const* const r : of_verdict(a, Verdict::fail)) order += r->id;
  EXPECT_EQ(order, "dba");
}

TEST(Wording, TellsOfWaivers) {
  Assessment a;
  EXPECT_EQ(waivers_phrase(a), "");
  Requirement waived;
  EXPECT_EQ(waiver_phrase(waived), "");
  waived.verdict = Verdict::waived;
  waived.waiver = "W-1, expires 2027-01-31";
  EXPECT_EQ(waiver_phrase(waived), "W-1, expires 2027-01-31") << "of a document that says no more";
  waived.waived_by =
      WaiverNote{.id = "W-1", .reason = "Old tills.", .approved_by = "board", .ticket = "T-9", .created = "", .expires = "2027-01-31"};
  EXPECT_EQ(waiver_phrase(waived), "W-1, expires 2027-01-31: Old tills. (approved by board, T-9)");
  Requirement failed = waived;
  failed.verdict = Verdict::fail;
  failed.waiver.reset();
  failed.waived_by->expired = true;
  failed.waived_by->ticket.clear();
  EXPECT_EQ(waiver_phrase(failed), "W-1 expired on 2027-01-31: Old tills. (approved by board)");
  a.requirements = {waived};
  a.with_waivers = Standing{.score = 100, .grade = "A+"};
  EXPECT_EQ(waivers_phrase(a), "1 waived (100 A+ with waivers)");
  a.requirements = {waived, failed, failed};
  EXPECT_EQ(waivers_phrase(a), "1 waived (100 A+ with waivers), 2 waivers expired");
}

}  // namespace
}  // namespace tlsgauge::report

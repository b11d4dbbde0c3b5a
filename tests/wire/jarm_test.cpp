#include "wire/jarm.hpp"

#include <gtest/gtest.h>

#include "wire/record.hpp"
#include "wire/vectors.hpp"

namespace tlsgauge::wire {
namespace {

using test::wire_vector;

Bytes octets(std::string_view digits) { return from_hex(digits).value(); }

// The file is written by an own transcription of jarm.py, in Python.
TEST(Jarm, SendsTheHellosOfJarm) {
  Bytes const expected = wire_vector("jarm");
  RecordReader records;
  records.feed(expected);
  for (JarmHello const& each : jarm_hellos("www.example.test")) {
    auto const record = records.next();
    ASSERT_TRUE(record && *record);
    EXPECT_EQ(hex(each.hello.encode_in_records()), hex(encode_record(**record))) << each.name;
  }
  EXPECT_TRUE(records.pending().empty());
}

TEST(Jarm, SendsAnAddressAsAName) {
  std::vector<JarmHello> const hellos = jarm_hellos("192.0.2.1");
  ASSERT_EQ(hellos.size(), 10U);
  for (JarmHello const& each : hellos) EXPECT_EQ(*find(each.hello.extensions, ExtensionType::server_name), server_name("192.0.2.1"));
}

TEST(Jarm, TheTenAreParsedHellosToo) {
  for (JarmHello const& each : jarm_hellos("www.example.test")) {
    auto const parsed = ClientHello::parse(each.hello.encode());
    ASSERT_TRUE(parsed) << each.name;
    EXPECT_EQ(parsed->cipher_suites, each.hello.cipher_suites);
    EXPECT_EQ(parsed->extensions, each.hello.extensions);
  }
}

// The beginnings of two answers of public servers that other implementations of JARM are tested with, with what they make of them:
// hdm/jarm-go (jarm_test.go) and rust_jarm.
TEST(JarmAnswer, ReadsWhatOthersRead) {
  EXPECT_EQ(jarm_answer(octets("16030300500200004c0303331f11323d4cb22e196c9661a2a8643cb48be65615220cd3bb3e198e06a906b100c02f0000240000"
                               "0000ff01000100000b0004030001020023000000100"
                               "00b000908687474702f312e3116030312f10b0012ed0012ea0005823082057e"))
                .text(),
            "c02f|0303|http/1.1|0000-ff01-000b-0023-0010");
  EXPECT_EQ(jarm_answer(
                octets("160303004c0200004803035ffb8b2d1d50e207efcff257647b8cb319bd10a920b6968d444f574e4752440100c02b0000200000000000170000"
                       "ff01000100000b000201000023000000100005000302683216030308a50b0008a1"))
                .text(),
            "c02b|0303|h2|0000-0017-ff01-000b-0023-0010");
}

TEST(JarmAnswer, ReadsRealServers) {
  EXPECT_EQ(jarm_answer(wire_vector("tls13_openssl")).version, "0303");
  EXPECT_EQ(jarm_answer(wire_vector("tls13_openssl")).extensions, "002b-0033");
  EXPECT_EQ(jarm_answer(wire_vector("tls13_retry")).extensions, "002b-0033");
  EXPECT_EQ(jarm_answer(wire_vector("tls12_ecdhe_rsa")).text().substr(0, 10), "c02f|0303|");
}

/// A ServerHello of TLS_RSA_WITH_AES_128_CBC_SHA in a record of its own.
Bytes hello_with(std::string_view extensions) {
  Bytes const tail = octets(extensions);
  Bytes out = octets(
      "16030300000200000003015555555555555555555555555555555555555555555555555555555555555555"
      "00002f00");
  out.insert(out.end(), tail.begin(), tail.end());
  out[4] = static_cast<std::uint8_t>(out.size() - 5);
  out[8] = static_cast<std::uint8_t>(out.size() - 9);
  return out;
}

TEST(JarmAnswer, HasNoExtensionsWhereTheMessageHasNone) {
  Bytes const alone = hello_with("");
  EXPECT_EQ(jarm_answer(alone).text(), "002f|0301||");
  // The next record is none of it.
  EXPECT_EQ(jarm_answer(test::operator+(alone, octets("16030103000b0002fc"))).text(), "002f|0301||");
  // The Certificate in the same record neither.
  Bytes joined = test::operator+(alone, octets("0b0002fc0002f9"));
  joined[3] = 3;
  EXPECT_EQ(jarm_answer(joined).text(), "002f|0301||");
  EXPECT_EQ(jarm_answer(hello_with("0000")).text(), "002f|0301||");
  EXPECT_EQ(jarm_answer(hello_with("0005ff01000100")).text(), "002f|0301||ff01");
}

TEST(JarmAnswer, IsEmptyForAnythingElse) {
  EXPECT_EQ(jarm_answer({}).text(), "|||");
  EXPECT_EQ(jarm_answer(view("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\n")).text(), "|||");
  EXPECT_EQ(jarm_answer(wire_vector("alert_openssl_suite")).text(), "|||");
  // jarm.py looks at the first octet only.
  EXPECT_EQ(jarm_answer(test::operator+(octets("15030100020170"), hello_with(""))).text(), "|||");
}

TEST(JarmAnswer, IsEmptyOrWholeWhereverItIsCut) {
  Bytes const whole = hello_with(
      "0009ff010001000023"
      "0000");
  ASSERT_EQ(jarm_answer(whole).text(), "002f|0301||ff01-0023");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    test::Exact const cut{ByteView{whole}.first(size)};
    JarmAnswer const answer = jarm_answer(cut);
    if (size < 46) {
      EXPECT_EQ(answer.text(), "|||") << size;
    } else if (size <= 47) {
      EXPECT_EQ(answer.text(), "002f|0301||") << size;
    }
  }
}

// Numbers that rust_jarm is tested with.
TEST(JarmCharacters, NumberTheSuiteAndLetterTheVersion) {
  auto const characters = [](std::string suite, std::string version) {
    JarmAnswer answer;
    answer.cipher_suite = std::move(suite);
    answer.version = std::move(version);
    return jarm_characters(answer);
  };
  EXPECT_EQ(characters("0004", "0301"), "01b");
  EXPECT_EQ(characters("c027", "0303"), "25d");
  EXPECT_EQ(characters("c02b", "0303"), "27d");
  EXPECT_EQ(characters("cca9", "0303"), "40d");
  EXPECT_EQ(characters("1301", "0304"), "41e");
  EXPECT_EQ(characters("1305", "0304"), "45e");
  EXPECT_EQ(characters("0000", "0300"), "46a");
  EXPECT_EQ(characters("0034", "0302"), "46c");
  EXPECT_EQ(characters("c02b", "fefd"), "270");
  EXPECT_EQ(jarm_characters({}), "000");
}

}  // namespace
}  // namespace tlsgauge::wire

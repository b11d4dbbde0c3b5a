#pragma once
// Keys that open records by giving what was put into them beforehand.

#include <deque>

#include "wire/flight.hpp"

namespace tlsgauge::test {

class RecordedKeys : public wire::FlightKeys {
 public:
  Result<void> start(ByteView client, ByteView server, wire::ServerHello const& parsed) override {
    client_hello.assign(client.begin(), client.end());
    server_hello.assign(server.begin(), server.end());
    suite = parsed.cipher_suite;
    ++starts;
    if (!fails.empty()) return Error{ErrorKind::unsupported, fails};
    return {};
  }
  Result<wire::OpenedRecord> open(ByteView record) override {
    records.emplace_back(record.begin(), record.end());
    if (contents.empty()) return Error{ErrorKind::malformed, "a record does not open"};
    wire::OpenedRecord opened = contents.front();
    contents.pop_front();
    return opened;
  }

  std::deque<wire::OpenedRecord> contents;
  std::string fails;
  Bytes client_hello, server_hello;
  wire::CipherSuite suite{};
  std::vector<Bytes> records;
  int starts = 0;
};

}  // namespace tlsgauge::test

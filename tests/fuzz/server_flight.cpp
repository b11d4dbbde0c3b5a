// link: wire
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "wire/flight.hpp"

namespace {

using namespace tlsgauge;
using wire::FlightReader;

/// Takes the octet after the header for the content type and gives the rest as it is: what is inside is the fuzzer's.
class OpenKeys : public wire::FlightKeys {
 public:
  Result<void> start(ByteView, ByteView, wire::ServerHello const&) override { return {}; }
  Result<wire::OpenedRecord> open(ByteView record) override {
    if (record.size() < 6) return Error{ErrorKind::malformed, "empty"};
    ByteView const content = record.subspan(6);
    return wire::OpenedRecord{static_cast<wire::ContentType>(record[5]), {content.begin(), content.end()}};
  }
};

FlightReader::State read(FlightReader& reader, ByteView stream, std::size_t step) {
  for (; !stream.empty(); stream = stream.subspan(std::min(step, stream.size()))) reader.feed(stream.first(std::min(step, stream.size())));
  return reader.state();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  // The first octet says how to read: with keys or without, and in which steps the second reading is fed.
  bool const keys = (data[0] & 0x80U) != 0;
  std::size_t const step = (data[0] & 0x7FU) + 1U;
  ByteView const stream{data + 1, size - 1};
  FlightReader whole{{}, keys ? std::make_shared<OpenKeys>() : nullptr};
  FlightReader cut{{}, keys ? std::make_shared<OpenKeys>() : nullptr};
  if (read(whole, stream, std::max<std::size_t>(stream.size(), 1)) != read(cut, stream, step)) std::abort();
  wire::Flight const& flight = whole.flight();
  if (flight.messages.size() != cut.flight().messages.size() || flight.certificates != cut.flight().certificates) std::abort();
  if (flight.messages.size() > 128 || flight.certificates.size() > 64 || flight.alerts.size() > 16) std::abort();
  if (whole.state() == FlightReader::State::complete) {
    if (!flight.answered() || flight.fatal_alert()) std::abort();
  } else if (whole.state() != FlightReader::State::more && whole.error().empty()) {
    std::abort();
  }
  return 0;
}

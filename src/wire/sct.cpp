#include "wire/sct.hpp"

#include <algorithm>

#include "wire/extension_list.hpp"
#include "wire/handshake.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kMaxTimestamps = 64;

Bytes all_of(Reader& reader) {
  ByteView const octets = reader.rest();
  return {octets.begin(), octets.end()};
}

}  // namespace

Result<SignedCertificateTimestamp> SignedCertificateTimestamp::parse(ByteView octets) {
  Reader reader{octets};
  SignedCertificateTimestamp sct;
  sct.version = reader.u8();
  if (!reader.failed() && sct.version != 0)
    return Error{ErrorKind::unsupported, "a timestamp of version " + std::to_string(sct.version + 1)};
  ByteView const log = reader.bytes(sct.log_id.size());
  std::copy(log.begin(), log.end(), sct.log_id.begin());
  std::uint64_t const high = reader.u32();
  sct.timestamp = (high << 32U) | reader.u32();
  reader.vector16([&](Reader& extensions) { sct.extensions = all_of(extensions); });
  sct.hash = reader.u8();
  sct.algorithm = reader.u8();
  reader.vector16([&](Reader& signature) { sct.signature = all_of(signature); });
  return reader.finish("SignedCertificateTimestamp", std::move(sct));
}

Result<std::vector<Bytes>> split_sct_list(ByteView list) {
  Reader reader{list};
  std::vector<Bytes> members;
  reader.vector16([&](Reader& all) {
    while (all.more()) {
      if (members.size() == kMaxTimestamps) return all.fail();
      all.vector16([&](Reader& one) {
        if (!one.more()) return one.fail();
        members.push_back(all_of(one));
      });
    }
  });
  return reader.finish("SignedCertificateTimestampList", std::move(members));
}

std::optional<Bytes> sct_list_of_certificate(ByteView body) {
  Reader reader{body};
  std::vector<Extension> extensions;
  reader.vector8([](Reader& context) { context.rest(); });
  reader.vector24([&](Reader& list) {
    list.vector24([](Reader& certificate) { certificate.rest(); });
    read_extensions(list, extensions);
    list.rest();
  });
  Extension const* const found = find(extensions, ExtensionType::signed_certificate_timestamp);
  if (reader.failed() || found == nullptr) return std::nullopt;
  return found->data;
}

}  // namespace tlsgauge::wire

#include "wire/extension_list.hpp"
#include "wire/handshake.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kMaxCertificates = 64;
constexpr std::size_t kMaxAuthorities = 4096;  // the longest lists of real servers have some hundreds

Bytes all_of(Reader& r) {
  ByteView const octets = r.rest();
  return {octets.begin(), octets.end()};
}

Error inconsistent() { return {ErrorKind::malformed, "Certificate is truncated or inconsistent"}; }

/// Whether so many octets are there. Where they lie behind the end of what was kept, the reader is done; where they cannot be, it fails.
bool holds(Reader& r, std::size_t count, std::size_t missing) {
  if (count <= r.remaining()) return true;
  count > r.remaining() + missing ? r.fail() : static_cast<void>(r.rest());
  return false;
}

/// The extensions behind the last certificate.
void read_staple(Reader& r, std::size_t missing, CertificateMessage& message) {
  Reader ahead = r;
  if (!holds(r, 2, missing) || !holds(r, std::size_t{2} + ahead.u16(), missing)) return;
  std::vector<Extension> extensions;
  read_extensions(r, extensions);
  Extension const* const staple = find(extensions, ExtensionType::status_request);
  if (!staple) return;
  // A staple that cannot be read is none; the chain is still one.
  Result<Bytes> response = parse_certificate_status(staple->data);
  if (!response) return;
  std::size_t const behind = message.certificates.size() - 1;
  if (behind > 0) message.ocsp_of_issuers.resize(behind);
  (behind == 0 ? message.ocsp_response : message.ocsp_of_issuers.back()) = *std::move(response);
}

void read_authorities(Reader& r, std::vector<Bytes>& into) {
  r.vector16([&](Reader& list) {
    while (list.more()) {
      if (into.size() == kMaxAuthorities) return list.fail();
      list.vector16([&](Reader& name) { into.push_back(all_of(name)); });
    }
  });
}

}  // namespace

Result<CertificateMessage> CertificateMessage::parse(ByteView body, ProtocolVersion version) {
  Result<CertificateMessage> message = parse_beginning(body, version, body.size());
  if (message && message->cut) return inconsistent();
  return message;
}

Result<CertificateMessage> CertificateMessage::parse_beginning(ByteView beginning, ProtocolVersion version, std::size_t octets) {
  Reader r{beginning};
  CertificateMessage message;
  std::size_t const missing = octets - beginning.size();
  bool const tls13 = version == ProtocolVersion::TLSv1_3;
  if (tls13) r.vector8([](Reader& context) { context.rest(); });
  // A length that lies shows at once: nothing may lie behind the list, and it must not end behind the message.
  std::size_t const list = r.u24();
  if (list != r.remaining() + missing) r.fail();
  message.cut = missing > 0;
  while (r.more()) {
    if (message.certificates.size() == kMaxCertificates) {
      message.cut = true;
      r.rest();
      break;
    }
    if (!holds(r, 3, missing)) break;
    std::size_t const length = r.u24();
    if (length == 0) r.fail();
    if (!holds(r, length, missing) || r.failed()) break;
    ByteView const der = r.bytes(length);
    message.certificates.emplace_back(der.begin(), der.end());
    if (tls13) read_staple(r, missing, message);
  }
  return r.finish("Certificate", std::move(message));
}

Result<Bytes> parse_certificate_status(ByteView body) {
  Result<std::vector<Bytes>> all = parse_certificate_statuses(body);
  if (!all) return all.error();
  return std::move(all->front());
}

Result<std::vector<Bytes>> parse_certificate_statuses(ByteView body) {
  Reader r{body};
  std::vector<Bytes> responses(1);
  constexpr std::uint8_t kOcsp = 1, kOcspMulti = 2;
  std::uint8_t const type = r.u8();
  if (type == kOcsp) {
    r.vector24([&](Reader& content) { responses.front() = all_of(content); });
  } else if (type == kOcspMulti) {
    bool first = true;
    r.vector24([&](Reader& list) {
      while (list.more()) {
        list.vector24([&](Reader& content) {
          if (!std::exchange(first, false)) responses.emplace_back();
          if (responses.size() > kMaxCertificates) return content.fail();
          responses.back() = all_of(content);
        });
      }
    });
  } else if (!r.failed()) {
    return Error{ErrorKind::unsupported, "CertificateStatus of type " + std::to_string(type)};
  }
  return r.finish("CertificateStatus", std::move(responses));
}

Result<CertificateRequest> CertificateRequest::parse(ByteView body, ProtocolVersion version) {
  Reader r{body};
  CertificateRequest request;
  if (version == ProtocolVersion::TLSv1_3) {
    r.vector8([](Reader& context) { context.rest(); });
    std::vector<Extension> extensions;
    read_extensions(r, extensions);
    if (Extension const* const schemes = find(extensions, ExtensionType::signature_algorithms)) {
      Reader list{schemes->data};
      request.signature_algorithms = read_codes<SignatureScheme>(list);
      if (list.failed() || list.more()) r.fail();
    }
    if (Extension const* const authorities = find(extensions, ExtensionType::certificate_authorities)) {
      Reader list{authorities->data};
      read_authorities(list, request.certificate_authorities);
      if (list.failed() || list.more()) r.fail();
    }
    return r.finish("CertificateRequest", std::move(request));
  }
  r.vector8([&](Reader& types) { request.certificate_types = all_of(types); });
  if (version == ProtocolVersion::TLSv1_2) request.signature_algorithms = read_codes<SignatureScheme>(r);
  read_authorities(r, request.certificate_authorities);
  return r.finish("CertificateRequest", std::move(request));
}

}  // namespace tlsgauge::wire

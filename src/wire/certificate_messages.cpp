#include "wire/handshake.hpp"
#include "wire/reader.hpp"

namespace tlsgauge::wire {
namespace {

constexpr std::size_t kMaxCertificates = 64;
constexpr std::size_t kMaxAuthorities = 1024;

Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// RFC 6066 section 8: CertificateStatus { status_type, opaque OCSPResponse<1..2^24-1> }
Bytes ocsp_response(Reader& reader) {
  Bytes response;
  bool const ocsp = reader.u8() == 1;
  reader.vector24([&](Reader& data) { response = copy(data.rest()); });
  return ocsp ? response : Bytes{};
}

void read_entry_extensions(Reader& list, bool first, Bytes& stapled) {
  while (list.more()) {
    auto const type = list.code<ExtensionType>();
    list.vector16([&](Reader& data) {
      if (type != ExtensionType::status_request || !first) {
        data.rest();
        return;
      }
      stapled = ocsp_response(data);
    });
  }
}

}  // namespace

Result<CertificateMessage> CertificateMessage::parse(ByteView body, ProtocolVersion version) {
  Reader reader{body};
  CertificateMessage message;
  bool const tls13 = version == ProtocolVersion::TLSv1_3;
  if (tls13) reader.vector8([](Reader& context) { context.rest(); });
  reader.vector24([&](Reader& list) {
    while (list.more()) {
      if (message.certificates.size() == kMaxCertificates) list.fail();
      bool const first = message.certificates.empty();
      list.vector24([&](Reader& certificate) { message.certificates.push_back(copy(certificate.rest())); });
      if (tls13) list.vector16([&](Reader& extensions) { read_entry_extensions(extensions, first, message.ocsp_response); });
    }
  });
  return reader.finish("Certificate", std::move(message));
}

Result<Bytes> parse_certificate_status(ByteView body) {
  Reader reader{body};
  Bytes response = ocsp_response(reader);
  return reader.finish("CertificateStatus", std::move(response));
}

Result<CertificateRequest> CertificateRequest::parse(ByteView body, ProtocolVersion version) {
  Reader reader{body};
  CertificateRequest request;
  auto const read_schemes = [&](Reader& list) {
    while (list.more()) request.signature_algorithms.push_back(list.code<SignatureScheme>());
  };
  auto const read_authorities = [&](Reader& list) {
    while (list.more()) {
      if (request.certificate_authorities.size() == kMaxAuthorities) list.fail();
      list.vector16([&](Reader& name) { request.certificate_authorities.push_back(copy(name.rest())); });
    }
  };
  if (version == ProtocolVersion::TLSv1_3) {
    reader.vector8([](Reader& context) { context.rest(); });
    reader.vector16([&](Reader& list) {
      while (list.more()) {
        auto const type = list.code<ExtensionType>();
        list.vector16([&](Reader& data) {
          if (type == ExtensionType::signature_algorithms) {
            data.vector16(read_schemes);
          } else if (type == ExtensionType::certificate_authorities) {
            data.vector16(read_authorities);
          } else {
            data.rest();
          }
        });
      }
    });
  } else {
    reader.vector8([&](Reader& list) { request.certificate_types = copy(list.rest()); });
    if (version == ProtocolVersion::TLSv1_2) reader.vector16(read_schemes);
    reader.vector16(read_authorities);
  }
  return reader.finish("CertificateRequest", std::move(request));
}

}  // namespace tlsgauge::wire

#include "net/reach.hpp"

#include <algorithm>
#include <array>
#include <asio/ip/address.hpp>

namespace tlsgauge::net {
namespace {

struct Range {
  std::array<std::uint8_t, 16> prefix;
  unsigned bits;
  Reach reach;
};

// The IANA special-purpose registries (RFC 6890), and addresses at which clouds hand out credentials. The first that fits counts.
constexpr Range kRanges4[] = {
    {{169, 254, 169, 254}, 32, Reach::never},  // AWS, Azure, GCP, OpenStack, DigitalOcean and others
    {{169, 254, 170, 0}, 24, Reach::never},    // AWS: containers
    {{100, 100, 100, 200}, 32, Reach::never},  // Alibaba
    {{168, 63, 129, 16}, 32, Reach::never},    // Azure
    {{0}, 8, Reach::never},
    {{10}, 8, Reach::private_},
    {{100, 64}, 10, Reach::shared},
    {{127}, 8, Reach::loopback},
    {{169, 254}, 16, Reach::link_local},
    {{172, 16}, 12, Reach::private_},
    {{192, 0, 0}, 24, Reach::never},  // with Oracle's metadata at .192
    {{192, 0, 2}, 24, Reach::never},
    {{192, 88, 99}, 24, Reach::never},
    {{192, 168}, 16, Reach::private_},
    {{198, 18}, 15, Reach::never},
    {{198, 51, 100}, 24, Reach::never},
    {{203, 0, 113}, 24, Reach::never},
    {{224}, 4, Reach::never},
    {{240}, 4, Reach::never},
};

constexpr Range kRanges6[] = {
    {{0xfd, 0x00, 0x0e, 0xc2}, 32, Reach::never},  // AWS: fd00:ec2::254, fd00:ec2::23
    {{0xfd, 0x20, 0x00, 0xce}, 32, Reach::never},  // GCP: fd20:ce::254
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, Reach::loopback},
    {{0}, 128, Reach::never},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, Reach::never},  // RFC 8215: where it leads, only the network knows
    {{0x01}, 8, Reach::never},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, Reach::never},
    {{0x20, 0x01, 0x00, 0x02}, 48, Reach::never},
    {{0x20, 0x01, 0x00, 0x10}, 28, Reach::never},
    {{0x3f, 0xff}, 20, Reach::never},
    {{0x5f}, 16, Reach::never},
    {{0xfc}, 7, Reach::private_},
    {{0xfe, 0x80}, 10, Reach::link_local},
    {{0xfe, 0xc0}, 10, Reach::private_},
    {{0xff}, 8, Reach::never},
};

bool starts_with(ByteView octets, ByteView prefix, unsigned bits) {
  for (unsigned i = 0; i < bits; i += 8) {
    unsigned const kept = std::min(8U, bits - i);
    auto const mask = static_cast<std::uint8_t>(0xFFU << (8U - kept));
    if ((octets[i / 8] & mask) != (prefix[i / 8] & mask)) return false;
  }
  return true;
}

template <std::size_t N>
Reach find(Range const (&ranges)[N], ByteView octets) {
  auto const* const at =
      std::find_if(std::begin(ranges), std::end(ranges), [&](Range const& range) { return starts_with(octets, range.prefix, range.bits); });
  return at == std::end(ranges) ? Reach::global : at->reach;
}

Reach carrying(ByteView ipv4) { return find(kRanges4, ipv4) == Reach::global ? Reach::global : Reach::never; }

Reach reach6(ByteView octets) {
  constexpr std::uint8_t kMapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (starts_with(octets, kMapped, 96)) return find(kRanges4, octets.subspan(12));
  Reach const known = find(kRanges6, octets);
  if (known != Reach::global) return known;
  constexpr std::uint8_t kTranslated[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::uint8_t kNat64[16] = {0x00, 0x64, 0xff, 0x9b};
  constexpr std::uint8_t kCompatible[16] = {};
  if (starts_with(octets, kCompatible, 96) || starts_with(octets, kTranslated, 96) || starts_with(octets, kNat64, 96)) {
    return carrying(octets.subspan(12));
  }
  constexpr std::uint8_t k6to4[16] = {0x20, 0x02};
  if (starts_with(octets, k6to4, 16)) return carrying(octets.subspan(2, 4));
  constexpr std::uint8_t kTeredo[16] = {0x20, 0x01};  // RFC 4380 section 4: server in clear, client inverted
  if (starts_with(octets, kTeredo, 32)) {
    std::uint8_t client[4];
    for (std::size_t i = 0; i < 4; ++i) client[i] = static_cast<std::uint8_t>(~octets[12 + i]);
    return std::max(carrying(octets.subspan(4, 4)), carrying(client));
  }
  constexpr std::uint8_t kIsatap[16] = {0x00, 0x00, 0x5e, 0xfe};  // RFC 5214 section 6.1: with or without the bit for globally unique
  std::uint8_t const identifier[4] = {static_cast<std::uint8_t>(octets[8] & 0xFDU), octets[9], octets[10], octets[11]};
  if (starts_with(identifier, kIsatap, 32)) return carrying(octets.subspan(12));
  return Reach::global;
}

}  // namespace

Reach reach_of(ByteView octets) {
  if (octets.size() == 4) return find(kRanges4, octets);
  return octets.size() == 16 ? reach6(octets) : Reach::never;
}

Reach reach_of(std::string_view literal) {
  asio::error_code bad;
  auto const address = asio::ip::make_address(std::string{literal}, bad);
  if (bad) return Reach::never;
  if (address.is_v4()) return reach_of(ByteView{address.to_v4().to_bytes()});
  return reach_of(ByteView{address.to_v6().to_bytes()});
}

std::string_view words(Reach reach) {
  switch (reach) {
    case Reach::global:
      return "a global address";
    case Reach::loopback:
      return "a loopback address";
    case Reach::private_:
      return "a private address";
    case Reach::shared:
      return "an address behind a carrier's NAT";
    case Reach::link_local:
      return "a link-local address";
    case Reach::never:
      break;
  }
  return "an address that no certificate may lead to";
}

}  // namespace tlsgauge::net

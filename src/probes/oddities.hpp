#pragma once
// Hellos that are correct but unusual, which a server must take as it takes any other; some servers, and middleboxes before them, do not.

#include <span>
#include <string>
#include <string_view>

#include "audit/peer.hpp"

namespace tlsgauge::probes {

enum class Oddity : std::uint8_t {
  hello_256_511,      ///< octets of the message: what RFC 7685 was made for
  large_hello,        ///< over 1500 octets, as with post-quantum shares: it comes in more than one segment
  many_suites,        ///< more than 128
  grease,             ///< RFC 8701, in every list that has such values
  unknown_extension,  ///< with content
  unknown_alpn,       ///< in front of the known ones
  unknown_versions,   ///< in supported_versions
  record_version,     ///< 0x0303 around the first hello
  two_segments,
  two_records,
};

/// Those that a server can be asked about whatever its versions.
inline constexpr Oddity kOddities[] = {Oddity::hello_256_511,  Oddity::large_hello,       Oddity::many_suites,
                                       Oddity::grease,         Oddity::unknown_extension, Oddity::unknown_alpn,
                                       Oddity::record_version, Oddity::two_segments,      Oddity::two_records};
/// Those that one hello can have together, none of which hides another: its first record and first segment are large.
inline constexpr Oddity kTogether[] = {Oddity::large_hello,       Oddity::many_suites,  Oddity::grease,
                                       Oddity::unknown_extension, Oddity::unknown_alpn, Oddity::unknown_versions,
                                       Oddity::record_version,    Oddity::two_segments, Oddity::two_records};

[[nodiscard]] std::string_view name(Oddity oddity);

/// Like a hello that this endpoint was seen to answer, with few suites; of several versions where it speaks TLS 1.3.
[[nodiscard]] wire::ClientHello plain_hello(audit::Peer const& peer, wire::ProtocolVersion newest);
[[nodiscard]] audit::Question odd(wire::ClientHello plain, std::span<Oddity const> oddities, std::string purpose);
[[nodiscard]] audit::Question odd(wire::ClientHello plain, Oddity oddity);
/// Whether it was sent that way.
[[nodiscard]] bool has(audit::Question const& question, Oddity oddity);
/// An answered transcript shows that it is tolerated.
[[nodiscard]] bool shown(audit::Peer const& peer, Oddity oddity);

struct Tolerance {
  std::string_view answer = "inconclusive";
  std::string reason;  ///< empty with "yes"
};
/// "No" only where a plain hello is answered after the odd one was not. Whatever the size does to it counts as an answer of the server.
[[nodiscard]] asio::awaitable<Tolerance> tolerated(audit::Peer& peer, audit::Question odd, audit::Question plain);

}  // namespace tlsgauge::probes

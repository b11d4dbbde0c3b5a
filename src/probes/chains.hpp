#pragma once
// Certificate chains as a server showed them, each distinct one once, and what the report says of them.

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "audit/answer.hpp"
#include "audit/peer.hpp"
#include "crypto/certificate.hpp"
#include "probes/stapling.hpp"

namespace tlsgauge::probes {

/// Whose hello a chain was shown to: one for the target, one without a server name although the target has one, one for an unknown name.
enum class Asker { target, nobody, stranger };

struct Chain {
  Chain() = default;
  std::vector<Bytes> certificates;              ///< DER as sent, at least one
  std::optional<crypto::Certificate> leaf;      ///< empty when it cannot be parsed
  std::vector<wire::ProtocolVersion> versions;  ///< that it was shown in, each once
  std::size_t cut = 0;                          ///< octets of the message of which `certificates` are only the beginning; 0: they are all
  Asker asker = Asker::target;                  ///< `target` if at least once; then all else here is of its hellos only
  bool with_server_name = false;                ///< shown at least once to a hello with server_name
  bool ocsp_stapled = false;                    ///< shown at least once with an OCSP response
  Value trust;                                  ///< members of its facts that judge_chains has found
  StapleBook staples;                           ///< the responses that came with it

  /// Type of the end entity's key, such as "rsa" or "ecdsa"; empty when it cannot be parsed.
  [[nodiscard]] std::string authentication() const { return leaf ? leaf->key_type : std::string{}; }
  /// For an order that is the same in each run: RSA first.
  [[nodiscard]] std::tuple<bool, std::string, std::vector<Bytes> const&> rank() const {
    return {authentication() != "rsa", authentication(), certificates};
  }
  /// Why what a part of a chain lacks says nothing; empty for a whole one.
  [[nodiscard]] std::string why_open() const;
};

/// Bounded: at most 16 distinct chains of at most 64 certificates, 16 MiB in all.
class ChainBook {
 public:
  /// What transcripts hold for the target.
  void add_own(audit::Peer const& peer);
  /// What they hold for others, where the target is not shown the same. Last of all: until then the book is about the target only.
  void add_others(audit::Peer const& peer);
  void add(wire::ProtocolVersion version, wire::Flight const& flight, bool with_server_name);
  /// A chain that should be there and could not be read. An empty `authentication` is unknown.
  void unread(wire::ProtocolVersion version, std::string_view authentication, std::string reason);
  /// Something that stayed open although no chain is known to be missing.
  void note(std::string reason) { open_.push_back(std::move(reason)); }

  [[nodiscard]] std::vector<Chain> const& chains() const { return chains_; }
  [[nodiscard]] std::vector<Chain>& chains() { return chains_; }
  /// Types of the end entities' keys that were seen, each once.
  [[nodiscard]] std::vector<std::string> key_types() const;
  /// Key type of the end entity of a chain in the book; empty when unknown.
  [[nodiscard]] std::string leaf_type(std::vector<Bytes> const& certificates) const;
  [[nodiscard]] bool holds(wire::ProtocolVersion version) const;
  [[nodiscard]] std::vector<std::string> const& open() const { return open_; }

  /// The value of facts.certificates: newest protocol first, what others are shown last.
  [[nodiscard]] Value facts(Target const& target, audit::Settings const& settings) const;

 private:
  struct Unread {
    wire::ProtocolVersion version{};
    std::string authentication;
    std::string reason;
  };
  struct Shown {
    wire::ProtocolVersion version{};
    Asker asker = Asker::target;
    bool with_server_name = false;
  };
  void enter(Shown shown, std::vector<Bytes> const& certificates, wire::Flight const& flight);

  std::vector<Chain> chains_;
  std::vector<Unread> unread_;
  std::vector<std::string> open_;
  bool full_ = false;
  std::size_t octets_ = 0;
};

/// Whole days from `at` until `not_after`, rounded down: negative once it has passed.
[[nodiscard]] std::int64_t days_left(Moment not_after, Moment at);

}  // namespace tlsgauge::probes

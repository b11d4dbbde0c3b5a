#pragma once
// Whether one version is spoken: which hello comes next, and when the answers suffice.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/facts.hpp"
#include "audit/peer.hpp"
#include "solve/enumeration.hpp"

namespace tlsgauge::probes {

/// "Yes" needs a whole flight at that version. "No" needs a refusal that is about the version, or a refusal of every suite that the
/// version is known with, in more than one shape of hello. All else is inconclusive.
class Inquiry {
 public:
  /// `answering`: the endpoint was seen to answer or refuse a hello. Of one that was not, little is asked before it is called inconclusive.
  Inquiry(wire::ProtocolVersion version, std::string server_name, bool answering = true);

  /// Questions to ask now; the caller gives each back to `feed` with its reply. Empty with none pending: decided.
  [[nodiscard]] std::vector<audit::Question> next();
  void feed(audit::Question const& question, audit::Reply const& reply);

  /// A "no" that rests on an alert which names another reason than the version: to be asked alone, when nothing else is under way.
  [[nodiscard]] std::optional<audit::Question> doubt() const;
  /// What came of `doubt`.
  void settle(audit::Reply const& reply);
  /// A "no" that something else contradicts.
  void reopen(std::string reason);
  /// A "yes" that was not so a second time.
  void withdraw(std::string reason);

  [[nodiscard]] wire::ProtocolVersion version() const { return version_; }
  [[nodiscard]] audit::Support support() const { return support_; }
  [[nodiscard]] std::string const& reason() const { return reason_; }

 private:
  void decide(audit::Support support, std::string reason);
  void weigh(audit::Reply const& reply);
  void feed_ssl2(audit::Reply const& reply);
  void conclude();
  [[nodiscard]] bool searches() const;
  [[nodiscard]] std::vector<audit::Question> step(std::size_t number) const;
  [[nodiscard]] audit::Question ask(wire::ClientHello hello, std::string_view what) const;

  wire::ProtocolVersion version_;
  std::string server_name_;
  bool answering_;
  std::size_t step_ = 0;  ///< the questions of one step are asked side by side
  std::size_t pending_ = 0;
  std::unique_ptr<solve::Enumeration> search_;  ///< the last step, up to TLS 1.2: every plausible suite
  std::vector<std::pair<std::vector<wire::CipherSuite>, std::uint64_t>> searching_;
  bool decided_ = false;
  bool odd_ = false;            ///< "no" because of an answer that contradicts itself
  bool refused_alone_ = false;  ///< the most usual suites, in a short hello, while no other connection was open
  bool vague_ = false;          ///< refused with an alert that is not protocol_version
  bool dropped_ = false;        ///< refused without a word
  audit::Support support_ = audit::Support::inconclusive;
  std::string reason_ = "not asked";
  std::string refusal_;  ///< the first one
  std::string trouble_;  ///< the last one
};

}  // namespace tlsgauge::probes

#pragma once
// The result document: what was measured, and what was thought of it.
//
// `facts` is a tree in which every probe fills the keys that it declares; the keys are described in
// reports/schema/. Assessments are typed, because every profile yields the same shape.
//
// Where a fact could not be established, the object that should hold it has the member `inconclusive`
// with the reason, in place of or beside what is known.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlsgauge/value.hpp"

namespace tlsgauge {

struct Target {
  std::string input;  ///< as the user wrote it
  std::string host;   ///< name (A-labels) or address literal, without brackets
  std::uint16_t port = 443;
  std::string address;      ///< the address that was connected to; empty if none was found
  std::string server_name;  ///< server_name extension (RFC 6066); empty: none sent
  std::string transport = "tcp";
  std::string starttls;         ///< empty: TLS from the first octet (null in JSON)
  std::string list_file;        ///< the target list that named it, as its path was given; empty: the command line did
  std::uint64_t list_line = 0;  ///< its line there, from 1
};

enum class Status { complete, partial, unreachable, not_tls };

struct Cost {
  std::uint64_t connections = 0;
  std::uint64_t bytes_sent = 0;      ///< octets of TCP payload
  std::uint64_t bytes_received = 0;  ///< octets of TCP payload
  std::uint64_t duration_ms = 0;
};

struct ErrorNote {
  std::string where;  ///< a probe id, "resolve", "connect"
  std::string what;
};

enum class Severity { info, low, medium, high, critical };
enum class Verdict { pass, fail, inconclusive, waived, not_applicable };

struct Fix {
  std::string server;  ///< "nginx", "apache", "haproxy"
  std::string text;    ///< lines of that server's configuration
};

/// A waiver that covers a requirement: in force, or out of date and without effect.
struct WaiverNote {
  std::string id;
  std::string reason;
  std::string approved_by;
  std::string ticket;   ///< empty: none
  std::string created;  ///< YYYY-MM-DD; empty: not said
  std::string expires;  ///< YYYY-MM-DD, the last day on which it holds (UTC)
  bool expired = false;
};

/// One of the things that a requirement failed for.
struct Cause {
  enum class Kind { member, value, amount, time_left };  ///< a member of a set; else a value: in words, a number, days that run out
  std::string key;    ///< as the facts write it: "TLSv1.0", "0xC014"; of what is no member of a set: the value in words
  std::string label;  ///< as people read it
  Kind kind = Kind::member;
  std::string fact = {};  ///< of a number: the fact's name, "certificate.key.bits"
  double amount = 0;      ///< ... what it is
  double off = 0;         ///< ... how far it is from what is demanded, 0 or more
  /// Of a certificate: what it was shown for, "rsa for example.com"; the same when it is renewed. Empty: of the endpoint.
  std::string subject = {};
};

/// What failed, beside a result of earlier: it failed there too, for no less; or it did not.
enum class Baseline { known, added };

struct Requirement {
  std::string id;
  std::string title;
  Severity severity = Severity::medium;
  Verdict verdict = Verdict::inconclusive;
  std::string expected;  ///< in words
  std::string observed;  ///< in words
  std::string why;
  std::vector<Fix> fix;
  std::vector<std::string> references;  ///< "RFC 8996 https://www.rfc-editor.org/rfc/rfc8996"
  std::optional<std::string> waiver;    ///< id and expiry of the waiver, "W-1, expires 2027-01-31"
  std::optional<WaiverNote> waived_by;  ///< the same with all that the waiver says; of what failed: a waiver that expired
  double points_lost = 0;               ///< how much of the 0-100 score this requirement cost
  /// Of what failed: what it failed for, uncut. Members of a set that are too many or missing, else the value.
  std::vector<Cause> causes;
  bool more_possible = false;             ///< ... and whether it failed for more than these was not established
  std::optional<Baseline> baseline = {};  ///< of what failed, where there was a baseline
};

struct ProfileIdentity {
  std::string name;
  std::string version;
  std::string source;  ///< "built-in" or the file's path as given
};

struct Standing {
  int score = 0;  ///< 0-100
  std::string grade;
};

/// A share of the score: a category of SSL Labs, a suite of nmap's ("TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA"), an area of the profile.
struct ScorePart {
  std::string name;
  double weight = 0;  ///< per cent of the whole; 0: the whole is no weighted mean, or this is only told
  double score = 0;   ///< 0-100
  std::string basis;  ///< in words, what it rests on
  std::string grade;  ///< of this part alone; empty where the model gives none
  bool open = false;  ///< not all of it was known, so it counts as the worst; no document says so
};

/// What keeps the grade down.
struct GradeCap {
  std::string grade;   ///< no better than this
  std::string reason;  ///< in words
  std::string reference;
  std::string key = {};                   ///< which cap it is, whatever the words; no document says so, and not every model
  std::vector<std::string> members = {};  ///< ... and all that it holds for, as suites
};

struct Assessment {
  ProfileIdentity profile;
  Verdict verdict = Verdict::inconclusive;  ///< pass, fail or inconclusive
  int score = 0;                            ///< 0-100; what is inconclusive or waived earns nothing
  std::string grade;
  int coverage = 100;                  ///< per cent of the score's weight that could be judged
  std::string model = "requirements";  ///< how score and grade came about: "requirements", "ssllabs", "nmap"
  std::vector<ScorePart> parts;
  std::vector<GradeCap> caps;
  std::optional<Standing> with_waivers;  ///< what score and grade would be if all that is waived were met; only where something is
  std::vector<Requirement> requirements;
};

struct Endpoint {
  Target target;
  Status status = Status::complete;
  Cost cost;
  Value facts = Value::object();
  std::vector<Assessment> assessments;
  std::vector<ErrorNote> errors;
};

struct Run {
  std::string started_at;   ///< RFC 3339 UTC
  std::string finished_at;  ///< RFC 3339 UTC
  std::vector<std::string> arguments;
  bool interrupted = false;           ///< ended by a signal; what is here was finished before
  std::uint64_t targets = 0;          ///< endpoints that it is about, as far as known: fewer JSON lines are not all; 0: not said
  std::vector<std::string> warnings;  ///< about what the run was given: waivers that expired or are not used
};

struct Tool {
  std::string name;
  std::string version;
  std::string openssl;  ///< version text of the library at run time
};

struct Document {
  std::string schema;
  Tool tool;
  Run run;
  std::vector<Endpoint> endpoints;
};

[[nodiscard]] std::string_view name(Status status);
[[nodiscard]] std::string_view name(Severity severity);
[[nodiscard]] std::string_view name(Verdict verdict);
[[nodiscard]] std::string_view name(Baseline baseline);
[[nodiscard]] std::string_view name(Cause::Kind kind);
[[nodiscard]] std::optional<Status> status_from(std::string_view name);
[[nodiscard]] std::optional<Severity> severity_from(std::string_view name);
[[nodiscard]] std::optional<Verdict> verdict_from(std::string_view name);
[[nodiscard]] std::optional<Baseline> baseline_from(std::string_view name);
[[nodiscard]] std::optional<Cause::Kind> cause_kind_from(std::string_view name);

}  // namespace tlsgauge

#include "policy/score_ssllabs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "policy/score_evidence.hpp"
#include "policy/score_model.hpp"
#include "policy/score_ssllabs_chain.hpp"

namespace tlsgauge::policy {
namespace {

using wire::ProtocolVersion;

SslLabsCap const& cap_of(SslLabsFault fault) { return ssllabs_caps()[static_cast<std::size_t>(fault)]; }

constexpr double kHstsSeconds = 15'768'000;

/// A category in the making.
struct Category {
  double points = 0;
  std::string basis;
  std::string missing;  ///< what is not known of it; empty: nothing
  double possible = 0;  ///< the most that `points` can be once it is known
};

/// What browsers have offered since 2018, TLS 1.3 apart.
bool browsers_offer(wire::CipherSuiteInfo const& suite) {
  bool const exchange = suite.key_exchange == "RSA" || suite.key_exchange == "ECDHE";
  bool const authentication = suite.authentication == "RSA" || suite.authentication == "ECDSA";
  bool const cipher = suite.encryption == "AES" || suite.encryption == "CHACHA20" || suite.encryption == "3DES";
  return exchange && authentication && cipher && !suite.export_grade && !suite.mode.starts_with("CCM");
}

bool needs_shared_secret(wire::CipherSuiteInfo const& suite) {
  return suite.key_exchange.find("PSK") != std::string_view::npos || suite.key_exchange == "SRP" || suite.authentication == "anon";
}

/// How a browser would rank it: the lower the better.
int preference(wire::CipherSuiteInfo const& suite) {
  return (suite.block_bits == 64 ? 8 : 0) + (suite.encryption == "RC4" ? 8 : 0) + (suite.forward_secrecy ? 0 : 4) + (suite.aead() ? 0 : 2);
}

/// What a capable client may end up with at that version: one suite where that is known, else every one that is possible.
std::vector<wire::CipherSuiteInfo const*> negotiated(VersionEvidence const& version) {
  std::vector<wire::CipherSuiteInfo const*> offered;
  std::vector<wire::CipherSuiteInfo const*> others;
  for (SuiteEvidence const& suite : version.suites) {
    if (suite.info == nullptr) continue;
    if (browsers_offer(*suite.info)) {
      offered.push_back(suite.info);
    } else if (!needs_shared_secret(*suite.info)) {
      others.push_back(suite.info);
    }
  }
  if (offered.empty()) offered = others;  // no browser gets in; those clients that do have nothing better
  if (offered.size() < 2 || (version.chooser.empty() || !version.missing.empty())) return offered;
  if (version.chooser == "server") return {offered.front()};
  return {*std::ranges::min_element(offered, {}, [](auto const* suite) { return preference(*suite); })};
}

class Grader {
 public:
  Grader(Endpoint const& endpoint, Assessment& out)
      : endpoint_(endpoint), out_(out), versions_(version_evidence(endpoint)), chains_(chain_evidence(endpoint)) {}

  Standing run() {
    std::array<Category, 3> const categories = {protocols(), key_exchange(), ciphers()};
    constexpr std::array<std::string_view, 3> kNames = {"Protocol support", "Key exchange", "Cipher strength"};
    constexpr std::array<double, 3> kWeights = {30, 30, 40};
    cap_versions();
    cap_suites();
    cap_negotiation();
    cap_features();
    bool const trustworthy = cap_chains();

    double total = 0;
    double possible = 0;
    double covered = 0;
    bool zero = !trustworthy;
    bool surely_zero = distrusted_;
    for (std::size_t i = 0; i < categories.size(); ++i) {
      Category const& category = categories[i];
      total += kWeights[i] / 100 * category.points;
      possible += kWeights[i] / 100 * category.possible;
      zero = zero || category.points <= 0;
      surely_zero = surely_zero || category.possible <= 0;
      if (category.missing.empty()) covered += kWeights[i];
      std::string const basis =
          category.missing.empty() ? category.basis : fmt::format("{}; inconclusive: {}", category.basis, category.missing);
      out_.parts.push_back({.name = std::string{kNames[i]},
                            .weight = kWeights[i],
                            .score = category.points,
                            .basis = basis,
                            .grade = {},
                            .open = !category.missing.empty()});
    }
    out_.parts.push_back({.name = "Not measured", .weight = 0, .score = 0, .basis = std::string{kSslLabsNotMeasured}, .grade = {}});
    return finish(zero ? 0 : total, surely_zero ? 0 : possible, covered);
  }

 private:
  void cap(SslLabsFault fault, std::string const& observed, bool inconclusive = false, std::vector<std::string> members = {}) {
    SslLabsCap const& spec = cap_of(fault);
    found_.insert(fault);
    if (!inconclusive) certain_.insert(fault);
    out_.caps.push_back({.grade = std::string{spec.grade},
                         .reason = bounded(observed, kMaxObserved),
                         .reference = std::string{spec.reference},
                         .key = std::string{spec.when},
                         .members = std::move(members)});
  }
  // Not known, so it counts as the worse.
  void open(SslLabsFault fault, std::string const& why) {
    if (found_.contains(fault)) return;
    cap(fault, fmt::format("inconclusive: it is not known whether {} ({})", cap_of(fault).when, why), true);
  }

  VersionEvidence const& at(ProtocolVersion version) const { return *std::ranges::find(versions_, version, &VersionEvidence::version); }

  Category protocols() {
    Category out;
    double best = 0;
    double worst = 100;
    double possible_best = 0;
    double worst_accepted = 100;
    std::vector<std::string> accepted;
    for (VersionEvidence const& version : versions_) {
      if (version.accepted == Truth::no) continue;
      worst = std::min(worst, ssllabs_protocol_points(version.version));
      possible_best = std::max(possible_best, ssllabs_protocol_points(version.version));
      if (version.accepted == Truth::yes) {
        best = std::max(best, ssllabs_protocol_points(version.version));
        worst_accepted = std::min(worst_accepted, ssllabs_protocol_points(version.version));
        accepted.push_back(wire::name(version.version));
      } else if (out.missing.empty()) {
        out.missing = could_not_tell(version.version, version.reason);
      }
    }
    if (accepted.empty()) worst = 0;
    out.points = (best + worst) / 2;
    out.possible = (possible_best + (accepted.empty() ? possible_best : worst_accepted)) / 2;
    out.basis = accepted.empty() ? "no version is known to be accepted"
                                 : fmt::format("{}: best {}, worst {}", enumerate(accepted), number_text(best), number_text(worst));
    return out;
  }

  // Why there may be suites that are not known.
  std::string suites_missing() const {
    for (VersionEvidence const& version : versions_) {
      if (!version.missing.empty()) return version.missing;
      if (version.accepted == Truth::unknown) return could_not_tell(version.version, version.reason);
    }
    return {};
  }

  bool needs_certificate() const {
    return !suites_missing().empty() || std::ranges::any_of(versions_, [](VersionEvidence const& version) {
      return std::ranges::any_of(version.suites,
                                 [](SuiteEvidence const& suite) { return !suite.info || !needs_shared_secret(*suite.info); });
    });
  }

  static void weigh(Category& out, double points, std::string const& basis) {
    if (points >= out.points) return;
    out.points = points;
    out.basis = basis;
  }

  Category key_exchange() {
    Category out{.points = 101, .basis = {}, .missing = suites_missing()};
    for (VersionEvidence const& version : versions_) {
      for (SuiteEvidence const& suite : version.suites) {
        bool const anonymous = suite.info != nullptr && suite.info->authentication == "anon";
        if (anonymous) weigh(out, 0, suite.name + " authenticates nobody");
        if (suite.info == nullptr) {
          if (out.missing.empty()) out.missing = suite.name + " is not in the registry";
          continue;
        }
        if (suite.info->export_grade) weigh(out, ssllabs_key_points(512), suite.name + " is of export grade");
        if (ephemeral_of(*suite.info) == Ephemeral::none) continue;
        int const bits = ephemeral_bits(suite);
        if (bits == 0 && out.missing.empty()) out.missing = fmt::format("the group of {} was not read", suite.name);
        if (bits > 0) {
          std::string const group =
              suite.dh_bits > 0 ? fmt::format("DH {} bits", suite.dh_bits) : fmt::format("{} (as RSA {})", suite.group, bits);
          weigh(out, ssllabs_key_points(bits), fmt::format("the weakest is {}, with {}", group, suite.name));
        }
      }
    }
    if (needs_certificate() && chains_.shown.empty() && out.missing.empty()) out.missing = chains_.missing;
    for (Value const* const chain : chains_.shown) {
      std::optional<KeyEvidence> const key = key_of(*chain);
      if (!key || key->rsa_bits == 0) {
        if (out.missing.empty()) out.missing = "the certificate's key was not read";
        continue;
      }
      std::string const as = key->rsa_bits == key->bits ? "" : fmt::format(" (as RSA {})", key->rsa_bits);
      weigh(out, ssllabs_key_points(key->rsa_bits), fmt::format("the weakest is the certificate's key, {} {}{}", key->type, key->bits, as));
    }
    out.possible = std::min(out.points, 100.0);
    if (out.points > 100 || !out.missing.empty()) out.points = 0;
    if (out.basis.empty()) out.basis = "nothing is known of it";
    return out;
  }

  Category ciphers() {
    Category out{.points = 0, .basis = "no suite is known", .missing = suites_missing()};
    int strongest = -1;
    int weakest = 1'000'000;
    for (VersionEvidence const& version : versions_) {
      for (SuiteEvidence const& suite : version.suites) {
        if (suite.info == nullptr && out.missing.empty()) out.missing = suite.name + " is not in the registry";
        if (suite.info == nullptr) continue;
        strongest = std::max(strongest, suite.info->key_bits);
        weakest = std::min(weakest, suite.info->key_bits);
      }
    }
    if (strongest < 0) {
      if (out.missing.empty()) out.missing = "no suite was found";
      out.possible = 100;
      return out;
    }
    double const least = out.missing.empty() ? ssllabs_cipher_points(weakest) : 0;
    out.points = (ssllabs_cipher_points(strongest) + least) / 2;
    out.possible = out.missing.empty() ? out.points : (100 + ssllabs_cipher_points(weakest)) / 2;
    out.basis = fmt::format("strongest {} bits, weakest {} bits", strongest, weakest);
    return out;
  }

  void cap_versions() {
    auto const accepted = [this](ProtocolVersion version) { return at(version).accepted; };
    auto const why = [this](ProtocolVersion version) { return at(version).reason; };
    using enum ProtocolVersion;
    if (accepted(SSLv2) == Truth::yes) cap(SslLabsFault::ssl2, "SSLv2 is accepted");
    if (accepted(SSLv2) == Truth::unknown) open(SslLabsFault::ssl2, why(SSLv2));
    if (accepted(SSLv3) == Truth::yes) cap(SslLabsFault::ssl3, "SSLv3 is accepted");
    if (accepted(SSLv3) == Truth::unknown) open(SslLabsFault::ssl3, why(SSLv3));

    bool const tls = std::ranges::any_of(versions_, [](VersionEvidence const& v) { return v.version > SSLv3 && v.accepted == Truth::yes; });
    bool const may_be_tls =
        std::ranges::any_of(versions_, [](VersionEvidence const& v) { return v.version > SSLv3 && v.accepted == Truth::unknown; });
    if (!tls && accepted(SSLv3) == Truth::yes)
      cap(SslLabsFault::ssl3_best, fmt::format("{}no version newer than SSLv3 is known to be accepted", may_be_tls ? "inconclusive: " : ""),
          may_be_tls);

    bool const modern = accepted(TLSv1_2) == Truth::yes || accepted(TLSv1_3) == Truth::yes;
    bool const may_be_modern = accepted(TLSv1_2) == Truth::unknown || accepted(TLSv1_3) == Truth::unknown;
    if (!modern && !may_be_modern) cap(SslLabsFault::no_tls12, "neither TLSv1.2 nor TLSv1.3 is accepted");
    if (!modern && may_be_modern) open(SslLabsFault::no_tls12, accepted(TLSv1_2) == Truth::unknown ? why(TLSv1_2) : why(TLSv1_3));

    std::vector<std::string> old;
    for (ProtocolVersion const version : {TLSv1_0, TLSv1_1}) {
      if (accepted(version) == Truth::yes) old.push_back(wire::name(version));
    }
    if (!old.empty()) cap(SslLabsFault::old_tls, fmt::format("{} {} accepted", enumerate(old), old.size() == 1 ? "is" : "are"), false, old);
    for (ProtocolVersion const version : {TLSv1_0, TLSv1_1}) {
      if (accepted(version) == Truth::unknown) open(SslLabsFault::old_tls, why(version));
    }
    if (accepted(TLSv1_3) == Truth::no) cap(SslLabsFault::no_tls13, "TLSv1.3 is not accepted");
    if (accepted(TLSv1_3) == Truth::unknown) open(SslLabsFault::no_tls13, why(TLSv1_3));
  }

  // The suites for which `is` holds become one cap that names them.
  template <class Is>
  void cap_where(SslLabsFault fault, Is is, std::string_view words) {
    std::vector<std::string> names;
    for (VersionEvidence const& version : versions_) {
      for (SuiteEvidence const& suite : version.suites) {
        if (suite.info != nullptr && is(suite) && std::ranges::find(names, suite.name) == names.end()) names.push_back(suite.name);
      }
    }
    if (!names.empty()) cap(fault, fmt::format("{}: {}", words, enumerate(names)), false, names);
  }

  void cap_suites() {
    auto const info = [](SuiteEvidence const& suite) -> wire::CipherSuiteInfo const& { return *suite.info; };
    auto const rc4 = [&](SuiteEvidence const& suite) { return info(suite).encryption == "RC4"; };
    auto const dh = [&](SuiteEvidence const& suite) {
      return ephemeral_of(info(suite)) == Ephemeral::finite_field ? ephemeral_bits(suite) : 0;
    };
    cap_where(
        SslLabsFault::anonymous, [&](SuiteEvidence const& suite) { return info(suite).authentication == "anon"; },
        "without authentication");
    cap_where(
        SslLabsFault::weak_cipher, [&](SuiteEvidence const& suite) { return info(suite).key_bits < 112 || info(suite).export_grade; },
        "below 112 bits or of export grade");
    cap_where(
        SslLabsFault::poodle,
        [&](SuiteEvidence const& suite) { return suite.version == ProtocolVersion::SSLv3 && info(suite).mode == "CBC"; }, "CBC in SSLv3");
    cap_where(SslLabsFault::rc4, rc4, "RC4");
    cap_where(
        SslLabsFault::rc4_modern, [&](SuiteEvidence const& suite) { return rc4(suite) && suite.version >= ProtocolVersion::TLSv1_1; },
        "RC4 in TLSv1.1 or newer");
    cap_where(
        SslLabsFault::tiny_key, [&](SuiteEvidence const& suite) { return ephemeral_bits(suite) > 0 && ephemeral_bits(suite) < 1024; },
        "a key exchange weaker than 1024 bits of RSA");
    cap_where(
        SslLabsFault::short_dh, [&](SuiteEvidence const& suite) { return dh(suite) > 0 && dh(suite) < 2048; },
        "Diffie-Hellman below 2048 bits");
    for (VersionEvidence const& version : versions_) {
      for (SuiteEvidence const& suite : version.suites) {
        if (suite.info == nullptr) {
          open(SslLabsFault::weak_cipher, suite.name + " is not in the registry");
        } else if (ephemeral_of(*suite.info) != Ephemeral::none && ephemeral_bits(suite) == 0) {
          open(SslLabsFault::tiny_key, fmt::format("the group of {} was not read", suite.name));
        }
      }
    }
    // One is enough: the worst that there may be is an F.
    if (std::string const why = suites_missing(); !why.empty()) open(SslLabsFault::weak_cipher, why);
    bool any = false;
    bool only = true;
    for (VersionEvidence const& version : versions_) {
      for (SuiteEvidence const& suite : version.suites) {
        any = true;
        only = only && suite.info != nullptr && rc4(suite);
      }
    }
    bool const may_be_others = !suites_missing().empty();
    if (any && only)
      cap(SslLabsFault::only_rc4, fmt::format("{}no suite without RC4 is known", may_be_others ? "inconclusive: " : ""), may_be_others);
  }

  void cap_negotiation() {
    using enum ProtocolVersion;
    for (ProtocolVersion const version : {TLSv1_1, TLSv1_2}) {
      require_of(version, SslLabsFault::block64, [](wire::CipherSuiteInfo const& suite) { return suite.block_bits != 64; });
    }
    // Clients without TLS 1.3 get the newest version below it.
    for (ProtocolVersion const version : {TLSv1_2, TLSv1_1, TLSv1_0, SSLv3}) {
      if (at(version).accepted == Truth::no) continue;
      require_of(version, SslLabsFault::no_forward_secrecy, [](wire::CipherSuiteInfo const& suite) { return suite.forward_secrecy; });
      require_of(version, SslLabsFault::no_aead, [](wire::CipherSuiteInfo const& suite) { return suite.aead(); });
      if (at(version).accepted == Truth::yes) return;
    }
  }

  template <class Good>
  void require_of(ProtocolVersion version, SslLabsFault fault, Good good) {
    VersionEvidence const& evidence = at(version);
    // Where suites are missing the grade is an F already.
    if (evidence.accepted != Truth::yes || !evidence.missing.empty() || certain_.contains(fault)) return;
    std::vector<wire::CipherSuiteInfo const*> const possible = negotiated(evidence);
    auto const bad = std::ranges::find_if(possible, [&](auto const* suite) { return !good(*suite); });
    bool const none_good = std::ranges::none_of(possible, [&](auto const* suite) { return good(*suite); });
    if (bad == possible.end()) return;
    if (none_good) {
      std::string const got = fmt::format("in {} they get {}", wire::name(version), (*bad)->name);
      return cap(fault, fmt::format("{}: {}", cap_of(fault).when, got), false, {got});
    }
    open(fault, fmt::format("who chooses in {} is not known, and {} is accepted", wire::name(version), (*bad)->name));
  }

  void cap_features() {
    bool const legacy = std::ranges::any_of(versions_, [](VersionEvidence const& version) {
      return version.version < ProtocolVersion::TLSv1_3 && version.version > ProtocolVersion::SSLv2 && version.accepted != Truth::no;
    });
    if (legacy) cap_renegotiation();
    if (legacy) cap_compression();

    Section const downgrade = section(endpoint_, "downgrade");
    std::string const& scsv = downgrade.value != nullptr ? (*downgrade.value)["fallback_scsv"].as_string() : std::string{};
    if (scsv == "no") cap(SslLabsFault::no_fallback_scsv, "TLS_FALLBACK_SCSV is not honoured");
    if (scsv != "no" && scsv != "yes" && scsv != "not_applicable") {
      std::string const& said =
          (*(downgrade.value != nullptr ? downgrade.value : &endpoint_.facts))["reasons"]["fallback_scsv"].as_string();
      open(SslLabsFault::no_fallback_scsv, downgrade.value == nullptr ? downgrade.missing.reason : said.empty() ? "not established" : said);
    }
    cap_hsts();
  }

  void cap_renegotiation() {
    Section const extensions = section(endpoint_, "extensions");
    Section const asked = section(endpoint_, "renegotiation");
    std::string const& announced = extensions.value != nullptr ? (*extensions.value)["secure_renegotiation"].as_string() : std::string{};
    Value const* const secure = asked.value != nullptr ? asked.value->find("secure") : nullptr;
    bool const handshaken = secure != nullptr && secure->is_bool();
    if (announced == "yes" || (handshaken && secure->as_bool())) return;
    if (announced != "no" && !handshaken) {
      std::string const why = extensions.value == nullptr ? extensions.missing.reason : "not established";
      open(SslLabsFault::insecure_renegotiation, why);
      return open(SslLabsFault::no_secure_renegotiation, why);
    }
    cap(SslLabsFault::no_secure_renegotiation, "the server does not know RFC 5746");
    std::string const& begun = asked.value != nullptr ? (*asked.value)["client_initiated"].as_string() : std::string{};
    if (begun == "yes") cap(SslLabsFault::insecure_renegotiation, "the client may renegotiate without RFC 5746");
    if (begun != "yes" && begun != "no" && begun != "not_applicable")
      open(SslLabsFault::insecure_renegotiation,
           asked.value == nullptr ? asked.missing.reason : reason_of(*asked.value, "not established"));
  }

  void cap_compression() {
    Section const extensions = section(endpoint_, "extensions");
    std::string const& found = extensions.value != nullptr ? (*extensions.value)["compression"].as_string() : std::string{};
    if (found == "yes") cap(SslLabsFault::crime, "TLS compression is accepted");
    if (found == "yes" || found == "no" || found == "not_applicable") return;
    open(SslLabsFault::crime, extensions.value == nullptr ? extensions.missing.reason : reason_of(*extensions.value, "not established"));
  }

  void cap_hsts() {
    Subject const subject{.endpoint = &endpoint_, .certificate = nullptr};
    Observed const age = read_hsts_max_age(subject, ProtocolVersion::none);
    if (age.state == Observed::State::known && age.number >= kHstsSeconds) return;
    if (age.state == Observed::State::unknown) return open(SslLabsFault::no_hsts, age.reason);
    cap(SslLabsFault::no_hsts,
        age.state == Observed::State::known
            ? fmt::format("HTTP Strict Transport Security lasts {} seconds, less than 15768000", number_text(age.number))
            : fmt::format("no HTTP Strict Transport Security: {}", age.reason));
  }

  /// Whether a certificate could be trusted at all: its faults are a zero for the whole.
  bool cap_chains() {
    if (chains_.shown.empty() && !needs_certificate()) return true;
    if (chains_.shown.empty()) {
      for (SslLabsFault const fault : {SslLabsFault::untrusted, SslLabsFault::name_mismatch}) open(fault, chains_.missing);
      return false;
    }
    std::vector<ChainFinding> findings;
    for (Value const* const chain : chains_.shown) {
      for (ChainFinding& finding : judge_chain(endpoint_, *chain)) findings.push_back(std::move(finding));
    }
    std::ranges::stable_partition(findings, [](ChainFinding const& finding) { return !finding.inconclusive; });
    for (ChainFinding const& finding : findings) {
      if (finding.inconclusive) {
        open(finding.fault, finding.words);
      } else if (!certain_.contains(finding.fault)) {
        cap(finding.fault, finding.words, false, finding.members);
      }
    }
    distrusted_ = std::ranges::any_of(findings, [](ChainFinding const& each) { return !each.inconclusive && ends_all(each.fault); });
    return std::ranges::none_of(findings, [](ChainFinding const& finding) { return ends_all(finding.fault); });
  }

  static bool ends_all(SslLabsFault fault) { return fault <= SslLabsFault::insecure_certificate; }

  Standing finish(double total, double possible, double covered) {
    out_.model = spec_of(ScoreModel::ssllabs).name;
    out_.score = static_cast<int>(std::clamp(total + 1e-9, 0.0, 100.0));  // rounded down, so that 80 is an A
    out_.coverage = static_cast<int>(covered);
    std::vector<std::string_view> const& order = spec_of(ScoreModel::ssllabs).grades;
    auto const rank = [&order](std::string_view grade) { return std::ranges::find(order, grade) - order.begin(); };
    std::ranges::stable_sort(out_.caps, [&](GradeCap const& a, GradeCap const& b) { return rank(a.grade) > rank(b.grade); });
    auto const start = [](double points) {
      std::string_view const letter = ssllabs_letter(points);
      return letter == "A" ? std::string_view{"A+"} : letter;  // what has nothing against it
    };
    std::string_view grade = start(total);
    for (GradeCap const& each : out_.caps) grade = rank(each.grade) > rank(grade) ? std::string_view{each.grade} : grade;
    out_.grade = grade;
    grade = start(possible);
    for (SslLabsFault const fault : certain_) grade = rank(cap_of(fault).grade) > rank(grade) ? cap_of(fault).grade : grade;
    return {static_cast<int>(std::clamp(possible + 1e-9, 0.0, 100.0)), std::string{grade}};
  }

  Endpoint const& endpoint_;
  Assessment& out_;
  std::vector<VersionEvidence> versions_;
  ChainEvidence chains_;
  std::set<SslLabsFault> found_;
  std::set<SslLabsFault> certain_;  ///< of these, those that were observed
  bool distrusted_ = false;         ///< a certificate's fault that ends all was observed
};

}  // namespace

Standing score_ssllabs(Endpoint const& endpoint, Assessment& assessment) { return Grader{endpoint, assessment}.run(); }

}  // namespace tlsgauge::policy

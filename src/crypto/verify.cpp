#include "crypto/verify.hpp"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>

#include "crypto/fault.hpp"
#include "crypto/name.hpp"
#include "crypto/paths.hpp"
#include "crypto/store.hpp"

namespace tlsgauge::crypto {
namespace {

constexpr int kMaxDepth = 10;
constexpr int kSecurityLevel = 2;  // 112 bits: RSA 2048, no SHA-1; what Debian's own clients ask for

/// In the order in which a reader should hear them: faults of the path, of time, of strength.
constexpr std::array<std::string_view, 17> kImportance = {
    "unparsable",    "self_signed", "self_signed_in_chain", "untrusted_root", "incomplete_chain",   "bad_signature", "invalid_ca",
    "path_length",   "key_usage",   "name_constraints",     "wrong_purpose",  "critical_extension", "other",         "expired",
    "not_yet_valid", "weak_key",    "weak_signature"};

struct Found {
  std::string_view word;
  int code = 0;
  int depth = 0;
  std::string subject;
};

std::string_view word(int code, int depth) {
  switch (code) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "self_signed";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "self_signed_in_chain";
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
      return "untrusted_root";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      // The end entity's own issuer is missing: the server forgot it. Intermediates that lead to nothing we know: the root is foreign.
      return depth == 0 ? "incomplete_chain" : "untrusted_root";
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "incomplete_chain";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "not_yet_valid";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
    case X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH:
      return "bad_signature";
    case X509_V_ERR_INVALID_CA:
      return "invalid_ca";
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return "path_length";
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return "key_usage";
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return "critical_extension";
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return "name_constraints";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return "weak_key";
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return "weak_signature";
    case X509_V_ERR_INVALID_PURPOSE:
      return "wrong_purpose";
    default:
      return "other";
  }
}

/// OpenSSL calls it no CA at all.
bool is_ca_that_may_not_sign(X509* certificate) {
  return certificate != nullptr && (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0 &&
         (X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN) == 0;
}

struct Faults {
  std::vector<Found> found;

  void add(int code, int depth, X509* certificate) {
    constexpr std::size_t kMax = 64;
    if (found.size() >= kMax) return;
    Found one{word(code, depth), code, depth, {}};
    if (follows_from_another(code, depth)) return;
    if (code == X509_V_ERR_INVALID_CA && is_ca_that_may_not_sign(certificate)) one.word = "key_usage";
    if (certificate != nullptr) one.subject = name_text(X509_get_subject_name(certificate));
    found.push_back(std::move(one));
  }

  /// An issuer that is no CA fails its purpose too, a missing issuer leaves the signature unchecked, and the issuer beyond the
  /// permitted depth was not looked for. Said once.
  [[nodiscard]] bool follows_from_another(int code, int depth) const {
    auto const known = [&](auto&& is) { return std::ranges::any_of(found, is); };
    switch (code) {
      case X509_V_ERR_INVALID_PURPOSE:
        return known([depth](Found const& f) { return (f.word == "invalid_ca" || f.word == "key_usage") && f.depth == depth; });
      case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        return known([depth](Found const& f) { return f.word == "invalid_ca" && f.depth == depth; });
      case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return known([](Found const& f) { return f.word == "incomplete_chain" || f.word == "untrusted_root"; });
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        return known([](Found const& f) { return f.code == X509_V_ERR_CERT_CHAIN_TOO_LONG; });
      default:
        return false;
    }
  }
};

/// Notes every fault and goes on, so that an expired certificate of an unknown issuer is both.
int note(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  auto* const faults = static_cast<Faults*>(X509_STORE_CTX_get_app_data(context));
  faults->add(X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_error_depth(context), X509_STORE_CTX_get_current_cert(context));
  X509_STORE_CTX_set_error(context, X509_V_OK);  // or the next step takes it for its own and stops looking
  return 1;
}

void tell(Verification& out, std::vector<Found> found) {
  auto const rank = [](Found const& f) { return std::ranges::find(kImportance, f.word) - kImportance.begin(); };
  std::ranges::stable_sort(found, {}, rank);
  for (Found const& one : found) {
    if (std::ranges::find(out.errors, one.word) == out.errors.end()) out.errors.emplace_back(one.word);
  }
  if (found.empty()) return;
  Found const& first = found.front();
  out.error = first.word;
  out.detail = X509_verify_cert_error_string(first.code);
  if (!first.subject.empty()) out.detail += ": " + first.subject;
}

Verification failed(TrustStore const& store, std::string_view word, std::string detail) {
  Verification out;
  out.error = word;
  out.errors = {out.error};
  out.detail = std::move(detail);
  out.store = store.name();
  return out;
}

bool too_long(Verification const& verdict) {
  return verdict.detail.starts_with(X509_verify_cert_error_string(X509_V_ERR_CERT_CHAIN_TOO_LONG));
}

struct Attempt {
  Verification verdict;
  std::size_t rank = 0;  ///< of the first fault; the higher the closer to trusted
};

/// `anchors`: judge with these alone, all of them trusted; null: with the whole store.
Attempt attempt(X509& leaf, STACK_OF(X509) * helpers, TrustStore const& store, STACK_OF(X509) * anchors, Moment at) {
  ERR_clear_error();
  StoreContextHandle const context{X509_STORE_CTX_new()};
  if (!context || helpers == nullptr || X509_STORE_CTX_init(context.get(), store.impl().store.get(), &leaf, helpers) != 1) {
    return {failed(store, "other", take_reason("cannot begin the verification")), 0};
  }
  if (anchors != nullptr) X509_STORE_CTX_set0_trusted_stack(context.get(), anchors);
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  // Whatever the user or the system names is an anchor, self-signed or not (as with curl --cacert).
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_trust(rules, X509_TRUST_SSL_SERVER);
  X509_VERIFY_PARAM_set_depth(rules, kMaxDepth);
  X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);
  X509_VERIFY_PARAM_set_time(rules, at.time_since_epoch().count());
  Faults faults;
  X509_STORE_CTX_set_app_data(context.get(), &faults);
  X509_STORE_CTX_set_verify_cb(context.get(), &note);

  int const outcome = X509_verify_cert(context.get());
  if (outcome != 1 && faults.found.empty()) {
    int const code = X509_STORE_CTX_get_error(context.get());
    faults.add(code == X509_V_OK ? X509_V_ERR_UNSPECIFIED : code, 0, &leaf);
  }
  ERR_clear_error();
  Attempt out;
  out.verdict.store = store.name();
  out.verdict.trusted = outcome == 1 && faults.found.empty();
  STACK_OF(X509) const* const path = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; path != nullptr && i < sk_X509_num(path); ++i) out.verdict.path.push_back(to_der(*sk_X509_value(path, i)));
  tell(out.verdict, std::move(faults.found));
  auto const leads_nowhere = [](std::string const& each) {
    return each == "self_signed" || each == "self_signed_in_chain" || each == "untrusted_root" || each == "incomplete_chain";
  };
  out.verdict.anchored = std::ranges::none_of(out.verdict.errors, leads_nowhere) && !too_long(out.verdict);
  out.rank = out.verdict.trusted ? kImportance.size()
                                 : static_cast<std::size_t>(std::ranges::find(kImportance, out.verdict.error) - kImportance.begin());
  return out;
}

std::string unknown(ASN1_OBJECT const* algorithm) {
  if (algorithm == nullptr || OBJ_obj2nid(algorithm) != NID_undef) return {};
  char buffer[128];
  int const size = OBJ_obj2txt(buffer, sizeof buffer, algorithm, 1);
  return std::string{buffer, static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(sizeof buffer) - 1))};
}

std::string unknown_algorithm(X509* certificate) {
  ASN1_OBJECT* of_key = nullptr;
  X509_PUBKEY_get0_param(&of_key, nullptr, nullptr, nullptr, X509_get_X509_PUBKEY(certificate));
  ASN1_OBJECT const* of_signature = nullptr;
  X509_ALGOR_get0(&of_signature, nullptr, nullptr, X509_get0_tbs_sigalg(certificate));
  std::string const key = unknown(of_key);
  return key.empty() ? unknown(of_signature) : key;
}

/// Of the end entity and of its issuers, by name, as far as they were sent.
std::string unknown_algorithm(ChainParts const& parts) {
  std::vector<X509*> upwards{parts.leaf.get()};
  for (std::size_t i = 0; i < upwards.size(); ++i) {
    std::string oid = unknown_algorithm(upwards[i]);
    if (!oid.empty()) return oid;
    for (X509* const helper : parts.helpers) {
      bool const issuer = X509_NAME_cmp(X509_get_subject_name(helper), X509_get_issuer_name(upwards[i])) == 0;
      if (issuer && std::ranges::find(upwards, helper) == upwards.end()) upwards.push_back(helper);
    }
  }
  return {};
}

}  // namespace

Verification verify_chain(std::span<Bytes const> chain, TrustStore const& store, Moment at) {
  ChainParts const parts = parse_chain(chain);
  if (!parts.leaf)
    return failed(store, "unparsable", chain.empty() ? "no certificate was sent" : "the end entity's certificate cannot be parsed");
  X509StackHandle const helpers = stack_of(parts.helpers);
  Attempt best = attempt(*parts.leaf, helpers.get(), store, nullptr, at);
  if (best.verdict.trusted) return best.verdict;
  // OpenSSL takes the first issuer that looks right and never goes back. There may be another way.
  for (Path const& path : paths_to_anchors(parts, store)) {
    X509StackHandle const between = stack_of(path.between);
    X509StackHandle const anchor = stack_of({path.anchor});
    Attempt other = attempt(*parts.leaf, between.get(), store, anchor.get(), at);
    if (other.verdict.trusted) return other.verdict;
    if (other.rank > best.rank) best = std::move(other);
  }
  bool const certain = std::ranges::find(best.verdict.errors, "self_signed") != best.verdict.errors.end();
  if (!certain) best.verdict.unknown_algorithm = unknown_algorithm(parts);
  return best.verdict;
}

}  // namespace tlsgauge::crypto

#include "report/strength.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlsgauge::report {
namespace {

/// Gathers what is wrong; the worst decides.
class Judge {
 public:
  void when(bool applies, Strength strength, std::string what) {
    if (!applies) return;
    rating_.strength = std::max(rating_.strength, strength);
    rating_.reasons.push_back(std::move(what));
  }
  Rating take() { return std::move(rating_); }

 private:
  Rating rating_;
};

bool is_null(std::string const& word) { return word == "NULL" || word == "none"; }

}  // namespace

bool is_described(Value const& suite) { return !suite["encryption"].as_string().empty() && !suite["key_exchange"].as_string().empty(); }

Rating rate(Value const& suite) {
  std::string const& authentication = suite["authentication"].as_string();
  std::string const& encryption = suite["encryption"].as_string();
  std::string const& mac = suite["mac"].as_string();
  bool const null_encryption = is_null(encryption);
  std::int64_t const key_bits = suite["key_bits"].as_int(-1);
  std::int64_t const dh_bits = suite["dh_bits"].as_int(-1);
  Judge judge;
  judge.when(suite["protocol"].as_string() == "SSLv2", Strength::broken, "SSLv2");
  judge.when(null_encryption, Strength::broken, "no encryption");
  judge.when(authentication == "anon" || is_null(authentication), Strength::broken, "no authentication");
  judge.when(suite["export"].as_bool(), Strength::broken, "export keys");
  judge.when(encryption == "RC4", Strength::broken, "RC4");
  judge.when(!is_described(suite), Strength::unknown, "no registry knows it");
  if (!is_described(suite)) return judge.take();
  judge.when(!null_encryption && key_bits >= 0 && key_bits < 112 && !suite["export"].as_bool(), Strength::broken,
             fmt::format("{}-bit keys", key_bits));
  judge.when(mac == "MD5", Strength::broken, "MD5");
  judge.when(dh_bits >= 0 && dh_bits < 2048, dh_bits < 1024 ? Strength::broken : Strength::weak, fmt::format("DH {} bits", dh_bits));
  judge.when(suite["block_bits"].as_int() == 64, Strength::weak, "64-bit blocks");
  judge.when(!suite["forward_secrecy"].as_bool(true), Strength::weak, "no forward secrecy");
  judge.when(suite["mode"].as_string() == "CBC", Strength::fair, "CBC");
  bool const other_mode = suite["mode"].as_string() != "CBC" && suite["mode"].as_string() != "stream";
  judge.when(other_mode && !null_encryption && !suite["aead"].as_bool(true), Strength::fair, "no AEAD");
  return judge.take();
}

std::string_view name(Strength strength) {
  switch (strength) {
    case Strength::strong:
      return "strong";
    case Strength::fair:
      return "fair";
    case Strength::weak:
      return "weak";
    case Strength::unknown:
      return "not known";
    case Strength::broken:
      return "broken";
  }
  return "";
}

std::string key_exchange_of(Value const& suite) {
  if (std::string const& group = suite["group"].as_string(); !group.empty()) return group;
  if (std::int64_t const bits = suite["dh_bits"].as_int(); bits > 0) return fmt::format("DH {} bits", bits);
  std::string const& exchange = suite["key_exchange"].as_string();
  return exchange == "any" ? std::string{} : exchange;
}

std::string encryption_of(Value const& suite) {
  std::string const& encryption = suite["encryption"].as_string();
  if (encryption.empty() || is_null(encryption)) return encryption.empty() ? "" : "none";
  std::string out = encryption;
  std::int64_t const bits = suite["key_bits"].as_int();
  if (bits > 0 && encryption.find_first_of("0123456789") == std::string::npos) out += fmt::format("-{}", bits);
  std::string const& mode = suite["mode"].as_string();
  if (!mode.empty() && mode != "stream" && mode != "-") out += "-" + mode;
  std::string const& mac = suite["mac"].as_string();
  if (!suite["aead"].as_bool() && !mac.empty()) out += ", " + mac;
  return out;
}

}  // namespace tlsgauge::report

#include "policy/from_scan_items.hpp"

namespace tlsgauge::policy {
namespace {

using enum Keep;
using enum Severity;

constexpr std::string_view kSuites = "A suite that the server did not accept before is a change that nobody may have meant.";
constexpr std::string_view kChooser = "When clients choose, the oldest of them gets the weakest suite that is left.";

constexpr ScanItem kItems[] = {
    {"protocols-allowed", "protocols.accepted", no_others, high, "protocols", "No protocol but those of the scan",
     "An older protocol that comes back brings its weaknesses back."},
    {"protocols-kept", "protocols.accepted", these, high, "protocols", "The newest protocols are still there",
     "Without them clients fall back to an older protocol, or fail.", "TLSv1.2 TLSv1.3"},
    {"fallback-refused", "downgrade.fallback_scsv", affirmed, low, "protocols", "Marked fallbacks are refused",
     "A client that somebody made fall back would notice nothing (RFC 7507)."},
    {"downgrade-marked", "downgrade.sentinel", affirmed, low, "protocols", "Answers at older versions are marked",
     "Clients of TLS 1.3 tell a forced downgrade by the mark (RFC 8446 section 4.1.3)."},
    {"compression-off", "compression.accepted", denied, high, "protocols", "TLS compression is off",
     "Compression gives secrets away by the length of records (CRIME)."},
    {"renegotiation-secure", "renegotiation.secure", affirmed, high, "protocols", "Renegotiation is secure",
     "Without RFC 5746 an attacker can put words in front of a client's."},
    {"renegotiation-by-client", "renegotiation.client_initiated", denied, medium, "protocols", "Clients may not renegotiate",
     "Each renegotiation costs the server more than the client."},
    {"early-data-off", "early_data.accepted", denied, medium, "protocols", "No early data",
     "Early data can be replayed (RFC 8446 section 8)."},
    {"heartbeat-off", "extensions.heartbeat", denied, medium, "protocols", "No heartbeat",
     "Over TCP the extension has no use, and Heartbleed was in it."},
    {"master-secret-extended", "extensions.extended_master_secret", affirmed, medium, "protocols", "The extended master secret is used",
     "Without RFC 7627 sessions of two connections can be made to share their secret."},
    {"intolerances", "tolerance.faults", no_others, low, "protocols", "No new intolerance", "A new intolerance locks clients out."},

    {"suites-ssl2", "suites.accepted.SSLv2", no_others, critical, "suites", "No SSL 2.0 suite but those of the scan", kSuites},
    {"suites-ssl3", "suites.accepted.SSLv3", no_others, high, "suites", "No SSL 3.0 suite but those of the scan", kSuites},
    {"suites-tls10", "suites.accepted.TLSv1.0", no_others, high, "suites", "No TLS 1.0 suite but those of the scan", kSuites},
    {"suites-tls11", "suites.accepted.TLSv1.1", no_others, high, "suites", "No TLS 1.1 suite but those of the scan", kSuites},
    {"suites-tls12", "suites.accepted.TLSv1.2", no_others, high, "suites", "No TLS 1.2 suite but those of the scan", kSuites},
    {"suites-tls13", "suites.accepted.TLSv1.3", no_others, high, "suites", "No TLS 1.3 suite but those of the scan", kSuites},
    {"order-tls10", "suites.chooser.TLSv1.0", server, low, "suites", "The server chooses the suite in TLS 1.0", kChooser},
    {"order-tls11", "suites.chooser.TLSv1.1", server, low, "suites", "The server chooses the suite in TLS 1.1", kChooser},
    {"order-tls12", "suites.chooser.TLSv1.2", server, low, "suites", "The server chooses the suite in TLS 1.2", kChooser},
    {"order-tls13", "suites.chooser.TLSv1.3", server, low, "suites", "The server chooses the suite in TLS 1.3", kChooser},
    {"encrypt-then-mac", "extensions.encrypt_then_mac", affirmed, low, "suites", "CBC suites encrypt before they authenticate",
     "RFC 7366 takes away what the padding attacks on CBC suites rest on."},

    {"groups-allowed", "groups.accepted", no_others, medium, "key-exchange", "No group of TLS 1.3 but those of the scan",
     "The strength of the key exchange is that of the weakest group that is accepted."},
    {"groups-post-quantum", "groups.accepted", quality, medium, "key-exchange", "The post-quantum groups are still there",
     "Without them, what is recorded today can be read once there are quantum computers.", "post_quantum"},
    {"curves-allowed", "curves.accepted", no_others, medium, "key-exchange", "No curve up to TLS 1.2 but those of the scan",
     "The strength of the key exchange is that of the weakest curve that is accepted."},
    {"dh-size", "dh.min_bits", at_least, high, "key-exchange", "Diffie-Hellman groups are no smaller",
     "A smaller group is broken sooner (Logjam)."},
    {"dh-faults", "dh.faults", no_others, high, "key-exchange", "No new fault of the Diffie-Hellman parameters",
     "Bad parameters give the secret away."},
    {"signatures-tls12", "signatures.accepted.TLSv1.2", no_others, medium, "key-exchange", "No signature of TLS 1.2 but those of the scan",
     "A weaker signature lets the key exchange be forged."},
    {"signatures-tls13", "signatures.accepted.TLSv1.3", no_others, medium, "key-exchange", "No signature of TLS 1.3 but those of the scan",
     "A weaker signature lets the key exchange be forged."},
    {"tickets-tls12", "sessions.ticket_lifetime.TLSv1.2", at_most, low, "key-exchange", "Tickets of TLS 1.2 hold no longer",
     "As long as tickets hold, their key opens the sessions."},
    {"tickets-tls13", "sessions.ticket_lifetime.TLSv1.3", at_most, low, "key-exchange", "Tickets of TLS 1.3 hold no longer",
     "As long as tickets hold, their key opens the sessions."},

    {"certificate-trusted", "certificate.trusted", affirmed, high, "certificate", "The chain is trusted",
     "Clients refuse a chain that is not, or people get used to the warning."},
    {"certificate-trust-faults", "certificate.trust_errors", no_others, high, "certificate", "No new fault of the chain",
     "Clients refuse chains for each of these faults."},
    {"certificate-hostname", "certificate.hostname_matches", affirmed, high, "certificate", "The certificate is for this host",
     "A certificate for another name proves nothing."},
    {"certificate-valid", "certificate.valid_now", affirmed, high, "certificate", "The certificate is within its validity period",
     "Clients refuse what has expired."},
    {"certificate-chain-made", "certificate.chain_faults", no_others, low, "certificate", "The chain is put together no worse",
     "Old clients fail on chains that are badly put together."},
    {"certificate-key-faults", "certificate.key_faults", no_others, critical, "certificate", "No new fault of the keys",
     "Such keys can be broken whatever their size."},
    {"certificate-key-type", "certificate.key.type", one_of, medium, "certificate", "Keys are of the types of the scan",
     "Another type of key is a change that clients notice."},
    {"certificate-key-size", "certificate.key.bits", key_at_least, high, "certificate", "Keys are no smaller",
     "A smaller key is broken sooner."},
    {"certificate-chain-rsa", "certificate.chain_min_rsa_bits", at_least, high, "certificate", "RSA keys of the chain are no smaller",
     "A chain is as strong as its weakest key."},
    {"certificate-chain-ec", "certificate.chain_min_ec_bits", at_least, high, "certificate",
     "Elliptic curve keys of the chain are no smaller", "A chain is as strong as its weakest key."},
    {"certificate-signature", "certificate.signature_hash", one_of, high, "certificate", "The signature's hash is one of the scan's",
     "Whoever finds a collision of a weaker hash forges certificates."},
    {"certificate-chain-hashes", "certificate.chain_signature_hashes", no_others, high, "certificate",
     "No hash in the chain's signatures but those of the scan", "Whoever finds a collision of a weaker hash forges certificates."},
    {"certificate-lifetime", "certificate.lifetime_days", at_most, low, "certificate", "The certificate lives no longer",
     "What lives long cannot be taken back, and its renewal is forgotten."},
    {"certificate-stapled", "certificate.ocsp_stapled", affirmed, low, "certificate", "An OCSP response is stapled",
     "Without it clients ask the CA, or nobody."},
    {"certificate-revoked", "certificate.revocation", other_than, high, "certificate", "The certificate is not revoked",
     "A certificate that was revoked must not be used.", "revoked"},
    {"certificate-timestamps", "certificate.too_few_timestamps", denied, medium, "certificate", "Enough transparency logs vouch for it",
     "Browsers refuse publicly trusted certificates without."},

    {"hsts-valid", "http.hsts.valid", affirmed, high, "http", "A valid Strict-Transport-Security header is sent",
     "Without it the first request of every visit can be turned to plain HTTP."},
    {"hsts-max-age", "http.hsts.max_age", at_least, medium, "http", "HSTS holds no shorter", "The browser forgets after max-age."},
    {"hsts-subdomains", "http.hsts.include_subdomains", affirmed, low, "http", "HSTS includes subdomains",
     "Otherwise a subdomain over plain HTTP can set the domain's cookies."},
    {"hsts-preload", "http.hsts.preload", affirmed, low, "http", "HSTS asks for preloading",
     "Without it the domain may leave the preload lists."},
    {"redirect", "plain_http.redirects_to_https", affirmed, medium, "http", "Plain HTTP leads to HTTPS",
     "Who types the name without https:// would stay without."},
    {"http2", "http.http2.works", affirmed, low, "http", "HTTP/2 works", "Clients would fall back to HTTP/1.1."},
    {"cookies", "http.cookies.insecure", no_others, medium, "http", "No new cookie without Secure",
     "Such a cookie goes out over plain HTTP too."},
};

}  // namespace

std::span<ScanItem const> scan_items() { return kItems; }

}  // namespace tlsgauge::policy

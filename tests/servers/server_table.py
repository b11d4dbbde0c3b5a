"""The real servers on which a scan must find exactly what asking for one suite at a time finds.

A row says how to start the server and what is known of it beforehand, so that a server that starts without what the row is about is
noticed. Everything on which other scanners are known to fail, and which a Debian can start, is here.
"""
import dataclasses
from typing import Callable

from certificates import certificates
from servers import GnutlsServer, JavaServer, Nginx, NssServer, OpensslServer, openssl35

TLS13 = ["TLSv1.3"]
TLS12 = ["TLSv1.2"]
MODERN = ["TLSv1.2", "TLSv1.3"]
TLS10_UP = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
TLS10_TO_12 = ["TLSv1.0", "TLSv1.1", "TLSv1.2"]

ENUMERATION = "protocols,cipher_suites,groups"
ALL = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
BOTH = ("good", "good-ecdsa")
PSK = ("-psk", "0011223344556677")
# What takes a whole session, and what takes keys and signatures that the system's library does not know.
BEYOND_SESSIONS = ("early_data", "http", "handshakes", "renegotiation", "sessions")
BEYOND_SHARES = ("certificate_compression", "certificates", "client_authentication", "extensions", "signature_schemes", *BEYOND_SESSIONS)


@dataclasses.dataclass
class Row:
    id: str
    about: str
    make: Callable
    speaks: list
    has: tuple = ()  # names of suites that the server must have
    groups: tuple = None  # names of all groups in TLS 1.3
    questions: str = ENUMERATION  # None: all
    beyond: tuple = ()  # questions that need a whole session, which this server does not give to a client like ours
    raw_key: bool = False  # the check asks for a raw public key
    limit: int = 120


def nginx(directives, *names):
    return lambda: Nginx(directives, names=names or ("good",))


def openssl(*arguments, names=("good",)):
    return lambda: OpensslServer(*arguments, names=names)


def openssl_with(algorithm, *arguments):
    """With a self-signed certificate of this kind."""
    return lambda: OpensslServer(*arguments, names=(certificates().self_signed(algorithm),))


def new_openssl(*arguments, algorithm=None, names=("good",)):
    def make():
        program = openssl35()
        shown = names if algorithm is None else (certificates().self_signed(algorithm, program), *names[1:])
        return OpensslServer(*arguments, names=shown, program=program)
    return make


def gnutls(priority, *arguments, names=("good",)):
    return lambda: GnutlsServer(priority, *arguments, names=names)


def gnutls_srp(priority, names=()):
    def make():
        users = certificates().users("gnutls-srp")
        return GnutlsServer(priority, "--srppasswd", users, "--srppasswdconf", f"{users}.conf", names=names)
    return make


def gnutls_psk(priority, names=()):
    return lambda: GnutlsServer(priority, "--pskpasswd", certificates().users("gnutls-psk"), names=names)


def gnutls_raw_key(priority, names=()):
    return lambda: GnutlsServer(priority, "--rawpkkeyfile", certificates().key("good"), "--rawpkfile", certificates().public_key("good"), names=names)


def nss(*arguments):
    return lambda: NssServer(*arguments)


def java(*properties, **details):
    return lambda: JavaServer(*properties, **details)


NGINX = [
    Row("NginxIntermediate", "two certificates, the client chooses", nginx(Nginx.INTERMEDIATE, *BOTH), MODERN, questions=None),
    Row("NginxServerOrder", "two certificates, the server chooses",
        nginx("ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers HIGH:!aNULL:!PSK:!SRP;\nssl_prefer_server_ciphers on;\n", *BOTH), MODERN, questions=None),
    Row("NginxTls13Only", "TLS 1.3 alone", nginx("ssl_protocols TLSv1.3;\n"), TLS13, questions=None),
    Row("NginxLegacy", "every suite from TLS 1.0 on", nginx(f"ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\nssl_ciphers {ALL};\n", *BOTH), TLS10_UP,
        has=("TLS_RSA_WITH_NULL_SHA", "TLS_ECDH_anon_WITH_NULL_SHA")),
    Row("NginxBrainpool", "ECDHE on a brainpool curve alone", nginx("ssl_protocols TLSv1.2;\nssl_ecdh_curve brainpoolP256r1;\n"), TLS12,
        has=("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",)),
    Row("NginxClientCertificate", "asks for a certificate of the client",
        lambda: Nginx(f"ssl_protocols TLSv1.2 TLSv1.3;\nssl_verify_client on;\nssl_client_certificate {certificates().ca};\n"), MODERN),
    Row("NginxNoSessions", "neither tickets nor a session cache",
        nginx("ssl_protocols TLSv1.2 TLSv1.3;\nssl_session_tickets off;\nssl_session_cache off;\n", "good-ecdsa"), MODERN),
    Row("NginxChaChaFirst", "ChaCha20 moves up for clients that put it first",
        nginx("ssl_protocols TLSv1.2 TLSv1.3;\nssl_prefer_server_ciphers on;\nssl_conf_command Options PrioritizeChaCha;\n"
              "ssl_ciphers HIGH:!aNULL:!PSK:!SRP;\n"), MODERN),
]

OPENSSL = [
    Row("OpensslEverything", "every suite, two certificates", openssl("-cipher", ALL, "-legacy_renegotiation", names=BOTH), TLS10_UP, questions=None),
    Row("OpensslServerOrder", "every suite, the server chooses", openssl("-cipher", ALL, "-legacy_renegotiation", "-serverpref", names=BOTH),
        TLS10_UP, questions=None),
    Row("OpensslWeakDh", "a small DH group that hides from hellos that name ffdhe groups",
        lambda: OpensslServer("-cipher", "DHE-RSA-AES128-SHA:DHE-RSA-AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0", "-tls1_2", "-dhparam",
                              certificates().dh1024), TLS12, questions=None),
    Row("OpensslPsk", "no certificate at all: only pre-shared keys", openssl("-cipher", "PSK:@SECLEVEL=0", *PSK, "-no_tls1_3", names=()),
        TLS10_TO_12, questions=None, beyond=(*BEYOND_SESSIONS, "server_name")),
    Row("OpensslDhePsk", "pre-shared keys with DHE alone", openssl("-cipher", "kDHEPSK:@SECLEVEL=0", *PSK, "-no_tls1_3", names=()), TLS10_TO_12,
        has=("TLS_DHE_PSK_WITH_AES_128_CCM",)),
    Row("OpensslEcdhePsk", "pre-shared keys with ECDHE alone", openssl("-cipher", "kECDHEPSK:@SECLEVEL=0", *PSK, "-no_tls1_3", names=()),
        TLS10_TO_12, has=("TLS_ECDHE_PSK_WITH_NULL_SHA",)),
    Row("OpensslRsaPsk", "pre-shared keys under RSA", openssl("-cipher", "kRSAPSK:@SECLEVEL=0", *PSK), TLS10_UP,
        has=("TLS_RSA_PSK_WITH_AES_256_GCM_SHA384",)),
    Row("OpensslAnonymous", "nobody signs", openssl("-cipher", "aNULL:@SECLEVEL=0", "-no_tls1_3", names=()), TLS10_TO_12,
        has=("TLS_DH_anon_WITH_AES_128_CBC_SHA", "TLS_ECDH_anon_WITH_AES_256_CBC_SHA")),
    Row("OpensslNull", "nobody encrypts", openssl("-cipher", "eNULL:@SECLEVEL=0", "-no_tls1_3", names=BOTH), TLS10_TO_12,
        has=("TLS_RSA_WITH_NULL_SHA256", "TLS_ECDHE_ECDSA_WITH_NULL_SHA")),
    Row("OpensslTls12Only", "TLS 1.2 alone", openssl("-tls1_2"), TLS12, questions=None),
    Row("OpensslTls13Only", "TLS 1.3 alone", openssl("-tls1_3"), TLS13, questions=None),
    Row("OpensslRareSuites", "ARIA, Camellia and CCM alone", openssl("-cipher", "ARIA:CAMELLIA:AESCCM", "-tls1_2", names=BOTH), TLS12,
        has=("TLS_DHE_RSA_WITH_AES_256_CCM_8", "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256")),
    Row("OpensslCcm13", "the CCM suites of TLS 1.3 alone", openssl("-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256:TLS_AES_128_CCM_SHA256"),
        TLS13, has=("TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256")),
    Row("OpensslX448Only", "one group that few clients have", openssl("-tls1_3", "-groups", "X448"), TLS13, groups=("x448",), questions=None),
    Row("OpensslFfdheOnly", "TLS 1.3 without curves", openssl("-tls1_3", "-groups", "ffdhe2048:ffdhe3072"), TLS13, groups=("ffdhe2048", "ffdhe3072")),
    Row("OpensslBrainpool", "ECDHE on a curve that few hellos name",
        openssl("-tls1_2", "-groups", "brainpoolP384r1", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA"), TLS12,
        questions=None, beyond=("http",)),
    Row("OpensslSecp256k1", "ECDHE on secp256k1 alone", openssl("-tls1_2", "-groups", "secp256k1"), TLS12, has=("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",)),
    Row("OpensslSect163k1", "ECDHE on a small binary curve alone", openssl("-tls1_2", "-groups", "sect163k1", "-cipher", "ECDHE:@SECLEVEL=0"), TLS12),
    Row("OpensslSecp192k1", "ECDHE on a small curve alone", openssl("-tls1_2", "-groups", "secp192k1", "-cipher", "ECDHE:@SECLEVEL=0"), TLS12),
    Row("OpensslClientCertificate", "a client without a certificate is turned away, after what can be seen",
        openssl("-Verify", "1", "-verify_return_error"), MODERN, questions=None, beyond=BEYOND_SESSIONS),
    Row("OpensslStateless", "a HelloRetryRequest with a cookie to every client", openssl("-stateless", "-tls1_3"), TLS13),
    Row("OpensslPlain", "no encrypt-then-MAC, tickets or session cache", openssl("-no_etm", "-no_ticket", "-no_cache", "-cipher", "ALL"), MODERN),
    Row("OpensslEd25519", "an Ed25519 certificate", openssl(names=("good-ed25519",)), MODERN, questions=None),
    Row("OpensslEd448", "an Ed448 certificate", openssl_with("ED448"), MODERN),
    Row("OpensslRsaPss", "an RSA-PSS certificate", openssl(names=("good-rsa-pss",)), MODERN, questions=None),
    Row("OpensslRsaPssEcdsa", "an RSA-PSS and an ECDSA certificate", openssl(names=("good-rsa-pss", "good-ecdsa")), MODERN),
    Row("OpensslEd25519Rsa", "an Ed25519 and an RSA certificate", openssl(names=("good-ed25519", "good")), MODERN),
    Row("OpensslP384", "an ECDSA certificate on P-384", openssl_with("secp384r1"), MODERN),
    Row("OpensslP521", "an ECDSA certificate on P-521", openssl_with("secp521r1"), MODERN),
    Row("OpensslBrainpoolCertificate", "an ECDSA certificate on a brainpool curve", openssl_with("brainpoolP256r1", "-tls1_2", "-groups", "brainpoolP256r1:X25519"),
        TLS12, has=("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",)),
    Row("OpensslSecp256k1Certificate", "an ECDSA certificate on secp256k1",
        openssl_with("secp256k1", "-cipher", "ALL:@SECLEVEL=0", "-groups", "secp256k1:X25519"), TLS10_TO_12,
        has=("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",)),
    Row("OpensslDsa", "a DSA certificate", openssl("-cipher", "ALL:!aNULL:@SECLEVEL=0", "-no_tls1_3", names=("good-dsa",)), TLS10_TO_12,
        has=("TLS_DHE_DSS_WITH_AES_256_CBC_SHA",)),
]

OPENSSL35 = [
    Row("Openssl35Default", "as it comes, two certificates", new_openssl(names=BOTH), MODERN),
    Row("Openssl35MlKem", "TLS 1.3 by a post-quantum hybrid alone", new_openssl("-tls1_3", "-groups", "X25519MLKEM768"), TLS13,
        groups=("X25519MLKEM768",), questions=None, beyond=BEYOND_SHARES),
    Row("Openssl35HybridP256", "another hybrid alone", new_openssl("-tls1_3", "-groups", "SecP256r1MLKEM768"), TLS13, groups=("SecP256r1MLKEM768",)),
    Row("Openssl35HybridP384", "the third hybrid alone", new_openssl("-tls1_3", "-groups", "SecP384r1MLKEM1024"), TLS13, groups=("SecP384r1MLKEM1024",)),
    Row("Openssl35PureMlKem", "ML-KEM and nothing beside it", new_openssl("-tls1_3", "-groups", "MLKEM1024"), TLS13, groups=("MLKEM1024",),
        questions=None, beyond=BEYOND_SHARES),
    Row("Openssl35SmallMlKem", "the two smaller ML-KEM groups", new_openssl("-tls1_3", "-groups", "MLKEM512:MLKEM768"), TLS13, groups=("MLKEM512", "MLKEM768")),
    Row("Openssl35Brainpool", "the brainpool curves of TLS 1.3 alone",
        new_openssl("-tls1_3", "-groups", "brainpoolP256r1tls13:brainpoolP384r1tls13:brainpoolP512r1tls13"), TLS13,
        groups=("brainpoolP256r1tls13", "brainpoolP384r1tls13", "brainpoolP512r1tls13")),
    Row("Openssl35MlDsa", "a certificate whose key the system's own library may not know", new_openssl("-tls1_3", algorithm="ML-DSA-44"), TLS13,
        questions=None, beyond=BEYOND_SHARES),
    Row("Openssl35MlDsa65", "an ML-DSA-65 certificate", new_openssl("-tls1_3", algorithm="ML-DSA-65"), TLS13),
    Row("Openssl35MlDsa87", "an ML-DSA-87 certificate", new_openssl("-tls1_3", algorithm="ML-DSA-87"), TLS13),
    Row("Openssl35MlDsaRsa", "an ML-DSA and an RSA certificate", new_openssl(algorithm="ML-DSA-44", names=("", "good")), MODERN),
]

GNUTLS = [
    Row("Gnutls", "two certificates, old versions and suites too",
        gnutls("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+3DES-CBC:+MD5:+SHA1:+RSA:+DHE-RSA", names=BOTH), TLS10_UP, questions=None),
    Row("GnutlsNullAnonymous", "NULL and anonymous suites among others",
        gnutls("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+NULL:+ARCFOUR-128:+3DES-CBC:+MD5:+ANON-ECDH:+ANON-DH:+RSA:+DHE-RSA", names=BOTH), TLS10_TO_12,
        has=("TLS_RSA_WITH_NULL_SHA", "TLS_DH_anon_WITH_AES_128_CBC_SHA", "TLS_ECDH_anon_WITH_NULL_SHA"), questions=None),
    Row("GnutlsAnonymous", "nobody signs",
        gnutls("NONE:+VERS-TLS-ALL:-VERS-TLS1.3:+CIPHER-ALL:+MAC-ALL:+COMP-NULL:+ANON-DH:+ANON-ECDH:+GROUP-ALL:+SIGN-ALL", names=()), TLS10_TO_12,
        has=("TLS_ECDH_anon_WITH_AES_128_CBC_SHA",)),
    Row("GnutlsPlain", "no secure renegotiation, no extended master secret, no encrypt-then-MAC",
        gnutls("NORMAL:%DISABLE_SAFE_RENEGOTIATION:%NO_ETM:%NO_SESSION_HASH"), TLS10_UP, questions=None),
    Row("GnutlsRawKey", "a raw public key and no certificate", gnutls_raw_key("NORMAL:-CTYPE-ALL:+CTYPE-RAWPK"), TLS10_UP, raw_key=True),
    Row("GnutlsRawKeyToo", "a raw public key beside a certificate", gnutls_raw_key("NORMAL:+CTYPE-RAWPK", names=("good",)), TLS10_UP),
    Row("GnutlsGost", "a GOST certificate",
        lambda: GnutlsServer("NONE:+VERS-TLS1.2:+COMP-NULL:+VKO-GOST-12:+GOST28147-TC26Z-CNT:+GOST28147-TC26Z-IMIT:+SIGN-GOSTR341012-256:"
                             "+SIGN-GOSTR341012-512:+GROUP-GC256B:+GROUP-GC512A:+CTYPE-X.509", names=(certificates().gost(),)), TLS12,
        has=("TLS_GOSTR341112_256_WITH_28147_CNT_IMIT",)),
    Row("GnutlsSrp", "SRP alone", gnutls_srp("NORMAL:-KX-ALL:+SRP:+VERS-TLS1.0:-VERS-TLS1.3"), TLS10_TO_12, has=("TLS_SRP_SHA_WITH_AES_256_CBC_SHA",)),
    Row("GnutlsSrpRsa", "SRP with and without RSA", gnutls_srp("NORMAL:-KX-ALL:+SRP:+SRP-RSA:+VERS-TLS1.0:+3DES-CBC:-VERS-TLS1.3", names=("good",)),
        TLS10_TO_12, has=("TLS_SRP_SHA_WITH_AES_128_CBC_SHA", "TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA")),
    Row("GnutlsSrpToo", "SRP beside the usual", gnutls_srp("NORMAL:+SRP:+SRP-RSA:-VERS-TLS1.3", names=("good",)), TLS10_TO_12,
        has=("TLS_SRP_SHA_RSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")),
    Row("GnutlsPsk", "pre-shared keys alone, of three kinds", gnutls_psk("NORMAL:-KX-ALL:+PSK:+DHE-PSK:+ECDHE-PSK:+VERS-TLS1.0:-VERS-TLS1.3"),
        TLS10_TO_12, has=("TLS_PSK_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256")),
    Row("GnutlsPskToo", "pre-shared keys of four kinds beside the usual", gnutls_psk("NORMAL:+PSK:+DHE-PSK:+ECDHE-PSK:+RSA-PSK", names=("good",)),
        TLS10_TO_12, has=("TLS_RSA_PSK_WITH_AES_128_CBC_SHA",)),
    Row("GnutlsSecp224r1", "ECDHE on secp224r1 alone, and DHE suites that fail", gnutls("NORMAL:-VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP224R1"), TLS10_TO_12,
        has=("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",)),
    Row("GnutlsSecp192r1", "ECDHE on secp192r1 alone", gnutls("NORMAL:-VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP192R1:-KX-ALL:+ECDHE-RSA"), TLS10_TO_12,
        has=("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",)),
    Row("GnutlsX448", "X448 alone at every version", gnutls("NORMAL:-GROUP-ALL:+GROUP-X448"), TLS10_UP, groups=("x448",),
        has=("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",)),
    Row("GnutlsFfdhe", "DH groups alone", gnutls("NORMAL:-GROUP-ALL:+GROUP-FFDHE2048:+GROUP-FFDHE8192:+DHE-RSA"), TLS10_UP,
        groups=("ffdhe2048", "ffdhe8192")),
    Row("GnutlsEd448", "an Ed448 certificate", lambda: GnutlsServer("NORMAL", names=(certificates().self_signed("ED448"),)), MODERN),
    Row("GnutlsDsa", "a DSA certificate", gnutls("LEGACY:+DHE-DSS:+SIGN-DSA-SHA1:+SIGN-DSA-SHA256:-VERS-TLS1.3", names=("good-dsa",)), TLS10_TO_12,
        has=("TLS_DHE_DSS_WITH_AES_128_CBC_SHA",)),
]

NSS_AND_JAVA = [
    Row("Nss", "RSA and ECDSA, TLS 1.0 to 1.3", nss("-V", "tls1.0:", "-H", "1"), TLS10_UP, questions=None),
    Row("NssTls12", "TLS 1.2 alone", nss("-V", "tls1.2:tls1.2"), TLS12),
    Row("NssTls13", "TLS 1.3 alone", nss("-V", "tls1.3:tls1.3"), TLS13),
    Row("NssSslv3", "NSS serves SSLv3 to this day, RC4 included", nss("-V", "ssl3:tls1.2"), ["SSLv3", *TLS10_TO_12], has=("TLS_RSA_WITH_RC4_128_SHA",),
        questions=None),
    Row("NssSslv3Only", "SSLv3 and nothing newer", nss("-V", "ssl3:ssl3"), ["SSLv3"], has=("TLS_RSA_WITH_RC4_128_SHA",)),
    Row("Java", "SSLv3, RC4, export, NULL and anonymous suites; DSS suites that get a ServerHello and then an alert", java(), ["SSLv3", *TLS10_UP],
        has=("TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_RSA_WITH_NULL_MD5", "TLS_DH_anon_WITH_RC4_128_MD5"), questions=None, limit=240),
    Row("JavaSslv3Only", "SSLv3 and nothing newer", java("protocols=SSLv3"), ["SSLv3"], has=("TLS_RSA_EXPORT_WITH_RC4_40_MD5",)),
    Row("JavaFfdhe", "a certificate of the client is demanded, and DH groups are all there is",
        java("jdk.tls.namedGroups=ffdhe2048,ffdhe3072", "client.certificate=true", "protocols=TLSv1.2,TLSv1.3", names=("good",)), MODERN,
        groups=("ffdhe2048", "ffdhe3072")),
]

ROWS = [*NGINX, *OPENSSL, *OPENSSL35, *GNUTLS, *NSS_AND_JAVA]

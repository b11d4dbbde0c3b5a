"""Grades of SSL Labs and letters of nmap on real servers, against what is worked out by hand beside each server.

SSL Labs: 0.3 P + 0.3 K + 0.4 C, rounded down. P is the mean of the best and the worst version (SSLv3 80, TLS 1.0 90, 1.1 95, 1.2 and 1.3 100);
K the weaker of the certificate's key and the ephemeral one (below 1024 bits of RSA 40, below 2048 80, below 4096 90, else 100; P-256 and X25519
are as strong as RSA 3072, P-384 as RSA 7680); C the mean of the strongest and the weakest cipher (0 bits 0, below 128 20, below 256 80, else 100).
80 is an A, 65 a B, 50 a C. Then the caps.

nmap: 0.43 of the key exchange and 0.57 of the cipher by the same steps; RC4 counts as 80 bits, 3DES as 112. 80 is an A, 65 a B, 50 a C, 35 a D,
20 an E. The grade is the worst letter. What nmap itself says of every suite is compared as well.
"""
import dataclasses
import functools
import subprocess
import unittest
import xml.etree.ElementTree
from typing import Callable

from cases import ServerCase
from certificates import NAME, certificates
from servers import GnutlsServer, JavaServer, Nginx, NssServer, OpensslServer, find_program

QUESTIONS = "protocols,cipher_suites,downgrade,groups,certificates,revocation,http,extensions,renegotiation"
BOTH = ("good", "good-ecdsa")
ECDHE_256 = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384"


@dataclasses.dataclass
class Row:
    name: str
    make: Callable
    grade: str  # of SSL Labs
    score: int
    parts: tuple  # P, K, C
    caps: tuple  # words in the reasons of caps of that grade, one of each
    nmap: str  # least strength
    letters: dict = dataclasses.field(default_factory=dict)  # of suites that are worth a look
    limit: int = 180


def nginx(directives, *names):
    return lambda: Nginx(directives, names=names or ("good",))


def openssl(*arguments, names=("good",)):
    return lambda: OpensslServer(*arguments, names=names)


ROWS = [
    # P (100+100)/2 = 100; K RSA 2048: 90; C AES-256 and AES-128: (100+80)/2 = 90. 30 + 27 + 36 = 93, and nothing against it.
    # nmap sees no certificate in TLS 1.3: X25519 is 3072 bits; AES-128 .43*.9 + .57*.8 = .843, AES-256 .43*.9 + .57*1 = .957.
    Row("tls13-hsts", nginx("ssl_protocols TLSv1.3;\n" + Nginx.HSTS), "A+", 93, (100, 90, 90), (), "A", {"TLS_AES_128_GCM_SHA256": "A"}),
    # The same with TLS 1.2, RSA 2048 and P-256 (3072): K stays 90.
    Row("intermediate-hsts", nginx(Nginx.INTERMEDIATE + Nginx.HSTS, *BOTH), "A+", 93, (100, 90, 90), (), "A"),
    # A+ demands HSTS of six months: 15768000 seconds are enough, a second less is not.
    Row("hsts-six-months", nginx(Nginx.INTERMEDIATE + 'add_header Strict-Transport-Security "max-age=15768000" always;\n'), "A+", 93, (100, 90, 90), (), "A"),
    Row("hsts-short", nginx(Nginx.INTERMEDIATE + 'add_header Strict-Transport-Security "max-age=15767999" always;\n'), "A", 93, (100, 90, 90),
        ("15767999",), "A"),
    Row("no-hsts", nginx(Nginx.INTERMEDIATE), "A", 93, (100, 90, 90), ("Strict Transport Security",), "A"),
    # C: nothing but 256 bits, 100. 30 + 27 + 40 = 97; without TLS 1.3 no better than A-.
    Row("no-tls13", nginx(f"ssl_protocols TLSv1.2;\nssl_ciphers {ECDHE_256};\n" + Nginx.HSTS), "A-", 97, (100, 90, 100), ("TLSv1.3 is not accepted",), "A"),
    # P (100+90)/2 = 95; C (100+80)/2 = 90. 28.5 + 27 + 36 = 91.5; TLS 1.0 and 1.1 make it a B.
    Row("tls10", nginx(f"ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\nssl_ciphers @SECLEVEL=0:{ECDHE_256}:ECDHE-RSA-AES128-SHA;\n"
                       "ssl_prefer_server_ciphers on;\n" + Nginx.HSTS), "B", 91, (95, 90, 90), ("TLSv1.0 and TLSv1.1 are accepted",), "A"),
    # TLS 1.1 alone: P 95; C 256 and 128 bits 90. 28.5 + 27 + 36 = 91.5; without TLS 1.2 a C.
    Row("tls11-only", nginx("ssl_protocols TLSv1.1;\nssl_ciphers @SECLEVEL=0:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA;\n"), "C", 91, (95, 90, 90),
        ("neither TLSv1.2 nor TLSv1.3",), "A"),
    # K: ECDSA on P-256 is RSA 3072, 90.
    Row("ecdsa", nginx(f"ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers {ECDHE_256};\n" + Nginx.HSTS, "good-ecdsa"), "A+", 93, (100, 90, 90), (), "A"),
    # K: RSA 4096 and P-384 (7680), 100; C: 256 bits alone, 100. 30 + 30 + 40 = 100.
    Row("rsa-4096", lambda: Nginx(f"ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers {ECDHE_256};\nssl_ecdh_curve secp384r1;\n"
                                  "ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;\n" + Nginx.HSTS,
                                  names=(certificates().rsa(4096),)), "A+", 100, (100, 100, 100), (), "A"),
    # K: the same key, but X25519 (3072): 90. 30 + 27 + 40 = 97.
    Row("rsa-4096-x25519", lambda: Nginx(f"ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers {ECDHE_256};\nssl_ecdh_curve X25519;\n"
                                         "ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;\n" + Nginx.HSTS,
                                         names=(certificates().rsa(4096),)), "A+", 97, (100, 90, 100), (), "A"),
    # K: RSA 1024, 80; C (100+80)/2 = 90. 30 + 24 + 36 = 90; a key below 2048 bits makes it a B.
    # nmap: .43*.8 + .57*1 = .914 in TLS 1.2, .843 for AES-128 in TLS 1.3.
    Row("rsa-1024", lambda: OpensslServer("-cipher", "ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0", names=(certificates().rsa(1024),)), "B", 90, (100, 80, 90),
        ("the certificate's key is rsa 1024",), "A", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "A"}),
    # K: DH 1024, 80. 30 + 24 + 40 = 94; DH below 2048 bits makes it a B. nmap: .43*.8 + .57*1 = .914.
    Row("dh-1024", lambda: OpensslServer("-cipher", "ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0", "-tls1_2", "-dhparam",
                                         certificates().dh1024), "B", 94, (100, 80, 100), ("Diffie-Hellman below 2048 bits",), "A"),
    # RSA key transport alone: C (100+80)/2 = 90, 30 + 27 + 36 = 93, but no forward secrecy: B.
    Row("no-forward-secrecy", nginx("ssl_protocols TLSv1.2;\nssl_ciphers AES256-GCM-SHA384:AES128-GCM-SHA256;\n" + Nginx.HSTS), "B", 93, (100, 90, 90),
        ("in TLSv1.2 they get TLS_RSA_WITH_AES_",), "A"),
    # The server prefers it before ECDHE: capable clients get no forward secrecy either.
    Row("rsa-first", nginx("ssl_protocols TLSv1.2;\nssl_ciphers AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384;\nssl_prefer_server_ciphers on;\n" + Nginx.HSTS),
        "B", 97, (100, 90, 100), ("in TLSv1.2 they get TLS_RSA_WITH_AES_256_GCM_SHA384",), "A"),
    # CBC alone: C 100, 97, but no AEAD: B.
    Row("no-aead", nginx("ssl_protocols TLSv1.2;\nssl_ciphers ECDHE-RSA-AES256-SHA384;\n" + Nginx.HSTS), "B", 97, (100, 90, 100),
        ("in TLSv1.2 they get TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",), "A"),
    # 3DES (112 bits, 20) at the end: C (100+20)/2 = 60. 30 + 27 + 24 = 81; capable clients get something better, so only HSTS is missing.
    # nmap: .43*.9 + .57*.2 = .501.
    Row("3des-last", lambda: GnutlsServer("NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3:+3DES-CBC:+RSA"), "A", 81, (100, 90, 60), ("Strict Transport Security",),
        "C", {"TLS_RSA_WITH_3DES_EDE_CBC_SHA": "C", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA": "C"}),
    # The server prefers 3DES: SWEET32 makes it a C.
    Row("3des-first", lambda: GnutlsServer("NONE:+VERS-TLS1.2:+3DES-CBC:+AES-256-CBC:+SHA1:+COMP-NULL:+RSA:+ECDHE-RSA:+SIGN-ALL:+GROUP-ALL:+CTYPE-X.509:"
                                           "%SERVER_PRECEDENCE"), "C", 81, (100, 90, 60), ("3DES_EDE_CBC_SHA",), "C"),
    # P (100+90)/2 = 95; C: RC4 is 128 bits to SSL Labs, 3DES 112: (100+20)/2 = 60. 28.5 + 27 + 24 = 79.5, a B; RC4 from TLS 1.1 on: C.
    # nmap: RC4 is 80 bits to it, .43*.9 + .57*.2 = .501.
    Row("rc4", lambda: GnutlsServer("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+3DES-CBC:+MD5:+SHA1:+RSA:+DHE-RSA", names=BOTH), "C", 79, (95, 90, 60),
        ("RC4 in TLSv1.1 or newer",), "C", {"TLS_RSA_WITH_RC4_128_SHA": "C", "TLS_ECDHE_RSA_WITH_RC4_128_SHA": "C"}),
    # P (100+80)/2 = 90; C (100+20)/2 = 60. 27 + 27 + 24 = 78; SSLv3 with CBC (POODLE): C.
    Row("sslv3", lambda: NssServer("-V", "ssl3:tls1.2"), "C", 78, (90, 90, 60), ("CBC in SSLv3",), "C"),
    # P 80; 24 + 27 + 24 = 75; SSLv3 is the best version: F.
    Row("sslv3-only", lambda: NssServer("-V", "ssl3:ssl3"), "F", 75, (80, 90, 60), ("no version newer than SSLv3",), "C"),
    # Export, NULL and anonymous suites: K 0, and so is the whole; P 80, C (100+0)/2 = 50. nmap: export keys of 512 bits .43*.4 + .57*.2 = .286, E; anonymous and NULL F.
    Row("export", lambda: JavaServer("protocols=SSLv3", names=("good",)), "F", 0, (80, 0, 50), ("without authentication", "below 112 bits"), "F",
        {"TLS_RSA_EXPORT_WITH_RC4_40_MD5": "E", "TLS_RSA_WITH_NULL_SHA": "F", "TLS_DH_anon_WITH_AES_128_CBC_SHA": "F"}, limit=240),
    # An anonymous suite: K 0, the whole 0.
    Row("anonymous", openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384:ADH-AES256-GCM-SHA384:@SECLEVEL=0"), "F", 0, (100, 0, 100),
        ("without authentication: TLS_DH_anon_WITH_AES_256_GCM_SHA384",), "F", {"TLS_DH_anon_WITH_AES_256_GCM_SHA384": "F"}),
    # No encryption: C (100+0)/2 = 50. 30 + 27 + 20 = 77; below 112 bits: F.
    Row("null", openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384:NULL-SHA256:@SECLEVEL=0"), "F", 77, (100, 90, 50),
        ("below 112 bits or of export grade: TLS_RSA_WITH_NULL_SHA256",), "F", {"TLS_RSA_WITH_NULL_SHA256": "F"}),
    # Certificates that nobody should trust: zero, T. The letters of nmap do not look at trust.
    Row("self-signed", nginx(Nginx.INTERMEDIATE + Nginx.HSTS, "self-signed"), "T", 0, (100, 90, 90), ("self_signed",), "A"),
    Row("untrusted", nginx(Nginx.INTERMEDIATE + Nginx.HSTS, "untrusted"), "T", 0, (100, 90, 90), ("incomplete_chain",), "A"),
    Row("expired", nginx(Nginx.INTERMEDIATE + Nginx.HSTS, "expired"), "T", 0, (100, 90, 90), ("expired",), "A"),
    Row("wrong-host", nginx(Nginx.INTERMEDIATE + Nginx.HSTS, "wrong-host"), "M", 0, (100, 90, 90), ("",), "A"),
    # A certificate signed with SHA-1: T. nmap: F wherever it sees the certificate, which is up to TLS 1.2.
    Row("sha1", lambda: OpensslServer("-cipher", "ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0", names=(certificates().rsa(2048, "sha1"),)), "T", 0, (100, 90, 90),
        ("signed with sha1WithRSAEncryption",), "F", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "F", "TLS_AES_256_GCM_SHA384": "A"}),
]


@functools.cache
def looked_at():
    """{row name: (assessment by ssllabs, assessment by nmap-ssl-enum-ciphers, what nmap says)}"""
    found = {}
    for row in ROWS:
        with row.make() as server:
            done = ServerCase.scan(server, "-o", "json", "--only", QUESTIONS, "-p", "ssllabs", "-p", "nmap-ssl-enum-ciphers", limit=row.limit)
            ssllabs, nmap = done.endpoint()["assessments"]
            found[row.name] = ssllabs, nmap, nmap_letters(server), done.json()
    return found


def nmap_letters(server):
    """{(version, suite): letter} as the installed nmap has it; it calls suites of TLS 1.3 TLS_AKE_WITH_..."""
    done = subprocess.run([find_program("nmap"), "-Pn", "-n", "-p", str(server.port), "--script", "+ssl-enum-ciphers", "--script-args",
                           f"tls.servername={NAME}", "-oX", "-", "127.0.0.1"], capture_output=True, text=True, timeout=240, check=True)
    letters = {}
    for script in xml.etree.ElementTree.fromstring(done.stdout).iter("script"):
        for version in script.findall("table"):
            for table in version.findall("table[@key='ciphers']/table"):
                elements = {each.get("key"): each.text for each in table.findall("elem")}
                letters[version.get("key"), elements["name"].replace("TLS_AKE_WITH_", "TLS_")] = elements["strength"]
    return letters


def letters_of(assessment):
    return {tuple(part["name"].split(" ", 1)): part["grade"] for part in assessment["parts"]}


class GradesTest(ServerCase):
    def each(self):
        for row in ROWS:
            with self.subTest(row.name):
                yield row, *looked_at()[row.name]

    def test_ssllabs(self):
        for row, ssllabs, _nmap, _said, _document in self.each():
            about = [f"{cap['grade']} {cap['reason']}" for cap in ssllabs["caps"]]
            self.assertEqual((ssllabs["grade"], ssllabs["score"]), (row.grade, row.score), about)
            self.assertEqual(tuple(part["score"] for part in ssllabs["parts"][:3]), row.parts, ssllabs["parts"])
            open_cap = any(cap["reason"].startswith("inconclusive:") for cap in ssllabs["caps"])  # libcurl speaks no SSLv3
            self.assertEqual(ssllabs["coverage"], 99 if open_cap else 100, about)
            for words in row.caps:
                self.assertTrue(any(cap["grade"] == row.grade and words in cap["reason"] for cap in ssllabs["caps"]), f"{words!r} is not in {about}")
            # Whether there is HSTS is not to be had where only SSLv3 is spoken.
            self.assertFalse([each for each in about if "inconclusive" in each and not each.startswith("A ")], about)
            if not row.caps:
                self.assertEqual(about, [])

    def test_nmap(self):
        for row, _ssllabs, nmap, _said, _document in self.each():
            self.assertEqual(nmap["grade"], row.nmap, nmap["caps"])
            self.assertEqual(nmap["coverage"], 100, nmap["caps"])
            ours = letters_of(nmap)
            for suite, letter in row.letters.items():
                here = {found for (_version, name), found in ours.items() if name == suite}
                self.assertEqual(here, {letter}, f"{suite}: {ours}")

    def test_verdict_follows_the_grade(self):
        """What the profile demands at medium severity is what keeps the grade below A-, and the reverse; the order of suites apart."""
        for row, ssllabs, nmap, _said, _document in self.each():
            self.assertEqual(nmap["verdict"] == "pass", nmap["grade"] == "A", nmap["grade"])
            if row.name not in ("rsa-first", "3des-first"):
                self.assertEqual(ssllabs["verdict"] == "pass", ssllabs["grade"] in ("A+", "A", "A-"), ssllabs["grade"])

    def test_letters_are_those_of_the_installed_nmap(self):
        compared = 0
        for _row, _ssllabs, nmap, said, _document in self.each():
            ours = letters_of(nmap)
            for suite, letter in said.items():
                self.assertEqual(ours.get(suite), letter, f"{suite}")
                compared += 1
        self.assertGreater(compared, 100)

    def test_documents_follow_the_schema(self):
        for _row, _ssllabs, _nmap, _said, document in self.each():
            self.assert_follows_schema(document)


if __name__ == "__main__":
    unittest.main()

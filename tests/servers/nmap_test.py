"""What a reader of nmap's XML (python-libnmap) gets from the installed nmap and from `-o nmap-xml` for the same servers is the same.

Known to differ, each for a reason of nmap's own, and left out below by name:
- X25519MLKEM768: nmap before 7.99 does not offer it and sees the server's next group; none of these servers has it.
- RSA export keys: nmap prints the size of the temporary key, which is not among the facts; none of these servers has such suites.
- Who chooses: nmap compares the two suites that come first in the alphabet alone, and takes ChaCha20 that only some clients get first for
  client's preference.
- The certificate of a server with two is that of the connection that nmap's ssl-cert happens to make.
"""
import pathlib
import subprocess
import tempfile
import unittest

from libnmap.parser import NmapParser

from cases import ServerCase
from certificates import NAME, certificates
from program import tlsgauge
from servers import GnutlsServer, Nginx, NssServer, OpensslServer, find_program

QUESTIONS = "protocols,cipher_suites,certificates,extensions,groups,curves"


class Row:
    def __init__(self, name, make, versions, least, words=(), two=False, limit=180):
        self.name, self.make, self.versions, self.least, self.words, self.two, self.limit = name, make, versions, least, words, two, limit


ROWS = [
    Row("nginx-intermediate", lambda: Nginx(Nginx.INTERMEDIATE, names=("good", "good-ecdsa")), {"TLSv1.2", "TLSv1.3"}, "A",
        two=True),
    Row("tls13-only", lambda: Nginx("ssl_protocols TLSv1.3;\n"), {"TLSv1.3"}, "A"),
    Row("server-order", lambda: Nginx("ssl_protocols TLSv1.2;\nssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA:AES256-SHA256:ECDHE-RSA-AES128-SHA;\n"
                                      "ssl_prefer_server_ciphers on;\n"), {"TLSv1.2"}, "A"),
    Row("one-suite", lambda: Nginx("ssl_protocols TLSv1.2;\nssl_ciphers AES128-SHA;\n"), {"TLSv1.2"}, "A",
        ("Too few ciphers supported", "Forward Secrecy not supported by any cipher")),
    Row("rsa-1024", lambda: OpensslServer("-cipher", "ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0", names=(certificates().rsa(1024),)),
        {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, "A"),
    Row("dh-1024", lambda: OpensslServer("-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0", "-dhparam", certificates().dh1024),
        {"TLSv1.2"}, "A", ("Key exchange (dh 1024) of lower strength than certificate key",)),
    Row("sha1", lambda: OpensslServer("-cipher", "ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0", names=(certificates().rsa(2048, "sha1"),)),
        {"TLSv1.2", "TLSv1.3"}, "F", ("Insecure certificate signature (SHA1), score capped at F",)),
    Row("anonymous-null", lambda: OpensslServer("-tls1_2", "-cipher", "ADH-AES256-GCM-SHA384:AECDH-AES128-SHA:NULL-SHA256:@SECLEVEL=0"), {"TLSv1.2"}, "F",
        ("Anonymous key exchange, score capped at F",)),
    Row("3des", lambda: GnutlsServer("NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3:+3DES-CBC:+RSA"), {"TLSv1.2", "TLSv1.3"}, "C",
        ("64-bit block cipher 3DES vulnerable to SWEET32 attack",)),
    Row("rc4", lambda: GnutlsServer("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+3DES-CBC:+MD5:+SHA1:+RSA:+DHE-RSA", names=("good", "good-ecdsa")),
        {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, "C",
        ("Broken cipher RC4 is deprecated by RFC 7465", "Ciphersuite uses MD5 for message integrity"), two=True),
    Row("sslv3", lambda: NssServer("-V", "ssl3:tls1.2"), {"SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"}, "C", ("CBC-mode cipher in SSLv3 (CVE-2014-3566)",),
        two=True),
]


def enumerations(path):
    """{version: {"suites": [(name, exchange, letter)], "compressors", "preference", "error", "warnings"}} and the least strength, by libnmap."""
    report = NmapParser.parse_fromfile(str(path))
    (host,) = report.hosts
    (service,) = host.services
    found = {script["id"]: script["elements"] for script in service.scripts_results}
    elements = found["ssl-enum-ciphers"]
    versions = {}
    for version, said in elements.items():
        if version == "least strength":
            continue
        ciphers = said["ciphers"][None]
        listed = ciphers if isinstance(ciphers, list) else [ciphers]
        versions[version] = {
            "suites": [(each["name"], each.get("kex_info"), each["strength"]) for each in listed],
            "compressors": as_list(said.get("compressors")), "preference": said.get("cipher preference"),
            "error": said.get("cipher preference error"), "warnings": as_list(said.get("warnings")),
        }
    return versions, elements["least strength"], found


def as_list(table):
    """libnmap makes {None: [...]} or {None: text} of a list."""
    inside = (table or {}).get(None, [])
    return inside if isinstance(inside, list) else [inside]


class NmapTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.looked_at = {}
        for row in ROWS:
            with row.make() as server:
                ours, theirs = folder / f"{row.name}.ours.xml", folder / f"{row.name}.theirs.xml"
                done = cls.scan(server, "--only", QUESTIONS, "-o", f"nmap-xml={ours}", limit=row.limit)
                assert ours.exists(), done.report()
                subprocess.run([find_program("nmap"), "-Pn", "-n", "-p", str(server.port), "--script", "+ssl-enum-ciphers,+ssl-cert", "--script-args",
                                f"tls.servername={NAME}", "-oX", theirs, "127.0.0.1"], capture_output=True, timeout=240, check=True)
                cls.looked_at[row.name] = enumerations(ours), enumerations(theirs)
                if row.name == "tls13-only":
                    cls.again = {path.name: tlsgauge("scan", "-i", path, "-o", "json", "--only", "protocols").endpoint() for path in (ours, theirs)}
                    cls.port = server.port

    def each(self, check):
        """check(row, our versions, nmap's, our least strength and nmap's, all that our scripts and nmap's say) of each server."""
        for row in ROWS:
            with self.subTest(row.name):
                (ours, our_least, our_all), (theirs, their_least, their_all) = self.looked_at[row.name]
                check(row, ours, theirs, (our_least, their_least), (our_all, their_all))

    def test_the_servers_are_what_the_test_takes_them_for(self):
        def check(row, _ours, theirs, least, _all):
            self.assertEqual(set(theirs), row.versions)
            self.assertEqual(least[1], row.least)
            said = " ".join(word for version in theirs.values() for word in [*version["warnings"], version["error"] or ""])
            for words in row.words:
                self.assertIn(words, said)
        self.each(check)

    def test_suites_exchanges_and_letters(self):
        compared = []

        def check(_row, ours, theirs, least, _all):
            self.assertEqual(set(ours), set(theirs))
            for version, said in theirs.items():
                self.assertEqual(sorted(ours[version]["suites"], key=str), sorted(said["suites"], key=str), version)
                compared.extend(said["suites"])
            self.assertEqual(*least)
        self.each(check)
        self.assertGreater(len(compared), 100)

    def test_order_preference_compressors_and_warnings(self):
        def check(_row, ours, theirs, _least, _all):
            for version, said in theirs.items():
                for part in ("preference", "error", "compressors", "warnings"):
                    self.assertEqual(ours[version][part], said[part], f"{version} {part}")
                self.assertEqual([name for name, _, _ in ours[version]["suites"]], [name for name, _, _ in said["suites"]], version)
        self.each(check)

    def test_either_file_is_a_list_of_targets(self):
        """What nmap found is scanned by `-i`: its own file, and one of ours."""
        self.assertEqual(len(self.again), 2)
        for name, endpoint in self.again.items():
            with self.subTest(name):
                self.assertEqual((endpoint["target"]["port"], endpoint["target"]["address"]), (self.port, "127.0.0.1"))
                self.assertTrue(endpoint["target"]["listed_at"]["file"].endswith(name))
                self.assertEqual({each["name"] for each in endpoint["facts"]["protocols"] if each["support"] == "yes"}, {"TLSv1.3"})

    def test_certificate(self):
        compared = []

        def check(row, _ours, _theirs, _least, scripts):
            ours, theirs = (said.get("ssl-cert") for said in scripts)
            if theirs is None or row.two:
                return
            for part in ("subject", "issuer", "validity", "sig_algo", "md5", "sha1"):
                self.assertEqual(ours[part], theirs[part], part)
            for part in ("type", "bits"):
                self.assertEqual(ours["pubkey"][part], theirs["pubkey"][part], part)
            compared.append(row.name)
        self.each(check)
        self.assertGreater(len(compared), 4)


if __name__ == "__main__":
    unittest.main()

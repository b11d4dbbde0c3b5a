"""Files of HAProxy: where config check says that HAProxy will not start it does not, and it does otherwise."""
import pathlib
import subprocess
import tempfile
import unittest

from cases import ServerCase
from program import tlsgauge, unmet, verdicts
from servers import Haproxy, find_program

FATAL = "HAProxy will not start"


def versions():
    done = subprocess.run([find_program("haproxy"), "-v"], capture_output=True, text=True, check=True)
    openssl = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True)
    return ["--server-version", done.stdout.split()[2].split("-")[0], "--openssl-version", openssl.stdout.split()[1]]


def check(path, *arguments):
    done = tlsgauge("config", "check", path, "--server", "haproxy", "-o", "json", *versions(), *arguments)
    assert done.code in (0, 1), done.report()
    return done.json()


# Words of the bind line, lines of global and of the frontend; the finding that says that HAProxy refuses them, none: it takes them.
CASES = [
    ("", "", "", None),
    ("ciphers TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", "", "", "ciphers-only-tls13"),
    ("ciphers TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384", "", "", None),
    ("ciphers NONSENSE", "", "", "ciphers-none"),
    ("ciphersuites ECDHE-RSA-AES256-GCM-SHA384", "", "", "ciphersuites-refused"),
    ("ciphersuites NONSENSE:TLS_AES_256_GCM_SHA384", "", "", None),
    ("", "ssl-default-bind-ciphers TLS_AES_256_GCM_SHA384", "", "ciphers-only-tls13"),
    ("ciphers HIGH", "ssl-default-bind-ciphers TLS_AES_256_GCM_SHA384", "", None),
    ("", "ssl-default-bind-ciphersuites NONSENSE", "", "ciphersuites-refused"),
    ("curves X25519:nonsense", "", "", "groups-refused"),
    ("", "ssl-default-bind-curves X25519:nonsense", "", "groups-refused"),
    ("curves X25519:P-256", "", "", None),
    ("ssl-min-ver TLSv1.4", "", "", "invalid-value"),
    ("ssl-min-ver TLSv1.0", "", "", None),
    ("ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.2", "", "", "protocols-none"),
    ("no-tlsv12 no-tlsv13", "", "", "protocols-none"),
    ("no-tlsv13 ssl-min-ver TLSv1.3", "", "", None),
    ("", "ssl-default-bind-options ssl-min-vers TLSv1.2", "", "invalid-value"),
    ("", "ssl-default-bind-options no-tlsv10 ssl-min-ver TLSv1.2 no-tls-tickets", "", None),
    ("verify required", "", "", "verify-client-without-ca"),
    ("verify none", "", "", None),
    ("", "tune.ssl.default-dh-param 512", "", "invalid-value"),
    ("", "tune.ssl.default-dh-param 2048", "", None),
    ("alpn h2,http/1.1 allow-0rtt prefer-client-ciphers strict-sni", "", "", None),
    ("", "", "http-response set-header Strict-Transport-Security max-age=63072000; includeSubDomains", "header-unquoted"),
    ("", "", 'http-response set-header Strict-Transport-Security "max-age=63072000; includeSubDomains"', None),
    ("", "", "http-after-response set-header Strict-Transport-Security max-age=63072000;\\ preload", None),
    ("", "", 'http-response set-header Strict-Transport-Security "max-age=1', "grammar"),
    ("", "", "bind 127.0.0.1:1 crt FOLDER/good.pem", None),
]


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.path = cls.folder / "haproxy.cfg"

    def taken(self):
        done = subprocess.run([find_program("haproxy"), "-c", "-f", self.path], capture_output=True, check=False)
        return done.returncode == 0

    def write(self, bind, options, rules):
        server = Haproxy(bind, options, rules.replace("FOLDER", str(self.folder)))
        server.folder, server.port = self.folder, 1
        self.path.write_text(server.configuration(), encoding="utf-8")

    def test_cases(self):
        for bind, options, rules, expected in CASES:
            with self.subTest((bind, options, rules)):
                self.write(bind, options, rules)
                if expected == "grammar":
                    self.assertEqual(tlsgauge("config", "check", self.path, "--server", "haproxy").code, 2)
                    self.assertFalse(self.taken())
                    continue
                said = [each["id"] for each in check(self.path) if each["title"].startswith(FATAL)]
                self.assertEqual((self.taken(), said), (expected is None, [expected] if expected else []))

    def test_sections(self):
        made = self.folder / "good.pem"
        self.write("", "", "")
        for text, expected in [
            ("frontend f\n bind :1 ssl\n", ["no-certificate"]),
            ("defaults\n mode http\n http-response set-header A b\n", ["rule-in-anonymous-defaults"]),
            (f"frontend f\n mode http\n bind :1 ssl crt {made}\nglobal\n ssl-default-bind-ciphers NONSENSE\n", []),
        ]:
            with self.subTest(text):
                self.path.write_text(text, encoding="utf-8")
                said = [each["id"] for each in check(self.path) if each["title"].startswith(FATAL)]
                self.assertEqual((self.taken(), said), (not expected, expected))
        self.assertIn("default-too-late", [each["id"] for each in check(self.path)])

    def test_corrected_files_are_taken(self):
        """What --fix writes HAProxy starts with."""
        for bind, options, rules, expected in CASES:
            if expected in (None, "grammar") or bind or "vers" in options:
                continue
            with self.subTest((options, rules)):
                self.write(bind, options, rules)
                done = tlsgauge("config", "check", self.path, "--fix", *versions(), "--fail-on", "never")
                self.assertEqual(done.code, 0, done.report())
                self.assertTrue(self.taken(), self.path.read_text(encoding="utf-8"))


OPTIONS = """ssl-default-bind-options ssl-min-ver TLSv1.2
ssl-default-bind-ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305
ssl-default-bind-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
ssl-default-bind-curves X25519:P-256
"""
BASE = ("alpn h2,http/1.1", OPTIONS, Haproxy.HSTS)


def changed(old, new):
    assert old in OPTIONS, old
    return ("alpn h2,http/1.1", OPTIONS.replace(old, new), Haproxy.HSTS)


# What the file says instead, and the points in which the server then differs from it.
CHANGES = {
    "protocols": (changed("ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.3"), ["protocols"]),
    "no TLS 1.3": (changed("ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2"), ["protocols"]),
    "a suite more": (changed(":ECDHE-RSA-CHACHA20-POLY1305", ":ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"), ["suites-tls12"]),
    "ciphers of the line": (("alpn h2,http/1.1 ciphers ECDHE-RSA-AES256-GCM-SHA384", OPTIONS, Haproxy.HSTS), ["suites-tls12"]),
    "TLS 1.3 suites": (changed("ssl-default-bind-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", ""), ["suites-tls13"]),
    "order": (("alpn h2,http/1.1 prefer-client-ciphers", OPTIONS, Haproxy.HSTS), ["chooser-tls12", "chooser-tls13"]),
    "groups": (changed("X25519:P-256", "X25519:P-256:P-384"), ["curves", "groups"]),
    "max-age": (("alpn h2,http/1.1", OPTIONS, Haproxy.HSTS.replace("63072000", "31536000")), ["hsts-max-age"]),
    "tickets": (changed("ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.2 no-tls-tickets"), ["session-tickets"]),
    "early data": (("alpn h2,http/1.1 allow-0rtt", OPTIONS, Haproxy.HSTS), ["early-data"]),
    "HTTP/2": (("alpn http/1.1", OPTIONS, Haproxy.HSTS), ["alpn-http2"]),
}


class Drift(ServerCase):
    """--expect-config: HAProxy started from one file and judged by another."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Haproxy(*BASE))
        cls.scanned = cls.scan(cls.server, "-o", "json")

    def test_its_own_file(self):
        done = self.scan(self.server, "--expect-config", self.server.folder / "haproxy.cfg", *versions(), "-o", "json")
        self.assertEqual((done.code, done.err), (0, ""), done.report())
        found = verdicts(done.endpoint())
        self.assertEqual({name for name, verdict in found.items() if verdict not in ("pass", "not_applicable")}, set())
        for name in ("protocols", "suites-tls12", "suites-tls13", "chooser-tls12", "groups", "hsts", "hsts-max-age", "session-tickets", "early-data", "alpn-http2"):
            self.assertEqual(found.get(name), "pass", name)

    def test_changes(self):
        for name, (words, expected) in CHANGES.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "haproxy.cfg"
                other = Haproxy(*words)
                other.folder, other.port = self.server.folder, self.server.port
                path.write_text(other.configuration(), encoding="utf-8")
                done = tlsgauge("evaluate", "-", "--expect-config", path, *versions(), "-o", "json", text=self.scanned.out)
                self.assertEqual((done.code, unmet(done.endpoint())), (1, expected), done.err)

    def test_defaults(self):
        for words in (("", "", ""), ("ssl-min-ver TLSv1.0 ciphers HIGH:@SECLEVEL=0", "", ""), ("force-tlsv12", "tune.ssl.default-dh-param 2048", ""),
                      ("no-tlsv12", "", 'http-response set-header Strict-Transport-Security "max-age=1"')):
            with self.subTest(words), Haproxy(*words) as server:
                done = self.scan(server, "--expect-config", server.folder / "haproxy.cfg", *versions(), "-o", "json")
                found = verdicts(done.endpoint())
                self.assertEqual({name: verdict for name, verdict in found.items() if verdict not in ("pass", "not_applicable")}, {}, done.report())


if __name__ == "__main__":
    unittest.main()

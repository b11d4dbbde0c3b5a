"""Files of HAProxy: where config check says that HAProxy will not start it does not, and it does otherwise."""
import pathlib
import subprocess
import tempfile
import unittest

from program import tlsgauge
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
    ("curves X25519MLKEM768:X25519", "", "", "groups-refused"),
    ("", "ssl-default-bind-curves X25519MLKEM768:X25519", "", "groups-refused"),
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
    ("", "", "bind 127.0.0.1:1 crt x.pem", None),
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
        server = Haproxy(bind, options, rules)
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


if __name__ == "__main__":
    unittest.main()

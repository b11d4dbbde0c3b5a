"""Files of Apache httpd: where config check says that httpd will not start it does not, and what it does otherwise is as said."""
import pathlib
import subprocess
import tempfile
import time
import unittest

from cases import ServerCase
from certificates import NAME, certificates
from program import tlsgauge, unmet, verdicts
from servers import Apache, die_with_parent, find_program, free_port

FATAL = "Apache httpd will not start"


def versions():
    done = subprocess.run([find_program("apache2"), "-v"], capture_output=True, text=True, check=True)
    openssl = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True)
    return ["--server-version", done.stdout.split("Apache/")[1].split()[0], "--openssl-version", openssl.stdout.split()[1]]


def check(path, *arguments):
    done = tlsgauge("config", "check", path, "--server", "apache", "-o", "json", *versions(), *arguments)
    assert done.code in (0, 1), done.report()
    return done.json()


# Lines of a virtual host, and the finding that says that httpd refuses them; none: it takes them.
LINES = [
    ("SSLCipherSuite TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", "ciphers-only-tls13"),
    ("SSLCipherSuite TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384", None),
    ("SSLCipherSuite NONSENSE", "ciphers-none"),
    ("SSLCipherSuite TLSv1.2 HIGH", "invalid-value"),
    ("SSLCipherSuite SSL HIGH", None),
    ("SSLCipherSuite TLSv1.3 NONSENSE", "ciphersuites-refused"),
    ("SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384", None),
    ("SSLProtocol SSLv2", "invalid-value"),
    ("SSLProtocol +SSLv3", "invalid-value"),
    ("SSLProtocol all -SSLv2 -SSLv3", None),
    ("SSLProtocol TLSv1.4", "invalid-value"),
    ("SSLProtocol TLSv1.0", "invalid-value"),
    ("SSLProtocol -SSLv3", "protocols-none"),
    ("SSLProtocol -all", "protocols-none"),
    ("SSLProtocol TLSv1.2 -TLSv1.2", "protocols-none"),
    ("SSLProtocol TLSv1.2 TLSv1.3", None),
    ("SSLUseStapling on", "stapling-without-cache"),
    ("SSLOpenSSLConfCmd Groups X25519:nonsense", "groups-refused"),
    ("SSLOpenSSLConfCmd Curves X25519:prime256v1", None),
    ("SSLOpenSSLConfCmd Curve X25519", "conf-command-unknown"),
    ("SSLOpenSSLConfCmd Options -SessionTicket", None),
    ("SSLOpenSSLConfCmd CipherString TLS_AES_256_GCM_SHA384", "ciphers-only-tls13"),
    ("SSLSessionTickets off\nSSLHonorCipherOrder on\nSSLVerifyClient optional_no_ca\nProtocols h2 http/1.1", None),
]


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.path = cls.folder / "httpd.conf"

    def both(self, directives="", **options):
        """(whether httpd starts, the findings that say it will not)"""
        server = Apache(directives, **options)
        server.folder, server.port = self.folder, free_port()
        command = [str(part) for part in server.command()]
        said = [each["id"] for each in check(self.path) if each["title"].startswith(FATAL)]
        return self.starts(command, server), said

    def starts(self, command, server):
        """httpd -t does not look at lists; only a start tells."""
        with open(self.folder / "log", "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, preexec_fn=die_with_parent)
        server.process = process
        end = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < end and not server._accepts():
            time.sleep(0.02)
        up = process.poll() is None
        server.stop()
        return up

    def test_lines(self):
        for lines, expected in LINES:
            with self.subTest(lines):
                self.assertEqual(self.both(lines), (expected is None, [expected] if expected else []))

    def test_others(self):
        self.assertEqual(self.both("SSLUseStapling on", outside=f"SSLStaplingCache shmcb:{self.folder}/stapling(128000)"), (True, []))
        self.assertEqual(self.both(Apache.HSTS, loaded=[name for name in Apache.LOADED if name != "headers"]), (False, ["module-missing"]))
        hidden = f"<IfModule mod_headers.c>\n{Apache.HSTS}\n</IfModule>"
        self.assertEqual(self.both(hidden, loaded=[name for name in Apache.LOADED if name != "headers"]), (True, []))
        self.assertIn("hsts-lost", [each["id"] for each in check(self.path)])
        self.assertEqual(self.both(names=()), (False, ["no-certificate"]))

    def test_corrected_files_are_taken(self):
        """What --fix writes httpd starts with."""
        for lines, expected in LINES:
            if expected in (None, "stapling-without-cache", "conf-command-unknown") or lines == "SSLCipherSuite TLSv1.2 HIGH":
                continue
            with self.subTest(lines):
                server = Apache(lines)
                server.folder, server.port = self.folder, free_port()
                command = [str(part) for part in server.command()]
                done = tlsgauge("config", "check", self.path, "--fix", *versions(), "--fail-on", "never")
                self.assertEqual(done.code, 0, done.report())
                self.assertTrue(self.starts(command, server), self.path.read_text(encoding="utf-8"))


class Behaviour(ServerCase):
    """What the reader takes for granted of httpd."""

    def facts(self, directives, *only, outside=""):
        with Apache(directives, outside=outside) as server:
            done = self.scan(server, "--only", ",".join(only), "-o", "json")
        self.assertIn(done.code, (0, 1, 3), done.report())
        return done.endpoint()["facts"]

    def test_a_protocol_without_sign_replaces_others(self):
        facts = self.facts("SSLProtocol TLSv1.2 TLSv1.3", "protocols")
        self.assertEqual([each["name"] for each in facts["protocols"] if each["support"] == "yes"], ["TLSv1.3"])

    def test_no_gaps(self):
        facts = self.facts("SSLProtocol all -TLSv1.2", "protocols")
        self.assertEqual([each["name"] for each in facts["protocols"] if each["support"] == "yes"], ["TLSv1.3"])

    def test_two_tables(self):
        facts = self.facts('Header set Strict-Transport-Security "max-age=2"', "http",
                           outside='Header always set Strict-Transport-Security "max-age=1"')
        self.assertEqual(facts["http"]["hsts"]["raw"], "max-age=1")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "httpd.conf"
            server = Apache('Header set Strict-Transport-Security "max-age=2"', outside='Header always set Strict-Transport-Security "max-age=1"')
            server.folder, server.port = pathlib.Path(folder), 1
            path.write_text(server.configuration(), encoding="utf-8")
            self.assertIn("hsts-duplicate", [each["id"] for each in check(path)])


BASE = """SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305
SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
SSLOpenSSLConfCmd Curves X25519:prime256v1
SSLHonorCipherOrder on
Protocols h2 http/1.1
Header always set Strict-Transport-Security "max-age=63072000"
"""


def changed(old, new):
    assert old in BASE, old
    return BASE.replace(old, new)


# What the file says instead, and the points in which the server then differs from it.
CHANGES = {
    "protocols": (changed("-all +TLSv1.2 +TLSv1.3", "TLSv1.2 TLSv1.3"), ["protocols"]),
    "no TLS 1.3": (changed(" +TLSv1.3", ""), ["protocols"]),
    "a suite more": (changed(":ECDHE-RSA-CHACHA20-POLY1305", ":ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"), ["suites-tls12"]),
    "a suite less": (changed("ECDHE-RSA-AES256-GCM-SHA384:", ""), ["suites-tls12"]),
    "TLS 1.3 suites": (changed("SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", ""), ["suites-tls13"]),
    "order": (changed("SSLHonorCipherOrder on", ""), ["chooser-tls12", "chooser-tls13"]),
    "groups": (changed("X25519:prime256v1", "X25519:prime256v1:secp384r1"), ["curves", "groups"]),
    "max-age": (changed("max-age=63072000", "max-age=31536000"), ["hsts-max-age"]),
    "no HSTS": (changed("Header always set Strict-Transport-Security", "Header always set X-Other"), ["hsts"]),
    "tickets": (BASE + "SSLSessionTickets off\n", ["session-tickets"]),
    "client certificate": (BASE + "SSLVerifyClient optional_no_ca\n", ["client-certificate"]),
    "HTTP/2": (changed("Protocols h2 http/1.1", ""), ["alpn-http2"]),
}


class Drift(ServerCase):
    """--expect-config: httpd started from one file and judged by another."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Apache(BASE))
        cls.scanned = cls.scan(cls.server, "-o", "json")

    def expecting(self, directives):
        other = Apache(directives)
        other.folder, other.port = self.server.folder, self.server.port
        return other.configuration()

    def test_its_own_file(self):
        done = self.scan(self.server, "--expect-config", self.server.folder / "httpd.conf", *versions(), "-o", "json")
        self.assertEqual((done.code, done.err), (0, ""), done.report())
        found = verdicts(done.endpoint())
        self.assertEqual({name for name, verdict in found.items() if verdict not in ("pass", "not_applicable")}, set())
        for name in ("protocols", "suites-tls12", "suites-tls13", "chooser-tls12", "groups", "hsts", "hsts-max-age", "session-tickets", "alpn-http2"):
            self.assertEqual(found.get(name), "pass", name)

    def test_changes(self):
        for name, (directives, expected) in CHANGES.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "httpd.conf"
                path.write_text(self.expecting(directives), encoding="utf-8")
                done = tlsgauge("evaluate", "-", "--expect-config", path, *versions(), "-o", "json", text=self.scanned.out)
                self.assertEqual((done.code, unmet(done.endpoint())), (1, expected), done.err)

    def test_as_a_profile(self):
        made = tlsgauge("profile", "from-config", self.server.folder / "httpd.conf", "--host", NAME, *versions())
        self.assertEqual(made.code, 0, made.report())
        self.assertIn("protocols.accepted", made.out)

    def test_defaults(self):
        for directives in ("", "SSLProtocol all\nSSLCipherSuite HIGH:@SECLEVEL=0", 'Header set Strict-Transport-Security "max-age=1"',
                           "SSLOpenSSLConfCmd MinProtocol TLSv1.2\nSSLOpenSSLConfCmd Options -SessionTicket,ServerPreference"):
            with self.subTest(directives), Apache(directives) as server:
                done = self.scan(server, "--expect-config", server.folder / "httpd.conf", *versions(), "-o", "json")
                found = verdicts(done.endpoint())
                self.assertEqual({name: verdict for name, verdict in found.items() if verdict not in ("pass", "not_applicable")}, {}, done.report())


if __name__ == "__main__":
    unittest.main()

"""config check on nginx's files: what it says of them is what nginx does with them."""
import json
import pathlib
import subprocess
import tempfile
import unittest

from cases import ServerCase
from certificates import certificates
from program import ROOT, suites, tlsgauge
from servers import Nginx, find_program

THREE_LINES = """ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers   TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;
add_header    Strict-Transport-Security "max-age=63072000" always;
"""


def installed(*command):
    """The version that a program says it is."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (done.stdout + done.stderr).replace("/", " ").split()[3 if "nginx" in command[0] else 1]


def versions():
    return ["--server-version", installed(find_program("nginx"), "-v"), "--openssl-version", installed("openssl", "version")]


def check(path, *arguments):
    done = tlsgauge("config", "check", path, "-o", "json", *versions(), *arguments)
    assert done.code in (0, 1), done.report()
    return done.json()


class Corrected(Nginx):
    """nginx with what `config check` makes of its file."""

    def configuration(self):
        broken = self.folder / "broken.conf"
        broken.write_text(super().configuration(), encoding="utf-8")
        self.checked = tlsgauge("config", "check", broken, "-o", f"fixed={self.folder}/fixed.conf", "-o", "json", *versions())
        return (self.folder / "fixed.conf").read_text(encoding="utf-8")


class Recommended(ServerCase):
    """The recommended configuration as a file, which nginx refuses, and what comes of it."""

    def test_named_and_corrected(self):
        with Corrected(THREE_LINES) as server:
            self.assertEqual(server.checked.code, 1, server.checked.report())
            findings = {each["id"]: each for each in server.checked.json()}
            broken = (server.folder / "broken.conf").read_text(encoding="utf-8").splitlines()
            finding = findings["ciphers-only-tls13"]
            self.assertEqual(finding["title"], "nginx will not start: ssl_ciphers names only TLS 1.3 suites")
            self.assertTrue(broken[finding["line"] - 1].startswith("ssl_ciphers "))
            self.assertRegex(server.checked.err, rf"broken\.conf:{finding['line']}: nginx will not start")
            self.assertIn("no cipher match", finding["why"])
            done = self.scan(server, "-p", "nginx-recommended", "-o", "json")
        self.assertEqual(done.code, 0, done.report())
        self.assertEqual(done.endpoint()["assessments"][0]["score"], 100)
        self.assertEqual({version: set(each) for version, each in suites(done.endpoint()).items()},
                         {"TLSv1.3": {0x1302, 0x1303}, "TLSv1.2": {0xC030, 0xCCA8}})

    def test_nginx_does_refuse_it(self):
        with self.assertRaisesRegex(RuntimeError, "no cipher match"):
            with Nginx(THREE_LINES):
                pass

    def test_nothing_else_is_changed(self):
        """The lines by themselves, as one would include them."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "tls.conf"
            path.write_text(THREE_LINES, encoding="utf-8")
            done = tlsgauge("config", "check", path)
            self.assertEqual(done.code, 1, done.report())
            self.assertIn(f"{path}:2: high: nginx will not start: ssl_ciphers names only TLS 1.3 suites\n", done.out)
            self.assertIn("        ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;\n", done.out)
            done = tlsgauge("config", "check", path, "--fix")
            self.assertEqual((done.code, done.err), (0, ""), done.report())
            before, after = THREE_LINES.splitlines(), path.read_text(encoding="utf-8").splitlines()
            self.assertEqual([after[0], after[-1]], [before[0], before[-1]])
            self.assertEqual(after[1:3], [
                "ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
                "ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;"])


# Lines of a server block, and the finding that says that nginx refuses them; none: it takes them.
LINES = [
    ("ssl_ciphers TLS_AES_256_GCM_SHA384;", "ciphers-only-tls13"),
    ("ssl_ciphers NONSENSE;", "ciphers-none"),
    ("ssl_ciphers RC4-SHA;", "ciphers-none"),
    ("ssl_ciphers high;", "ciphers-none"),
    ("ssl_ciphers TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384;", None),
    ("ssl_ciphers HIGH; ssl_ciphers HIGH;", "duplicate-directive"),
    ("ssl_session_tickets on; ssl_session_tickets off;", "duplicate-directive"),
    ("ssl_early_data on; ssl_early_data on;", "duplicate-directive"),
    ("ssl_ecdh_curve X25519; ssl_ecdh_curve X25519;", "duplicate-directive"),
    ("ssl_prefer_server_ciphers on; ssl_prefer_server_ciphers on;", "duplicate-directive"),
    ("ssl_stapling off; ssl_stapling off;", "duplicate-directive"),
    ("ssl_protocols TLSv1.2; ssl_protocols TLSv1.3;", None),
    ("ssl_session_cache none; ssl_session_cache shared:x:1m;", None),
    ("ssl_protocols TLSv1.4;", "invalid-value"),
    ("ssl_prefer_server_ciphers maybe;", "invalid-value"),
    ("ssl_protocols SSLv2 SSLv3 TLSv1;", None),
    ("ssl_ecdh_curve nonsense;", "groups-refused"),
    ("ssl_ecdh_curve X25519MLKEM768:X25519;", "groups-refused"),
    ("ssl_ecdh_curve auto;", None),
    ("ssl_ecdh_curve secp384r1:X25519:P-521;", None),
    ("ssl_conf_command Groups nonsense;", "groups-refused"),
    ("ssl_conf_command Ciphersuites nonsense;", "ciphersuites-refused"),
    ("ssl_conf_command Ciphersuites nonsense:TLS_AES_256_GCM_SHA384;", None),
    ("ssl_conf_command Options PrioritizeChaCha;", None),
    ("ssl_verify_client on;", "verify-client-without-ca"),
    ("ssl_verify_client optional_no_ca;", None),
    ("ssl on;", None),
    ('add_header a b always; add_header a b;', None),
]


class Refusals(unittest.TestCase):
    """Where config check says that nginx will not start it does not, and it does otherwise."""

    @classmethod
    def setUpClass(cls):
        made = certificates()
        cls.shown = f"ssl_certificate {made.certificate('good')}; ssl_certificate_key {made.key('good')};"
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = pathlib.Path(folder.name) / "nginx.conf"

    def both(self, http):
        """(whether nginx takes it, the findings that say it will not)"""
        self.path.write_text(f"pid {self.path.parent}/pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n{http}\n}}\n", encoding="utf-8")
        done = subprocess.run([find_program("nginx"), "-t", "-e", "stderr", "-p", self.path.parent, "-c", self.path], capture_output=True, text=True, check=False)
        return done.returncode == 0, [each["id"] for each in check(self.path) if each["title"].startswith("nginx will not start")]

    def test_lines(self):
        for lines, expected in LINES:
            with self.subTest(lines):
                taken, said = self.both(f"server {{ listen 127.0.0.1:1 ssl; {self.shown} {lines} }}")
                self.assertEqual((taken, said), (expected is None, [expected] if expected else []))

    def test_blocks(self):
        for http, expected in [
            ("server { listen 127.0.0.1:1 ssl; }", "no-certificate"),
            (f"server {{ listen 127.0.0.1:1 ssl; {self.shown.split(';')[0]}; }}", "no-certificate"),
            ("server { listen 127.0.0.1:1 ssl; ssl_reject_handshake on; }", None),
            (f"{self.shown} server {{ listen 127.0.0.1:1 ssl; }}", None),
            (f"server {{ listen 127.0.0.1:1 ssl; {self.shown} }} server {{ listen 127.0.0.1:1; server_name x; }}", None),
            ("server { listen 127.0.0.1:1 ssl; ssl_reject_handshake on; } server { listen 127.0.0.1:1 ssl; server_name x; }", "no-certificate"),
            (f"ssl_ciphers TLS_AES_256_GCM_SHA384; server {{ listen 127.0.0.1:1 ssl; {self.shown} }}", "ciphers-only-tls13"),
            ("ssl_ciphers TLS_AES_256_GCM_SHA384; server { listen 127.0.0.1:1; }", None),
            (f"server {{ listen 127.0.0.1:1; {self.shown} ssl_ciphers TLS_AES_256_GCM_SHA384; }}", "ciphers-only-tls13"),
            ("server { listen 127.0.0.1:1 ssl; ssl_reject_handshake on; ssl_ciphers TLS_AES_256_GCM_SHA384; }", "ciphers-only-tls13"),
        ]:
            with self.subTest(http):
                taken, said = self.both(http)
                self.assertEqual((taken, said), (expected is None, [expected] if expected else []))

    def test_corrected_files_are_taken(self):
        """All fixes that --fix writes leave a file that nginx starts with and that has no more such findings."""
        for lines, expected in LINES:
            if expected in (None, "verify-client-without-ca") or "maybe" in lines:
                continue
            with self.subTest(lines):
                self.both(f"server {{ listen 127.0.0.1:1 ssl; {self.shown} {lines} }}")
                done = tlsgauge("config", "check", self.path, "--fix", *versions(), "--fail-on", "never")
                self.assertEqual(done.code, 0, done.report())
                command = [find_program("nginx"), "-t", "-e", "stderr", "-p", self.path.parent, "-c", self.path]
                self.assertEqual(subprocess.run(command, capture_output=True, check=False).returncode, 0, self.path.read_text(encoding="utf-8"))

    def test_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        self.both(f"server {{ listen 127.0.0.1:1 ssl; {self.shown} ssl_ciphers HIGH; ssl_ciphers HIGH; }}")
        schema = json.loads((ROOT / "reports/schema/config-findings-1.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(check(self.path))


class Usage(unittest.TestCase):
    def wrong(self, *arguments):
        done = tlsgauge("config", "check", *arguments)
        self.assertEqual((done.code, done.out), (2, ""), done.report())
        return done.err

    def test_errors(self):
        self.assertRegex(self.wrong("/no/such/file"), r"\Atlsgauge: error: /no/such/file: cannot be read: [^\n]+\n\Z")
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write("http {\n server {\n listen 443 ssl;\n}\n")
            file.flush()
            self.assertRegex(self.wrong(file.name), r":1: http: the block is not closed; a \"}\" is missing\n\Z")
            self.assertRegex(self.wrong(file.name, "--server", "nginxs"), "did you mean nginx")
            self.assertRegex(self.wrong(file.name, "--server-version", "new"), "--server-version")
            self.assertRegex(self.wrong(file.name, "-o", "yaml"), "none of text, json, fixed")
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("hello\n")
            file.flush()
            self.assertRegex(self.wrong(file.name), "--server nginx, apache or haproxy")

"""--expect-config: nginx started from one file and judged by another; exactly what differs is reported. profile from-config: the same as a file."""
import pathlib
import subprocess
import tempfile

from cases import ServerCase
from certificates import NAME, certificates
from config_test import versions
from program import tlsgauge, unmet, verdicts
from servers import Nginx

BASE = """ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;
ssl_ecdh_curve X25519:prime256v1;
ssl_prefer_server_ciphers on;
ssl_session_tickets on;
add_header Strict-Transport-Security "max-age=63072000" always;
"""


FFDHE2048 = subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"], capture_output=True, text=True,
                           check=True).stdout


def changed(old, new):
    assert old in BASE, old
    return BASE.replace(old, new)


# What the file says instead, and the points in which the server then differs from it.
CHANGES = {
    "protocols": (changed("TLSv1.2 TLSv1.3", "TLSv1.3"), ["protocols"]),
    "no TLS 1.3": (changed("TLSv1.2 TLSv1.3", "TLSv1.2"), ["protocols"]),
    "a suite more": (changed(":ECDHE-RSA-CHACHA20-POLY1305", ":ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"), ["suites-tls12"]),
    "a suite less": (changed("ECDHE-RSA-AES256-GCM-SHA384:", ""), ["suites-tls12"]),
    "TLS 1.3 suites": (changed("ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;", ""), ["suites-tls13"]),
    "order": (changed("ssl_prefer_server_ciphers on", "ssl_prefer_server_ciphers off"), ["chooser-tls12", "chooser-tls13"]),
    "groups": (changed("X25519:prime256v1", "X25519:prime256v1:secp384r1"), ["curves", "groups"]),
    "groups left alone": (changed("ssl_ecdh_curve X25519:prime256v1;", ""), ["curves", "groups"]),
    "max-age": (changed("max-age=63072000", "max-age=31536000"), ["hsts-max-age"]),
    "subdomains": (changed("max-age=63072000", "max-age=63072000; includeSubDomains"), ["hsts-include-subdomains"]),
    "no HSTS": (changed("add_header Strict-Transport-Security", "add_header X-Other"), ["hsts"]),
    "tickets": (changed("ssl_session_tickets on", "ssl_session_tickets off"), ["session-tickets"]),
    "early data": (BASE + "ssl_early_data on;\n", ["early-data"]),
    "client certificate": (BASE + "ssl_verify_client optional_no_ca;\n", ["client-certificate"]),
    "two at once": (changed("max-age=63072000", "max-age=1").replace("TLSv1.2 TLSv1.3", "TLSv1.3"), ["hsts-max-age", "protocols"]),
}


class Drift(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Nginx(BASE))
        cls.scanned = cls.scan(cls.server, "-o", "json")

    def judged(self, text, server=None, scanned=None):
        """The stored result of the server, judged by a file with this text."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "nginx.conf"
            path.write_text(text, encoding="utf-8")
            return tlsgauge("evaluate", "-", "--expect-config", path, *versions(), "-o", "json", text=(scanned or self.scanned).out)

    def expecting(self, directives):
        other = Nginx(directives, names=self.server.names)
        other.folder, other.port = self.server.folder, self.server.port
        return other.configuration()

    def test_its_own_file(self):
        done = self.scan(self.server, "--expect-config", self.server.folder / "nginx.conf", *versions(), "-o", "json")
        self.assertEqual((done.code, done.err), (0, ""), done.report())
        assessments = done.endpoint()["assessments"]
        self.assertEqual([each["profile"]["source"] for each in assessments], [str(self.server.folder / "nginx.conf")])
        found = verdicts(done.endpoint())
        self.assertEqual({name for name, verdict in found.items() if verdict not in ("pass", "not_applicable")}, set())
        for name in ("protocols", "suites-tls12", "suites-tls13", "chooser-tls12", "chooser-tls13", "groups", "curves", "hsts", "hsts-max-age", "session-tickets",
                     "early-data", "client-certificate", "alpn-http2"):
            self.assertEqual(found.get(name), "pass", name)
        self.assert_follows_schema(done.json())

    def test_changes(self):
        for name, (directives, expected) in CHANGES.items():
            with self.subTest(name):
                done = self.judged(self.expecting(directives))
                self.assertEqual(unmet(done.endpoint()), expected, done.err)
                self.assertEqual(done.code, 1, done.err)

    def test_said_by_file_and_line(self):
        text = self.expecting(CHANGES["max-age"][0])
        done = self.judged(text)
        line = next(number for number, each in enumerate(text.splitlines(), 1) if "Strict-Transport" in each)
        point = next(each for each in done.endpoint()["assessments"][0]["requirements"] if each["id"] == "hsts-max-age")
        self.assertIn(f"nginx.conf:{line} ", point["title"])
        self.assertRegex(point["why"], rf"/nginx\.conf:{line}: add_header Strict-Transport-Security")
        self.assertEqual((point["expected"], point["observed"]), ("31536000 seconds", "63072000 seconds"))

    def test_the_same_as_a_profile(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "promised.yaml"
            made = tlsgauge("profile", "from-config", self.server.folder / "nginx.conf", "--host", NAME, "-o", path, *versions())
            self.assertEqual((made.code, made.out, made.err), (0, "", ""), made.report())
            self.assertEqual(tlsgauge("profile", "check", path).code, 0)
            done = tlsgauge("evaluate", "-", "-p", path, "-o", "json", text=self.scanned.out)
            self.assertEqual(done.code, 0, done.report())
            self.assertEqual(unmet(done.endpoint()), [])

    def test_both_judge(self):
        with_profile = tlsgauge("evaluate", "-", "-p", "nginx-recommended", "--expect-config", self.server.folder / "nginx.conf", *versions(), "-o", "json",
                                text=self.scanned.out)
        self.assertEqual([each["profile"]["name"] for each in with_profile.endpoint()["assessments"]],
                         ["nginx-recommended", "promised-server-127.0.0.1-" + str(self.server.port)])

    def test_usage(self):
        for arguments, words in ((["--server-version", "1.22.1"], "--expect-config"), (["--expect-config", "/no/such"], "/no/such")):
            done = tlsgauge("evaluate", "-", *arguments, text=self.scanned.out)
            self.assertEqual((done.code, done.out), (2, ""), done.report())
            self.assertIn(words, done.err)


class EcdsaDrift(Drift):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Nginx(BASE, names=("good-ecdsa",)))
        cls.scanned = cls.scan(cls.server, "-o", "json")

    def test_changes(self):
        for name in ("a suite more", "a suite less"):  # of RSA: nothing changes for a key on a curve
            with self.subTest(name):
                self.assertEqual(unmet(self.judged(self.expecting(CHANGES[name][0])).endpoint()), [])
        for name in ("protocols", "order", "groups"):
            with self.subTest(name):
                self.assertEqual(unmet(self.judged(self.expecting(CHANGES[name][0])).endpoint()), CHANGES[name][1])


class Http2(Nginx):
    def configuration(self):
        return super().configuration().replace(" ssl;", " ssl http2;", 1)


class TwoHosts(Nginx):
    """A default server before the one that is asked for; they differ in all that they can."""

    def configuration(self):
        text = super().configuration()
        made = certificates()
        first = f"""server {{ listen 127.0.0.1:{self.port} ssl; server_name default.test;
ssl_certificate {made.certificate("good")}; ssl_certificate_key {made.key("good")};
ssl_protocols TLSv1.2; ssl_ecdh_curve prime256v1; ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384; ssl_session_tickets on; ssl_session_cache shared:a:1m;
location / {{ return 200; }} }}
"""
        second = f"""server_name {NAME};
ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve X25519; ssl_ciphers ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256; ssl_session_tickets off;
ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256; ssl_verify_client optional_no_ca; ssl_session_cache shared:a:1m;
{self.HSTS}
"""
        return text.replace("server {", first + "server {\n" + second, 1)


class Stock(ServerCase):
    """Defaults of the nginx and OpenSSL that are installed."""

    def check(self, names, directives=""):
        with Nginx(directives, names=names) as server:
            done = self.scan(server, "--expect-config", server.folder / "nginx.conf", *versions(), "-o", "json")
        self.assertEqual(done.code, 0, done.report())
        found = verdicts(done.endpoint())
        self.assertEqual({name for name, verdict in found.items() if verdict not in ("pass", "not_applicable")}, set())
        return found

    def test_rsa(self):
        self.assertEqual(self.check(("good",))["suites-tls12"], "pass")

    def test_ecdsa(self):
        self.assertEqual(self.check(("good-ecdsa",))["suites-tls12"], "pass")

    def test_both(self):
        self.check(("good-ecdsa", "good"), "ssl_protocols TLSv1.2 TLSv1.3;\n")

    def test_old_protocols(self):
        found = self.check(("good",), "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\nssl_ciphers HIGH:@SECLEVEL=0;\n")
        self.assertEqual((found["protocols"], found["suites-tls10"], found["suites-tls11"]), ("pass", "pass", "pass"))

    def test_old_protocols_that_openssl_refuses(self):
        self.check(("good",), "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\n")

    def test_intermediate(self):
        self.check(("good",), Nginx.INTERMEDIATE + Nginx.HSTS)

    def test_more(self):
        self.check(("good",), "ssl_early_data on;\nssl_protocols TLSv1.3;\nssl_conf_command Groups P-384:X25519;\nssl_conf_command Options ServerPreference;\n"
                              "ssl_conf_command Ciphersuites TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256;\n"
                              "add_header Strict-Transport-Security \"max-age=1; includeSubDomains; preload\";\n")

    def test_dhe(self):
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(FFDHE2048)
            file.flush()
            self.assertEqual(self.check(("good",), f"ssl_dhparam {file.name};\nssl_ciphers DHE+AESGCM:ECDHE+AESGCM;\n")["suites-tls12"], "pass")

    def test_http2(self):
        with Http2("ssl_protocols TLSv1.2 TLSv1.3;\n") as server:
            done = self.scan(server, "--expect-config", server.folder / "nginx.conf", *versions(), "-o", "json")
        self.assertEqual((done.code, verdicts(done.endpoint())["alpn-http2"]), (0, "pass"), done.report())

    def test_headers_of_a_location(self):
        found = self.check(("good",), Nginx.HSTS + "location = / { add_header X-Other 1; return 200; }\n")
        self.assertEqual(found["hsts"], "pass")
        with Nginx(Nginx.HSTS + "location = / { add_header X-Other 1; return 200; }\n") as server:
            done = self.scan(server, "--only", "http", "-o", "json")
        self.assertFalse(done.endpoint()["facts"]["http"]["hsts"]["present"], "the server is not what the test takes it for")

    def test_headers_on_errors(self):
        without = 'add_header Strict-Transport-Security "max-age=63072000";\n'
        self.assertEqual(self.check(("good",), without + "location = / { return 404; }\n")["hsts"], "not_applicable")
        self.assertEqual(self.check(("good",), Nginx.HSTS + "location = / { return 404; }\n")["hsts"], "pass")

    def test_another_host_of_the_address(self):
        """What the default server decides for all, and what it does not."""
        with TwoHosts("") as server:
            for name, left_out in ((NAME, ["suites-tls13", "early-data"]), ("default.test", ["suites-tls13", "early-data"])):
                done = tlsgauge("scan", "--sni", name, "--expect-config", server.folder / "nginx.conf", *versions(), "-o", "json", server.target)
                self.assertEqual(done.code, 0, done.report())
                found = verdicts(done.endpoint())
                self.assertEqual({point for point, verdict in found.items() if verdict not in ("pass", "not_applicable")}, set(), name)
                self.assertEqual([point for point in left_out if point in found and name == NAME], [])
                self.assertEqual(done.endpoint()["assessments"][0]["profile"]["name"], f"promised-{name}")

    def test_a_file_that_nginx_does_not_start_with(self):
        with Nginx(BASE) as server:
            path = server.folder / "other.conf"
            path.write_text("http { server { listen 443 ssl; ssl_certificate a; ssl_certificate_key b;\nssl_ciphers TLS_AES_256_GCM_SHA384; } }\n", encoding="utf-8")
            done = self.scan(server, "--expect-config", path)
            self.assertEqual((done.code, done.out), (2, ""), done.report())
            self.assertRegex(done.err, r"other\.conf:2: nginx will not start: ssl_ciphers names only TLS 1\.3 suites[^\n]*ssl_conf_command Ciphersuites[^\n]*\n\Z")
            self.assertEqual(tlsgauge("profile", "from-config", path).code, 2)

    def test_without_versions(self):
        """Less is promised, and that holds too."""
        with Nginx(BASE) as server:
            done = self.scan(server, "--expect-config", server.folder / "nginx.conf", "-o", "json")
        self.assertEqual(done.code, 0, done.report())
        self.assertEqual(unmet(done.endpoint()), [])

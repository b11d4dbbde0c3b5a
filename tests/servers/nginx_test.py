"""What users meet first: nginx, as recommended and with the usual mistakes."""
import json
import pathlib
import re
import tempfile
import unittest

from cases import CERTIFICATE_REQUIREMENTS, ServerCase
from certificates import HOSTILE_NAME
from program import order, suites, tlsgauge, unmet, verdicts
from servers import Nginx

TLS13 = [0x1302, 0x1303]  # TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256
TLS12 = [0xC030, 0xCCA8]  # TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
PREFER = "ssl_prefer_server_ciphers on;\n"


def without_times(facts):
    """Facts as they should be on every scan: handshakes without what a clock or a fresh key changes."""
    facts = json.loads(json.dumps(facts))
    for each in facts["handshakes"]:
        for name in ("time_ms", "tcp_round_trip_ms", "bytes_sent", "bytes_received"):
            each.pop(name, None)
    return facts


class Recommended(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Nginx(Nginx.RECOMMENDED + PREFER + Nginx.HSTS))

    def test_all_met(self):
        done = self.scan(self.server, "-o", "json")
        self.assertEqual(done.code, 0, done.report())
        self.assertEqual(done.err, "")
        endpoint = done.endpoint()
        self.assertEqual(endpoint["status"], "complete")
        self.assertEqual(suites(endpoint), {"TLSv1.3": TLS13, "TLSv1.2": TLS12})
        self.assertEqual({version: each["chooser"] for version, each in order(endpoint).items()}, {"TLSv1.2": "server", "TLSv1.3": "server"})
        assessment = endpoint["assessments"][0]
        self.assertEqual((assessment["profile"]["name"], assessment["verdict"], assessment["score"]), ("nginx-recommended", "pass", 100))
        self.assertEqual(unmet(endpoint), [])
        self.assert_follows_schema(done.json())

    def test_client_order(self):
        with Nginx(Nginx.RECOMMENDED + Nginx.HSTS) as server:
            done = self.scan(server, "-o", "json")
        self.assertEqual(done.code, 0, done.report())
        endpoint = done.endpoint()
        self.assertEqual({version: sorted(listed) for version, listed in suites(endpoint).items()}, {"TLSv1.3": TLS13, "TLSv1.2": TLS12})
        self.assertEqual({version: each["chooser"] for version, each in order(endpoint).items()}, {"TLSv1.2": "client", "TLSv1.3": "client"})
        self.assertEqual(endpoint["assessments"][0]["score"], 100)

    def test_text(self):
        done = self.scan(self.server)
        self.assertEqual(done.code, 0, done.report())
        lines = [line for line in done.out.splitlines() if line.strip()]
        self.assertRegex(" ".join(lines[:4]), r"(?i)pass")
        for name in ("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"):
            self.assertIn(name, done.out)
        self.assertNotIn("\x1b", done.out)

    def test_certificate_and_handshakes(self):
        facts = self.scan(self.server, "-o", "json").endpoint()["facts"]
        for shown in facts["certificates"]:
            self.assertTrue(shown["verification"]["trusted"], shown)
            self.assertTrue(shown["hostname"]["matches"], shown)
            self.assertIn(shown["days_left"], (88, 89))
        trips = {each["kind"]: each["round_trips"] for each in facts["handshakes"]}
        self.assertEqual((trips["TLSv1.2 full"], trips["TLSv1.3 full"]), (2, 1))
        self.assertEqual(trips["TLSv1.2 resumed"], 1)
        self.assertEqual(trips["TLSv1.3 resumed"], 1)
        hsts = facts["http"]["hsts"]
        self.assertEqual((facts["http"]["status"], hsts["present"], hsts["max_age"], hsts["include_subdomains"], hsts["preload"]),
                         (200, True, 63072000, False, False))

    def test_untrusted_without_the_ca_file(self):
        done = tlsgauge("scan", "--sni", "server.tlsgauge.test", "-o", "json", self.server.target)
        self.assertEqual(done.code, 1, done.report())
        self.assertEqual(unmet(done.endpoint()), ["certificate-untrusted"])

    def test_twice_the_same(self):
        first, second = (self.scan(self.server, "-o", "json").endpoint() for _ in range(2))
        self.assertEqual(without_times(first["facts"]), without_times(second["facts"]))

    def test_later(self):
        """--at judges certificates as of another moment."""
        done = self.scan(self.server, "-o", "json", "--at", "2999-01-01T00:00:00Z")
        self.assertEqual(done.code, 1, done.report())
        self.assertIn("certificate-expired", unmet(done.endpoint()))

    def test_evaluate_says_the_same(self):
        scanned = self.scan(self.server, "-p", "nginx-recommended", "-p", "mozilla-intermediate", "-o", "json")
        judged = tlsgauge("evaluate", "-", "-p", "nginx-recommended", "-p", "mozilla-intermediate", "-o", "json", text=scanned.out)
        self.assertEqual(judged.code, scanned.code, judged.report())
        before, after = scanned.json()["endpoints"], judged.json()["endpoints"]
        self.assertEqual([len(each["assessments"]) for each in after], [2])
        self.assertEqual(after, before)
        self.assert_follows_schema(judged.json())

    def test_evaluate_with_another_profile(self):
        scanned = self.scan(self.server, "-o", "json")
        judged = tlsgauge("evaluate", "-", "-p", "mozilla-modern", "-o", "json", text=scanned.out)
        self.assertEqual(judged.code, 1, judged.report())
        endpoint = judged.endpoint()
        self.assertEqual([each["profile"]["name"] for each in endpoint["assessments"]], ["mozilla-modern"])
        self.assertTrue(any("TLSv1.2" in each["observed"] for each in endpoint["assessments"][0]["requirements"] if each["verdict"] == "fail"))
        self.assertEqual(endpoint["facts"], scanned.endpoint()["facts"])

    def test_outputs(self):
        """All formats at once; what `report` makes of the stored result is the same."""
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: pathlib.Path(folder) / f"out.{name}" for name in ("json", "jsonl", "html", "text")}
            done = self.scan(self.server, *[part for name, path in paths.items() for part in ("-o", f"{name}={path}")])
            self.assertEqual((done.code, done.out), (0, ""), done.report())
            line = json.loads(paths["jsonl"].read_text(encoding="utf-8"))
            document = json.loads(paths["json"].read_text(encoding="utf-8"))
            self.assertEqual(line["schema"], document["schema"])
            self.assertEqual(line["facts"], document["endpoints"][0]["facts"])
            for name in ("html", "text", "jsonl", "json"):
                again = tlsgauge("report", paths["json"], "-o", name)
                self.assertEqual(again.code, 0, again.report())
                self.assertEqual(again.out, paths[name].read_text(encoding="utf-8"), name)
            self.assertEqual(sorted(path.name for path in pathlib.Path(folder).iterdir()), sorted(path.name for path in paths.values()))


class Mistakes(ServerCase):
    def test_no_hsts(self):
        with Nginx(Nginx.RECOMMENDED) as server:
            done = self.scan(server, "-o", "json")
        self.assertEqual(done.code, 1, done.report())
        self.assertRegex(done.err, r"\A[^\n]+\n\Z")
        failed = [each for each in done.endpoint()["assessments"][0]["requirements"] if each["verdict"] == "fail"]
        self.assertEqual(len(failed), 1, [each["id"] for each in failed])
        self.assertIn("hsts", failed[0]["id"])
        fix = {each["server"]: each["text"] for each in failed[0]["fix"]}
        self.assertIn('add_header Strict-Transport-Security "max-age=63072000', fix["nginx"])

    def test_no_hsts_text_says_the_fix(self):
        with Nginx(Nginx.RECOMMENDED) as server:
            done = self.scan(server)
        self.assertEqual(done.code, 1, done.report())
        self.assertIn('add_header Strict-Transport-Security "max-age=63072000', done.out)

    def test_gate(self):
        """--fail-on decides about the exit code, not about the facts."""
        with Nginx(Nginx.RECOMMENDED) as server:
            done = self.scan(server, "--fail-on", "never", "-o", "json")
        self.assertEqual(done.code, 0, done.report())

    def test_hsts_twice(self):
        with Nginx(Nginx.RECOMMENDED + 'add_header Strict-Transport-Security "max-age=0" always;\n' + Nginx.HSTS) as server:
            hsts = self.scan(server, "-o", "json").endpoint()["facts"]["http"]["hsts"]
        self.assertEqual((hsts["count"], hsts["max_age"]), (2, 0), "the first field counts (RFC 6797 section 8.1)")

    def test_stopped(self):
        with Nginx(Nginx.RECOMMENDED) as server:
            pass
        done = self.scan(server, "-o", "json", "--timeout", "2")
        self.assertEqual(done.code, 3, done.report())
        self.assertEqual(done.endpoint()["status"], "unreachable")
        self.assertRegex(done.err, r"\A[^\n]+unreachable[^\n]*\n\Z")

    def test_one_up_one_down(self):
        """What is not met wins over what is missing."""
        with Nginx(Nginx.RECOMMENDED) as stopped:
            pass
        with Nginx(Nginx.RECOMMENDED) as server:
            done = self.scan(server, "-o", "json", stopped.target)
        self.assertEqual(done.code, 1, done.report())
        self.assertEqual([each["status"] for each in done.json()["endpoints"]], ["unreachable", "complete"])

    def test_weak(self):
        with Nginx("ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\nssl_ciphers AES128-SHA:ECDHE-RSA-AES128-SHA:@SECLEVEL=0;\n" + Nginx.HSTS) as server:
            done = self.scan(server, "-o", "json")
        self.assertEqual(done.code, 1, done.report())
        self.assertEqual(set(suites(done.endpoint())), {"TLSv1.2", "TLSv1.1", "TLSv1.0"})
        self.assertEqual(done.endpoint()["assessments"][0]["verdict"], "fail")
        self.assertLessEqual({"protocol-tls10-tls11", "protocol-tls13", "suites-forward-secrecy", "suites-aead"}, set(unmet(done.endpoint())))


class CertificateMistakes(ServerCase):
    """Four mistakes, four names."""

    def check(self, name):
        with Nginx(Nginx.RECOMMENDED + Nginx.HSTS, names=(name,)) as server:
            done = self.scan(server, "-o", "json")
        self.assertEqual(done.code, 1, done.report())
        found = verdicts(done.endpoint())
        for each in CERTIFICATE_REQUIREMENTS:
            self.assertIn(each, found)
        return [each for each in CERTIFICATE_REQUIREMENTS if found[each] == "fail"]

    def test_expired(self):
        self.assertEqual(self.check("expired"), ["certificate-expired"])

    def test_wrong_host(self):
        self.assertEqual(self.check("wrong-host"), ["certificate-hostname"])

    def test_self_signed(self):
        self.assertEqual(self.check("self-signed"), ["certificate-self-signed"])

    def test_untrusted(self):
        self.assertEqual(self.check("untrusted"), ["certificate-untrusted"])

    def test_good(self):
        with Nginx(Nginx.RECOMMENDED + Nginx.HSTS, names=("good-ecdsa", "good")) as server:
            endpoint = self.scan(server, "-o", "json").endpoint()
        self.assertEqual({verdicts(endpoint)[each] for each in CERTIFICATE_REQUIREMENTS} - {"pass", "not_applicable"}, set())

    def test_hostile_names(self):
        """Markup in a subject, in an alternative name and in a header shows as text."""
        header = f'add_header Strict-Transport-Security "{HOSTILE_NAME}" always;\n'
        with Nginx(Nginx.RECOMMENDED + header, names=("hostile",)) as server, tempfile.TemporaryDirectory() as folder:
            page, document = pathlib.Path(folder) / "out.html", pathlib.Path(folder) / "out.json"
            done = self.scan(server, "-o", f"html={page}", "-o", f"json={document}")
            self.assertEqual(done.code, 1, done.report())
            html, facts = page.read_text(encoding="utf-8"), json.loads(document.read_text(encoding="utf-8"))["endpoints"][0]["facts"]
        leaf = facts["certificates"][0]["chain"][0]
        self.assertEqual(leaf["subject"].replace("\\", ""), f"CN={HOSTILE_NAME}")  # RFC 4514 escapes the brackets
        self.assertTrue(any(HOSTILE_NAME in name for name in leaf["subject_alt_names"]), leaf["subject_alt_names"])
        self.assertEqual(facts["http"]["hsts"]["raw"], HOSTILE_NAME)
        self.assertNotIn(HOSTILE_NAME, html)
        self.assertNotRegex(html, re.compile(r"<script[^>]*>\s*alert", re.IGNORECASE))
        self.assertRegex(html, r"&lt;script\\?(&gt;|>)alert")


if __name__ == "__main__":
    unittest.main()

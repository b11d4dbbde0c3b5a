"""`profile from-scan`: what it writes is a profile, the server that was scanned meets it, a worse one does not."""
import json
import pathlib
import re
import tempfile

from cases import ServerCase
from program import tlsgauge, unmet, verdicts
from servers import Nginx, OpensslServer

GOOD = Nginx.RECOMMENDED + "ssl_prefer_server_ciphers on;\n" + Nginx.HSTS
WORSE = {
    "an older protocol": (GOOD.replace("ssl_protocols TLSv1.2", "ssl_protocols TLSv1.1 TLSv1.2").replace("ssl_ciphers ", "ssl_ciphers @SECLEVEL=0:AES128-SHA:"),
                          ["protocols-allowed"]),
    "a weaker suite": (GOOD.replace("ssl_ciphers ", "ssl_ciphers AES128-SHA:"), ["suites-tls12"]),
    "no TLS 1.3": (GOOD.replace("TLSv1.2 TLSv1.3", "TLSv1.2"), ["protocols-kept"]),
    "another group": (GOOD + "ssl_ecdh_curve X25519:P-224;\n", ["curves-allowed"]),
    "shorter HSTS": (GOOD.replace("63072000", "300"), ["hsts-max-age"]),
    "no HSTS": (GOOD.replace(Nginx.HSTS, ""), ["hsts-valid"]),
    "the client chooses": (GOOD.replace("ciphers on;", "ciphers off;"), ["order-tls12"]),
}


class FromScan(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.server = cls.enter(Nginx(GOOD))
        cls.result = cls.folder / "good.json"
        done = cls.scan(cls.server, "-o", f"json={cls.result}")
        assert done.code in (0, 1, 3), done.report()
        cls.profile = cls.folder / "good.yaml"
        cls.made = tlsgauge("profile", "from-scan", cls.result, "-o", cls.profile)

    def test_is_a_profile(self):
        self.assertEqual((self.made.code, self.made.out, self.made.err), (0, "", ""), self.made.report())
        self.assertEqual(tlsgauge("profile", "check", self.profile).code, 0)
        text = self.profile.read_text(encoding="utf-8")
        for wanted in ["id: protocols-allowed", "id: suites-tls12", "id: suites-tls13", "id: order-tls12", "id: groups-allowed", "id: hsts-max-age",
                       "id: certificate-key-size-rsa", "min: 63072000", "{id: SCAN,", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", self.server.target]:
            self.assertIn(wanted, text)
        self.assertEqual(tlsgauge("profile", "from-scan", self.result).out, text, "standard output has the same")
        shown = tlsgauge("profile", "show", self.profile)
        self.assertEqual(shown.code, 0, shown.report())

    def test_what_was_scanned_meets_it(self):
        judged = tlsgauge("evaluate", self.result, "-p", self.profile, "--fail-on", "low", "-o", "json")
        self.assertEqual(judged.code, 0, judged.report())
        self.assertEqual(set(verdicts(judged.endpoint()).values()) - {"pass", "not_applicable"}, set())
        self.assertEqual(judged.endpoint()["assessments"][0]["score"], 100)

    def test_worse_servers_fail(self):
        for name, (directives, expected) in WORSE.items():
            with self.subTest(name), Nginx(directives) as server:
                done = self.scan(server, "-p", self.profile, "--fail-on", "low", "-o", "json")
                found = unmet(done.endpoint())
                if expected:
                    self.assertEqual(done.code, 1, done.report())
                for wanted in expected:
                    self.assertIn(wanted, found)

    def test_a_better_server_meets_it(self):
        directives = GOOD.replace("ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:", "ssl_ciphers ").replace("63072000", "70000000")
        with Nginx(directives) as server:
            done = self.scan(server, "-p", self.profile, "-o", "json")
            self.assertEqual(unmet(done.endpoint()), [], done.report())

    def test_several_endpoints(self):
        with OpensslServer("-cipher", "AES128-SHA:@SECLEVEL=0", "-tls1_2") as other:
            document = json.loads(self.result.read_text(encoding="utf-8"))
            second = self.scan(other, "-o", "json").json()
        document["endpoints"] += second["endpoints"]
        both = self.folder / "both.json"
        both.write_text(json.dumps(document), encoding="utf-8")
        profile = self.folder / "both.yaml"
        self.assertEqual(tlsgauge("profile", "from-scan", both, "-o", profile, "--name", "both").code, 0)
        text = profile.read_text(encoding="utf-8")
        self.assertIn("name: both", text)
        self.assertIn("TLS_RSA_WITH_AES_128_CBC_SHA", text)
        self.assertIn("{superset_of: [TLSv1.2]}", text)
        judged = tlsgauge("evaluate", both, "-p", profile, "--fail-on", "low", "-o", "json")
        self.assertEqual(judged.code, 0, judged.report())
        alone = tlsgauge("profile", "from-scan", both, "--endpoint", other.target)
        self.assertNotIn("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", alone.out)
        self.assertIn("TLS_RSA_WITH_AES_128_CBC_SHA", alone.out)

    def test_what_a_server_says_stays_text(self):
        document = json.loads(self.result.read_text(encoding="utf-8"))
        endpoint = document["endpoints"][0]
        endpoint["target"]["host"] = "x: [\n\u202e\"'#\\ - id: y"
        document["run"]["started_at"] = "2026\n- id:"
        document["tool"]["version"] = "1\nrequirements: []"
        for entry in endpoint["facts"]["certificates"]:
            entry["chain"][0]["key"]["type"] = "\"]}\n  - x"
        hostile = self.folder / "hostile.json"
        hostile.write_text(json.dumps(document), encoding="utf-8")
        profile = self.folder / "hostile.yaml"
        made = tlsgauge("profile", "from-scan", hostile, "-o", profile)
        self.assertEqual(made.code, 0, made.report())
        self.assertEqual(tlsgauge("profile", "check", profile).code, 0, profile.read_text(encoding="utf-8"))
        self.assertIsNone(re.search("[\u202e\x00-\x09]", profile.read_text(encoding="utf-8")))

    def test_wrong(self):
        empty = self.folder / "empty.json"
        document = json.loads(self.result.read_text(encoding="utf-8"))
        document["endpoints"][0]["status"] = "unreachable"
        empty.write_text(json.dumps(document), encoding="utf-8")
        for arguments, named in [([empty], "no endpoint in it was measured"), ([self.result, "--endpoint", "other:1"], "other:1"),
                                 ([self.folder / "missing.json"], "missing.json"), ([self.profile], "good.yaml")]:
            with self.subTest(named):
                done = tlsgauge("profile", "from-scan", *arguments)
                self.assertEqual((done.code, done.out), (2, ""), done.report())
                self.assertIn(named, done.err)
                self.assertEqual(done.err.count("\n"), 1)


if __name__ == "__main__":
    import unittest
    unittest.main()

"""The test case that the tests with servers share."""
import json
import unittest

import raw_truth
from certificates import NAME, certificates
from program import ROOT, order, protocols, suites, tlsgauge

CERTIFICATE_REQUIREMENTS = ["certificate-expired", "certificate-hostname", "certificate-self-signed", "certificate-untrusted"]


class ServerCase(unittest.TestCase):
    """Keeps the logs of its servers when one of its tests fails."""

    maxDiff = None

    @classmethod
    def enter(cls, server):
        """Starts a server for all tests of the class."""
        cls.servers = [*getattr(cls, "servers", []), server]
        return cls.enterClassContext(server)

    def run(self, result=None):
        bad = len(result.failures) + len(result.errors) if result else 0
        outcome = super().run(result)
        if result and len(result.failures) + len(result.errors) > bad:
            for server in getattr(self, "servers", []):
                server.keep = True
        return outcome

    @staticmethod
    def scan(server, *arguments, limit=120):
        return tlsgauge("scan", "--ca-file", certificates().ca, "--sni", NAME, *arguments, server.target, limit=limit)

    def assert_follows_schema(self, document):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((ROOT / "reports/schema/result-1.schema.json").read_text(encoding="utf-8"))
        breaches = [f"{error.json_path}: {error.message[:300]}" for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]
        self.assertEqual(breaches, [])


def words(codes):
    return [f"0x{code:04X}" for code in codes]


class ExactCase:
    """Mixed into a ServerCase: a scan finds what asking for one suite at a time finds, no more and no less. `row` is of server_table.py."""

    row = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enter(cls.row.make())
        questions = ["--only", cls.row.questions] if cls.row.questions else []
        cls.done = cls.scan(cls.server, *questions, "-o", "json", limit=cls.row.limit)
        cls.truth = raw_truth.accepted_suites(cls.server.address, NAME, raw_key=cls.row.raw_key)

    def test_status(self):
        self.assertIn(self.done.code, (0, 1, 3), self.done.report())
        endpoint = self.done.endpoint()
        unexpected = [each for each in endpoint["errors"] if each["where"] not in self.row.beyond]
        self.assertEqual(unexpected, [])
        self.assertEqual(endpoint["status"], "partial" if endpoint["errors"] else "complete")
        self.assert_follows_schema(self.done.json())

    def test_protocols(self):
        yes = {version for version, found in self.truth.items() if found}
        self.assertEqual(yes, set(self.row.speaks), "the server is not what the test takes it for")
        self.assertFalse(raw_truth.speaks_ssl2(self.server.address))
        self.assertEqual(protocols(self.done.endpoint()),
                         {version: "yes" if version in yes else "no" for version in ["SSLv2", *raw_truth.VERSIONS]})

    def test_suites(self):
        found = suites(self.done.endpoint())
        for version, truth in self.truth.items():
            listed = found.get(version, [])
            self.assertEqual(len(listed), len(set(listed)), f"{version}: a suite is listed twice")
            self.assertEqual(words(truth - set(listed)), [], f"{version}: missed")
            self.assertEqual(words(set(listed) - truth), [], f"{version}: invented")
        self.assertNotIn("SSLv2", found)
        self.assertEqual(set(self.row.has) - {each["name"] for each in self.done.endpoint()["facts"]["cipher_suites"]}, set())
        for version, each in order(self.done.endpoint()).items():
            self.assertTrue(each["complete"], f"{version}: {each['reason']}")

    def test_order(self):
        """What is said about who chooses holds when pairs of suites are offered both ways."""
        found, said = suites(self.done.endpoint()), order(self.done.endpoint())
        self.assertEqual(set(said), set(found))
        chacha = {int(each["code"], 16) for each in self.done.endpoint()["facts"]["cipher_suites"] if "CHACHA20" in each["name"]}
        for version, listed in found.items():
            chooser = said[version]["chooser"]
            if len(listed) == 1:
                continue
            self.assertIn(chooser, ("server", "client"), f"{version}: {said[version]}")
            for first, second in zip(listed, listed[1:]):
                there = raw_truth.pick(self.server.address, version, [first, second], NAME, self.row.raw_key)
                back = raw_truth.pick(self.server.address, version, [second, first], NAME, self.row.raw_key)
                moved = said[version]["prioritizes_chacha"] and (first in chacha, second in chacha) == (False, True)
                expected = (first, first) if chooser == "server" and not moved else (first, second)
                self.assertEqual((there, back), expected, f"{version}, {chooser} chooses")

    def test_groups(self):
        endpoint = self.done.endpoint()
        if not self.truth["TLSv1.3"]:
            self.assertEqual(endpoint["facts"].get("groups", []), [])
            return
        truth = raw_truth.accepted_groups(self.server.address, sorted(self.truth["TLSv1.3"]), NAME, raw_key=self.row.raw_key)
        self.assertEqual(sorted(each["code"] for each in endpoint["facts"]["groups"]), sorted(words(truth)))
        self.assertTrue(endpoint["facts"]["group_order"]["complete"], endpoint["facts"]["group_order"])
        if self.row.groups is not None:
            self.assertEqual(sorted(each["name"] for each in endpoint["facts"]["groups"]), sorted(self.row.groups))

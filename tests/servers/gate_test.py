"""The gate on real servers: waivers from first to last day, score, grade, what is inconclusive, several profiles, stored results."""
import json
import pathlib
import tempfile
import unittest

import jsonschema

from cases import ServerCase
from program import ROOT, tlsgauge
from servers import Nginx

NO_HSTS = ["hsts-present"]  # what fails without the header, under PROFILE
PROFILE = """tlsgauge_profile: 1
name: house
version: "1"
title: House
requirements:
  - {id: versions, title: Versions, severity: high, why: w, fact: protocols.accepted, is: {subset_of: [TLSv1.2, TLSv1.3]}}
  - {id: hsts-present, title: HSTS, severity: high, why: w, fact: http.hsts.present, is: {equals: true}}
  - {id: tls13, title: TLS 1.3, severity: high, why: w, fact: protocols.accepted, is: {includes: TLSv1.3}}
  - {id: names, title: Name, severity: high, why: w, each: certificate, fact: certificate.hostname_matches, is: {equals: true}}
"""
WAIVER = """tlsgauge_waivers: 1
waivers:
  - id: W-1
    requirement: hsts-present
    target: 127.0.0.1
    reason: No browser comes here.
    approved_by: board
    ticket: T-1
    expires: 2030-12-31
"""
TODAY = ("--at", "2026-11-26T00:00:00Z")


def requirement(endpoint, name, profile=0):
    return next(each for each in endpoint["assessments"][profile]["requirements"] if each["id"] == name)


class GateCase(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Nginx(Nginx.RECOMMENDED))
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.profile = cls.write("house.yaml", PROFILE)
        cls.waivers = cls.write("waivers.yaml", WAIVER)
        cls.stored = cls.folder / "stored.json"
        done = cls.scan(cls.server, "-p", cls.profile, "-o", f"json={cls.stored}")
        assert done.code == 1, done.report()

    @classmethod
    def write(cls, name, text):
        path = cls.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def evaluate(self, *arguments, profile=None):
        return tlsgauge("evaluate", self.stored, "-p", profile or self.profile, "-o", "json", *arguments)


class Waived(GateCase):
    def test_fails_then_waived_then_expired_then_unused(self):
        failed = self.evaluate()
        self.assertEqual(failed.code, 1, failed.report())
        self.assertEqual([each["id"] for each in failed.endpoint()["assessments"][0]["requirements"] if each["verdict"] == "fail"], NO_HSTS)

        waived = self.evaluate("--waivers", self.waivers, *TODAY)
        self.assertEqual((waived.code, waived.err), (0, ""), waived.report())
        found = requirement(waived.endpoint(), "hsts-present")
        self.assertEqual((found["verdict"], found["waiver"]), ("waived", "W-1, expires 2030-12-31"))
        self.assertEqual(found["waived_by"], {"id": "W-1", "reason": "No browser comes here.", "approved_by": "board", "ticket": "T-1",
                                              "created": None, "expires": "2030-12-31", "expired": False})
        self.assertEqual(found["observed"], requirement(failed.endpoint(), "hsts-present")["observed"])
        assessment = waived.endpoint()["assessments"][0]
        self.assertEqual((assessment["verdict"], assessment["score"], assessment["with_waivers"]["score"]), ("pass", 75, 100))
        self.assert_follows_schema(waived.json())

        late = self.evaluate("--waivers", self.waivers, "--at", "2031-01-01T00:00:00Z")
        self.assertEqual(late.code, 1, late.report())
        found = requirement(late.endpoint(), "hsts-present")
        self.assertEqual((found["verdict"], found["waiver"], found["waived_by"]["expired"]), ("fail", None, True))
        self.assertEqual(late.err.count("\n"), 2)
        self.assertIn("warning: waiver W-1 expired on 2030-12-31", late.err)
        self.assertEqual(len(late.json()["run"]["warnings"]), 1)
        self.assert_follows_schema(late.json())

        with Nginx(Nginx.RECOMMENDED + Nginx.HSTS) as mended:
            unused = self.scan(mended, "-p", self.profile, "--waivers", self.waivers, *TODAY, "-o", "json")
        self.assertEqual(unused.code, 0, unused.report())
        self.assertIn("warning: waiver W-1 is not used: nothing fails that it would cover", unused.err)
        self.assertIn("W-1", unused.json()["run"]["warnings"][0])

    def test_a_waived_finding_is_visible_in_every_format(self):
        for late in (False, True):
            when = ("--at", "2031-01-01T00:00:00Z") if late else TODAY
            for name in ("text", "json", "jsonl", "html"):
                done = tlsgauge("evaluate", self.stored, "-p", self.profile, "--waivers", self.waivers, "-o", name, *when)
                for words in ("W-1", "No browser comes here.", "board", "T-1", "2030-12-31"):
                    self.assertIn(words, done.out, name)
                # A document that is stored and rendered later says the same.
                path = self.folder / "again.json"
                tlsgauge("evaluate", self.stored, "-p", self.profile, "--waivers", self.waivers, "-o", f"json={path}", *when)
                if name != "jsonl":  # as a stream it is written before the warnings are known
                    self.assertEqual(tlsgauge("report", path, "-o", name).out, done.out, name)
        quiet = tlsgauge("evaluate", self.stored, "-p", self.profile, "--waivers", self.waivers, "-q", *TODAY)
        self.assertRegex(quiet.out, r"\APASS .*1 waived \(100 A\+ with waivers\)\n\Z")

    def test_what_is_worse_is_not_covered(self):
        narrow = self.write("narrow.yaml", WAIVER.replace("requirement: hsts-present", "requirement: versions\n    match: TLSv1.1"))
        arguments = ("-p", self.profile, "--waivers", narrow, *TODAY, "-o", "json")
        suites = "ssl_ciphers ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0;\n" + Nginx.HSTS
        for versions, verdict in (("TLSv1.1 TLSv1.2 TLSv1.3", "waived"), ("TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "fail")):
            with Nginx(f"ssl_protocols {versions};\n{suites}") as server:
                done = self.scan(server, *arguments)
            found = requirement(done.endpoint(), "versions")
            self.assertEqual(found["verdict"], verdict, found)
            self.assertEqual(done.code, 0 if verdict == "waived" else 1, done.report())

    def test_stored_results_give_the_same(self):
        """scan, and evaluate of what it stored: equal assessments, warnings and code."""
        other = self.write("other.yaml", WAIVER.replace("W-1", "W-2").replace("127.0.0.1", "other.example"))
        path = self.folder / "scanned.json"
        for extra in ((), ("--min-score", "80"), ("--at", "2031-01-01T00:00:00Z")):
            judging = ("-p", self.profile, "-p", "mozilla-intermediate", "--waivers", self.waivers, "--waivers", other, *(extra or TODAY))
            scanned = self.scan(self.server, *judging, "-o", f"json={path}")
            judged = tlsgauge("evaluate", path, *judging, "-o", "json")
            self.assertEqual((judged.code, judged.err), (scanned.code, scanned.err))
            before = json.loads(path.read_text(encoding="utf-8"))
            self.assertEqual(judged.json()["endpoints"], before["endpoints"])
            self.assertEqual(judged.json()["run"]["warnings"], before["run"]["warnings"])
            self.assertTrue(any("W-2" in each for each in before["run"]["warnings"]))

    def test_check(self):
        done = tlsgauge("profile", "check", self.waivers, "-p", self.profile, *TODAY)
        self.assertEqual((done.code, done.out), (0, f"{self.waivers}: waivers are well-formed\n"), done.report())
        done = tlsgauge("profile", "check", self.waivers, "-p", self.profile, "--at", "2030-12-25")
        self.assertEqual(done.code, 0, done.report())
        self.assertIn("expires in 6 days", done.err)
        done = tlsgauge("profile", "check", self.waivers, self.profile, "--at", "2031-01-01")
        self.assertEqual(done.code, 1, done.report())
        self.assertIn("expired on 2030-12-31", done.err)
        self.assertIn("house", done.out)
        broken = self.write("broken.yaml", WAIVER.replace("expires: 2030-12-31", "expirs: 2030-12-31"))
        for arguments in (("profile", "check", broken), ("evaluate", self.stored, "--waivers", broken), ("scan", "--waivers", broken, "127.0.0.1:1")):
            done = tlsgauge(*arguments)
            self.assertEqual(done.code, 2, done.report())
            self.assertRegex(done.err, r"\Atlsgauge: error: [^\n]*broken\.yaml:\d+:[^\n]*expirs[^\n]*did you mean \"expires\"[^\n]*\n\Z")


class Bounds(GateCase):
    def test_min_score(self):
        for least, code in ((75, 0), (76, 1)):
            done = self.evaluate("--fail-on", "never", "--min-score", least)
            self.assertEqual(done.code, code, done.report())
        self.assertEqual(done.err.count("\n"), 1)
        self.assertIn("score 75 is below 76", done.err)
        self.assertEqual(self.evaluate("--min-score", "100", "--waivers", self.waivers, *TODAY).code, 0, "what is waived counts as met")

    def test_reports_show_what_the_score_fails_for(self):
        for least, failures in ((75, 0), (76, 1)):
            report = self.folder / "junit.xml"
            done = tlsgauge("evaluate", self.stored, "-p", self.profile, "--fail-on", "never", "--min-score", least, "-o", f"junit={report}")
            self.assertEqual(done.code, failures, done.report())
            self.assertIn(f'failures="{failures}"', report.read_text(encoding="utf-8"))
        baseline = ("--baseline", self.stored, "--min-score", "100", "-o", f"junit={report}")
        self.assertEqual(tlsgauge("evaluate", self.stored, "-p", self.profile, *baseline).code, 0)
        self.assertIn('failures="0"', report.read_text(encoding="utf-8"), "what the baseline knows counts as met")

    def test_min_grade(self):
        for least, code in (("B", 0), ("A", 1)):
            done = self.evaluate("--fail-on", "never", "--min-grade", least)
            self.assertEqual(done.code, code, done.report())
        self.assertIn("grade B is below A", done.err)

    def test_usage(self):
        """Wrong words are found before any connection."""
        for arguments, words in ((("--min-grade", "E"), r"its grades are A\+, A, B, C, D, F"), (("--min-score", "101"), "--min-score"),
                                 (("--min-score", "x"), "--min-score"), (("--on-inconclusive", "pass"), "--on-inconclusive")):
            done = tlsgauge("scan", "-p", self.profile, *arguments, "127.0.0.1:1")
            self.assertEqual(done.code, 2, done.report())
            self.assertRegex(done.err, rf"\A[^\n]*{words}[^\n]*\n\Z")

    def test_inconclusive(self):
        """Without the question about HTTP there is no answer about HSTS."""
        unasked = ("-p", self.profile, "--skip", "http", "-o", "json")
        done = self.scan(self.server, *unasked)
        self.assertEqual(done.code, 3, done.report())
        self.assertIn("inconclusive (hsts-present)", done.err)
        self.assertEqual(self.scan(self.server, *unasked, "--waivers", self.waivers, *TODAY).code, 3, "missing evidence is not waived")
        done = self.scan(self.server, *unasked, "--on-inconclusive", "warn")
        self.assertEqual(done.code, 0, done.report())
        self.assertRegex(done.err, r"\Atlsgauge: warning: [^\n]*hsts-present[^\n]*\n\Z")
        self.assertEqual(done.endpoint()["assessments"][0]["verdict"], "inconclusive", "the gate is open, the verdict is what it was")
        with Nginx(Nginx.RECOMMENDED) as stopped:
            pass
        done = self.scan(stopped, "-p", self.profile, "--on-inconclusive", "warn", "--timeout", "2")
        self.assertEqual(done.code, 3, done.report())

    def test_several_profiles(self):
        easy = self.write("easy.yaml", PROFILE.replace("name: house", "name: easy").replace("hsts-present, title: HSTS, severity: high",
                                                                                           "hsts-present, title: HSTS, severity: low"))
        both = tlsgauge("evaluate", self.stored, "-p", easy, "-p", self.profile, "-o", "json")
        self.assertEqual([each["verdict"] for each in both.endpoint()["assessments"]], ["pass", "fail"])
        self.assertEqual(both.code, 1, both.report())
        self.assertIn("does not meet house", both.err)
        self.assertEqual(self.evaluate(profile=easy).code, 0)

    def test_a_profile_has_a_gate_of_its_own(self):
        own = self.write("own.yaml", PROFILE + "gate: {fail_on: never, min_score: 80}\n")
        self.assertIn("score 75 is below 80", self.evaluate(profile=own).err)
        self.assertEqual(self.evaluate("--min-score", "70", profile=own).code, 0, "the command line wins")
        self.assertIn("does not meet house\n", self.evaluate("--fail-on", "high", profile=own).err)


class Example(unittest.TestCase):
    def test_follows_the_schema(self):
        """The example of waivers, and mistakes in it, as an editor would check them."""
        import yaml

        class Plain(yaml.SafeLoader):
            """YAML 1.2: a date is a text."""

        Plain.yaml_implicit_resolvers = {key: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
                                         for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}
        schema = json.loads((ROOT / "reports/schema/waivers-1.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        text = (ROOT / "profiles/examples/waivers.yaml").read_text(encoding="utf-8")
        validator.validate(yaml.load(text, Plain))
        self.assertEqual(tlsgauge("profile", "check", ROOT / "profiles/examples/waivers.yaml", *TODAY).code, 0)
        with tempfile.TemporaryDirectory() as folder:
            for before, after in (("tlsgauge_waivers: 1", "tlsgauge_waivers: 2"), ("expires: 2027-02-01", "expires: soon"), ("    expires: 2027-02-01\n", ""),
                                  ("id: W-2026-014", "id: W 14"), ("hsts-*", "'*'"), ("192.0.2.0/28:8443", "https://192.0.2.1"), ("max_days: 180", "max_days: 0"),
                                  ("    created: 2026-11-01\n", ""), ("reason: Tools that no browser talks to.", "reason: ''"), ("ticket:", "tikcet:")):
                self.assertIn(before, text)
                wrong = text.replace(before, after, 1)
                self.assertFalse(validator.is_valid(yaml.load(wrong, Plain)), after or f"without {before}")
                path = pathlib.Path(folder) / "wrong.yaml"
                path.write_text(wrong, encoding="utf-8")
                self.assertEqual(tlsgauge("profile", "check", path).code, 2, f"the program takes {after or 'it without ' + before}")


if __name__ == "__main__":
    unittest.main()

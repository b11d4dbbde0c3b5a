"""`diff` and `--baseline` on nginx before and after a change of its configuration."""
import json
import pathlib
import socket
import tempfile

import jsonschema

from cases import ServerCase
from certificates import NAME, certificates
from program import ROOT, tlsgauge
from servers import Nginx, free_port

PROFILE = """tlsgauge_profile: 1
name: house
version: "1"
title: House
requirements:
  - {id: versions, title: Versions, severity: high, why: w, fact: protocols.accepted, is: {subset_of: [TLSv1.2, TLSv1.3]}}
  - {id: hsts-present, title: HSTS, severity: high, why: w, fact: http.hsts.present, is: {equals: true}}
  - {id: hsts-age, title: HSTS for long, severity: medium, why: w, fact: http.hsts.max_age, is: {min: 31536000}}
  - {id: tls13, title: TLS 1.3, severity: high, why: w, fact: protocols.accepted, is: {includes: TLSv1.3}}
"""
OLD_TLS = Nginx.RECOMMENDED.replace("ssl_ciphers ", "ssl_ciphers @SECLEVEL=0:AES128-SHA:")
GOOD = Nginx.RECOMMENDED + Nginx.HSTS
OLDER = OLD_TLS.replace("ssl_protocols ", "ssl_protocols TLSv1.1 ") + Nginx.HSTS
OLDEST = OLD_TLS.replace("ssl_protocols ", "ssl_protocols TLSv1 TLSv1.1 ") + Nginx.HSTS
SHORT = Nginx.RECOMMENDED + Nginx.HSTS.replace("63072000", "600")
SHORTER = Nginx.RECOMMENDED + Nginx.HSTS.replace("63072000", "60")
LONGER = Nginx.RECOMMENDED + Nginx.HSTS.replace("63072000", "6000")
QUESTIONS = "protocols,cipher_suites,groups,certificates,http"


class DiffCase(ServerCase):
    """The same endpoint under different configurations: the target keeps its name and port, whatever the server's."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.profile = cls.folder / "house.yaml"
        cls.profile.write_text(PROFILE, encoding="utf-8")
        cls.stored = {}

    @classmethod
    def scan_at(cls, where, *arguments):
        return tlsgauge("scan", "--ca-file", certificates().ca, "--only", QUESTIONS, "--offline", "-p", cls.profile, "--connect", where, *arguments,
                        f"{NAME}:443")

    @classmethod
    def store(cls, name, directives):
        """The path of the result of a server with those directives; None: of no server."""
        if name not in cls.stored:
            path = cls.folder / f"{name}.json"
            if directives is None:
                done = cls.scan_at(f"127.0.0.1:{free_port()}", "-o", f"json={path}")
                assert done.code == 3, done.report()
            else:
                with Nginx(directives) as server:
                    done = cls.scan_at(server.target, "-o", f"json={path}")
                assert done.code in (0, 1), done.report()
            document = json.loads(path.read_text(encoding="utf-8"))  # scanned a day after the one before, not within the same second
            document["run"]["started_at"] = document["run"]["finished_at"] = f"2026-01-{len(cls.stored) + 1:02}T03:00:00Z"
            path.write_text(json.dumps(document), encoding="utf-8")
            cls.stored[name] = path
        return cls.stored[name]


class Diff(DiffCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls.store("good", GOOD)
        cls.older = cls.store("older", OLDER)
        cls.down = cls.store("down", None)

    def compare(self, before, now, *arguments):
        done = tlsgauge("diff", before, now, "-o", "json", *arguments)
        document = done.json()
        schema = json.loads((ROOT / "reports/schema/diff-1.schema.json").read_text(encoding="utf-8"))
        self.assertEqual([error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)], [])
        self.assertEqual(len(document["endpoints"]), 1)
        return done, document

    @staticmethod
    def changes(document):
        return {each["id"]: each["change"] for each in document["endpoints"][0]["profiles"][0]["requirements"]}

    def test_worse(self):
        done, document = self.compare(self.good, self.older)
        self.assertEqual((done.code, document["result"], document["endpoints"][0]["change"]), (1, "worse", "worse"), done.report())
        self.assertEqual(self.changes(document)["versions"], "worse")
        self.assertRegex(done.err, r"\Atlsgauge: 1 got worse: good\.test:443: versions \(high\)\n\Z".replace("good\\.test", NAME.replace(".", "\\.")))
        facts = document["endpoints"][0]["facts"]
        self.assertIn({"fact": "protocols", "item": "TLSv1.1", "before": "no", "now": "yes"}, facts)
        self.assertIn({"fact": "cipher_suites", "item": "TLSv1.2", "before": None, "now": "TLS_RSA_WITH_AES_128_CBC_SHA"}, facts)
        self.assertEqual([each for each in facts if each["item"] == "TLSv1.3"], [])

    def test_better_is_no_failure(self):
        done, document = self.compare(self.older, self.good)
        self.assertEqual((done.code, document["result"], document["endpoints"][0]["change"]), (0, "not_worse", "better"), done.report())
        self.assertRegex(done.err, r"\Atlsgauge: warning: OLD ended at [^\n]+ are the two swapped\?\n\Z", "it was scanned later")
        self.assertEqual([f"tlsgauge: warning: {each}\n" for each in document["warnings"]], [done.err])
        self.assertEqual(self.changes(document)["versions"], "better")

    def test_the_same(self):
        done, document = self.compare(self.good, self.good)
        self.assertEqual((done.code, done.err, document["endpoints"][0]["change"], document["endpoints"][0]["facts"]), (0, "", "same", []))
        self.assertEqual(tlsgauge("diff", self.good, self.good, "-q").out, "NOT WORSE  requirements: 4 same  endpoints: 1 same\n")

    def test_down_is_never_fixed(self):
        done, document = self.compare(self.older, self.down)
        self.assertEqual((done.code, document["result"], document["endpoints"][0]["change"]), (3, "unknown", "unknown"), done.report())
        self.assertEqual(document["counts"]["requirements"]["better"], 0)
        self.assertEqual(self.changes(document)["versions"], "unknown")
        text = tlsgauge("diff", self.older, self.down)
        self.assertIn("nothing is known of it now: unreachable", text.out)
        self.assertNotIn("better", text.out)
        self.assertEqual(self.compare(self.down, self.older)[0].code, 1, "what is newly known to fail")

    def test_of_joined_lines_the_newest_counts(self):
        joined = self.folder / "joined.jsonl"
        for order in [(self.good, self.older), (self.older, self.good)]:
            joined.write_text("".join(tlsgauge("report", each, "-o", "jsonl").out for each in order), encoding="utf-8")
            done, document = self.compare(self.good, joined)
            self.assertEqual((done.code, document["now"]["endpoints"]), (1, 1), "older was scanned last: " + done.report())
            self.assertIn(f"NEW has 1 endpoint more than once ({NAME}:443)", done.err)
            for judged, code in [(self.older, 0), (joined, 0)]:
                gate = tlsgauge("evaluate", judged, "-p", self.profile, "--baseline", joined, "-q")
                self.assertEqual(gate.code, code, gate.report())
                self.assertIn(f"the baseline has 1 endpoint more than once ({NAME}:443)", gate.err)

    def test_severity_decides(self):
        self.assertEqual(tlsgauge("diff", "--fail-on", "critical", self.good, self.older).code, 0)
        self.assertEqual(tlsgauge("diff", "--fail-on", "high", self.good, self.older).code, 1)
        self.assertEqual(tlsgauge("diff", "--fail-on", "never", self.good, self.older).code, 0)

    def test_inputs_and_outputs(self):
        lines = tlsgauge("report", self.good, "-o", "jsonl").out
        text, stored = self.folder / "diff.txt", self.folder / "diff.json"
        done = tlsgauge("diff", "-", self.older, "-o", f"text={text}", "-o", f"json={stored}", text=lines)
        self.assertEqual((done.code, done.out), (1, ""), done.report())
        self.assertEqual(json.loads(stored.read_text(encoding="utf-8")), self.compare(self.good, self.older)[1])
        self.assertTrue(text.read_text(encoding="utf-8").startswith("WORSE"))
        for wrong in [("diff", "-", "-"), ("diff", self.good), ("diff", self.good, self.folder / "none.json"), ("diff", self.good, self.profile),
                      ("diff", self.good, self.good, "-o", "html"), ("diff", self.good, self.good, "-o", "json=/nowhere/x"),
                      ("diff", self.good, self.good, "--fail-on", "info")]:
            done = tlsgauge(*wrong, text="")
            self.assertEqual((done.code, done.out, done.err.count("\n")), (2, "", 1), done.report())


class Baseline(DiffCase):
    def gate(self, baseline, directives, *arguments):
        """A scan of a server with those directives beside that baseline."""
        with Nginx(directives) as server:
            return self.scan_at(server.target, "--baseline", baseline, "-o", "json", *arguments)

    @staticmethod
    def marks(done):
        return {each["id"]: each.get("baseline") for each in done.endpoint()["assessments"][0]["requirements"]}

    def test_known_findings_do_not_count_and_new_ones_do(self):
        older = self.store("older", OLDER)
        known = self.gate(older, OLDER)
        self.assertEqual(known.code, 0, known.report())
        self.assertEqual(self.marks(known), {"versions": "known", "hsts-present": None, "hsts-age": None, "tls13": None})
        self.assertEqual(known.err, "tlsgauge: warning: 1 finding known from the baseline does not count\n")
        self.assertEqual(known.endpoint()["assessments"][0]["verdict"], "fail", "the endpoint is what it is")
        self.assert_follows_schema(known.json())
        self.assertIn("known from the baseline, does not decide the exit code", self.gate(older, OLDER, "-o", f"text={self.folder / 'known.txt'}").err
                      + (self.folder / "known.txt").read_text(encoding="utf-8"))
        more = self.gate(older, OLDEST)
        self.assertEqual((more.code, self.marks(more)["versions"]), (1, "new"), "the same requirement fails for more: " + more.report())
        other = self.gate(older, OLDER.replace(Nginx.HSTS, ""))
        self.assertEqual((other.code, self.marks(other)["versions"], self.marks(other)["hsts-present"]), (1, "known", "new"), other.report())

    def test_the_other_direction(self):
        good = self.store("good", GOOD)
        self.assertEqual(self.gate(good, GOOD).code, 0)
        self.assertEqual(self.gate(good, OLDER).code, 1)
        self.assertEqual(self.gate(self.store("oldest", OLDEST), OLDER).code, 0, "it fails for less")
        self.assertEqual(self.gate(self.store("oldest", OLDEST), GOOD).code, 0)

    def test_numbers(self):
        short = self.store("short", SHORT)
        for directives, code in [(SHORT, 0), (LONGER, 0), (SHORTER, 1)]:
            done = self.gate(short, directives)
            self.assertEqual(done.code, code, done.report())

    def test_what_was_down_covers_nothing_and_missing_evidence_still_counts(self):
        done = self.gate(self.store("down", None), OLDER)
        self.assertEqual((done.code, self.marks(done)["versions"]), (1, "new"), done.report())
        done = self.scan_at(f"127.0.0.1:{free_port()}", "--baseline", self.store("older", OLDER), "-q")
        self.assertEqual(done.code, 3, done.report())

    def test_score(self):
        older = self.store("older", OLDER)
        self.assertEqual(self.gate(older, OLDER, "--min-score", "100").code, 0, "known findings count as met")
        self.assertEqual(self.gate(older, OLDEST, "--min-score", "100", "--fail-on", "never").code, 1)

    def test_evaluate(self):
        older, oldest = self.store("older", OLDER), self.store("oldest", OLDEST)
        self.assertEqual(tlsgauge("evaluate", older, "-p", self.profile, "--baseline", older, "-q").code, 0)
        self.assertEqual(tlsgauge("evaluate", oldest, "-p", self.profile, "--baseline", older, "-q").code, 1)
        other = self.folder / "graver.yaml"
        other.write_text(PROFILE.replace("title: Versions, severity: high", "title: Versions, severity: critical"), encoding="utf-8")
        done = tlsgauge("evaluate", older, "-p", other, "--baseline", older, "-q")
        self.assertEqual(done.code, 1, "a severity that was raised is new: " + done.report())
        other.write_text(PROFILE.replace("name: house", "name: other"), encoding="utf-8")
        done = tlsgauge("evaluate", older, "-p", other, "--baseline", older, "-q")
        self.assertEqual(done.code, 1, done.report())
        self.assertIn("the baseline was not judged by other", done.err)

    def test_a_bad_baseline_is_told_before_the_first_connection(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            for wrong in (self.folder / "none.json", self.profile, self.folder):
                done = self.scan_at("127.0.0.1:%d" % listener.getsockname()[1], "--baseline", wrong)
                self.assertEqual((done.code, done.out, done.err.count("\n")), (2, "", 1), done.report())
            with self.assertRaises(BlockingIOError):
                listener.accept()



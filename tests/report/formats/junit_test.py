"""junit: valid by the schema of Jenkins' xunit plugin, and as GitLab and Jenkins count it."""
import collections
import json
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import corpus
from findings_of import MEASURED, at_least, controls, is_hostile, is_whole, requirements

SCHEMA = corpus.ROOT / "tests/data/schemas/junit-10.xsd"


def validate(files):
    return subprocess.run(["xmllint", "--noout", "--huge", "--schema", SCHEMA, *files], capture_output=True, text=True, check=False, timeout=120)


def cases(name, *options):
    return list(ElementTree.parse(corpus.rendered(name, "junit", *options)).iter("testcase"))


def outcome(case):
    """As GitLab's parser looks: failure, error, skipped, else success."""
    return next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "success")


def expected(document, fail_on):
    """The outcomes that the document's verdicts ask for."""
    out = collections.Counter()
    for endpoint, _, requirement in requirements(document):
        verdict, known = requirement["verdict"], endpoint["status"] in MEASURED
        out["success" if verdict == "pass" or verdict == "fail" and not at_least(requirement, fail_on) else
            "failure" if verdict == "fail" else "error" if verdict == "inconclusive" and known else "skipped"] += 1
    for endpoint in document["endpoints"]:
        out["success" if endpoint["status"] in MEASURED else "error"] += 1
    out["error"] += document["run"]["interrupted"] + (not document["endpoints"])
    return +out


class JunitTest(unittest.TestCase):
    def test_follows_the_schema(self):
        done = validate([corpus.rendered(name, "junit") for name in corpus.results()])
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        wrong = corpus.FOLDER / "wrong.xml"
        wrong.write_text(corpus.text("bad", "junit").replace("<failure", "<failed").replace("</failure", "</failed"), encoding="utf-8")
        self.assertNotEqual(validate([wrong]).returncode, 0)

    def test_outcomes_are_the_verdicts(self):
        for name in corpus.results():
            with self.subTest(name):
                self.assertEqual(collections.Counter(map(outcome, cases(name))), expected(corpus.document(name), "medium"))

    def test_counts_are_those_of_the_cases(self):
        for name in corpus.results():
            with self.subTest(name):
                root = ElementTree.parse(corpus.rendered(name, "junit")).getroot()
                for suite in [root, *root]:
                    found = collections.Counter(map(outcome, suite.iter("testcase")))
                    self.assertEqual(int(suite.get("tests")), sum(found.values()))
                    self.assertEqual((int(suite.get("failures")), int(suite.get("errors"))), (found["failure"], found["error"]))
                    self.assertEqual(int(suite.get("skipped", found["skipped"])), found["skipped"])

    def test_only_what_is_whole_can_be_green(self):
        seen = set()
        for name in corpus.results():
            document = corpus.document(name)
            green = not {"failure", "error"} & set(map(outcome, cases(name)))
            if green:
                self.assertTrue(is_whole(document), name)
                self.assertEqual({a["verdict"] for each in document["endpoints"] for a in each["assessments"]}, {"pass"}, name)
                self.assertEqual({r["verdict"] for _, _, r in requirements(document) if at_least(r, "medium")} - {"pass", "waived", "not_applicable"},
                                 set(), name)
            seen.add(green)
        self.assertEqual(seen, {True, False})

    def test_two_versions_of_a_profile_are_apart(self):
        document = corpus.document("java")
        document["endpoints"][0]["assessments"] *= 2
        found = cases(corpus.made("junit-two-versions", document))
        self.assertEqual(len({(case.get("classname"), case.get("name")) for case in found}), len(found))

    def test_what_nobody_judged_is_an_error(self):
        document = corpus.document("good")
        document["endpoints"][0]["assessments"] = []
        self.assertEqual([outcome(case) for case in cases(corpus.made("junit-not-judged", document))], ["success", "error"])

    def test_an_unreachable_endpoint_is_one_error(self):
        for name in ("unreachable-port", "not-tls"):
            with self.subTest(name):
                found = cases(name)
                self.assertEqual([outcome(case) for case in found], ["error"] + ["skipped"] * (len(found) - 1))
                self.assertGreater(len(found), 1)
                self.assertEqual(found[0].get("name"), "the endpoint is measured")
        interrupted = cases("unreachable")[0]
        self.assertEqual((outcome(interrupted), interrupted.get("name")), ("error", "the run is complete"))

    def test_fail_on(self):
        """evaluate has --fail-on; what is milder passes, with the finding in its output."""
        for severity in ("critical", "high", "medium", "low"):
            path = corpus.FOLDER / f"fail-on-{severity}.xml"
            done = subprocess.run([corpus.TLSGAUGE, "evaluate", str(corpus.results()["java"]), "-p", "nginx-recommended", "--fail-on", severity,
                                   "-o", f"junit={path}", "-o", f"json={path}.json"], capture_output=True, text=True, check=False, timeout=60)
            self.assertIn(done.returncode, (1, 3), done.stderr)
            document = json.loads(path.with_suffix(".xml.json").read_text(encoding="utf-8"))
            found = list(ElementTree.parse(path).iter("testcase"))
            with self.subTest(severity):
                self.assertEqual(collections.Counter(map(outcome, found)), expected(document, severity))
                mild = [r["id"] for _, _, r in requirements(document, "fail") if not at_least(r, severity)]
                told = [case.get("name").split(":")[0] for case in found if (case.findtext("system-out") or "").startswith("Not met")]
                self.assertEqual(told, mild)

    def test_names_are_stable_and_apart(self):
        for name in corpus.results():
            if is_hostile(name):
                continue
            with self.subTest(name):
                root = ElementTree.parse(corpus.rendered(name, "junit")).getroot()
                keys = [(suite.get("name"), case.get("classname"), case.get("name")) for suite in root for case in suite]
                self.assertEqual(len(keys), len(set(keys)))
                for _, classname, _ in keys:
                    self.assertRegex(classname, r"^tlsgauge\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?$")
        # The same endpoint a day later, with other findings: the same names.
        self.assertEqual({(c.get("classname").split(".")[1], c.get("name")) for c in cases("nginx-recommended")},
                         {(c.get("classname").split(".")[1], c.get("name")) for c in cases("java")})

    def test_a_waiver_is_told(self):
        waived = [case.find("skipped").get("message") for case in cases("bad") if outcome(case) == "skipped"]
        self.assertIn("waived: W-2026-014, expires 2027-01-31: The tills' firmware knows no larger group; its replacement is ordered. "
                      "(approved by security-board, SEC-1234)", waived)

    def test_hostile_texts_are_inert(self):
        shape = [(element.tag, sorted(element.attrib)) for element in ElementTree.parse(corpus.rendered("bad", "junit")).iter()]
        for name in corpus.HOSTILE:
            with self.subTest(name):
                elements = list(ElementTree.parse(corpus.rendered(f"hostile-{name}", "junit")).iter())
                self.assertEqual([(element.tag, sorted(element.attrib)) for element in elements], shape)
                for element in elements:
                    for text in [element.text or "", element.tail or "", *element.attrib.values()]:
                        self.assertEqual(controls(text), set(), text[:200])
        self.assertIn(corpus.HOSTILE["cdata"], ElementTree.parse(corpus.rendered("hostile-cdata", "junit")).find(".//failure").get("message"))


if __name__ == "__main__":
    unittest.main()

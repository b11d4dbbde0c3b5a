"""gitlab: valid by the schema that GitLab holds each issue against, and as its parser and merge request read it."""
import collections
import json
import unittest

import corpus
from findings_of import controls, is_hostile, requirements, strings, unmeasured

SCHEMA = corpus.ROOT / "tests/data/schemas/codeclimate.json"
SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def issues(name):
    return json.loads(corpus.text(name, "gitlab"))


class GitlabTest(unittest.TestCase):
    def test_follows_the_schema(self):
        done = corpus.node(corpus.ROOT / "tests/report/formats/validate.cjs", SCHEMA, *[corpus.rendered(name, "gitlab") for name in corpus.results()])
        self.assertEqual((done.returncode, done.stdout[:2000]), (0, ""))
        wrong = corpus.FOLDER / "wrong-gitlab.json"
        wrong.write_text(json.dumps([{**issues("bad")[0], "fingerprint": 1}]), encoding="utf-8")
        self.assertEqual(corpus.node(corpus.ROOT / "tests/report/formats/validate.cjs", SCHEMA, wrong).returncode, 1)

    def test_issues_are_the_findings(self):
        for name in corpus.results():
            with self.subTest(name):
                document = corpus.document(name)
                expected = collections.Counter(SEVERITIES[r["severity"]] if r["verdict"] == "fail" else "info"
                                               for _, _, r in requirements(document, "fail", "inconclusive", "waived"))
                expected["major"] += len(unmeasured(document)) + document["run"]["interrupted"] + (not document["endpoints"])
                self.assertEqual(collections.Counter(each["severity"] for each in issues(name)), +expected)

    def test_what_is_not_a_failure_says_so(self):
        descriptions = {each["check_name"]: each["description"] for each in issues("bad") if each["severity"] == "info"}
        for endpoint, assessment, requirement in requirements(corpus.document("bad"), "inconclusive", "waived"):
            word = "waived" if requirement["verdict"] == "waived" else "could not be judged"
            if endpoint is corpus.document("bad")["endpoints"][0]:
                self.assertIn(f": {word}: ", descriptions[f"{assessment['profile']['name']}/{requirement['id']}"])
        self.assertEqual(len([text for text in descriptions.values() if ": waived: " in text or ": could not be judged: " in text]), len(descriptions))
        self.assertGreater(len(descriptions), 0)

    def test_places_and_fingerprints(self):
        for name in corpus.results():
            with self.subTest(name):
                found = issues(name)
                self.assertFalse(corpus.text(name, "gitlab").startswith("\ufeff"))
                for each in found:
                    self.assertRegex(each["location"]["path"], r"^[^/\s.][^\s]*$")
                    self.assertNotIn("://", each["location"]["path"])
                    self.assertGreater(each["location"]["lines"]["begin"], 0)
                    self.assertRegex(each["fingerprint"], r"^[0-9a-f]{32}$")
                if not is_hostile(name):  # GitLab keeps one issue a fingerprint
                    self.assertEqual(len({each["fingerprint"] for each in found}), len(found))
        self.assertEqual({each["location"]["path"] for each in issues("several")}, {"targets.txt"})
        self.assertEqual({each["location"]["lines"]["begin"] for each in issues("several")}, {3, 4, 5, 6})

    def test_two_versions_of_a_profile_are_apart(self):
        document = corpus.document("java")
        document["endpoints"][0]["assessments"] *= 2
        found = issues(corpus.made("gitlab-two-versions", document))
        self.assertEqual(len({each["fingerprint"] for each in found}), len(found))

    def test_a_verdict_that_got_lost_keeps_its_issue(self):
        """Else the merge request shows it as fixed."""
        document = corpus.document("bad")
        for _, assessment, requirement in requirements(document, "fail"):
            requirement["verdict"] = assessment["verdict"] = "inconclusive"
        lost = issues(corpus.made("gitlab-lost", document))
        self.assertEqual([each["fingerprint"] for each in lost], [each["fingerprint"] for each in issues("bad")])
        self.assertEqual({each["severity"] for each in lost}, {"info"})

    def test_hostile_texts_are_inert(self):
        for name, text in corpus.HOSTILE.items():
            with self.subTest(name):
                found = issues(f"hostile-{name}")
                self.assertEqual(len(found), len(issues("bad")))
                self.assertEqual({frozenset(each) for each in found}, {frozenset(each) for each in issues("bad")})
                for each in strings(found):
                    self.assertEqual(controls(each), set(), each[:200])
        self.assertIn(corpus.HOSTILE["quotes"], issues("hostile-quotes")[-1]["description"])


if __name__ == "__main__":
    unittest.main()

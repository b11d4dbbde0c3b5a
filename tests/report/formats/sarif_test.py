"""sarif: valid by its schema, and by what GitHub demands beyond it."""
import collections
import copy
import functools
import json
import re
import unittest
import urllib.parse

import corpus
from findings_of import controls, is_hostile, is_whole, markdown_nodes, requirements, strings, unmeasured

SCHEMA = corpus.ROOT / "tests/data/schemas/sarif-2.1.0.json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
RESULTS = {"fail", "inconclusive", "waived"}


@functools.cache
def run_of(name):
    """Read only: it is kept."""
    (run,) = json.loads(corpus.text(name, "sarif"))["runs"]
    return run


def run_of_made(name, document):
    return run_of(corpus.made(name, document))


class SarifTest(unittest.TestCase):
    maxDiff = 2000

    def test_follows_the_schema(self):
        done = corpus.node(corpus.ROOT / "tests/report/formats/validate.cjs", SCHEMA, *[corpus.rendered(name, "sarif") for name in corpus.results()])
        self.assertEqual((done.returncode, done.stdout[:2000]), (0, ""))

    def test_the_schema_catches_mistakes(self):
        log = json.loads(corpus.text("bad", "sarif"))
        files = []
        for path, value in [(("level",), "fatal"), (("kind",), "inconclusive"), (("message",), {}), (("note",), 1),
                            (("locations", 0, "physicalLocation", "artifactLocation", "uri"), "a b")]:
            wrong = copy.deepcopy(log)
            *way, last = ("runs", 0, "results", 0, *path)
            place = wrong
            for step in way:
                place = place[step]
            place[last] = value
            files.append(corpus.FOLDER / f"wrong-{path[-1]}.sarif")
            files[-1].write_text(json.dumps(wrong), encoding="utf-8")
        done = corpus.node(corpus.ROOT / "tests/report/formats/validate.cjs", SCHEMA, *files)
        self.assertEqual([file for file in files if f"{file}: " not in done.stdout], [])

    def test_results_are_the_findings(self):
        for name in corpus.results():
            with self.subTest(name):
                run, document = run_of(name), corpus.document(name)
                expected = collections.Counter(r["verdict"] for _, _, r in requirements(document, *RESULTS))
                self.assertEqual(collections.Counter(result["properties"]["verdict"] for result in run["results"]), expected)
                for result in run["results"]:
                    verdict = result["properties"]["verdict"]
                    self.assertEqual(result["kind"], "open" if verdict == "inconclusive" else "fail")
                    self.assertEqual(result["level"], "none" if verdict == "inconclusive" else LEVELS[result["properties"]["severity"]])
                    self.assertEqual([each["status"] for each in result.get("suppressions", [])], ["accepted"] if verdict == "waived" else [])
                self.assertEqual(run["invocations"][0]["executionSuccessful"], is_whole(document))

    def test_rules_are_the_requirements_of_the_profiles(self):
        for name in corpus.results():
            with self.subTest(name):
                run, document = run_of(name), corpus.document(name)
                rules = run["tool"]["driver"]["rules"]
                ids = [rule["id"] for rule in rules]
                self.assertEqual(len(ids), len(set(ids)))
                if not is_hostile(name):
                    self.assertEqual(set(ids), {f"{a['profile']['name']}/{r['id']}" for _, a, r in requirements(document)})
                for result in run["results"]:
                    self.assertEqual(result["ruleId"], ids[result["ruleIndex"]])

    def test_two_profiles_keep_their_own_words(self):
        document = corpus.document("several-profiles")
        rules = {rule["id"]: rule for rule in run_of("several-profiles")["tool"]["driver"]["rules"]}
        seen = collections.defaultdict(set)
        for _, assessment, requirement in requirements(document):
            rule = rules[f"{assessment['profile']['name']}/{requirement['id']}"]
            self.assertEqual(rule["shortDescription"]["text"], requirement["title"])
            self.assertEqual(rule["defaultConfiguration"]["level"], LEVELS[requirement["severity"]])
            seen[requirement["id"]].add(assessment["profile"]["name"])
        self.assertTrue(any(len(profiles) > 1 for profiles in seen.values()), "no id is in two profiles: the test shows nothing")

    def test_github_takes_it(self):
        """What its ingestion refuses or loses: https addresses, empty texts, regions in part, over 25,000 results, twenty tags."""
        for name in corpus.results():
            with self.subTest(name):
                run = run_of(name)
                self.assertLessEqual(len(run["results"]), 25000)
                for rule in run["tool"]["driver"]["rules"]:
                    for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
                        self.assertTrue(text.strip())
                        self.assertLessEqual(len(text), 1024)
                    self.assertTrue(rule["help"]["text"].strip())
                    self.assertLessEqual(len(rule.get("name", "")), 255)
                    self.assertLessEqual(len(rule["properties"]["tags"]), 20)
                    self.assertRegex(rule["properties"].get("security-severity", "1.0"), r"^\d+\.\d$")
                    self.assertIn(rule["defaultConfiguration"]["level"], ("note", "warning", "error"))
                for result in run["results"]:
                    (location,) = result["locations"]
                    uri = location["physicalLocation"]["artifactLocation"]["uri"]
                    self.assertRegex(uri, r"^[A-Za-z0-9._~%-][A-Za-z0-9._~%/-]*$")  # relative, no scheme, no blank
                    self.assertNotIn("..", urllib.parse.unquote(uri).split("/"))
                    region = location["physicalLocation"]["region"]
                    self.assertEqual(set(region), {"startLine", "startColumn", "endLine", "endColumn"})
                    self.assertGreater(region["endColumn"], region["startColumn"])
                    self.assertRegex(result["partialFingerprints"]["primaryLocationLineHash"], r"^[0-9a-f]{32}:1$")
                    self.assertTrue(result["message"]["text"].strip())

    def test_fingerprints_tell_findings_apart(self):
        for name in corpus.results():
            if is_hostile(name):
                continue
            with self.subTest(name):
                prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(name)["results"]]
                self.assertEqual(len(prints), len(set(prints)))

    def test_a_verdict_that_got_lost_keeps_its_fingerprint(self):
        """Else GitHub closes the alert as fixed."""
        document = corpus.document("bad")
        for _, assessment, requirement in requirements(document, "fail"):
            requirement["verdict"] = assessment["verdict"] = "inconclusive"
        before, after = (run["results"] for run in (run_of("bad"), run_of_made("sarif-lost", document)))
        self.assertEqual([result["partialFingerprints"] for result in before], [result["partialFingerprints"] for result in after])
        self.assertNotIn("fail", [result["properties"]["verdict"] for result in after])

    def test_what_was_not_measured_is_told(self):
        for name in corpus.results():
            with self.subTest(name):
                document = corpus.document(name)
                errors = [each for each in run_of(name)["invocations"][0]["toolExecutionNotifications"] if each["level"] == "error"]
                self.assertEqual(len(errors), len(unmeasured(document)) + document["run"]["interrupted"] + (not document["endpoints"]))
        interrupted = corpus.document("good")
        interrupted["run"]["interrupted"] = True
        invocation = run_of_made("sarif-interrupted", interrupted)["invocations"][0]
        self.assertFalse(invocation["executionSuccessful"])
        self.assertIn("interrupted", invocation["toolExecutionNotifications"][0]["message"]["text"])

    def test_no_fail_is_without_a_result(self):
        """Whatever fails an endpoint: its requirements, or its grade alone."""
        document = corpus.document("several-profiles")
        for _, assessment, requirement in requirements(document, "fail"):
            if assessment["profile"]["name"] == "ssllabs":
                requirement["verdict"] = "pass"
        names = [*corpus.results(), corpus.made("sarif-grade-alone", document)]
        for name in names:
            if is_hostile(name):
                continue
            with self.subTest(name):
                failed = {a["profile"]["name"] for e in corpus.document(name)["endpoints"] for a in e["assessments"] if a["verdict"] == "fail"}
                shown = {r["ruleId"].split("/")[0] for r in run_of(name)["results"] if r["properties"]["verdict"] == "fail"}
                self.assertEqual(failed - shown, set())
        self.assertIn("ssllabs/verdict", [r["ruleId"] for r in run_of("sarif-grade-alone")["results"]])

    def test_what_nobody_judged_is_no_success(self):
        document = corpus.document("good")
        document["endpoints"][0]["assessments"] = []
        invocation = run_of_made("sarif-not-judged", document)["invocations"][0]
        self.assertFalse(invocation["executionSuccessful"])
        self.assertIn("not judged", invocation["toolExecutionNotifications"][0]["message"]["text"])

    def test_the_place_is_that_of_the_target_list(self):
        places = {(at["artifactLocation"]["uri"], at["region"]["startLine"])
                  for at in (result["locations"][0]["physicalLocation"] for result in run_of("several")["results"])}
        self.assertEqual(places, {("targets.txt", 3), ("targets.txt", 4), ("targets.txt", 5), ("targets.txt", 6)})
        document = corpus.document("several")
        for endpoint in document["endpoints"]:
            endpoint["target"]["listed_at"]["file"] = "a b/ü:%.txt"
        (uri,) = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run_of_made("sarif-odd-path", document)["results"]}
        self.assertEqual(uri, "a%20b/%C3%BC%3A%25.txt")

    def test_beyond_the_limit_the_gravest_stay(self):
        document = corpus.document("bad")
        (endpoint, *_) = document["endpoints"]
        (assessment, *_) = endpoint["assessments"]
        low = {**copy.deepcopy(assessment["requirements"][0]), "severity": "low", "verdict": "fail", "why": "", "fix": [], "references": []}
        grave = {**low, "severity": "critical"}
        assessment["requirements"] = [{**low, "id": f"l{number}"} for number in range(24000)] + [{**grave, "id": f"c{n}"} for n in range(1500)]
        endpoint["assessments"] = [assessment]
        document["endpoints"] = [endpoint]
        run = run_of_made("sarif-many-findings", document)
        kept = collections.Counter(result["properties"]["severity"] for result in run["results"])
        self.assertEqual(kept, {"critical": 1500, "low": 23500})
        self.assertIn("500 results are left out", json.dumps(run["invocations"]))

    def test_hostile_texts_are_inert(self):
        honest = run_of("bad")
        for name, text in corpus.HOSTILE.items():
            with self.subTest(name):
                run = run_of(f"hostile-{name}")
                self.assertEqual(len(run["results"]), len(honest["results"]))
                self.assertEqual({frozenset(result) for result in run["results"]} - {frozenset(result) for result in honest["results"]}, set())
                for each in strings(run):
                    self.assertEqual(controls(each), set(), each[:200])
                for each in [result["message"]["text"] for result in run["results"]]:
                    self.assertIsNone(re.search(r"(?<!\\)\]\(", each), each)  # a link of SARIF
                markdown = "\n\n".join(rule["help"].get("markdown", "") for rule in run["tool"]["driver"]["rules"])
                self.assertLessEqual(markdown_nodes(markdown), {(kind, None) for kind in ("document", "paragraph", "text", "strong", "code_block")})
        self.assertIn("<script>alert(1)</script>", run_of("hostile-script")["results"][0]["message"]["text"])

    def test_help_has_the_fix_and_links_to_the_sources(self):
        rule = run_of("bad")["tool"]["driver"]["rules"][0]
        self.assertIn("ssl_protocols TLSv1.2 TLSv1.3;", rule["help"]["text"])
        self.assertIn(("link", "https://www.rfc-editor.org/rfc/rfc8996"), markdown_nodes(rule["help"]["markdown"]))
        self.assertEqual(rule["helpUri"], "https://www.rfc-editor.org/rfc/rfc8996")

    def test_severities_are_githubs(self):
        scores = {}
        rules = {rule["id"]: rule for rule in run_of("bad")["tool"]["driver"]["rules"]}
        for _, assessment, requirement in requirements(corpus.document("bad")):
            properties = rules[f"{assessment['profile']['name']}/{requirement['id']}"]["properties"]
            scores[requirement["severity"]] = float(properties.get("security-severity", 0))
        self.assertEqual(scores.get("info", 0), 0)
        self.assertGreater(scores["critical"], 9.0)
        self.assertTrue(7.0 <= scores["high"] <= 8.9)
        self.assertTrue(4.0 <= scores["medium"] <= 6.9)


if __name__ == "__main__":
    unittest.main()

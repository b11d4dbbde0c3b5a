"""defectdojo: by the rules of DefectDojo's generic importer (dojo/tools/generic/json_parser.py), which refuses unknown keys."""
import collections
import datetime
import json
import unittest

import corpus
from findings_of import controls, is_hostile, markdown_nodes, requirements, strings, unmeasured

REQUIRED = {"title", "severity", "description"}
ALLOWED = REQUIRED | {
    "date", "cwe", "cve", "epss_score", "epss_percentile", "cvssv3", "cvssv3_score", "cvssv4", "cvssv4_score", "mitigation", "impact",
    "steps_to_reproduce", "severity_justification", "references", "active", "verified", "false_p", "out_of_scope", "risk_accepted",
    "under_review", "is_mitigated", "thread_id", "mitigated", "numerical_severity", "param", "payload", "line", "file_path", "component_name",
    "component_version", "static_finding", "dynamic_finding", "scanner_confidence", "unique_id_from_tool", "vuln_id_from_tool",
    "sast_source_object", "sast_sink_object", "sast_source_line", "sast_source_file_path", "nb_occurences", "publish_date", "service",
    "planned_remediation_date", "planned_remediation_version", "effort_for_fixing", "tags", "kev_date", "known_exploited", "ransomware_used",
    "fix_available", "fix_version"}
TAKEN_OUT = {"endpoints", "files", "tags", "vulnerability_ids", "cwes"}  # before the importer looks at the keys
TEST = {"name", "type", "version", "description", "dynamic_tool", "static_tool", "soc", "findings"}
ENDPOINT = {"protocol", "host", "port", "userinfo", "path", "query", "fragment"}
LENGTHS = {"title": 511, "unique_id_from_tool": 500, "vuln_id_from_tool": 500}


def findings(name):
    return json.loads(corpus.text(name, "defectdojo"))["findings"]


class DefectdojoTest(unittest.TestCase):
    def test_the_importer_takes_it(self):
        for name in corpus.results():
            with self.subTest(name):
                report = json.loads(corpus.text(name, "defectdojo"))
                self.assertLessEqual(set(report), TEST)
                for each in report["findings"]:
                    self.assertEqual(set(each) - ALLOWED - TAKEN_OUT, set())
                    self.assertEqual(REQUIRED - set(each), set())
                    self.assertIn(each["severity"], ("Info", "Low", "Medium", "High", "Critical"))
                    datetime.date.fromisoformat(each["date"])
                    for key, limit in LENGTHS.items():
                        self.assertLessEqual(len(each[key]), limit)
                    for endpoint in each.get("endpoints", []):
                        self.assertLessEqual(set(endpoint), ENDPOINT)
                        self.assertTrue(0 < endpoint["port"] < 65536)

    def test_findings_are_those_of_the_document(self):
        for name in corpus.results():
            with self.subTest(name):
                document = corpus.document(name)
                found = collections.Counter(each["tags"][1] for each in findings(name))
                expected = collections.Counter(r["verdict"] for _, _, r in requirements(document, "fail", "inconclusive", "waived"))
                expected["not_measured"] = len(unmeasured(document)) + document["run"]["interrupted"] + (not document["endpoints"])
                self.assertEqual(found, +expected)
                for each in findings(name):
                    verdict = each["tags"][1]
                    self.assertEqual((each["active"], each.get("risk_accepted", False), each["under_review"]),
                                     (verdict != "waived", verdict == "waived", verdict in ("inconclusive", "not_measured")))

    def test_identities_are_stable_and_apart(self):
        """A re-import knows findings by title and severity or by unique id."""
        for name in corpus.results():
            if is_hostile(name):
                continue
            with self.subTest(name):
                found = findings(name)
                self.assertEqual(len({each["unique_id_from_tool"] for each in found}), len(found))
                self.assertEqual(len({(each["title"].lower(), each["severity"]) for each in found}), len(found))

    def test_a_verdict_that_got_lost_stays_open_and_a_waiver_is_another_finding(self):
        changed = {}
        for verdict in ("inconclusive", "waived"):
            document = corpus.document("bad")
            for _, assessment, requirement in requirements(document, "fail"):
                requirement["verdict"] = verdict
                assessment["verdict"] = "inconclusive"
            changed[verdict] = {(each["unique_id_from_tool"], each["title"], each["severity"])
                                for each in findings(corpus.made(f"defectdojo-{verdict}", document))}
        failed = {(each["unique_id_from_tool"], each["title"], each["severity"]) for each in findings("bad") if each["tags"][1] == "fail"}
        self.assertGreater(len(failed), 0)
        self.assertLessEqual(failed, changed["inconclusive"])
        self.assertEqual({unique for unique, _, _ in failed} & {unique for unique, _, _ in changed["waived"]}, set())
        self.assertEqual({title for _, title, _ in failed} & {title for _, title, _ in changed["waived"]}, set())

    def test_hostile_texts_are_inert(self):
        for name in corpus.HOSTILE:
            with self.subTest(name):
                found = findings(f"hostile-{name}")
                self.assertEqual([set(each) for each in found if each["tags"][1] == "fail"],
                                 [set(each) for each in findings("bad") if each["tags"][1] == "fail"])
                for text in strings(found):
                    self.assertEqual(controls(text), set(), text[:200])
                shown = "\n\n".join(each[key] for each in found for key in ("description", "impact", "mitigation", "references") if key in each)
                self.assertLessEqual(markdown_nodes(shown), {(kind, None) for kind in ("document", "paragraph", "text", "strong", "code_block")})


if __name__ == "__main__":
    unittest.main()

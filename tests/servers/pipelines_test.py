"""The examples for GitHub Actions, GitLab CI and Jenkins: their very commands, on a real nginx."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import yaml

from cases import ServerCase
from program import ROOT, TLSGAUGE
from servers import Nginx

EXAMPLES = ROOT / "reports/pipelines"
PROFILE = """tlsgauge_profile: 1
name: house
version: "1"
title: House
requirements:
  - {id: versions, title: Versions, severity: high, why: w, fact: protocols.accepted, is: {subset_of: [TLSv1.2, TLSv1.3]}}
  - {id: tls13, title: TLS 1.3, severity: high, why: w, fact: protocols.accepted, is: {includes: TLSv1.3}}
  - {id: hsts-present, title: HSTS, severity: high, why: w, fact: http.hsts.present, is: {equals: true}}
"""
WAIVERS = """tlsgauge_waivers: 1
waivers:
  - {id: W-1, requirement: hsts-present, target: "127.0.0.1:*", reason: No browsers., approved_by: board, expires: EXPIRES}
"""


def github():
    """[(commands, whether they are run after a failure too)], with the shell that runs them."""
    steps = yaml.safe_load((EXAMPLES / "github.yml").read_text(encoding="utf-8"))["jobs"]["tls"]["steps"]
    return ["bash", "-e"], [(step["run"], "!cancelled()" in step.get("if", "")) for step in steps if "run" in step]


def gitlab():
    script = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text(encoding="utf-8"))["tls"]["script"]
    return ["bash", "-eo", "pipefail"], [("\n".join(script), False)]


def jenkins():
    text = (EXAMPLES / "Jenkinsfile").read_text(encoding="utf-8")
    # In ''' Groovy joins what a backslash before the line end parts.
    return ["sh", "-xe"], [((long or short).replace("\\\n", ""), False) for long, short in re.findall(r"\bsh (?:'''(.*?)'''|'([^'\n]*)')", text, re.DOTALL)]


class Pipelines(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.good = cls.enter(Nginx(Nginx.RECOMMENDED + Nginx.HSTS))
        cls.without_hsts = cls.enter(Nginx(Nginx.RECOMMENDED))

    def run_example(self, example, target, expires="2999-12-31", profile=PROFILE):
        """Exit code of the first step that fails, all that was printed, and the folder with what was left."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="tlsgauge-pipeline-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "bin").mkdir()
        (folder / "bin/tlsgauge").symlink_to(TLSGAUGE)
        (folder / "tls").mkdir()
        (folder / "tls/profile.yaml").write_text(profile, encoding="utf-8")
        (folder / "tls/targets.txt").write_text(f"# what we run\n{target}\n", encoding="utf-8")
        (folder / "tls/waivers.yaml").write_text(WAIVERS.replace("EXPIRES", expires), encoding="utf-8")
        environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "TARGETS": "tls/targets.txt", "PROFILE": "tls/profile.yaml",
                       "WAIVERS": "tls/waivers.yaml", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
        shell, steps = example()
        self.assertGreater(len(steps), 0)
        code, printed = 0, ""
        for number, (commands, always) in enumerate(steps):
            if code != 0 and not (always and (folder / "tls.json").exists()):
                continue
            script = folder / f"step-{number}"
            script.write_text(commands, encoding="utf-8")
            done = subprocess.run([*shell, script], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  timeout=120, check=False)
            printed += done.stdout
            code = code or done.returncode
        return code, printed, folder

    def check(self, target, code, verdict, words, **given):
        for example in (github, gitlab, jenkins):
            with self.subTest(example.__name__):
                ended, printed, folder = self.run_example(example, target, **given)
                self.assertEqual(ended, code, printed)
                for each in words:
                    self.assertIn(each.lower(), printed.lower())
                if verdict is None:
                    self.assertFalse((folder / "tls.json").exists())
                    continue
                document = json.loads((folder / "tls.json").read_text(encoding="utf-8"))
                self.assertEqual([each["verdict"] for each in document["endpoints"][0]["assessments"]], [verdict])
                self.assertIn("</html>", (folder / "tls.html").read_text(encoding="utf-8"))
                self.check_reports(example, folder, printed, verdict)

    def check_reports(self, example, folder, printed, verdict):
        """What the example hands to its system says the verdict, and names the target's line."""
        if example is github:
            (run,) = json.loads((folder / "tls.sarif").read_text(encoding="utf-8"))["runs"]
            self.assertEqual(run["invocations"][0]["executionSuccessful"], verdict != "inconclusive")
            self.assertEqual("fail" in [each["properties"]["verdict"] for each in run["results"]], verdict == "fail")
            for at in (each["locations"][0]["physicalLocation"] for each in run["results"]):
                self.assertEqual((at["artifactLocation"]["uri"], at["region"]["startLine"]), ("tls/targets.txt", 2))
            commands = [each for each in printed.split("\n") if each.startswith("::")]
            self.assertEqual(any(each.startswith("::error file=tls/targets.txt,line=2,") for each in commands), verdict != "pass")
            self.assertTrue(commands[-1].startswith("::notice title=tlsgauge::1 endpoint: "), commands)
            words = {"pass": "passes", "fail": "fails", "inconclusive": "could not be judged"}[verdict]
            self.assertRegex((folder / "summary.md").read_text(encoding="utf-8"), rf"\A## .* TLS: the endpoint {words}\n")
            return
        suites = ElementTree.parse(folder / "tls.xml").getroot()
        self.assertEqual((int(suites.get("failures")) > 0, int(suites.get("errors")) > 0), (verdict == "fail", verdict == "inconclusive"))
        if example is gitlab:
            issues = json.loads((folder / "tls-code-quality.json").read_text(encoding="utf-8"))
            self.assertEqual(any(each["severity"] != "info" for each in issues), verdict != "pass")
            for each in issues:
                self.assertEqual(each["location"], {"path": "tls/targets.txt", "lines": {"begin": 2}})

    def test_good(self):
        self.check(self.good.target, 0, "pass", ["PASS", "waiver W-1 is not used"])

    def test_waived(self):
        self.check(self.without_hsts.target, 0, "pass", ["Waived", "W-1, expires 2999-12-31"])

    def test_unmet(self):
        self.check(self.without_hsts.target, 1, "fail", ["does not meet house"], profile=PROFILE.replace("hsts-present, ", "hsts, "))

    def test_a_waiver_that_expired_stops_before_the_scan(self):
        self.check(self.without_hsts.target, 1, None, ["W-1", "expired on 2020-01-01"], expires="2020-01-01")

    def test_a_wrong_profile(self):
        self.check(self.good.target, 2, None, ["did you mean \"subset_of\""], profile=PROFILE.replace("subset_of", "subset_off"))

    def test_unreachable(self):
        with Nginx(Nginx.RECOMMENDED) as stopped:
            pass
        self.check(stopped.target, 3, "inconclusive", ["unreachable"])

    def test_the_variables_are_those_of_the_examples(self):
        for name in ("github.yml", "gitlab-ci.yml", "Jenkinsfile"):
            text = (EXAMPLES / name).read_text(encoding="utf-8")
            for variable in ("TARGETS", "PROFILE", "WAIVERS"):
                self.assertRegex(text, rf"{variable}( =|:) ", name)


if __name__ == "__main__":
    unittest.main()

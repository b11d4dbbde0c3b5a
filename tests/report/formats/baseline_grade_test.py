"""--baseline under models of grade: the exit code and the reports of pipelines say the same."""
import copy
import json
import subprocess
import unittest
import xml.etree.ElementTree as ET

import corpus

FOLDER = corpus.FOLDER / "baseline"
HOUSE = """tlsgauge_profile: 1
name: house
version: "1"
title: House
description: Letters of a model, and no SSLv2.
requirements:
  - id: protocol-ssl2
    title: SSL 2.0 is switched off
    severity: critical
    fact: protocols.accepted
    is: {excludes: SSLv2}
    why: broken
    fix: {nginx: "ssl_protocols TLSv1.2 TLSv1.3;"}
score: %s
"""


def real(name):
    return json.loads((corpus.ROOT / f"tests/data/results/{name}.json").read_text(encoding="utf-8"))


def store(name, content):
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return FOLDER / name


def run(*arguments):
    done = subprocess.run([corpus.TLSGAUGE, "evaluate", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=60, text=True)
    return done.returncode


class Gated:
    """NEW beside OLD, which is judged by the same profile first."""

    def __init__(self, old, new, *options):
        before, paths = FOLDER / "before.json", {each: FOLDER / f"out.{each}" for each in ("junit", "github", "gitlab", "sarif", "defectdojo", "json")}
        old_path, new_path = store("old.json", old), store("new.json", new)
        code = run(old_path, *options, "-o", f"json={before}")
        self.alone = code if new == old else run(new_path, *options, "-q")
        self.code = run(new_path, *options, "--baseline", before, *(word for each, path in paths.items() for word in ("-o", f"{each}={path}")))
        text = {each: path.read_text(encoding="utf-8") for each, path in paths.items()}
        cases = ET.fromstring(text["junit"])
        results = json.loads(text["sarif"])["runs"][0]["results"]
        self.failing = {
            "junit": sum(1 for _ in cases.iter("failure")),
            "github": sum(line.startswith("::error") for line in text["github"].splitlines()),
            "gitlab": sum(each["severity"] in ("blocker", "critical", "major") for each in json.loads(text["gitlab"])),
            "sarif": sum(each["kind"] == "fail" and each.get("baselineState") != "unchanged" and "suppressions" not in each for each in results),
        }
        self.open = {"junit": sum(1 for _ in cases.iter("error")), "sarif": sum(each["kind"] == "open" for each in results)}
        self.states = {each["ruleId"]: each.get("baselineState") for each in results}


class BaselineGradeTest(unittest.TestCase):
    def agree(self, gated, code):
        self.assertEqual(gated.code, code)
        for name, count in gated.failing.items():
            self.assertEqual(count > 0, code == 1, f"{name}: {gated.failing}, exit {gated.code}")
        if code == 3:
            for name, count in gated.open.items():
                self.assertGreater(count, 0, name)

    def test_a_grade_that_fell_is_a_finding_that_is_new(self):
        old, new = real("gnutls-legacy"), real("gnutls-legacy")
        for certificate in new["endpoints"][0]["facts"]["certificates"]:
            certificate["chain"][0]["key"]["bits"] //= 2
        gated = Gated(old, new, "-p", "nmap-ssl-enum-ciphers")
        self.agree(gated, 1)
        self.assertEqual(gated.states["nmap-ssl-enum-ciphers/verdict"], "new")

    def test_what_did_not_change_is_nothing_new(self):
        gated = Gated(real("expired-dhe1024"), real("expired-dhe1024"), "-p", "ssllabs", "--fail-on", "critical")
        self.agree(gated, 0)
        self.assertEqual(gated.states["ssllabs/verdict"], "unchanged")

    def test_beside_itself_every_result_is_as_known_as_its_evidence(self):
        for path in sorted((corpus.ROOT / "tests/data/results").glob("*.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            if any(endpoint["status"] in ("unreachable", "not_tls") for endpoint in document["endpoints"]):
                continue
            with self.subTest(path.stem):
                gated = Gated(document, document, "-p", "ssllabs", "-p", "nmap-ssl-enum-ciphers")
                self.agree(gated, gated.code)
                self.assertIn(gated.code, {0: [0], 1: [0, 3], 3: [3]}[gated.alone])
                judged = json.loads((FOLDER / "out.json").read_text(encoding="utf-8"))
                if all(each["coverage"] == 100 for endpoint in judged["endpoints"] for each in endpoint["assessments"]):
                    self.assertEqual(gated.code, 0)

    def test_missing_evidence_is_exit_3_as_ever(self):
        new = real("nginx-intermediate")
        for order in new["endpoints"][0]["facts"]["cipher_order"]:
            if order["protocol"] == "TLSv1.2":
                order["complete"] = False
        for model in ("nmap", "ssllabs"):
            house = store(f"{model}.yaml", HOUSE % model)
            with self.subTest(model):
                self.agree(Gated(new, new, "-p", house), 3)
                self.agree(Gated(real("nginx-intermediate"), new, "-p", house), 3)
                self.agree(Gated(new, new, "-p", house, "--min-score", "90"), 3)

    def test_what_is_merely_not_known_now_is_not_new(self):
        new = real("expired-dhe1024")
        new["endpoints"][0]["facts"]["cipher_order"][0]["complete"] = False
        gated = Gated(real("expired-dhe1024"), new, "-p", store("ssllabs.yaml", HOUSE % "ssllabs"))
        self.assertEqual(gated.alone, 1)
        self.agree(gated, 3)

    def test_what_was_open_and_is_bad_now_is_new(self):
        old = real("gnutls-legacy")
        old["endpoints"][0]["facts"]["certificates"] = {"inconclusive": "not read"}
        gated = Gated(old, real("gnutls-legacy"), "-p", store("nmap.yaml", HOUSE % "nmap"))
        self.agree(gated, 1)

    def test_a_server_that_got_better_is_known(self):
        new = real("expired-dhe1024")
        old = copy.deepcopy(new)
        suites = old["endpoints"][0]["facts"]["cipher_suites"]
        weak = next(suite for suite in suites if suite["key_exchange"] == "DHE")
        suites.append(weak | {"code": "0x009E", "name": "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "openssl_name": "DHE-RSA-AES128-GCM-SHA256", "key_bits": 128})
        gated = Gated(old, new, "-p", "ssllabs")
        self.assertEqual(gated.alone, 1)
        self.agree(gated, 0)
        self.agree(Gated(new, old, "-p", "ssllabs"), 1)


if __name__ == "__main__":
    unittest.main()

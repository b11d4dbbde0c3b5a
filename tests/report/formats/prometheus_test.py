"""prometheus: promtool and Prometheus' own Python parser read it; what was not measured has no sample."""
import calendar
import collections
import copy
import json
import math
import subprocess
import time
import unittest

import yaml
from prometheus_client.parser import text_string_to_metric_families

import corpus

LABELS = {"instance", "profile", "requirement", "severity", "verdict", "baseline", "protocol", "support", "grade", "model", "status", "version", "offered",
          "run", "openssl", "fingerprint_sha256", "subject", "issuer", "subjectalternative", "serialnumber",
          "serial_no", "issuer_cn", "cn", "dnsnames", "ips", "emails", "ou"}
GRADES = ["A+", "A", "A-", "B", "C", "D", "E", "F", "M", "T"]


def samples(text):
    """{(name, labels): value}; fails for a series that is there twice, which promtool does not see."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, f"twice: {key}"
            assert sample.timestamp is None, f"timestamp: {key}"
            found[key] = sample.value
    return found


def of(found, name, **labels):
    """[(labels, value)] of the series of that name that have these labels."""
    return [(dict(key), value) for (series, key), value in found.items() if series == name and labels.items() <= dict(key).items()]


def promtool(text):
    return subprocess.run(["promtool", "check", "metrics"], input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          timeout=60)


def render(name, document):
    """A document that is no member of the corpus."""
    path = corpus.FOLDER / f"{name}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = subprocess.run([corpus.TLSGAUGE, "report", str(path), "-o", "prometheus"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True,
                          timeout=60)
    return done.stdout.decode("utf-8")


def unixtime(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


class PrometheusTest(unittest.TestCase):
    def test_promtool_accepts_all(self):
        for name in corpus.results():
            with self.subTest(name):
                done = promtool(corpus.text(name, "prometheus"))
                self.assertEqual((done.returncode, done.stdout.decode()[:500]), (0, ""))

    def test_promtool_refuses_what_is_broken(self):
        good = corpus.text("good", "prometheus")
        for broken in (good.replace('instance="', 'instance="\n', 1), good.replace("# TYPE", "# TYPE x", 1), good + "x{\n", good.replace('"} 1\n', '"} one\n', 1)):
            self.assertNotEqual(promtool(broken).returncode, 0)
        with self.assertRaisesRegex(AssertionError, "twice"):
            samples(good + next(line for line in good.split("\n") if line.startswith("probe_success")) + "\n")

    def test_every_line_is_one_of_ours(self):
        """Hostile texts make no series, label, comment or line of their own."""
        for name in corpus.results():
            with self.subTest(name):
                text = corpus.text(name, "prometheus")
                found = samples(text)
                lines = [line for line in text.split("\n")[:-1] if not line.startswith("#")]
                self.assertEqual(len(lines), len(found))
                self.assertEqual({line.split(" ")[1] for line in text.split("\n") if line.startswith("#")} - {"HELP", "TYPE"}, set())
                for (series, key), value in found.items():
                    self.assertRegex(series, r"^(probe|ssl|tlsgauge)_[a-z_]+$")
                    self.assertLessEqual({label for label, _ in key}, LABELS)
                    self.assertTrue(math.isfinite(value))
                    for _, content in key:
                        self.assertNotRegex(content, "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
                self.assertNotIn("\x1b", text)

    def test_a_hostile_text_is_the_value_of_its_label(self):
        for key in ("script", "quotes", "formula", "percent"):
            text = corpus.HOSTILE[key]
            found = samples(corpus.text(f"hostile-{key}", "prometheus"))
            shown = text.replace("\t", "\\x09").replace("\r", "\\x0D").replace("\n", "\\x0A")
            if "\t" not in text:
                self.assertEqual({labels["requirement"] for labels, _ in of(found, "tlsgauge_requirement")}, {shown}, key)
                self.assertEqual({labels["version"] for labels, _ in of(found, "tlsgauge_build_info")}, {shown}, key)
            self.assertGreaterEqual(len(of(found, "tlsgauge_status")), 2)

    def test_verdicts_are_those_of_the_document(self):
        for name in corpus.results():
            if name.startswith("hostile-") or name == "hostile":
                continue  # there all requirements have one name
            with self.subTest(name):
                found, document = samples(corpus.text(name, "prometheus")), corpus.document(name)
                self.assertEqual(len(of(found, "tlsgauge_status")), len(document["endpoints"]))
                expected = collections.Counter((r["severity"], r["verdict"]) for e in document["endpoints"] for a in e.get("assessments", [])
                                               for r in a["requirements"])
                shown = collections.Counter((labels["severity"], labels["verdict"]) for labels, _ in of(found, "tlsgauge_requirement"))
                self.assertEqual(shown, expected)
                self.assertEqual(sum(value for _, value in of(found, "tlsgauge_findings")),
                                 sum(count for (_, verdict), count in expected.items() if verdict == "fail"))
                self.assertEqual(collections.Counter(labels["verdict"] for labels, _ in of(found, "tlsgauge_verdict")),
                                 collections.Counter(a["verdict"] for e in document["endpoints"] for a in e.get("assessments", [])))
                self.assertEqual(collections.Counter((labels["protocol"], labels["support"]) for labels, _ in of(found, "tlsgauge_protocol")),
                                 collections.Counter((p["name"], p["support"]) for e in document["endpoints"] for p in e["facts"].get("protocols", [])))
                for labels, value in of(found, "tlsgauge_grade"):
                    rank = {key: value for key, value in labels.items() if key in ("instance", "profile")}
                    self.assertEqual(GRADES[int(value) - 1], of(found, "tlsgauge_grade_info", **rank)[0][0]["grade"])

    def test_expiry_is_that_of_the_certificates(self):
        for name in corpus.results():
            if name.startswith("hostile-") or name == "hostile":
                continue
            with self.subTest(name):
                found, document = samples(corpus.text(name, "prometheus")), corpus.document(name)
                expected, trusted = [], 0
                for endpoint in document["endpoints"]:
                    own = [c for c in endpoint["facts"].get("certificates", []) if "chain" in c and "named" not in c["shown_for"]]
                    ends = [unixtime(c["not_after"]) for chain in own for c in chain["chain"] if "not_after" in c]
                    expected += [min(ends)] if ends else []
                    trusted += any(chain["verification"].get("trusted") for chain in own)
                self.assertEqual(sorted(value for _, value in of(found, "probe_ssl_earliest_cert_expiry")), sorted(expected))
                self.assertEqual(len(of(found, "probe_ssl_last_chain_expiry_timestamp_seconds")), trusted)

    def test_what_was_not_measured_has_no_sample(self):
        found = samples(corpus.text("unreachable", "prometheus"))
        gone = {"instance": "gone.example.org:443"}
        self.assertEqual(of(found, "probe_success", **gone), [(gone, 0)])
        for name in ("tlsgauge_score", "tlsgauge_grade", "tlsgauge_grade_info", "tlsgauge_findings", "tlsgauge_protocol", "tlsgauge_hsts",
                     "tlsgauge_post_quantum_key_exchange", "probe_ssl_earliest_cert_expiry", "probe_tls_version_info", "ssl_cert_not_after"):
            self.assertEqual(of(found, name, **gone), [], name)
        self.assertEqual([labels["verdict"] for labels, _ in of(found, "tlsgauge_verdict", **gone)], ["inconclusive"])
        self.assertEqual({labels["verdict"] for labels, _ in of(found, "tlsgauge_requirement", **gone)}, {"inconclusive"})
        self.assertEqual([value for _, value in of(found, "probe_success", instance="[2001:db8::5]:80")], [0])

    def test_inconclusive_is_never_zero(self):
        document = corpus.document("good")
        facts = document["endpoints"][0]["facts"]
        for protocol in facts["protocols"]:
            protocol["support"] = "inconclusive"
        facts["certificates"] = [{"shown_for": facts["certificates"][0]["shown_for"], "inconclusive": "timed out"}]
        facts["http"] = {"inconclusive": "timed out"}
        facts["post_quantum"]["key_exchange"] = "inconclusive"
        for requirement in document["endpoints"][0]["assessments"][0]["requirements"]:
            requirement["verdict"] = "inconclusive"
        found = samples(render("inconclusive", document))
        self.assertEqual([value for _, value in of(found, "probe_success")], [0])  # no answer came: a probe that failed
        for name in ("tlsgauge_hsts", "tlsgauge_hsts_max_age_seconds", "tlsgauge_findings", "probe_tls_version_info"):
            self.assertEqual(of(found, name), [], name)
        self.assertEqual({(labels["support"], value) for labels, value in of(found, "tlsgauge_protocol")}, {("inconclusive", 1)})
        self.assertEqual([labels["offered"] for labels, _ in of(found, "tlsgauge_post_quantum_key_exchange")], ["inconclusive"])
        self.assertNotIn(0, [value for (name, _), value in found.items() if name not in ("tlsgauge_run_interrupted", "tlsgauge_score") and "probe_success" not in name])

    def test_hsts(self):
        document = corpus.document("good")
        hsts = document["endpoints"][0]["facts"]["http"]["hsts"]
        age = hsts["max_age"]
        self.assertEqual([value for _, value in of(samples(corpus.text("good", "prometheus")), "tlsgauge_hsts_max_age_seconds")], [age])
        hsts.update(present=False, valid=False, max_age=None)
        found = samples(render("no-hsts", document))
        self.assertEqual(([value for _, value in of(found, "tlsgauge_hsts")], of(found, "tlsgauge_hsts_max_age_seconds")), ([0], []))
        hsts.update(present=True, valid=False, max_age=age)  # what browsers ignore protects nobody
        self.assertEqual(of(samples(render("bad-hsts", document)), "tlsgauge_hsts_max_age_seconds"), [])

    def test_no_series_twice(self):
        """All addresses of a name, the same address twice, profiles of one name, several chains of one certificate."""
        document = corpus.document("bad")
        document["endpoints"] *= 3
        document = copy.deepcopy(document)
        for number, endpoint in enumerate(document["endpoints"]):
            endpoint["target"]["address"] = f"192.0.2.{number // 4}"
            endpoint["assessments"] *= 2
            endpoint["facts"]["certificates"] *= 2
        text = render("twice", document)
        self.assertEqual(promtool(text).returncode, 0)
        found = samples(text)
        self.assertEqual(len(of(found, "tlsgauge_status")), 6)
        self.assertEqual(len(of(found, "tlsgauge_verdict")), sum(len(e["assessments"]) for e in document["endpoints"]))
        self.assertIn("nginx-recommended #2", {labels["profile"] for labels, _ in of(found, "tlsgauge_verdict")})

    def test_a_series_that_collides_keeps_the_earlier_expiry(self):
        document = corpus.document("bad")
        chain = document["endpoints"][1]["facts"]["certificates"][0]
        later = copy.deepcopy(chain)
        later["chain"][0].update(sha256="0" * 64, not_after="2049-01-01T00:00:00Z")
        document["endpoints"][1]["facts"]["certificates"] = [later, chain]
        leaf = chain["chain"][0]
        found = samples(render("collision", document))
        same = of(found, "ssl_cert_not_after", instance="www.example.com:443", serial_no=str(int(leaf["serial"], 16)))
        self.assertEqual([value for _, value in same], [unixtime(leaf["not_after"])])

    def test_other_names_of_the_address_are_not_asked_for(self):
        document = corpus.document("good")
        chains = document["endpoints"][0]["facts"]["certificates"]
        other = copy.deepcopy(chains[0])
        other["shown_for"]["named"] = "unknown"
        other["chain"][0].update(sha256="0" * 64, not_after="2001-01-01T00:00:00Z")
        chains.append(other)
        self.assertEqual(of(samples(render("default", document)), "probe_ssl_earliest_cert_expiry"),
                         of(samples(corpus.text("good", "prometheus")), "probe_ssl_earliest_cert_expiry"))

    def test_subjects_are_left_out_above_a_thousand(self):
        subjects = ("probe_ssl_last_chain_info", "ssl_cert_not_after", "ssl_cert_not_before")
        document = corpus.document("thousand")
        document["endpoints"].append(copy.deepcopy(document["endpoints"][0]))
        found = samples(render("more", document))
        self.assertEqual([of(found, name) for name in subjects], [[], [], []])
        self.assertGreater(len(of(found, "probe_ssl_earliest_cert_expiry")), 600)
        self.assertTrue(all(of(samples(corpus.text("thousand", "prometheus")), name) for name in subjects))

    def test_labels_of_the_exporters(self):
        found, leaf = samples(corpus.text("good", "prometheus")), corpus.document("good")["endpoints"][0]["facts"]["certificates"][0]["chain"][0]
        info = of(found, "probe_ssl_last_chain_info", fingerprint_sha256=leaf["sha256"])[0][0]
        names = [name[4:] for name in leaf["subject_alt_names"] if name.startswith("DNS:")]
        self.assertEqual((info["subject"], info["issuer"], info["subjectalternative"]), (leaf["subject"], leaf["issuer"], ",".join(names)))
        self.assertEqual(int(info["serialnumber"], 16), int(leaf["serial"], 16))
        labels, value = of(found, "ssl_cert_not_after", serial_no=str(int(leaf["serial"], 16)))[0]
        self.assertEqual((labels["dnsnames"], value), ("," + ",".join(names) + ",", unixtime(leaf["not_after"])))
        self.assertIn(f"CN={labels['cn']}", leaf["subject"])
        self.assertEqual({labels["version"] for labels, _ in of(found, "probe_tls_version_info")}, {"TLS 1.3"})

    def test_interrupted_and_its_run(self):
        document = corpus.document("good")
        document["run"]["interrupted"] = True
        self.assertEqual([value for _, value in of(samples(render("interrupted", document)), "tlsgauge_run_interrupted")], [1])
        first = of(samples(corpus.text("good", "prometheus")), "tlsgauge_run_interrupted")
        self.assertEqual([value for _, value in first], [0])
        document["run"]["arguments"] += ["other.example.com"]  # another job beside it in the same folder
        self.assertNotEqual(of(samples(render("other", document)), "tlsgauge_run_interrupted")[0][0], first[0][0])


class AlertTest(unittest.TestCase):
    """reports/prometheus/alerts.yml, by promtool's own evaluation of the metrics."""

    RULES = corpus.ROOT / "reports/prometheus/alerts.yml"

    def fired(self, name, expected, days=0):
        """Checks {alert: {instance: count}} of that result, so many days after its run."""
        zero = unixtime(corpus.document(name)["run"]["finished_at"])  # promtool's clock begins in 1970
        series = []
        for line in corpus.text(name, "prometheus").split("\n"):
            if line and not line.startswith("#"):
                key, value = line.rsplit(" ", 1)
                moment = "expiry" in key.split("{")[0] or "_timestamp_" in key.split("{")[0]
                series.append({"series": key, "values": f"{float(value) - (zero if moment else 0)}x200"})
        checks = []
        for rule in yaml.safe_load(self.RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]:
            samples_of = [{"labels": "{instance=" + json.dumps(instance) + "}" if instance else "{}", "value": count} for instance, count in expected.get(rule["alert"], {}).items()]
            checks.append({"expr": f"count by (instance) ({rule['expr']})", "eval_time": f"{days}d", "exp_samples": samples_of})
        path = corpus.FOLDER / f"alerts-{name}-{days}.yml"
        path.write_text(json.dumps({"rule_files": [str(self.RULES)], "tests": [{"interval": "1h", "input_series": series, "promql_expr_test": checks}]}))
        return subprocess.run(["promtool", "test", "rules", str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=60)

    def assert_fired(self, *arguments):
        done = self.fired(*arguments)
        self.assertEqual(done.returncode, 0, done.stdout[:3000])

    def test_a_good_endpoint_is_quiet(self):
        self.assert_fired("good", {})

    def test_a_bad_one_is_not(self):
        legacy = "legacy.example.net:8443"
        self.assert_fired("bad", {"CertificateExpiresSoon": {legacy: 1}, "OldTlsVersion": {legacy: 2},
                                  "TlsRequirementNotMet": {legacy: 4, "www.example.com:443": 1}})
        self.assertNotEqual(self.fired("bad", {}).returncode, 0)

    def test_what_was_not_reached_is_no_pass(self):
        self.assert_fired("unreachable", {"NoAnswerInTls": {"gone.example.org:443": 1, "[2001:db8::5]:80": 1},
                                          "TlsNotAssessed": {"gone.example.org:443": 1, "slow.example.org:993": 1, "[2001:db8::5]:80": 1},
                                          "TlsScanInterrupted": {"": 1}})

    def test_what_nobody_judged_is_no_pass(self):
        document = corpus.document("good")
        document["endpoints"][0]["assessments"] = []
        self.assert_fired(corpus.made("prometheus-not-judged", document), {"TlsNotAssessed": {"www.example.com:443": 1}})

    def test_a_scan_that_did_not_run_again(self):
        self.assert_fired("good", {"TlsScanIsOld": {"www.example.com:443": 1}}, 3)


if __name__ == "__main__":
    unittest.main()

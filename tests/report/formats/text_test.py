"""text: no text of a stranger steers a terminal, and the counts are the document's."""
import collections
import re
import unittest

import corpus

# Controls of C0 and C1, what changes the direction of text, and what ends a line without being a line end.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
STATES = ["FAIL", "UNREACHABLE", "NO-TLS", "INCONCLUSIVE", "NOT-JUDGED", "PASS"]
WORDS = {"FAIL": "fail", "UNREACHABLE": "unreachable", "NO-TLS": "no TLS", "INCONCLUSIVE": "inconclusive", "NOT-JUDGED": "not judged", "PASS": "pass"}


def state(endpoint):
    verdicts = [each["verdict"] for each in endpoint["assessments"]]
    if "fail" in verdicts:
        return "FAIL"
    if endpoint["status"] == "unreachable":
        return "UNREACHABLE"
    if endpoint["status"] == "not_tls":
        return "NO-TLS"
    if not verdicts:
        return "NOT-JUDGED"
    return "PASS" if set(verdicts) == {"pass"} else "INCONCLUSIVE"


class TextTest(unittest.TestCase):
    def test_nothing_steers_the_terminal(self):
        for name in corpus.results():
            for options in ((), ("-v",), ("-q",)):
                if options == ("-v",) and name in ("thousand", "hostile-megabyte"):
                    continue  # the same sentences, only slower
                with self.subTest(name=name, options=options):
                    text = corpus.text(name, "text", *options)
                    self.assertEqual(STEERING.findall(text.replace("\n", "")), [])
                    self.assertTrue(text.endswith("\n") or (name == "no-endpoint" and options == ("-q",)))

    def test_quiet_is_a_line_an_endpoint_with_columns(self):
        for name in corpus.results():
            with self.subTest(name):
                endpoints = corpus.document(name)["endpoints"]
                lines = corpus.text(name, "text", "-q").split("\n")[:-1]
                if corpus.document(name)["run"]["interrupted"]:
                    self.assertEqual(lines.pop().split()[:4], ["INTERRUPTED", "-", "-", "-"])
                self.assertEqual([line.split()[0] for line in lines], [state(each) for each in endpoints])
                for line, endpoint in zip(lines, endpoints):
                    cells = line.split()
                    scores = [str(each["score"]) if each["coverage"] else "-" for each in endpoint["assessments"]] or ["-"]
                    self.assertIn(cells[1], scores)
                    if name.removeprefix("hostile-") not in corpus.HOSTILE and name != "hostile":
                        self.assertIn(cells[2], [each["grade"] if each["coverage"] else "-" for each in endpoint["assessments"]] or ["-"])
                        self.assertTrue(cells[3].startswith(endpoint["target"]["host"]) or cells[3].startswith("["), line)
                        self.assertIn(f":{endpoint['target']['port']}", cells[3])

    def test_table_of_many_has_all_the_worst_first_and_the_tally_last(self):
        for name in corpus.results():
            endpoints = corpus.document(name)["endpoints"]
            if len(endpoints) < 2:
                continue
            with self.subTest(name):
                lines = corpus.text(name, "text").split("\n")[:-1]
                table = [line.split()[1] for line in lines[:len(endpoints)]]
                self.assertEqual(table, sorted((state(each) for each in endpoints), key=STATES.index))
                count = collections.Counter(map(state, endpoints))
                said = dict(reversed(part.split(" ", 1)) for part in lines[-1].split(": ", 1)[1].split(", "))
                self.assertEqual({word: int(said.get(word, 0)) for word in WORDS.values()}, {WORDS[each]: count[each] for each in STATES})
                self.assertTrue(lines[-1].startswith(f"{len(endpoints)} endpoints: "))

    def test_hostile_text_is_there_made_harmless(self):
        for name, shown in {"escapes": "a\\x1B[2J\\x1B]0;title\\x07", "nul": "be\\x00fore", "bidi": "safe\\u{202E}txt.exe\\u{2066}\\u{200F}",
                            "script": "<script>alert(1)</script>", "unicode": "\u00e9\u4e2d\U0001f4a9"}.items():
            with self.subTest(name):
                self.assertIn(shown, corpus.text(f"hostile-{name}", "text"))

    def test_what_failed_is_there_with_its_fix(self):
        for name in corpus.results():
            if name.startswith("hostile") or name == "thousand":
                continue
            with self.subTest(name):
                text = " ".join(corpus.text(name, "text").split())
                for endpoint in corpus.document(name)["endpoints"]:
                    for each in (r for a in endpoint["assessments"] for r in a["requirements"]):
                        if each["verdict"] in ("fail", "waived"):
                            self.assertIn(f"{each['severity']} {'not met: ' * (each['verdict'] == 'fail')}{each['title']}", text)
                        if each["verdict"] == "fail" and each["fix"]:
                            self.assertIn(" ".join(each["fix"][0]["text"].split()), text)


if __name__ == "__main__":
    unittest.main()

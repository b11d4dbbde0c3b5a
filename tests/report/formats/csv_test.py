"""csv: Python's reader finds the rows that the document has, and no cell that a spreadsheet would calculate."""
import collections
import csv
import functools
import io
import unittest

import corpus

COLUMNS = ["endpoint", "host", "port", "address", "server_name", "transport", "starttls", "status", "error", "profile", "profile_version",
           "profile_verdict", "score", "grade", "coverage", "requirement", "title", "severity", "verdict", "expected", "observed", "points_lost",
           "waiver", "baseline", "fingerprint", "measured_at"]
IGNORED = " \"'\u00a0\u3000\ufeff\u200b\t\r\n"  # what importers drop before they look for a sign
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\t\r"


@functools.cache
def rows(name):
    text = corpus.rendered(name, "csv").read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


class CsvTest(unittest.TestCase):
    def test_is_a_rectangle_of_crlf_lines_with_a_header(self):
        for name in corpus.results():
            with self.subTest(name):
                data = corpus.rendered(name, "csv").read_bytes()
                self.assertTrue(data.endswith(b"\r\n"))
                self.assertLess(len(data), 2 * corpus.results()[name].stat().st_size + 100_000, "no text is repeated without bound")
                self.assertEqual(data.count(b"\n"), data.count(b"\r\n"))
                self.assertEqual(data.count(b"\r"), data.count(b"\r\n"))
                read = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
                self.assertEqual(read[0], COLUMNS)
                self.assertEqual({len(row) for row in read}, {len(COLUMNS)})
                self.assertEqual(len(read), data.count(b"\n"), "a row is one line, whatever the text")

    def test_has_a_row_for_each_requirement_and_one_for_what_was_not_judged(self):
        for name in corpus.results():
            with self.subTest(name):
                want = collections.Counter()
                for endpoint in corpus.document(name)["endpoints"]:
                    if not endpoint["assessments"]:
                        want[endpoint["status"], "", "", ""] += 1
                    for each in endpoint["assessments"]:
                        if not each["requirements"]:
                            want[endpoint["status"], each["verdict"], "", ""] += 1
                        for requirement in each["requirements"]:
                            want[endpoint["status"], each["verdict"], requirement["severity"], requirement["verdict"]] += 1
                want["interrupted", "", "", ""] += corpus.document(name)["run"]["interrupted"]
                have = collections.Counter((r["status"], r["profile_verdict"], r["severity"], r["verdict"]) for r in rows(name))
                self.assertEqual(have, want)

    def test_no_cell_is_a_formula(self):
        for name in corpus.results():
            with self.subTest(name):
                for row in rows(name):
                    for column, text in row.items():
                        bare = text.lstrip(IGNORED)
                        if bare[:1] and bare[0] in SIGNS:
                            self.assertEqual(text[0], "'", f"{column}: {text[:60]!r}")
                        self.assertFalse(text[:1] and text[0] in SIGNS, f"{column}: {text[:60]!r}")

    def test_formulas_of_every_kind_are_defused_and_their_text_stays(self):
        texts = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "  =1", "\"=1", "'=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\u00a0=1",
                 "\u3000\uff1d1", "\ufeff=1", "\" '+1", "-"]
        have = rows(self.render(*({"observed": text} for text in texts)))
        self.assertEqual(len(have), len(texts))
        for text, row in zip(texts, have):
            with self.subTest(text):
                self.assertIn(row["observed"], ("'" + text, text.replace("\t", "\\x09").replace("\r", "\\x0D").replace("\n", "\\x0A")))
                self.assertTrue(row["observed"][0] in "'\\")

    def test_the_text_is_where_it_belongs(self):
        name = self.render({"title": "a,\"b\"\r\nc\x1b[2J \u00e9\u4e2d", "observed": "O" * 100_000, "expected": "x\u202ey\x00"})
        row = rows(name)[0]
        self.assertEqual(row["title"], "a,\"b\"\\x0D\\x0Ac\\x1B[2J \u00e9\u4e2d")
        self.assertEqual(row["expected"], "x\\u{202E}y\\x00")
        self.assertEqual(row["observed"], "O" * 31_994 + " [cut]")
        self.assertEqual(row["severity"], "critical")

    def test_unreachable_never_looks_like_pass(self):
        seen = collections.Counter(row["status"] for row in rows("unreachable"))
        self.assertGreater(seen["unreachable"], 0)
        self.assertGreater(seen["not_tls"], 0)
        for row in rows("unreachable"):
            self.assertNotEqual(row["profile_verdict"], "pass")
            self.assertTrue(row["error"])
            if row["status"] != "partial":
                self.assertEqual(row["grade"], "")

    def test_a_fingerprint_is_that_of_one_requirement(self):
        prints = [row["fingerprint"] for row in rows("thousand") if row["requirement"]]
        self.assertEqual(len(prints), len(set(prints)))

    def render(self, *each):
        """A result with a requirement for each of these members."""
        document = corpus.document("bad")
        document["endpoints"] = document["endpoints"][:1]
        assessment = document["endpoints"][0]["assessments"][0]
        document["endpoints"][0]["assessments"] = [assessment]
        base = {**assessment["requirements"][0], "severity": "critical", "verdict": "fail"}
        assessment["requirements"] = [{**base, **members} for members in each]
        return corpus.made(f"csv-{len(each)}", document)


if __name__ == "__main__":
    unittest.main()

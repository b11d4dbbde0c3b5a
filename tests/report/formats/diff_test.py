"""diff: its JSON follows its schema (in two tools), every format says the same of every pair of results, hostile strings stay text."""
import collections
import functools
import json
import re
import subprocess
import unittest
import xml.etree.ElementTree as ET

import jsonschema

import corpus

SCHEMA_PATH = corpus.ROOT / "reports/schema/diff-1.schema.json"
SCHEMA = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
CHANGES = list(SCHEMA["$defs"]["counts"]["properties"])
AJV = """const fs = require("fs"), Ajv = require("ajv/dist/2020").default, ajv = new Ajv({allErrors: true, strict: false});
const check = ajv.compile(JSON.parse(fs.readFileSync(process.argv[2], "utf8")));
for (const path of process.argv.slice(3)) if (!check(JSON.parse(fs.readFileSync(path, "utf8"))))
  console.log(path, JSON.stringify(check.errors.slice(0, 3)));
"""
PARSER = ["cmark-gfm", "--unsafe", "-t", "xml", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist"]
NS = "{http://commonmark.org/xml/1.0}"
NEVER = {"image", "link", "html_inline", "html_block", "block_quote", "thematic_break", "strikethrough", "emph", "code_block", "softbreak", "linebreak"}
LIVE = re.compile(r"(?<![\w])[@#!$%~^&](?=\w)|\bGH-\d|https?://|ftp://|\bwww\.|(mailto|xmpp):(?=\w)|:[a-z0-9_+-]+:", re.IGNORECASE)
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@functools.cache
def compared():
    """{name: {format: path}} of each result beside the one before it, and beside itself under "NAME=NAME" for a few."""
    names = [name for name in corpus.results() if name != "thousand"]
    pairs = {after: (before, after) for before, after in zip(["bad", *names], names)}
    pairs |= {f"{name}={name}": (name, name) for name in ("good", "bad", "hostile", "hostile-script", "thousand")}
    (corpus.FOLDER / "diff").mkdir(exist_ok=True)
    out = {}
    for name, (before, after) in pairs.items():
        paths = {each: corpus.FOLDER / "diff" / f"{name}.{each}" for each in ("json", "text", "markdown")}
        command = [corpus.TLSGAUGE, "diff", str(corpus.results()[before]), str(corpus.results()[after])]
        done = subprocess.run([*command, *(word for each, path in paths.items() for word in ("-o", f"{each}={path}"))], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
        assert done.returncode in (0, 1, 3), f"{name}: exit {done.returncode}: {done.stderr[:500]}"
        said = [line for line in done.stderr.splitlines() if not line.startswith(b"tlsgauge: warning: ")]
        assert done.stdout == b"" and len(said) == (done.returncode != 0), f"{name}: {done.stderr[:500]}"
        out[name] = paths | {"code": done.returncode}
    return out


@functools.cache
def document(name):
    return json.loads(compared()[name]["json"].read_text(encoding="utf-8"))


class DiffTest(unittest.TestCase):
    def test_json_follows_its_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        validator = jsonschema.Draft202012Validator(SCHEMA)
        for name in compared():
            with self.subTest(name):
                self.assertEqual([error.message[:200] for error in validator.iter_errors(document(name))][:3], [])

    def test_json_follows_its_schema_in_ajv(self):
        script = corpus.FOLDER / "diff.cjs"
        script.write_text(AJV, encoding="utf-8")
        done = corpus.node(script, SCHEMA_PATH, *(paths["json"] for paths in compared().values()))
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        broken = corpus.FOLDER / "broken.json"
        broken.write_text(json.dumps(document("bad=bad") | {"result": "fine"}), encoding="utf-8")
        self.assertIn("/result", corpus.node(script, SCHEMA_PATH, broken).stdout)

    def test_counts_are_those_of_what_is_listed(self):
        for name, paths in compared().items():
            with self.subTest(name):
                found = document(name)
                self.assertEqual({"not_worse": 0, "worse": 1, "unknown": 3}[found["result"]], paths["code"])
                listed = collections.Counter(each["change"] for endpoint in found["endpoints"] for profile in endpoint["profiles"]
                                             for each in profile["requirements"])
                self.assertEqual({each: found["counts"]["requirements"][each] for each in CHANGES if each != "same"},
                                 {each: listed[each] for each in CHANGES if each != "same"})
                endpoints = collections.Counter(each["change"] for each in found["endpoints"])
                self.assertEqual(found["counts"]["endpoints"], {each: endpoints[each] for each in CHANGES})
                self.assertEqual(found["now"]["endpoints"], len(corpus.document(name.split("=")[0])["endpoints"]))

    def test_nothing_that_is_unknown_now_is_better(self):
        for name in compared():
            for endpoint in document(name)["endpoints"]:
                reached = endpoint["status"]["now"] in ("complete", "partial")
                for profile in endpoint["profiles"]:
                    for each in profile["requirements"]:
                        if each["change"] == "better":
                            self.assertTrue(reached, name)
                            self.assertIn(each["verdict"]["now"], ("pass", "fail"), name)
                        if each["verdict"]["before"] != "fail" == each["verdict"]["now"]:
                            self.assertTrue(each["worsening"], name)

    def test_the_same_twice_is_the_same(self):
        self.assertEqual({each["change"] for each in document("good=good")["endpoints"]}, {"same"})
        self.assertEqual(compared()["good=good"]["code"], 0)
        for name in ("bad", "hostile", "hostile-script"):
            found = document(f"{name}={name}")
            self.assertLessEqual({each["change"] for each in found["endpoints"]}, {"same", "unknown"}, name)
            listed = [each for endpoint in found["endpoints"] for profile in endpoint["profiles"] for each in profile["requirements"]]
            self.assertEqual({each["verdict"]["now"] for each in listed}, {"inconclusive"}, "nobody knows, as before")
        thousand = document("thousand=thousand")
        self.assertEqual(len([each for each in thousand["endpoints"] if each["note"] and each["change"] == "unknown"]), 333,
                         "unreachable both times: nobody knows")
        self.assertEqual(compared()["thousand=thousand"]["code"], 3)

    def test_text_steers_no_terminal(self):
        for name, paths in compared().items():
            with self.subTest(name):
                text = paths["text"].read_text(encoding="utf-8")
                self.assertNotRegex(text, CONTROLS)
                self.assertTrue(text.startswith({0: "NOT WORSE", 1: "WORSE", 3: "UNKNOWN"}[paths["code"]]))

    def test_markdown_has_only_the_nodes_that_it_means(self):
        headings = {"Worse", "Unknown now", "Better", "Changed otherwise", "What the servers do otherwise"}
        for name, paths in compared().items():
            with self.subTest(name):
                data = paths["markdown"].read_bytes()
                self.assertLess(len(data.decode()), 65_536)
                done = subprocess.run(PARSER, input=data, stdout=subprocess.PIPE, check=True)
                tree = ET.fromstring(re.sub("[\ufffe\uffff]", "?", done.stdout.decode()).replace('<!DOCTYPE document SYSTEM "CommonMark.dtd">', ""))
                self.assertEqual({each.tag.removeprefix(NS) for each in tree.iter()} & NEVER, set())
                found = ["".join(each.itertext()).strip() for each in tree.iter(NS + "heading")]
                self.assertRegex(found[0], "something got worse|could be compared|nothing changed|nothing got worse")
                self.assertLessEqual(set(found[1:]), headings)
                rows = [len(list(row)) for row in tree.iter(NS + "table_row")]
                self.assertLessEqual(set(rows), {4})
                for block in tree.iter():
                    if block.tag in {NS + "paragraph", NS + "table_cell", NS + "heading"}:
                        self.assertNotRegex("".join(each.text or "" for each in block.iter(NS + "text")), LIVE)
                worse = sum(profile["grade_fell"] is not None for endpoint in document(name)["endpoints"] for profile in endpoint["profiles"]) + sum(
                    each["worsening"] for endpoint in document(name)["endpoints"] for profile in endpoint["profiles"] for each in profile["requirements"])
                self.assertEqual("Worse" in found, worse > 0)


if __name__ == "__main__":
    unittest.main()

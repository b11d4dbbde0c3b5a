"""markdown: GitHub's own parser finds no link, picture, HTML, heading or mention that the report did not mean."""
import collections
import copy
import functools
import re
import subprocess
import unittest
import xml.etree.ElementTree as ET

import corpus

LIMIT = 65_536  # characters of a comment on GitHub
PARSER = ["cmark-gfm", "--unsafe", "-t", "xml", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist"]
NS = "{http://commonmark.org/xml/1.0}"
HEADLINES = re.compile(r"^(\u274c|\u2705|\u26a0\ufe0f) TLS: (interrupted: )?(the \d+ endpoints? that (was|were) finished pass(es)?|all \d+ endpoints pass|the endpoint (passes|fails|could not be judged)|no endpoint was measured|"
                       r"\d+ of \d+ endpoints? fails?(, (\d+|none) could not be judged)?|\d+ of \d+ endpoints? could not be judged)$")
SECTIONS = {"Fix first", "Could not be established", "Not measured in full", "Waived", "About the run"}
HTML = {"<details><summary>Fix</summary>\n", "<details><summary>Why</summary>\n", "</details>\n"}
NEVER = {"image", "html_inline", "block_quote", "thematic_break", "strikethrough", "emph", "softbreak", "linebreak", "footnote_definition"}
# What GitHub and GitLab make links, pictures or formulas of in plain text, after parsing.
LIVE = re.compile(r"(?<![\w])[@#!$%~^&](?=\w)|\bGH-\d|https?://|ftp://|\bwww\.|(mailto|xmpp):(?=\w)|:[a-z0-9_+-]+:", re.IGNORECASE)


@functools.cache
def parsed(name):
    done = subprocess.run(PARSER, input=corpus.rendered(name, "markdown").read_bytes(), stdout=subprocess.PIPE, check=True)
    return ET.fromstring(re.sub("[\ufffe\uffff]", "?", done.stdout.decode()).replace('<!DOCTYPE document SYSTEM "CommonMark.dtd">', ""))


def nodes(tree, kind):
    return list(tree.iter(NS + kind))


def text_of(node, kinds=("text", "code")):
    return "".join(each.text or "" for each in node.iter() if each.tag in {NS + kind for kind in kinds})


class MarkdownTest(unittest.TestCase):
    def test_has_only_the_nodes_that_it_means(self):
        for name in corpus.results():
            with self.subTest(name):
                tree = parsed(name)
                kinds = {each.tag.removeprefix(NS) for each in tree.iter()}
                self.assertEqual(kinds & NEVER, set())
                headings = [text_of(each) for each in nodes(tree, "heading")]
                self.assertRegex(headings[0], HEADLINES)
                self.assertLessEqual(set(headings[1:]), SECTIONS)
                self.assertEqual(len(headings), len(set(headings)))
                self.assertLessEqual({each.text for each in nodes(tree, "html_block")}, HTML)
                blocks = collections.Counter(each.text for each in nodes(tree, "html_block"))
                self.assertEqual(blocks["</details>\n"], sum(blocks.values()) / 2)
                for link in nodes(tree, "link"):
                    self.assertRegex(link.get("destination"), r"^https://www\.rfc-editor\.org/rfc/[\w./-]+$")
                for strong in nodes(tree, "strong"):
                    self.assertRegex(text_of(strong), r"^(critical|high|medium|low|info|\d+ d ago)$")
                for code in nodes(tree, "code_block"):
                    self.assertRegex(code.get("info") or "", r"^[A-Za-z0-9]{0,20}$")
                self.assertLessEqual(len(nodes(tree, "table")), 1)
                if name.removeprefix("hostile-") in corpus.HOSTILE:
                    self.assertEqual(nodes(tree, "link"), [])

    def test_nothing_refers_to_people_issues_or_addresses(self):
        for name in corpus.results():
            with self.subTest(name):
                for block in parsed(name).iter():
                    if block.tag in {NS + "paragraph", NS + "table_cell", NS + "heading"}:
                        self.assertNotRegex(text_of(block, ("text",)), LIVE)

    def test_each_way_to_refer_is_broken_and_still_reads_as_it_was(self):
        texts = ["@octocat", "a@b.example", "#123", "a/b#1", "GH-7", "gh-7", "http://evil.example", "HTTPS://evil.example/x?y=z", "www.evil.example",
                 "WWW.evil.example", "ftp://evil.example", "mailto:a@b.example", "xmpp:a@b.example", ":skull:", "$x$", "!5", "~bug", "%3", "^alert#1",
                 "&1", "![x](y)", "[x](y)", "[x]: http://y", "<http://y>", "<b>x</b>", "<!-- x -->", "*x*", "_x_", "~~x~~", "`x`", "&lt;&copy;",
                 "# x", "> x", "- x", "1. x", "| x | y |", "a\\|b", "\\", "x\\", "---", "===", "```", "[ ] x", "[^1]", "$$x$$", "$`x`$", "\"x\" 'y'",
                 "TLS_RSA_X", "a: b", "12 %"]
        tree = parsed(self.render(texts))
        self.assertEqual([nodes(tree, kind) for kind in ("link", "image", "html_inline", "emph", "strikethrough", "block_quote")], [[]] * 6)
        self.assertEqual(len(nodes(tree, "heading")), 5)
        for each in nodes(tree, "paragraph") + nodes(tree, "table_cell"):
            self.assertNotRegex(text_of(each, ("text",)), LIVE)
        shown = [re.sub(r"^\d+\. ", "", text_of(each).replace("\u200b", "")) for each in nodes(tree, "paragraph")]
        cells = [text_of(each).replace("\u200b", "") for each in nodes(tree, "table_cell")]
        blocks = [each.text for each in nodes(tree, "code_block")]
        for text in texts:
            with self.subTest(text):
                host = f"[{text}]" if ":" in text else text  # as an IPv6 address is written
                where = f"{host}:443 as {text} {text} STARTTLS {text}"
                self.assertIn(f"critical not met: {text}, on {where}", shown)
                self.assertIn(f"Observed: {text}", shown)
                self.assertIn(where, cells)
                self.assertIn(f"not met: {text}: {text}", cells)
                self.assertIn(text + "\n", blocks)

    def test_fits_a_comment(self):
        for name in corpus.results():
            with self.subTest(name):
                self.assertLess(len(corpus.rendered(name, "markdown").read_bytes()), LIMIT)
        self.assertIn("Cut to fit a comment", corpus.text(self.remedies(2000), "markdown"))

    def test_the_headline_counts(self):
        for name in corpus.results():
            with self.subTest(name):
                endpoints = corpus.document(name)["endpoints"]
                failed = sum(any(each["verdict"] == "fail" for each in endpoint["assessments"]) for endpoint in endpoints)
                passed = sum(endpoint["status"] in ("complete", "partial") and bool(endpoint["assessments"])
                             and all(each["verdict"] == "pass" for each in endpoint["assessments"]) for endpoint in endpoints)
                head = corpus.text(name, "markdown").split("\n", 1)[0]
                interrupted = corpus.document(name)["run"]["interrupted"]
                self.assertEqual(" TLS: interrupted: " in head, interrupted)
                head = head.replace(" interrupted:", "")
                if failed:
                    self.assertIn(f"\u274c TLS: {failed} of {len(endpoints)} " if len(endpoints) > 1 else "\u274c TLS: the endpoint fails", head)
                elif endpoints and passed == len(endpoints) and not interrupted:
                    self.assertIn("\u2705", head)
                else:
                    self.assertIn("\u26a0", head)

    def test_what_is_open_is_there(self):
        sections = {"inconclusive": "### Could not be established", "waived": "### Waived", "fail": "### Fix first"}
        for name in corpus.results():
            with self.subTest(name):
                text = corpus.text(name, "markdown")
                document = corpus.document(name)
                verdicts = {r["verdict"] for e in document["endpoints"] for a in e["assessments"] for r in a["requirements"]
                            if r["verdict"] != "inconclusive" or e["status"] in ("complete", "partial")}
                for verdict, heading in sections.items():
                    self.assertEqual(heading in text, verdict in verdicts, heading)
                self.assertEqual("### Not measured in full" in text, any(e["status"] != "complete" or not e["assessments"] for e in document["endpoints"]))

    def test_one_remedy_for_many_endpoints(self):
        text = corpus.text("thousand", "markdown")
        tree = parsed("thousand")
        body = [each for each in nodes(tree, "table_row")]
        self.assertIn(len(body), range(90, 101))
        self.assertIn("on 333 endpoints: `host-0001.example.com:8443`", text)
        numbered = [text_of(each) for each in nodes(tree, "paragraph") if re.match(r"\d+\. ", text_of(each))]
        bad = corpus.document("bad")["endpoints"][0]["assessments"][0]["requirements"]
        self.assertEqual(len(numbered), sum(each["verdict"] == "fail" for each in bad))
        graves = ["critical", "high", "medium", "low", "info"]
        order = [graves.index(each.split()[1]) for each in numbered]
        self.assertEqual(order, sorted(order))

    def render(self, texts):
        """An endpoint for each text, which has it wherever it can."""
        document = corpus.document("bad")
        base = document["endpoints"][0]
        document["endpoints"] = []
        for text in texts:
            endpoint = copy.deepcopy(base)
            endpoint["target"].update(host=text, server_name=f"{text} {text}", starttls=text, port=443)
            endpoint["status"] = "complete"
            requirement = {**base["assessments"][0]["requirements"][0], "severity": "critical", "verdict": "fail", "title": text, "observed": text,
                           "why": text, "references": [text], "fix": [{"server": "nginx", "text": text}]}
            endpoint["assessments"] = [{**base["assessments"][0], "requirements": [requirement, {**requirement, "verdict": "inconclusive"},
                                                                                  {**requirement, "verdict": "waived", "waiver": text}]}]
            document["endpoints"].append(endpoint)
        return corpus.made(f"markdown-{len(texts)}", document)

    def remedies(self, count):
        document = corpus.document("bad")
        requirement = document["endpoints"][0]["assessments"][0]["requirements"][0]
        document["endpoints"][0]["assessments"][0]["requirements"] = [{**requirement, "verdict": "fail", "id": f"r-{i}"} for i in range(count)]
        return corpus.made(f"markdown-remedies-{count}", document)


if __name__ == "__main__":
    unittest.main()

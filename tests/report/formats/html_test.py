"""html and html-dir: read back by an HTML parser. What a browser makes of them is tested in tests/browser."""
import html.parser
import json
import re
import subprocess
import unittest

import corpus

VOID = {"meta", "br", "input", "col"}
ELEMENTS = set("""html head meta title style body header main footer section article div p h1 h2 h3 h4 ul ol li dl dt dd table colgroup col thead tbody tr th td
  details summary figure figcaption pre code a b i em strong small span bdi button label input select option time br script
  svg g rect circle line path text""".split())
ATTRIBUTES = set("""class id href hidden open aria-hidden aria-label aria-labelledby aria-sort role tabindex scope colspan type value title datetime
  lang charset http-equiv content name rel autocomplete spellcheck start for
  data-for data-verdict data-severity data-grade data-key data-label
  viewbox width height x y x1 x2 y1 y2 cx cy r d transform pathlength stroke stroke-width stroke-dasharray fill font-size text-anchor
  preserveaspectratio""".split())


class Page(html.parser.HTMLParser):
    """Elements, attributes and texts of a page; `faults` says what is not as it has to be."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.ids, self.links, self.texts, self.faults, self.stack = [], [], [], [], [], []
        self.unmet = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        if tag not in VOID:
            self.stack.append(tag)
        if tag not in ELEMENTS:
            self.faults.append(f"element {tag}")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.faults.append(f"attribute {name} of {tag}")
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
            if name == "class" and "unmet" in value.split():
                self.unmet += 1

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> closes another element")

    def handle_data(self, data):
        if not self.stack or self.stack[-1] not in ("script", "style"):
            self.texts.append(data)

    def handle_comment(self, data):
        self.faults.append(f"comment {data[:40]}")

    def unknown_decl(self, data):
        self.faults.append(f"declaration {data[:40]}")


def unmet(document):
    return sum(r["verdict"] == "fail" for e in document["endpoints"] for a in e["assessments"] for r in a["requirements"])


class HtmlTest(unittest.TestCase):
    def check(self, page, files=()):
        self.assertEqual(page.faults[:3], [])
        self.assertEqual(page.stack, [])
        self.assertEqual(len(page.ids), len(set(page.ids)))
        self.assertEqual((page.elements.count("script"), page.elements.count("style")), (1, 1))
        for link in page.links:
            if link.startswith("#"):
                self.assertIn(link[1:], page.ids)
            elif not re.fullmatch(r"https?://[!-~]+", link):
                self.assertIn(link.split("#")[0], files)
        self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "".join(page.texts)))

    def test_every_result_is_a_page_of_known_elements(self):
        for name in corpus.results():
            with self.subTest(name):
                page = Page(corpus.text(name, "html"))
                self.check(page)
                document = corpus.document(name)
                if len(document["endpoints"]) < 100:
                    self.assertEqual(page.unmet, unmet(document))
                self.assertLess(corpus.rendered(name, "html").stat().st_size, 5_000_000)

    def test_hostile_text_is_where_it_belongs(self):
        for name, shown in (("hostile-script", corpus.HOSTILE["script"]), ("hostile-script_end", corpus.HOSTILE["script_end"]),
                            ("hostile-quotes", corpus.HOSTILE["quotes"]), ("hostile-cdata", corpus.HOSTILE["cdata"]),
                            ("hostile-nul", "be\\x00fore\\x01\\x02"), ("hostile-bidi", "safe\\u{202E}txt.exe\\u{2066}")):
            with self.subTest(name):
                text = "".join(Page(corpus.text(name, "html")).texts)
                # Title, expected, observed and why of each finding, subjects, reasons and so on.
                self.assertGreater(text.count(shown), 50)

    def test_a_folder_leads_to_a_page_for_each_endpoint(self):
        for name in ("bad", "several", "several-profiles", "hostile-script", "hostile-nul", "no-endpoint"):
            with self.subTest(name):
                folder = corpus.rendered(name, "html-dir")
                files = sorted(path.name for path in folder.iterdir())
                document = corpus.document(name)
                self.assertEqual(len(files), 1 + len(document["endpoints"]))
                found = 0
                for file in files:
                    self.assertRegex(file, r"\A(index|[-a-z0-9_.]+_[0-9]+-[0-9a-f]{12})\.html\Z")
                    page = Page((folder / file).read_text(encoding="utf-8"))
                    self.check(page, files)
                    found += page.unmet
                self.assertEqual(found, unmet(document))

    def run_report(self, document, *options):
        return subprocess.run([corpus.TLSGAUGE, "report", "-", *options], input=json.dumps(document), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False, timeout=120)

    def test_above_a_thousand_endpoints_the_folder_is_named(self):
        done = self.run_report(corpus.many(1001), "-o", f"html={corpus.FOLDER}/many.html")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1001 endpoints are many for one page; -o html-dir=DIR writes one for each", done.stderr)
        self.assertEqual(self.run_report(corpus.document("bad"), "-o", f"html={corpus.FOLDER}/few.html").stderr, "")

    def test_a_folder_that_cannot_be_written_is_said_at_once(self):
        (corpus.FOLDER / "foreign").mkdir()
        (corpus.FOLDER / "foreign" / "notes.txt").write_text("mine", encoding="utf-8")
        for place in (corpus.FOLDER / "foreign", corpus.FOLDER / "none" / "report", "/proc/report"):
            command = [corpus.TLSGAUGE, "scan", "--timeout", "1", "-o", f"html-dir={place}", "192.0.2.1:443"]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=20)
            self.assertEqual(done.returncode, 2, place)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()

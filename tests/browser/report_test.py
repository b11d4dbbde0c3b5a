#!/usr/bin/python3
"""The HTML report in headless Chromium, opened from a file. TLSGAUGE names the program (default build/release/tlsgauge)."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TLSGAUGE = os.environ.get("TLSGAUGE", str(ROOT / "build/release/tlsgauge"))
SWITCHES = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--window-size=1280,900"]
SAMPLES = ["good", "bad", "hostile", "unreachable"]


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.pages = {}
        for name in SAMPLES:
            path = pathlib.Path(cls.folder.name) / f"{name}.html"
            sample = ROOT / f"reports/samples/{name}.json"
            subprocess.run([TLSGAUGE, "report", str(sample), "-o", f"html={path}"], check=True, stdin=subprocess.DEVNULL)
            cls.pages[name] = path.as_uri()
        options = webdriver.ChromeOptions()
        for switch in SWITCHES:
            options.add_argument(switch)
        options.add_argument(f"--user-data-dir={cls.folder.name}/profile")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        cls.browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.folder.cleanup()

    def setUp(self):
        self.media("")
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        self.browser.get("about:blank")
        self.browser.get_log("browser")
        self.browser.get_log("performance")

    def media(self, scheme, kind=""):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": features})

    def open(self, name, fragment=""):
        self.browser.get(self.pages[name] + fragment)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def run_script(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def requests(self):
        events = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    def test_loads_without_a_word_and_without_a_request(self):
        for name in SAMPLES:
            with self.subTest(name):
                self.open(name)
                self.run_script("return document.fonts.ready.then(() => 1)")
                self.assertEqual(self.browser.get_log("browser"), [])
                self.assertEqual(self.requests(), [self.pages[name]])

    def test_the_policy_holds_and_the_style_is_admitted(self):
        self.open("good")
        policy = self.one("meta[http-equiv]").get_attribute("content")
        for part in ("default-src 'none'", "style-src 'sha256-", "script-src 'sha256-", "base-uri 'none'", "form-action 'none'", "trusted-types 'none'"):
            self.assertIn(part, policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(self.one(".card").value_of_css_property("border-top-left-radius"), "10px")
        refused = self.run_script("try { document.body.innerHTML = '<b>x</b>'; return 'set'; } catch (e) { return e.name; }")
        self.assertEqual(refused, "TypeError")
        self.run_script("const s = document.createElement('div'); s.setAttribute('style', 'color: red'); s.id = 'styled'; document.body.append(s);")
        self.assertNotEqual(self.one("#styled").value_of_css_property("color"), "rgba(255, 0, 0, 1)")

    def test_hostile_text_is_shown_as_text(self):
        self.open("hostile")
        self.assertRaises(Exception, lambda: self.browser.switch_to.alert)
        self.assertEqual(len(self.all("script")), 1)
        self.assertEqual(len(self.all("img, iframe, object, embed, form, link, base")), 0)
        self.assertEqual(len(self.all("svg:not([class])")), 0)
        acting = "return [...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => /^on|^style$|^src/.test(n))"
        self.assertEqual(self.run_script(acting), [])
        text = self.run_script("return document.body.textContent")
        for shown in ("CN=<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "' onmouseover='alert(3)", "</script><script>alert(4)</script>",
                      "<!--<script>", "{{title}}{{{css}}}", "abc\\u{202E}txt.exe\\u{202C}", "NUL:\\x00 ESC:\\x1B[31m", "&lt;b&gt; &amp;", "\\x9B31m"):
            self.assertIn(shown, text)
        for hidden in "\u202e\u2066\u0000\u001b\u009b":
            self.assertNotIn(hidden, text)
        links = self.run_script("return [...document.links].map((a) => a.protocol)")
        self.assertEqual(set(links) - {"http:", "https:", "file:"}, set())
        # A link into the page is the only kind that leads to a file.
        self.assertTrue(all(a.get_attribute("href").startswith(self.pages["hostile"] + "#") for a in self.all("a[href^='#']")))

    def test_verdict_and_worst_findings_are_seen_without_scrolling(self):
        self.open("bad")
        for selector in ("h1", "#endpoint-1 .verdict", "#endpoint-1 .ring", "#endpoint-1 .grade", "#endpoint-1 .protocols", "#endpoint-1 .requirement.unmet",
                         "#endpoint-1 .fix", "#endpoint-1 .suites li", "#endpoint-1 .validity"):
            element = self.one(selector)
            self.assertTrue(element.is_displayed(), selector)
            self.assertLess(element.rect["y"] + element.rect["height"], 900, selector)

    def test_every_unmet_requirement_and_its_fix_are_there(self):
        self.open("bad")
        self.assertEqual(len(self.all("#endpoint-1 .requirement.unmet")), 5)
        fixes = [e.text for e in self.all("#endpoint-1 .fix code")]
        self.assertIn("ssl_protocols TLSv1.2 TLSv1.3;", fixes)
        self.assertIn('add_header Strict-Transport-Security "max-age=63072000" always;', fixes)
        self.assertEqual(len(self.all("#endpoint-1 .suites li")), 13)

    def test_ladders_stand_side_by_side(self):
        self.open("good")
        figures = self.all(".ladders figure")
        self.assertEqual([f.find_element(By.CSS_SELECTOR, "h4").text.split("\n")[0][:16].strip() for f in figures],
                         ["TLSv1.2 full", "TLSv1.3 full", "TLSv1.2 resumed", "TLSv1.3 resumed", "TLSv1.3 after He", "TLSv1.3 0-RTT"])
        self.assertEqual(figures[0].rect["y"], figures[1].rect["y"])
        ladders = self.all("svg.ladder")
        self.assertGreater(ladders[0].rect["height"], ladders[1].rect["height"])  # two round trips beside one
        self.assertTrue(all(ladder.rect["width"] > 200 for ladder in ladders))

    def test_cards_of_facts_show_every_row(self):
        self.open("good")
        self.assertEqual([e.text for e in self.all(".rows h3")],
                         ["Key exchange", "Signatures", "Extensions and ALPN", "Sessions", "Fingerprints", "Hygiene"])
        for element in self.all(".rows h4, .rows p, .rows dt, .rows dd"):
            self.assertTrue(element.is_displayed() and element.text, element.get_attribute("outerHTML"))
        self.assertEqual(self.all(".rows .bad"), [])
        self.open("bad")
        bad = [e.text for e in self.all("#endpoint-1 .rows .bad")]
        self.assertIn("broken hash: rsa_pkcs1_sha1", bad)
        self.assertIn("accepted, 10 of 10 times", bad)

    def rows(self):
        return [r.find_element(By.CSS_SELECTOR, "td.number").text for r in self.all("#overview tbody tr") if r.is_displayed()]

    def test_the_table_sorts(self):
        self.open("bad")
        self.assertEqual(self.rows(), ["21", "100", "88"])
        score = self.one("#overview thead th:nth-child(2) button")
        score.click()
        self.assertEqual(self.rows(), ["21", "88", "100"])
        score.click()
        self.assertEqual(self.rows(), ["100", "88", "21"])
        self.assertEqual(self.one("#overview thead th:nth-child(2)").get_attribute("aria-sort"), "descending")
        self.one("#overview thead th:nth-child(5) button").click()
        self.assertEqual(self.rows()[0], "88")

    def test_the_table_filters_with_the_endpoints(self):
        self.open("bad")
        self.one("#filter-text").send_keys("LEGACY")
        self.assertEqual(self.rows(), ["21"])
        self.assertEqual(self.one("#filter-count").text, "1 of 3")
        self.assertFalse(self.one("#endpoint-2").is_displayed())
        self.one("#filter-text").clear()
        self.one("#filter-text").send_keys(" ")
        Select(self.one("#filter-verdict")).select_by_value("pass")
        self.assertEqual(self.rows(), ["100"])
        self.assertFalse(self.one("#endpoint-1").is_displayed())
        self.assertTrue(self.one("#endpoint-2").is_displayed())

    def test_a_fix_can_be_copied(self):
        self.open("bad")
        self.browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        button = self.one(".fix button.copy")
        self.assertTrue(button.is_displayed())
        button.click()
        done = self.browser.execute_async_script(
            "const [button, done] = arguments; const look = () => button.textContent === 'Copy' ? setTimeout(look, 20) : done(button.textContent); look();",
            button)
        self.assertIn(done, ("Copied", "Selected"))
        if done == "Selected":
            self.assertEqual(self.run_script("return getSelection().toString()"), "ssl_protocols TLSv1.2 TLSv1.3;")

    def test_a_link_unfolds_its_endpoint(self):
        self.open("bad")
        self.run_script("document.getElementById('endpoint-2').open = false")
        self.one("#overview a[href='#endpoint-2']").click()
        # The event comes after the click has returned.
        WebDriverWait(self.browser, 5).until(lambda _: self.run_script("return document.getElementById('endpoint-2').open"))

    def test_dark_and_light(self):
        def background():
            return self.run_script("return getComputedStyle(document.documentElement).backgroundColor")

        self.media("light")
        self.open("bad")
        light = background()
        self.media("dark")
        dark = background()
        self.assertNotEqual(light, dark)
        self.one("#theme").click()
        self.assertEqual(background(), light)

    def contrasts(self):
        """The smallest contrast of text with what lies behind it (WCAG 2.1 success criterion 1.4.3)."""
        return self.run_script("""
            const value = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
            const parse = (t) => (t.match(/[\\d.]+/g) || []).map(Number);
            const luminance = ([r, g, b]) => 0.2126 * value(r) + 0.7152 * value(g) + 0.0722 * value(b);
            const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } };
            const found = [];
            for (const e of document.querySelectorAll('h1, h2, h3, h4, p, span, b, li, dt, dd, code, th, td, summary, small, em, strong')) {
              if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
              const a = luminance(parse(getComputedStyle(e).color)), b = luminance(behind(e));
              found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.className + ': ' + e.textContent.trim().slice(0, 40)]);
            }
            return found.sort((x, y) => x[0] - y[0])[0];
        """)

    def test_text_can_be_read_in_both_schemes(self):
        for scheme in ("light", "dark"):
            self.media(scheme)
            for name in SAMPLES:
                with self.subTest(f"{name}, {scheme}"):
                    self.open(name)
                    self.assertGreaterEqual(self.contrasts()[0], 4.5, self.contrasts())

    def test_nothing_is_wider_than_the_page(self):
        try:
            for width in (320, 400, 768, 1280):
                self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
                for name in SAMPLES:
                    with self.subTest(f"{name}, {width}"):
                        self.open(name)
                        self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), width)
        finally:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def test_is_complete_without_javascript(self):
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.open("bad")
        for selector in ("h1", "#overview tbody tr", "#endpoint-1 .requirement", "#endpoint-1 .fix code", "#endpoint-2 svg.ladder", "#endpoint-2 .validity"):
            self.assertTrue(self.one(selector).is_displayed(), selector)
        for selector in ("#filter", "#theme", "button.copy"):
            self.assertFalse(self.one(selector).is_displayed(), selector)

    def test_prints(self):
        self.open("bad")
        self.media("light", "print")
        self.assertFalse(self.one("#theme").is_displayed())
        unfolded = "return document.querySelector('#endpoint-1 .more ul').checkVisibility()"
        self.assertTrue(self.run_script(unfolded))
        self.media("light")
        self.assertFalse(self.run_script(unfolded))
        page = self.browser.execute_cdp_cmd("Page.printToPDF", {})
        self.assertGreater(len(page["data"]), 10_000)


class CountingResult(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


if __name__ == "__main__":
    result = unittest.main(exit=False, testRunner=unittest.TextTestRunner(sys.stdout, resultclass=CountingResult)).result
    bad = result.testsRun - result.passed - len(result.skipped)
    print(f"browser: {result.passed} passed, {max(bad, len(result.errors) + len(result.failures) if bad else 0)} failed, {len(result.skipped)} skipped")
    sys.exit(0 if result.wasSuccessful() else 1)

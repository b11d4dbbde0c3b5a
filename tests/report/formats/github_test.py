"""github: every line is a command, by the grammar of actions/runner (src/Runner.Common/ActionCommand.cs, TryParseV2 and TryParse)."""
import collections
import re
import unittest

import corpus
from findings_of import MEASURED, at_least, controls, requirements, unmeasured

COMMANDS = ("error", "warning", "notice")
# All that a runner obeys; ours must not come out as one of the others.
REGISTERED = {*COMMANDS, "debug", "add-mask", "set-env", "set-output", "save-state", "add-path", "echo", "group", "endgroup", "add-matcher",
              "remove-matcher", "stop-commands", "internal-set-repo-path"}


def parse(line):
    """(command, properties, data) as TryParseV2 takes a line apart, or None."""
    message = line.lstrip()
    if not message.startswith("::") or (end := message.find("::", 2)) < 0:
        return None
    command, _, rest = message[2:end].partition(" ")
    if command not in REGISTERED:
        return None
    properties = {}
    for pair in filter(None, rest.strip().split(",")):
        parts = [part for part in pair.split("=", 1) if part]
        if len(parts) == 2:
            properties[parts[0]] = unescape(parts[1], "\r\n:,%")
    return command, properties, unescape(message[end + 2:], "\r\n%")


def unescape(text, characters):
    for c in characters:
        text = text.replace(f"%{ord(c):02X}", c)
    return text


def lines(name):
    """As .NET's ReadLine parts them."""
    return re.split(r"\r\n|\r|\n", corpus.rendered(name, "github").read_bytes().decode("utf-8"))[:-1]


def commands(name):
    return [parse(line) for line in lines(name)]


class GithubTest(unittest.TestCase):
    def test_every_line_is_a_command_of_ours(self):
        for name in corpus.results():
            with self.subTest(name):
                for line, found in zip(lines(name), commands(name)):
                    self.assertIsNotNone(found, line[:200])
                    self.assertIn(found[0], COMMANDS)
                    self.assertLessEqual(set(found[1]), {"file", "line", "title"})
                    self.assertLessEqual(len(found[2]), 1100)
                    self.assertEqual(controls(found[2] + "".join(found[1].values())), set(), line[:200])
                    self.assertNotIn("\n", found[2])

    def test_no_more_than_github_shows(self):
        for name in corpus.results():
            with self.subTest(name):
                for count in collections.Counter(found[0] for found in commands(name)).values():
                    self.assertLessEqual(count, 10)

    def expected(self, document):
        out = collections.Counter(error=min(len(unmeasured(document)) + document["run"]["interrupted"] + (not document["endpoints"]), 3))
        for endpoint, _, requirement in requirements(document, "fail", "inconclusive", "waived"):
            if requirement["verdict"] == "fail":
                out["error" if at_least(requirement, "medium") else "warning"] += 1
            elif requirement["verdict"] == "waived":
                out["notice"] += 1
            elif endpoint["status"] in MEASURED:
                out["warning"] += 1
        return out

    def test_annotations_are_the_findings_and_the_rest_is_counted(self):
        more_seen = False
        for name in corpus.results():
            with self.subTest(name):
                document, found = corpus.document(name), commands(name)
                shown = collections.Counter(command for command, _, _ in found[:-1])
                summary = found[-1]
                self.assertEqual((summary[0], summary[1]), ("notice", {"title": "tlsgauge"}))
                for command, noun in (("error", "error"), ("warning", "warning"), ("notice", "notice")):
                    match = re.search(rf"(\d+) more {noun}s?\b", summary[2])
                    more_seen = more_seen or match is not None
                    self.assertEqual(shown[command] + (int(match[1]) if match else 0), self.expected(document)[command])
                self.assertTrue(summary[2].startswith(f"{len(document['endpoints'])} endpoint"), summary[2])
        self.assertTrue(more_seen)

    def test_the_gravest_are_shown(self):
        for name in ("thousand", "weak-key", "java"):
            with self.subTest(name):
                document = corpus.document(name)
                by_title = {f"{a['profile']['name']}/{r['id']}": r["severity"] for _, a, r in requirements(document)}
                shown = [by_title[properties["title"]] for command, properties, _ in commands(name)
                         if command == "error" and properties["title"] in by_title]
                order = ["critical", "high", "medium", "low", "info"]
                self.assertEqual(shown, sorted(shown, key=order.index))

    def test_many_that_were_not_measured_leave_room_for_findings(self):
        titles = [properties["title"] for command, properties, _ in commands("thousand") if command == "error"]
        self.assertEqual(titles[:3], ["not measured"] * 3)
        self.assertNotIn("not measured", titles[3:])
        self.assertEqual(len(titles), 10)
        (more,) = [re.match(r"(\d+) more endpoints were not measured: host-\d+\.example\.com:443, ", data) for command, _, data in commands("thousand")
                   if command == "error" and " more endpoints were not measured" in data]
        self.assertEqual(int(more[1]) + 2, len(unmeasured(corpus.document("thousand"))))

    def test_the_line_of_the_target_list(self):
        at = [(properties["file"], properties["line"]) for _, properties, _ in commands("several")[:-1]]
        self.assertEqual({file for file, _ in at}, {"targets.txt"})
        self.assertLessEqual({line for _, line in at}, {"3", "4", "5", "6"})
        self.assertNotIn("file", commands("bad")[0][1])

    def test_silence_and_success(self):
        self.assertEqual(commands("nginx-recommended")[-1][2], "1 endpoint: 1 pass")
        self.assertEqual(commands("unreachable")[0][0], "error")
        self.assertEqual(commands("unreachable-port")[-1][2], "1 endpoint: 0 pass, 1 unreachable")
        self.assertEqual([command for command, _, _ in commands("no-endpoint")], ["error", "notice"])

    def test_hostile_texts_are_where_they_belong(self):
        honest = commands("bad")
        for name in corpus.HOSTILE:
            with self.subTest(name):
                self.assertEqual([command for command, _, _ in commands(f"hostile-{name}")], [command for command, _, _ in honest])
        for name in ("percent", "quotes", "formula_plus"):
            text = corpus.HOSTILE[name].replace("\r", "\\x0D").replace("\n", "\\x0A")
            self.assertTrue(any(text in data for _, _, data in commands(f"hostile-{name}")), name)
            self.assertIn(f"{text}/{text}", [properties["title"] for _, properties, _ in commands(f"hostile-{name}")])

    def test_the_parser_finds_what_it_should(self):
        """That of the test: an unescaped line would be seen."""
        self.assertEqual(parse("  ::set-output name=a,b=c%2Cd%3A::x%0Ay%25"), ("set-output", {"name": "a", "b": "c,d:"}, "x\ny%"))
        self.assertIsNone(parse("x ::error::y"))


if __name__ == "__main__":
    unittest.main()

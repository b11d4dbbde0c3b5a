"""Wrong input, interrupts, the demo: what holds whatever a server says."""
import json
import os
import pathlib
import re
import signal
import socket
import tempfile
import time
import unittest

import scripted
from cases import ServerCase
from program import Run, tlsgauge
from servers import Nginx

HEAD = "tlsgauge_profile: 1\nname: mine\nversion: \"1\"\ntitle: Mine\n"


class Refusals(unittest.TestCase):
    """Exit 2, one line that names what is wrong, no connection, no file."""

    @classmethod
    def setUpClass(cls):
        cls.listener = socket.create_server(("127.0.0.1", 0))
        cls.listener.setblocking(False)
        cls.addClassCleanup(cls.listener.close)
        cls.port = cls.listener.getsockname()[1]
        cls.target = f"127.0.0.1:{cls.port}"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.given = set()

    def file(self, name, content):
        (self.folder / name).write_text(content, encoding="utf-8")
        self.given.add(name)
        return name

    def check(self, arguments, *named, text=None):
        """Runs the program in the folder; `named` are patterns that the error line must have."""
        done = tlsgauge(*arguments, text=text, cwd=self.folder, limit=20)
        self.assertEqual(done.code, 2, done.report())
        self.assertRegex(done.err, r"\A[^\n]+\n\Z", "one line on standard error")
        self.assertEqual(done.out, "")
        for pattern in filter(None, named):
            self.assertRegex(done.err, pattern)
        self.assertLess(done.seconds, 5)
        self.assertEqual({path.name for path in self.folder.iterdir()}, self.given, "a file was left")
        with self.assertRaises(BlockingIOError, msg="a connection was opened"):
            self.listener.accept()


class WrongInput(Refusals):
    def check_scan(self, arguments, *named, text=None):
        self.check(["scan", *arguments, "-o", "json=out.json", self.target], *named, text=text)

    def test_command_line(self):
        for arguments, named in [
            ([], ""), (["frobnicate"], "frobnicate"), (["scan"], "target"), (["scan", "--frob", self.target], "--frob"),
            (["scan", "--profil", "x", self.target], "--profile"), (["evaluate"], "RESULT"), (["registry", "sheep"], "sheep"),
        ]:
            with self.subTest(arguments):
                self.check(arguments, named)

    def test_options(self):
        for arguments, named in [
            (["--fail-on", "sometimes"], "sometimes"), (["--fail-on", "info"], "info"), (["--timeout", "0"], "timeout"), (["--timeout", "-1"], "timeout"),
            (["--timeout", "x"], "timeout"), (["--timeout", "nan"], "timeout"), (["--per-host", "0"], "per-host"),
            (["--concurrency", "0"], "concurrency"), (["--concurrency", "99999999999999999999"], "concurrency"), (["--rate", "-1"], "rate"),
            (["--only", "sheep"], "sheep"), (["--skip", "sheep"], "sheep"), (["--at", "tomorrow"], "tomorrow"), (["--at", "2026-02-30T00:00:00Z"], "2026-02-30"),
            (["-4", "-6"], "-6|-4"), (["--connect", "::::"], "::::"), (["--ca-file", "missing.pem"], "missing.pem"), (["--progress", "loud"], "loud"),
            (["-o", "pigeon"], "pigeon"), (["-o", "html="], "html="), (["-o", "json", "-o", "text"], "standard output"),
        ]:
            with self.subTest(arguments):
                self.check_scan(arguments, named)

    def test_ca_file_that_is_none(self):
        self.check_scan(["--ca-file", self.file("ca.pem", "hello\n")], r"ca\.pem")
        self.check_scan(["--ca-file", self.file("ca2.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")], r"ca2\.pem")

    def test_targets(self):
        for bad in ("", "host:0", "host:70000", "host:-1", "host:https", "host:443:443", "[::1", "[::1]x", "[zz]:443", "192.0.2.0/33", "192.0.2.0/8:443",
                    "http://host/", "gopher://host", "ho st", "a" * 300, "host\x07", "1.2.3.4.5:443", "..", "https://"):
            with self.subTest(bad):
                self.check(["scan", "-o", "json=out.json", self.target, bad])

    def test_target_after_two_hyphens(self):
        self.check(["scan", self.target, "--", "-host-"], "-host-")

    def test_target_port(self):
        self.check_scan(["host:0"], "host:0")
        self.check_scan(["host:70000"], "70000")

    def test_target_file(self):
        name = self.file("targets.txt", f"# mine\n{self.target}\n\nhost:70000\n")
        self.check(["scan", "-i", name], r"targets\.txt:4\b", "70000")
        self.check(["scan", "-i", "none.txt", self.target], r"none\.txt")
        self.check(["scan", "-i", "-"], "standard input:2", text=f"{self.target}\nhost:0\n")
        self.check(["scan", "-i", self.file("empty.txt", "# nothing\n")], "target")

    def test_profiles(self):
        self.check_scan(["-p", "no-such-profile"], "no-such-profile")
        self.check_scan(["-p", "missing.yaml"], r"missing\.yaml")
        for number, (text, *named) in enumerate([
            ("name: [unclosed\n", r":\d+"), ("", ""), ("42\n", ""), ("- a\n- b\n", ""), (HEAD + "extends: mozilla-modern\ncolour: red\n", ":6", "colour"),
            (HEAD + "extends: no-such-profile\n", ":5", "no-such-profile"), ("a: &a [x, x]\nb: &b [*a, *a]\n", ""),
            ("a: " + "[" * 2000 + "]" * 2000 + "\n", ""), ("name: \"\x00\"\n", ""), ("name: mine\nname: twice\n", ""), ("\tname: mine\n", ":1"),
        ]):
            with self.subTest(text[:60]):
                name = self.file(f"p{number}.yaml", text)
                self.check_scan(["-p", name], re.escape(name), *named)

    def test_profile_that_extends_itself(self):
        self.check_scan(["-p", self.file("loop.yaml", HEAD + "extends: ./loop.yaml\n")], r"loop\.yaml")

    def test_profile_check_says_the_same(self):
        name = self.file("odd.yaml", HEAD + "extends: mozilla-modern\ncolour: red\n")
        self.check(["profile", "check", name], r"odd\.yaml:6:\d+", "colour")

    def test_output_that_cannot_be_written(self):
        self.given.add("file")
        (self.folder / "file").write_text("", encoding="utf-8")
        for path in ("none/out.json", "file/out.json", "."):
            with self.subTest(path):
                self.check(["scan", "-o", f"json={path}", self.target], re.escape(path))
        self.check(["scan", "-o", "json=out.json", "-o", "html=none/out.html", self.target], "none/out.html")


class StoredResults(Refusals):
    """Result files that evaluate and report must turn away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        done = tlsgauge("scan", "-o", "json", "--timeout", "1", f"127.0.0.1:{port}")
        cls.good = done.json()

    def check_both(self, name, text, *named):
        file = self.file(name, text)
        self.check(["evaluate", file, "-o", "json=out.json"], re.escape(name), *named)
        self.check(["report", file, "-o", "html=out.html"], re.escape(name), *named)

    def change(self, apply):
        document = json.loads(json.dumps(self.good))
        apply(document)
        return json.dumps(document, indent=1)

    def test_truncated(self):
        text = json.dumps(self.good, indent=1)
        for length in (0, 1, 40, len(text) // 2, len(text) - 2):
            with self.subTest(length):
                self.check_both(f"cut{length}.json", text[:length])

    def test_other_schema(self):
        self.check_both("other.json", self.change(lambda d: d.update(schema="tlsgauge.result/99")), "schema")
        self.check_both("none.json", self.change(lambda d: d.pop("schema")), "schema")
        self.check_both("foreign.json", '{"results": []}', "schema")

    def test_wrong_types(self):
        self.check_both("a.json", self.change(lambda d: d.update(endpoints={})), "endpoints")
        self.check_both("b.json", self.change(lambda d: d["endpoints"][0].update(status="fine")), "status")
        self.check_both("c.json", self.change(lambda d: d["endpoints"][0]["target"].update(port="443")), "port")
        self.check_both("d.json", self.change(lambda d: d["endpoints"][0]["target"].update(port=70000)), "port")
        self.check_both("e.json", self.change(lambda d: d["endpoints"][0].update(facts=[])), "facts")

    def test_hostile_files(self):
        self.check_both("deep.json", "[" * 200_000)
        self.check_both("deeper.json", json.dumps(self.good)[:-1] + ', "x": ' + '{"a":' * 50_000)
        self.check_both("binary.json", "\x00\x01\x02")
        self.check_both("array.json", "[1, 2]")

    def test_missing(self):
        self.check(["evaluate", "nowhere.json"], r"nowhere\.json")
        self.check(["report", "nowhere.json", "-o", "html=out.html"], r"nowhere\.json")
        self.check(["evaluate", "-", "-o", "json=out.json"], "standard input", text="{")

    def test_too_large(self):
        """The error says what can be done."""
        self.given.add("large.jsonl")
        with open(self.folder / "large.jsonl", "wb") as file:
            file.truncate((256 << 20) + 1)
        self.check(["evaluate", "large.jsonl", "-o", "json=out.json"], r"large\.jsonl:1: document: larger than 256 MiB", "jsonl")

    def test_good_is_taken(self):
        """The other tests would prove nothing if the good document were turned away."""
        name = self.file("good.json", json.dumps(self.good))
        self.assertEqual(tlsgauge("evaluate", name, cwd=self.folder).code, 3)
        self.assertEqual(tlsgauge("report", name, cwd=self.folder).code, 0)


class Interrupted(ServerCase):
    def test_ctrl_c(self):
        """What was finished is in the report, within about a second."""
        with Nginx(Nginx.RECOMMENDED + Nginx.HSTS) as good, scripted.Silent() as silent, tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "out.json"
            run = Run("scan", "--timeout", "60", "-o", f"json={path}", "-o", "jsonl", good.target, silent.target, limit=60)
            while not run.out.endswith("\n"):
                self.assertIsNone(run.process.poll(), run.err)
                self.assertLess(time.monotonic() - run.started, 30, "the good endpoint never ended")
                time.sleep(0.02)
            self.assertFalse(path.exists(), "the report is written at the end")
            self.assertGreater(silent.connections, 0)
            asked = time.monotonic()
            run.interrupt()
            run.wait()
            self.assertLess(time.monotonic() - asked, 1.5)
            self.assertEqual(run.code, 130, run.report())
            self.assertRegex(run.err, r"(?m)^tlsgauge: interrupted")
            document = json.loads(path.read_text(encoding="utf-8"))
            self.assertEqual([found.name for found in pathlib.Path(folder).iterdir()], ["out.json"])
        self.assert_follows_schema(document)
        self.assertTrue(document["run"]["interrupted"])
        status = {each["target"]["port"]: each["status"] for each in document["endpoints"]}
        self.assertEqual(status[good.port], "complete")
        self.assertIn(status.get(silent.port), (None, "partial"))
        finished = next(each for each in document["endpoints"] if each["target"]["port"] == good.port)
        self.assertEqual({each["name"]: each["support"] for each in finished["facts"]["protocols"]}["TLSv1.3"], "yes")

    def test_sigterm(self):
        with scripted.Silent() as silent:
            run = Run("scan", "--timeout", "60", "-o", "json", silent.target, limit=30)
            while silent.connections == 0:
                self.assertIsNone(run.process.poll(), run.err)
                time.sleep(0.02)
            run.process.send_signal(signal.SIGTERM)
            run.wait()
        self.assertEqual(run.code, 143, run.report())
        self.assertTrue(run.json()["run"]["interrupted"])

    def test_sighup(self):
        """A terminal that is closed; under nohup the scan goes on."""
        for ignored in (False, True):
            with self.subTest(ignored=ignored), scripted.Silent() as silent, tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "out.json"
                before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
                try:
                    run = Run("scan", "--timeout", "60", "-o", f"json={path}", silent.target, limit=30)
                finally:
                    signal.signal(signal.SIGHUP, before)
                while silent.connections == 0:
                    self.assertIsNone(run.process.poll(), run.err)
                    time.sleep(0.02)
                run.process.send_signal(signal.SIGHUP)
                if ignored:
                    time.sleep(0.5)
                    self.assertIsNone(run.process.poll(), run.err)
                    run.process.send_signal(signal.SIGTERM)
                run.wait()
                self.assertEqual(run.code, 143 if ignored else 129, run.report())
                self.assertTrue(json.loads(path.read_text(encoding="utf-8"))["run"]["interrupted"])
                self.assertEqual([found.name for found in pathlib.Path(folder).iterdir()], ["out.json"])


class Demo(ServerCase):
    def check(self, folder):
        done = tlsgauge("demo", "--dir", folder, limit=60)
        self.assertEqual(done.code, 0, done.report())
        self.assertRegex(done.out, r"(?m)^\s*verdict\s+pass\s+fail\s*$")
        for name in ("report.json", "report.html"):
            self.assertIn(os.path.join(folder, name), done.out)
            self.assertGreater(os.path.getsize(os.path.join(folder, name)), 2000)
        document = json.loads(pathlib.Path(folder, "report.json").read_text(encoding="utf-8"))
        self.assert_follows_schema(document)
        self.assertEqual([each["assessments"][0]["verdict"] for each in document["endpoints"]], ["pass", "fail"])
        self.assertEqual(document["endpoints"][0]["assessments"][0]["score"], 100)
        self.assertTrue(pathlib.Path(folder, "report.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html"))

    def test_twice(self):
        with tempfile.TemporaryDirectory() as folder:
            self.check(os.path.join(folder, "new", "folder"))
            self.check(os.path.join(folder, "new", "folder"))

    def test_keep(self):
        """The commands that it prints work while it stays up."""
        with tempfile.TemporaryDirectory() as folder:
            run = Run("demo", "--keep", "--dir", folder, limit=90)
            while "Ctrl-C" not in run.out:
                self.assertIsNone(run.process.poll(), run.err)
                self.assertLess(time.monotonic() - run.started, 60)
                time.sleep(0.05)
            commands = re.findall(r"(?m)^\s+tlsgauge (scan [^|\n]*?)\s*$", run.out)
            self.assertEqual(len(commands), 2, run.out)
            self.assertEqual([tlsgauge(*command.split()).code for command in commands], [0, 1])
            run.interrupt()
            run.wait()
        self.assertEqual(run.code, 0, run.report())


class Words(unittest.TestCase):
    def test_evidence(self):
        """Every exchange is a line of the file; the hello that was sent can be read from it."""
        with Nginx(Nginx.RECOMMENDED) as server, tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "evidence.jsonl"
            done = tlsgauge("scan", "--only", "protocols", "-o", "json", "--evidence", path, server.target)
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            self.assertEqual([each.name for each in pathlib.Path(folder).iterdir()], ["evidence.jsonl"])
        self.assertEqual(sum(line["attempts"] for line in lines), done.endpoint()["cost"]["connections"])
        self.assertEqual({line["outcome"] for line in lines}, {"answered", "refused"})
        for line in lines:
            self.assertTrue(line["sent"].startswith(("1603", "80")), line)  # a handshake record, or an SSLv2 one
            self.assertTrue(line["received"], line)

    def test_help_and_version(self):
        for arguments, wanted in [(["--help"], "scan"), (["scan", "--help"], "--ca-file"), (["--version"], "tlsgauge"), (["scan", "--list-probes"], "protocols")]:
            with self.subTest(arguments):
                done = tlsgauge(*arguments)
                self.assertEqual((done.code, done.err), (0, ""), done.report())
                self.assertIn(wanted, done.out)

    def test_registry(self):
        self.assertIn("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", tlsgauge("registry", "ciphers", "0xC02F").out)
        self.assertIn("X25519MLKEM768", tlsgauge("registry", "groups").out)
        self.assertIn("mldsa44", tlsgauge("registry", "signatures").out)

    def test_profiles(self):
        listed = tlsgauge("profile", "list")
        for name in ("nginx-recommended", "mozilla-intermediate", "mozilla-modern"):
            self.assertIn(name, listed.out)
            self.assertEqual(tlsgauge("profile", "check", name).code, 0)
            self.assertIn(name, tlsgauge("profile", "show", name).out)


if __name__ == "__main__":
    unittest.main()

"""Reports as files and streams: whole or absent whatever ends the program, told before the first connection, one that fails harms no other."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

from cases import ServerCase
from certificates import NAME, certificates
from middleboxes import SilentFor
from program import TLSGAUGE, tlsgauge
from servers import Nginx, die_with_parent

QUICK = ("--only", "protocols", "--offline", "--concurrency", "8", "--per-host", "8")
MANY = [f"host{number:02}.{NAME}:443" for number in range(40)]
WAIVER = """tlsgauge_waivers: 1
waivers:
  - {id: W-1, requirement: versions, target: "*.%s", reason: r, approved_by: b, created: 2025-01-01, expires: 2025-02-01}
""" % NAME
PROFILE = """tlsgauge_profile: 1
name: house
version: "1"
title: House
requirements:
  - {id: versions, title: Versions, severity: high, why: w, fact: protocols.accepted, is: {subset_of: [TLSv1.3]}}
"""


class StreamCase(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enter(Nginx(Nginx.RECOMMENDED))
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def command(self, *arguments, targets=MANY, connect=None):
        return [TLSGAUGE, "scan", "--ca-file", str(certificates().ca), "--connect", connect or self.server.target, *QUICK, *map(str, arguments), *targets]

    def start(self, *arguments, stdout=subprocess.DEVNULL, targets=MANY, connect=None):
        return subprocess.Popen(self.command(*arguments, targets=targets, connect=connect), stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)

    def assert_whole_lines(self, data):
        """How many endpoints the lines tell."""
        self.assertTrue(data == b"" or data.endswith(b"\n"), data[-200:])
        lines = [json.loads(line) for line in data.split(b"\n") if line]
        for line in lines:
            self.assertEqual(line["schema"], "tlsgauge.result/1")
        return len(lines)


class Killed(StreamCase):
    """The last host is never answered, so no run ends by itself before it is killed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box = cls.enter(SilentFor(cls.server.port, MANY[-1].split(":")[0]))

    def start_endless(self, *arguments, **options):
        return self.start("--timeout", "60", *arguments, connect=self.box.target, **options)

    def test_a_pipe_has_whole_lines_only(self):
        """Also where the reader is slow, so that lines wait for room in the pipe when the kill comes."""
        counts = []
        for wanted in (1, 3, 9, 20):
            process = self.start_endless("-o", "jsonl", stdout=subprocess.PIPE)
            data = b""
            while data.count(b"\n") < wanted:
                part = os.read(process.stdout.fileno(), 1000)
                if not part:
                    break
                data += part
                time.sleep(0.001)
            time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
            data += process.stdout.read()
            self.assertEqual(process.wait(), -signal.SIGKILL)
            process.stdout.close()
            counts.append(self.assert_whole_lines(data))
        self.assertTrue(all(0 < count < len(MANY) for count in counts), counts)

    def test_who_reads_only_at_the_end_is_not_waited_for(self):
        few = MANY[:12]
        process = self.start("-o", "jsonl", stdout=subprocess.PIPE, targets=few)
        try:
            self.assertEqual(process.wait(timeout=60), 3, "most of it was not asked")
        finally:
            process.kill()
            data = process.stdout.read()
            process.stdout.close()
            process.wait()
        self.assertGreater(len(data), 65536, "more than pipes hold unasked")
        self.assertEqual(self.assert_whole_lines(data), len(few))

    def test_a_file_is_absent_and_its_journal_has_what_was_finished(self):
        path = self.folder / "killed.jsonl"
        journal = self.folder / "killed.jsonl.partial"
        page = self.folder / "killed.html"
        process = self.start_endless("-o", f"jsonl={path}", "-o", f"html={page}")
        end = time.monotonic() + 60
        while not (journal.exists() and journal.read_bytes().count(b"\n") >= 3) and time.monotonic() < end:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL)
        self.assertFalse(path.exists())
        self.assertFalse(page.exists())
        count = self.assert_whole_lines(journal.read_bytes())
        self.assertTrue(3 <= count < len(MANY), count)
        rendered = tlsgauge("report", journal, "-q")
        lines = rendered.out.splitlines()
        self.assertEqual((rendered.code, len(lines), lines[-1].split()[0]), (0, count + 1, "INTERRUPTED"), rendered.report())
        judged = tlsgauge("evaluate", journal, "--fail-on", "never", "-q")
        self.assertEqual(judged.code, 3, judged.report())
        self.assert_not_finished(journal.read_text(encoding="utf-8"))

    def assert_not_finished(self, lines):
        """Though each line is whole, and says what was found: also of endpoints that meet all."""
        house = self.folder / "tls.yaml"
        house.write_text(PROFILE.replace("subset_of: [TLSv1.3]", "includes: TLSv1.3"), encoding="utf-8")
        met = self.folder / "met.jsonl"
        met.write_text("".join(line + "\n" for line in lines.splitlines() if json.loads(line)["status"] == "complete"), encoding="utf-8")
        judged = tlsgauge("evaluate", "--profile", house, met, "-o", f"json={self.folder / 'met.json'}", "-q")
        self.assertEqual(judged.code, 3, judged.report())
        self.assertIn("the run was interrupted", judged.err)
        compared = tlsgauge("diff", self.folder / "met.json", met)
        self.assertEqual(compared.code, 3, compared.report())

    def test_an_old_file_stays(self):
        path = self.folder / "old.jsonl"
        path.write_text("old\n", encoding="utf-8")
        journal = self.folder / "old.jsonl.partial"
        process = self.start_endless("-o", f"jsonl={path}")
        end = time.monotonic() + 60
        while not (journal.exists() and journal.read_bytes().count(b"\n")) and time.monotonic() < end:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL)
        self.assertGreater(self.assert_whole_lines(journal.read_bytes()), 0)
        self.assertEqual(path.read_text(encoding="utf-8"), "old\n")

    def test_what_a_killed_run_left_is_kept(self):
        """It may be the only copy: no later run, wrong command line or baseline of that name takes it away."""
        path = self.folder / "again.jsonl"
        journal = self.folder / "again.jsonl.partial"
        journal.write_text("left\n", encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            target = "127.0.0.1:%d" % listener.getsockname()[1]
            for arguments, named in [((), r"again\.jsonl\.partial: .*move it away"), (("--only", "sheep"), "."), (("--baseline", journal), "again")]:
                done = tlsgauge("scan", *arguments, "-o", f"jsonl={path}", target)
                self.assertEqual((done.code, done.out, done.err.count("\n")), (2, "", 1), done.report())
                self.assertRegex(done.err, named)
                self.assertEqual(journal.read_text(encoding="utf-8"), "left\n")
                self.assertFalse(path.exists())
            with self.assertRaises(BlockingIOError):
                listener.accept()
        journal.unlink()

    def test_a_wrong_command_line_touches_no_journal(self):
        journal = self.folder / "wrong.jsonl.partial"
        journal.touch()
        done = tlsgauge("scan", "--only", "sheep", "-o", f"jsonl={self.folder / 'wrong.jsonl'}", "127.0.0.1:1")
        self.assertEqual(done.code, 2, done.report())
        self.assertTrue(journal.exists())
        journal.unlink()


class Whole(StreamCase):
    def test_several_formats_at_once(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        done = tlsgauge(*self.command("-o", f"jsonl={folder / 'a.jsonl'}", "-o", f"json={folder / 'a.json'}", "-o", f"html={folder / 'a.html'}",
                                      "-o", "jsonl")[1:])
        self.assertEqual(done.code, 3, done.report())  # most of it was not asked
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["a.html", "a.json", "a.jsonl"], "nothing else is left")
        document = json.loads((folder / "a.json").read_text(encoding="utf-8"))
        hosts = [each["target"]["host"] for each in document["endpoints"]]
        self.assertEqual(len(hosts), len(MANY))
        lines = [json.loads(line) for line in (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()]
        self.assertEqual([line["target"]["host"] for line in lines], hosts)
        self.assertEqual(sorted(json.loads(line)["target"]["host"] for line in done.out.splitlines()), sorted(hosts), "a stream comes as they end")

    def test_a_stream_tells_what_is_known_of_waivers(self):
        waivers = self.folder / "waivers.yaml"
        waivers.write_text(WAIVER, encoding="utf-8")
        profile = self.folder / "house.yaml"
        profile.write_text(PROFILE, encoding="utf-8")
        done = tlsgauge(*self.command("-o", "jsonl", "-p", profile, "--waivers", waivers)[1:])
        self.assertEqual(len(done.out.splitlines()), len(MANY), done.report())
        warnings = {tuple(json.loads(line)["run"].get("warnings", [])) for line in done.out.splitlines()}
        self.assertEqual(warnings, {("waiver W-1 expired on 2025-02-01: what it covered fails again",)}, done.report())

    def test_what_cannot_be_written_is_told_before_the_first_connection(self):
        taken = self.folder / "taken.jsonl.partial"
        taken.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            target = "127.0.0.1:%d" % listener.getsockname()[1]
            for wrong in ["json=/nowhere/out.json", f"json={self.folder}", "json=", "nothing=x", f"jsonl={self.folder / 'taken.jsonl'}"]:
                fine = self.folder / "fine.txt"
                done = tlsgauge("scan", "-o", f"text={fine}", "-o", wrong, target)
                self.assertEqual((done.code, done.out, done.err.count("\n")), (2, "", 1), done.report())
                self.assertFalse(fine.exists())
            done = tlsgauge("scan", "--evidence", self.folder / "fine.txt", "-o", f"json={self.folder}/./fine.txt", target)
            self.assertEqual((done.code, done.err.count("\n")), (2, 1), done.report())
            with self.assertRaises(BlockingIOError):
                listener.accept()
        taken.rmdir()
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith(("fine", "taken"))], [])

    def test_a_full_disk_harms_no_other_report(self):
        for number, broken in enumerate(["json=/dev/full", "jsonl=/dev/full"]):
            path = self.folder / f"beside{number}.txt"
            done = tlsgauge(*self.command("-o", broken, "-o", f"text={path}", "-o", "json")[1:])
            self.assertEqual((done.code, done.err.count("\n")), (4, 1), done.report())
            self.assertIn("cannot write /dev/full: No space left on device", done.err)
            self.assertEqual(len(done.json()["endpoints"]), len(MANY))
            self.assertIn(MANY[-1], path.read_text(encoding="utf-8"))
        evidence, path = self.folder / "evidence.jsonl", self.folder / "with-evidence.json"
        done = tlsgauge(*self.command("--evidence", "/dev/full", "-o", f"json={path}")[1:])
        self.assertEqual((done.code, done.err.count("\n")), (4, 1), done.report())
        self.assertEqual(len(json.loads(path.read_text(encoding="utf-8"))["endpoints"]), len(MANY))
        done = tlsgauge(*self.command("--evidence", evidence, "-o", "json=/dev/full")[1:])
        self.assertEqual(done.code, 4, done.report())
        self.assertGreater(len(evidence.read_text(encoding="utf-8").splitlines()), len(MANY))
        with open("/dev/full", "wb") as full:
            path = self.folder / "beside.json"
            done = subprocess.run(self.command("-o", "jsonl", "-o", f"json={path}"), stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                                  check=False, timeout=120)
        self.assertEqual((done.returncode, done.stderr.count(b"\n")), (4, 1), done.stderr)
        self.assertEqual(len(json.loads(path.read_text(encoding="utf-8"))["endpoints"]), len(MANY))

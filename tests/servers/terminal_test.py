"""What a terminal shows: progress that gives way to results, colour, ASCII where the locale has nothing else."""
import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import unittest

from program import ROOT, TLSGAUGE
from scripted import Garbage, Silent

SAMPLES = ROOT / "reports/samples"
CLEARED = b"\r\x1b[K"


class Terminal:
    """A pseudo-terminal that keeps what is written to it."""

    def __init__(self, columns):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self.data = b""
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        with contextlib.suppress(OSError):
            while chunk := os.read(self.master, 65536):
                self.data += chunk

    def close(self):
        os.close(self.slave)
        self.thread.join(timeout=10)
        os.close(self.master)
        return self.data


def run(*arguments, out=subprocess.PIPE, err=subprocess.PIPE, **variables):
    """{out, err, code}; a Terminal is given back as its octets."""
    keep = {key: value for key, value in os.environ.items()
            if key not in ("CI", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "LANG", "LC_ALL", "LC_CTYPE") and not key.endswith("_proxy")}
    process = subprocess.Popen([TLSGAUGE, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=getattr(out, "slave", out), stderr=getattr(err, "slave", err),
                               env={**keep, "TERM": "xterm", **variables})
    try:
        piped = process.communicate(timeout=120)
    finally:
        process.kill()
    shown = {terminal: terminal.close() for terminal in {out, err} if isinstance(terminal, Terminal)}
    return shown.get(out, piped[0]), shown.get(err, piped[1]), process.returncode


def screen(data):
    """The lines that are left on a terminal, wide enough, after these octets."""
    lines = [""]
    for part in re.split(r"(\r\n|\r|\x1b\[K)", data.decode()):
        if part == "\r\n":
            lines.append("")
        elif part == "\x1b[K":
            lines[-1] = ""  # only ever after a carriage return
        elif part != "\r":
            lines[-1] += part
    return lines


class ProgressTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.peers = contextlib.ExitStack()
        peers = [cls.peers.enter_context(Garbage()) for _ in range(6)] + [cls.peers.enter_context(Silent())]
        cls.scan = ["scan", "--only", "protocols", "--offline", "--timeout", "0.4", *(peer.target for peer in peers)]

    @classmethod
    def tearDownClass(cls):
        cls.peers.close()

    def test_terminal_has_a_line_that_fits_and_is_taken_away(self):
        for columns in (20, 80, 200):
            with self.subTest(columns):
                out, err, code = run(*self.scan, "-o", "jsonl", err=Terminal(columns))
                self.assertEqual(code, 3)
                self.assertEqual(len([json.loads(line) for line in out.splitlines()]), 7)
                shown = [part.split(b"\r")[0] for part in err.split(CLEARED)][1:]
                progress = [part for part in shown if re.search(rb"\d/7", part)]
                self.assertGreater(len(progress), 3)
                self.assertLess(max(map(len, progress)), columns)
                self.assertTrue(any(b"6/7" in part for part in progress), progress)
                self.assertEqual(any(b"[#" in part for part in progress), columns >= 80)
                if columns >= 80:
                    self.assertRegex(b"".join(progress), rb"6/7 endpoints, \d+\.\d/s, \d+:\d\d left, ")
                left = [line for line in screen(err) if line]
                self.assertEqual(len(left), 1, left)  # why the code is not 0
                self.assertTrue(left[0].startswith("tlsgauge: "), left)

    def test_results_and_progress_on_the_same_terminal_do_not_mix(self):
        both = Terminal(200)
        data, _, _ = run(*self.scan, "-o", "jsonl", out=both, err=both)
        self.assertIn(b"6/7 endpoints", data)
        lines = [line for line in screen(data) if line]
        self.assertEqual(len(lines), 8)
        for line in lines[:7]:
            json.loads(line)

    def test_no_terminal_no_progress_unless_asked_for(self):
        self.assertNotIn(b"endpoints,", run(*self.scan, "-q")[1])
        out, err, _ = run(*self.scan, "-o", "jsonl", "--progress", "always", CI="true")
        lines = [line for line in err.decode().split("\n") if "/7 endpoints" in line]
        self.assertIn(len(lines), (1, 2, 3))  # not one for each event
        self.assertTrue(lines[-1].startswith("[") and " 100 %  7/7 endpoints" in lines[-1], lines)
        self.assertNotIn(b"\r", err)
        self.assertEqual(len([json.loads(line) for line in out.splitlines()]), 7)

    def test_pipeline_or_never_has_none(self):
        self.assertNotIn(b"endpoints,", run(*self.scan, "-q", err=Terminal(80), CI="true")[1])
        self.assertNotIn(b"endpoints,", run(*self.scan, "-q", "--progress", "never", err=Terminal(80))[1])


class ColourTest(unittest.TestCase):
    def coloured(self, *options, terminal=True, **variables):
        out, _, code = run("report", SAMPLES / "bad.json", *options, out=Terminal(80) if terminal else subprocess.PIPE, **variables)
        self.assertEqual(code, 0)
        return b"\x1b[31m" in out

    def test_is_for_terminals(self):
        self.assertTrue(self.coloured())
        self.assertFalse(self.coloured(terminal=False))
        self.assertFalse(self.coloured(TERM="dumb"))

    def test_is_as_the_user_says(self):
        self.assertFalse(self.coloured("--no-color"))
        self.assertFalse(self.coloured("--color", "never", CLICOLOR_FORCE="1"))
        self.assertTrue(self.coloured("--color=always", terminal=False, NO_COLOR="1"))
        self.assertFalse(self.coloured(NO_COLOR="1"))
        self.assertFalse(self.coloured(NO_COLOR="1", CLICOLOR_FORCE="1"))
        self.assertTrue(self.coloured(CLICOLOR_FORCE="1", terminal=False))
        self.assertFalse(self.coloured(CLICOLOR_FORCE="0", terminal=False))

    def test_other_value_is_a_usage_error(self):
        _, err, code = run("report", SAMPLES / "bad.json", "--color", "sometimes")
        self.assertEqual(code, 2)
        self.assertIn(b"--color", err)


class WidthTest(unittest.TestCase):
    def lines(self, columns, *options):
        out = run("report", SAMPLES / "bad.json", "--no-color", *options, out=Terminal(columns), LC_ALL="C.UTF-8")[0]
        return out.decode().replace("\r\n", "\n").splitlines()

    def test_tables_fit_the_terminal(self):
        for columns in (80, 120, 200):
            with self.subTest(columns):
                for line in self.lines(columns, "-q"):
                    self.assertLessEqual(len(line), columns)
                long = [line for line in self.lines(columns) if len(line) > columns]
                self.assertTrue(all(line.lstrip().startswith(("ssl_", "add_header")) for line in long), long)  # to copy, never broken

    def test_wide_terminal_is_used(self):
        self.assertLess(len(self.lines(200)), 0.75 * len(self.lines(80)))

    def test_what_is_piped_is_not_cut(self):
        out = run("report", SAMPLES / "bad.json", "-q", LC_ALL="C.UTF-8")[0].decode()
        self.assertNotIn("\u2026", out)
        self.assertIn("SSLv3 is inconclusive", out)
        self.assertGreater(max(map(len, out.splitlines())), 100)


class LocaleTest(unittest.TestCase):
    def test_ascii_where_the_locale_is_not_utf_8(self):
        for name in ("good", "hostile", "unreachable"):
            for variables in ({"LC_ALL": "C"}, {"LANG": "POSIX"}, {}, {"LC_ALL": "C", "LANG": "C.UTF-8"}):
                with self.subTest(name=name, **variables):
                    out = run("report", SAMPLES / f"{name}.json", **variables)[0]
                    self.assertTrue(out.isascii())
        self.assertIn(rb"\u{5BBD}", run("report", SAMPLES / "hostile.json", LC_ALL="C")[0])

    def test_signs_where_it_is(self):
        for variables in ({"LC_ALL": "C.UTF-8"}, {"LANG": "C.UTF-8"}, {"LANG": "en_XX.UTF-8"}):
            with self.subTest(**variables):
                self.assertIn("\u2713 PASS", run("report", SAMPLES / "good.json", **variables)[0].decode())

    def test_other_formats_stay_utf_8(self):
        self.assertIn("\u5bbd", run("report", SAMPLES / "hostile.json", "-o", "csv", LC_ALL="C")[0].decode())


if __name__ == "__main__":
    unittest.main()

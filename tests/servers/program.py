"""Runs the program under test, with bounds on time and a measure of memory."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from servers import die_with_parent

ROOT = pathlib.Path(__file__).resolve().parents[2]
TLSGAUGE = os.path.abspath(os.environ.get("TLSGAUGE", ROOT / "build/release/tlsgauge"))
VERSIONS = ["SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


class Overdue(AssertionError):
    """The program did not end in time."""


class Run:
    """A tlsgauge process; its output goes to files, so that no pipe can fill up."""

    def __init__(self, *arguments, text=None, cwd=None, limit=120):
        self.arguments = [str(argument) for argument in arguments]
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.started = time.monotonic()
        self.limit = limit
        environment = {key: value for key, value in os.environ.items() if key not in ("http_proxy", "https_proxy", "all_proxy")}
        self.process = subprocess.Popen([TLSGAUGE, *self.arguments], stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
                                        stdout=self._out, stderr=self._err, cwd=cwd, env={**environment, "NO_COLOR": "1"}, preexec_fn=die_with_parent)
        if text is not None:
            try:
                self.process.stdin.write(text.encode())
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        self.code = self.seconds = self.peak_kb = None

    @staticmethod
    def _text(file):
        return os.pread(file.fileno(), 1 << 28, 0).decode(errors="replace")

    @property
    def out(self):
        return self._text(self._out)

    @property
    def err(self):
        return self._text(self._err)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def wait(self):
        """Waits for the end; fills in code, seconds and peak_kb (greatest resident size)."""
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - self.started > self.limit:
                self.process.kill()
                os.waitpid(self.process.pid, 0)
                self.process.returncode = -9
                raise Overdue(f"{self} has not ended after {self.limit} s; standard error: {self.err[-2000:]}")
            time.sleep(0.005)
        self.seconds = time.monotonic() - self.started
        self.code = self.process.returncode = os.waitstatus_to_exitcode(status)
        self.peak_kb = usage.ru_maxrss
        return self

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise AssertionError(f"{self}: exit {self.code}, no JSON ({error}): {self.out[:500]!r} {self.err[-500:]!r}") from None

    def endpoint(self):
        found = self.json()["endpoints"]
        assert len(found) == 1, f"{self}: {len(found)} endpoints"
        return found[0]

    def __str__(self):
        return "tlsgauge " + " ".join(self.arguments)

    def report(self):
        return f"{self}: exit {self.code}\n{self.out[-3000:]}\n{self.err[-1000:]}"


def tlsgauge(*arguments, text=None, cwd=None, limit=120):
    return Run(*arguments, text=text, cwd=cwd, limit=limit).wait()


def protocols(endpoint):
    """{name: "yes" | "no" | "inconclusive"}"""
    return {each["name"]: each["support"] for each in endpoint["facts"]["protocols"]}


def suites(endpoint):
    """{version: [code, ...]} in the order of the report; SSLv2 kinds have six digits."""
    found = {}
    for each in endpoint["facts"].get("cipher_suites", []):
        found.setdefault(each["protocol"], []).append(int(each["code"], 16))
    return found


def order(endpoint):
    return {each["protocol"]: each for each in endpoint["facts"].get("cipher_order", [])}


def verdicts(endpoint):
    """{requirement id: verdict} of the first assessment."""
    return {each["id"]: each["verdict"] for each in endpoint["assessments"][0]["requirements"]}


def unmet(endpoint):
    return sorted(name for name, verdict in verdicts(endpoint).items() if verdict == "fail")

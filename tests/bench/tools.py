"""The scanners that are compared: each gives the (version, suite) pairs that it says a server takes, and what that cost."""
import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))

import raw_truth  # noqa: E402
from certificates import NAME, certificates  # noqa: E402
from program import TLSGAUGE  # noqa: E402
from servers import die_with_parent  # noqa: E402

CODES = {row["iana_name"]: int(row["code"], 16) for row in raw_truth.rows("cipher_suites.csv")}
ENUMERATION = ("--only", "protocols,cipher_suites,groups")
SUITES = ("--only", "protocols,cipher_suites")


@dataclasses.dataclass
class Result:
    seconds: float
    cpu: float
    peak_kb: int
    ended: bool  # False: it had to be stopped
    pairs: set = dataclasses.field(default_factory=set)
    says_incomplete: bool = False
    groups: int = 0


def run(command, limit):
    """(output, Result) of the command; it is stopped after the limit."""
    with tempfile.TemporaryFile() as out:
        started = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, preexec_fn=die_with_parent,
                                   env={**os.environ, "NO_COLOR": "1"})
        ended = True
        while True:
            pid, _, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if ended and time.monotonic() - started > limit:
                ended = False
                process.send_signal(signal.SIGKILL)
            time.sleep(0.002)
        process.returncode = 0
        seconds = time.monotonic() - started
        out.seek(0)
        text = out.read().decode(errors="replace")
    return text, Result(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, ended)


def tlsgauge(*more):
    def ask(port, limit=120):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "result.json"
            _, result = run([TLSGAUGE, "scan", "--ca-file", certificates().ca, "--sni", NAME, "-q", "-o", f"json={path}", *more, f"127.0.0.1:{port}"], limit)
            document = json.loads(path.read_text(encoding="utf-8")) if path.exists() and path.stat().st_size else {"endpoints": []}
        for endpoint in document["endpoints"]:
            result.pairs |= {(each["protocol"], int(each["code"], 16)) for each in endpoint["facts"].get("cipher_suites", []) or []}
            result.groups = len(endpoint["facts"].get("groups", []) or [])
            result.says_incomplete = endpoint["status"] != "complete"
        return result
    return ask


def nmap(port, limit=120):
    text, result = run(["nmap", "-Pn", "-n", "-p", str(port), "--script", "ssl-enum-ciphers", "-oX", "-", "--script-args", f"tls.servername={NAME}",
                        "127.0.0.1"], limit)
    try:
        found = xml.etree.ElementTree.fromstring(text[text.index("<nmaprun"):].replace("&#45;", "-")).iterfind(".//script[@id='ssl-enum-ciphers']/table")
    except (ValueError, xml.etree.ElementTree.ParseError):
        found = []
    for version in found:
        for name in version.iterfind("table[@key='ciphers']/table/elem[@key='name']"):
            result.pairs.add((version.get("key"), CODES.get(name.text.replace("_AKE_WITH_", "_"), name.text)))
    return result


def sslscan(port, limit=120):
    text, result = run(["sslscan", "--xml=-", "--no-colour", f"--sni-name={NAME}", f"127.0.0.1:{port}"], limit)
    for version, code in re.findall(r'<cipher status="\w+" sslversion="(\S+)" .*?id="0x([0-9A-F]{4})"', text):
        result.pairs.add((version, int(code, 16)))
    result.groups = len(set(re.findall(r'<group sslversion="TLSv1.3" .*?id="(\w+)"', text)))
    result.says_incomplete = bool(re.search(r"incomplete|could not connect|failed to connect|connection failed", text, re.IGNORECASE)) or not result.ended
    return result


def s_client_twice(port, limit=120):
    """One handshake after the other, as somebody does who looks for two kinds of certificates."""
    results = [run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", NAME], limit)[1] for _ in range(2)]
    return Result(sum(each.seconds for each in results), sum(each.cpu for each in results), max(each.peak_kb for each in results),
                  all(each.ended for each in results))

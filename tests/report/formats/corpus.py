"""The result documents that every format is held against: reports/samples, tests/data/results, hostile ones and one of 1,000 endpoints."""
import copy
import functools
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
TLSGAUGE = os.environ.get("TLSGAUGE", str(ROOT / "build/release/tlsgauge"))
NODE_MODULES = ROOT / "build/npm/node_modules"

# Each is put into every text of a document, one document a string.
HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "script_end": "</script></style></textarea><!--<script>-->{{title}}{{{css}}}",
    "quotes": "\"'`><b onmouseover=\"alert(1)\" x='",
    "cdata": "]]> <![CDATA[ ]]]]><![CDATA[> <!ENTITY x \"y\"> &x; &#0; ?> --> %x;",
    "formula": "=HYPERLINK(\"http://evil.example\",\"x\")\t@SUM(1+1)*cmd|' /C calc'!A0",
    "formula_plus": "+1+1\r\n-2,\"=3;'4",
    "escapes": "a\x1b[2J\x1b]0;title\x07\x9b31m\x7f\b\r::error::owned\n::set-output name=x::y\n## Heading | a | [x](javascript:alert(1)) `code` ~~~ ***",
    "nul": "be\x00fore\x01\x02\ufffe\uffff after",
    "bidi": "safe\u202etxt.exe\u2066\u200f\u061c \u2028 \u2029 \u00a0 \u200b",
    "percent": "%0A%0D::warning::x %s %n {0} {} ${IFS} $(id) \\x41 \\u0041 \\",
    "blank": " ",
    "unicode": "\u00e9\u4e2d\U0001f4a9 caf\u00e9 \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
}
# Texts that are words or forms of the document, which a reader of results refuses when they are something else.
FIXED = {"schema", "status", "severity", "verdict", "started_at", "finished_at", "support", "chooser", "model", "kind", "transport", "protocol"}

_folder = tempfile.TemporaryDirectory(prefix="formats.")
FOLDER = pathlib.Path(_folder.name)
_own = {}


def with_text(value, text, key=""):
    """The value with `text` in place of every text of it."""
    if isinstance(value, dict):
        return {name: with_text(member, text, name) for name, member in value.items()}
    if isinstance(value, list):
        return [with_text(item, text, key) for item in value]
    return text if isinstance(value, str) and key not in FIXED else value


def hostile(base, text):
    """The document with the text everywhere that a document may have it. Protocols keep their names: the reader demands those."""
    out = with_text(base, text)
    for endpoint, honest in zip(out["endpoints"], base["endpoints"]):
        for item, named in zip(endpoint["facts"].get("protocols", []), honest["facts"].get("protocols", [])):
            item["name"] = named["name"]
    return out


def many(count):
    """`count` endpoints in one document, of every kind that the samples have."""
    bases = [json.loads((ROOT / f"reports/samples/{name}.json").read_text(encoding="utf-8")) for name in ("good", "bad", "unreachable")]
    out = copy.deepcopy(bases[0])
    out["endpoints"] = []
    for number in range(count):
        endpoint = copy.deepcopy(bases[number % 3]["endpoints"][0])
        host = f"host-{number:04}.example.com"
        for chain in endpoint["facts"].get("certificates", []):
            for certificate in chain.get("chain", []):
                certificate["pem"] = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"  # keeps the file small
            if chain["shown_for"].get("sni"):
                chain["shown_for"]["sni"] = host
        endpoint["target"].update(input=host, host=host, server_name=host, address=f"192.0.{number // 250}.{number % 250 + 1}")
        out["endpoints"].append(endpoint)
    return out


@functools.cache
def results():
    """{name: path} of all, written once a run."""
    paths = {path.stem: path for folder in ("reports/samples", "tests/data/results") for path in sorted((ROOT / folder).glob("*.json"))
             if json.loads(path.read_text(encoding="utf-8")).get("schema") == "tlsgauge.result/1"}
    base = json.loads((ROOT / "reports/samples/bad.json").read_text(encoding="utf-8"))
    made = {f"hostile-{name}": hostile(base, text) for name, text in HOSTILE.items()}
    made["thousand"] = many(1000)
    large = copy.deepcopy(base)  # 1 MiB here and there
    for requirement in large["endpoints"][0]["assessments"][0]["requirements"][:2]:
        requirement["observed"] = "A" * 2**20
    large["endpoints"][0]["errors"] = [{"where": "connect", "what": "<&\"'\x00" * 2**18}]
    made["hostile-megabyte"] = large
    none = copy.deepcopy(base)
    none["endpoints"] = []
    made["no-endpoint"] = none
    for name, document in made.items():
        paths[name] = FOLDER / f"{name}.json"
        paths[name].write_text(json.dumps(document), encoding="utf-8")
    return paths


def made(name, value):
    """A result of a test's own, not one of results(); returns its name."""
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    _own[name] = path
    return name


def document(name):
    """The document as Python reads it."""
    return json.loads((_own.get(name) or results()[name]).read_text(encoding="utf-8"))


@functools.cache
def rendered(name, output_format, *options):
    """The path of the result `name` in that format."""
    path = FOLDER / "out" / ("".join(options).replace("/", "_") or "plain") / f"{name}.{output_format}"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [TLSGAUGE, "report", str(_own.get(name) or results()[name]), "-o", f"{output_format}={path}", *options]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
    assert done.returncode == 0, f"{command}: exit {done.returncode}: {done.stderr.decode(errors='replace')[:500]}"
    return path


def text(name, output_format, *options):
    return rendered(name, output_format, *options).read_text(encoding="utf-8")


def node(script, *arguments):
    """Runs a CommonJS script with the packages of tests/npm."""
    return subprocess.run(["node", str(script), *map(str, arguments)], env={**os.environ, "NODE_PATH": str(NODE_MODULES)}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300)

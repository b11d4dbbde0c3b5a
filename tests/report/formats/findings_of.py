"""What a document holds of findings, counted without the program's help: for the tests of the formats that are made of findings."""
import re
import subprocess
import xml.etree.ElementTree as ElementTree

SEVERITIES = ["info", "low", "medium", "high", "critical"]
MEASURED = ("complete", "partial")


def requirements(document, *verdicts):
    """[(endpoint, assessment, requirement)] of those verdicts, or of all."""
    return [(endpoint, assessment, requirement) for endpoint in document["endpoints"] for assessment in endpoint["assessments"]
            for requirement in assessment["requirements"] if not verdicts or requirement["verdict"] in verdicts]


def unmeasured(document):
    return [endpoint for endpoint in document["endpoints"] if endpoint["status"] not in MEASURED]


def is_whole(document):
    return bool(document["endpoints"]) and not unmeasured(document) and not document["run"]["interrupted"]


def at_least(requirement, severity):
    return SEVERITIES.index(requirement["severity"]) >= SEVERITIES.index(severity)


def is_hostile(name):
    """Whether all texts of that result are one: ids that should differ do not."""
    return name.startswith("hostile-") and name not in ("hostile-megabyte", "hostile-name")


def controls(text):
    """The characters that may steer a terminal or turn a line around."""
    return {c for c in text if ord(c) < 0x20 and c not in "\n\t" or 0x7f <= ord(c) <= 0x9f
            or c in "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def strings(value):
    """All texts of a JSON value, names of members included."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from strings(member)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def markdown_nodes(text):
    """{(kind, destination of a link)} that GitHub's own parser finds in it."""
    done = subprocess.run(["cmark-gfm", "--unsafe", "-t", "xml", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist"],
                          input=text, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    tree = ElementTree.fromstring(re.sub("[\ufffe\uffff]", "?", done.stdout).replace('<!DOCTYPE document SYSTEM "CommonMark.dtd">', ""))
    return {(each.tag.split("}")[-1], each.get("destination")) for each in tree.iter()}

#!/usr/bin/python3
"""Validates result documents against reports/schema/result-1.schema.json.

Without arguments: all of reports/samples, and a set of mistakes that the schema must catch. With arguments: those files (.jsonl: one
endpoint a line). Prints each breach; exits 1 if there is one.
"""
import copy
import json
import pathlib
import sys

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((ROOT / "reports/schema/result-1.schema.json").read_text(encoding="utf-8"))
DOCUMENT = jsonschema.Draft202012Validator(SCHEMA)
LINE = jsonschema.Draft202012Validator({"$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]})


def breaches(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        parts = [(LINE, json.loads(line)) for line in text.split("\n") if line]
    else:
        parts = [(DOCUMENT, json.loads(text))]
    for validator, part in parts:
        for error in validator.iter_errors(part):
            yield f"{path}: {error.json_path}: {error.message[:300]}"


def change(path, value):
    """A mistake: puts `value` at the path (or removes the member, for `...`)."""

    def apply(document):
        *way, last = path
        for step in way:
            document = document[step]
        if value is ...:
            del document[last]
        else:
            document[last] = value

    return apply


E = ("endpoints", 0)
R = (*E, "assessments", 0, "requirements", 0)
F = (*E, "facts")
MISTAKES = [
    (("schema",), "tlsgauge.result/2"), (("extra",), 1), (("tool",), ...), (("run", "started_at"), "yesterday"), (("run", "interrupted"), 0),
    ((*E, "target", "port"), 65536), ((*E, "target", "port"), "443"), ((*E, "target", "server_name"), ""), ((*E, "target", "hostname"), "x"),
    ((*E, "status"), "fine"), ((*E, "cost", "connections"), -1), ((*E, "facts"), []), ((*E, "errors"), ...), ((*E, "note"), ""),
    ((*E, "assessments", 0, "verdict"), "waived"), ((*E, "assessments", 0, "score"), 101), ((*E, "assessments", 0, "score"), 99.5),
    ((*R, "severity"), "urgent"), ((*R, "verdict"), "ok"), ((*R, "fix"), [{"server": "nginx"}]), ((*R, "points_lost"), "1"), ((*R, "note"), 1),
    ((*F, "protocols", 0, "support"), True), ((*F, "protocols", 0, "name"), "TLSv1.4"), ((*F, "protocols"), []),
    ((*F, "cipher_suites", 0, "code"), "0xc02f"), ((*F, "cipher_suites", 0, "aead"), "yes"), ((*F, "cipher_suites", 0, "bits"), 1),
    ((*F, "cipher_order", 0, "chooser"), "nobody"), ((*F, "groups", 0, "post_quantum"), ...), ((*F, "group_order"), None),
    ((*F, "certificates", 0, "chain"), []), ((*F, "certificates", 0, "chain", 0, "not_after"), "2027"), ((*F, "certificates", 0, "shown_for"), ...),
    ((*F, "certificates", 0, "verification", "error"), "odd"), ((*F, "certificates", 0, "chain", 0, "sha256"), "00"),
    ((*F, "http", "hsts"), ...), ((*F, "http", "hsts", "max_age"), "1"), ((*F, "handshakes", 0, "kind"), "TLSv1.2"),
    ((*F, "handshakes", 0, "time_ms"), ...), ((*F, "handshakes", 0, "round_trips"), 1.5),
]
WAIVER = {"id": "W-1", "reason": "r", "approved_by": "b", "ticket": None, "created": None, "expires": "2027-01-31", "expired": False}
MISTAKES += [((*R, "waived_by"), {**WAIVER, "expires": "soon"}), ((*R, "waived_by"), {**WAIVER, "expired": None}), ((*R, "waived_by"), "W-1"),
             (("run", "warnings"), "one"), ((*E, "assessments", 0, "with_waivers"), {"score": 100})]
ALLOWED = [((*R, "waived_by"), WAIVER), (("run", "warnings"), ["one"]), ((*E, "assessments", 0, "with_waivers"), {"score": 100, "grade": "A+"}),
           ((*F, "a_later_question"), {"any": ["thing"]}), ((*E, "assessments"), ...), (("run", "finished_at"), None)]


def own_test():
    """The schema accepts what the contract leaves open and refuses every mistake of the list."""
    good = json.loads((ROOT / "reports/samples/good.json").read_text(encoding="utf-8"))
    for cases, accepted in ((MISTAKES, False), (ALLOWED, True)):
        for path, value in cases:
            document = copy.deepcopy(good)
            change(path, value)(document)
            if DOCUMENT.is_valid(document) != accepted:
                yield f"the schema {'refuses' if accepted else 'accepts'} {'.'.join(map(str, path))} = {value!r}"


def main(arguments):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    paths = [pathlib.Path(a) for a in arguments] or [
        path for path in sorted((ROOT / "reports/samples").glob("*.json*")) if path.stem != "diff"]
    if not paths:
        print("no document to validate")
        return 1
    failed = 0
    for path in paths:
        found = list(breaches(path))
        print("\n".join(found) if found else f"{path.name} follows the schema")
        failed += 1 if found else 0
    checks = len(paths)
    if not arguments:
        found = list(own_test())
        print("\n".join(found) if found else f"{len(MISTAKES)} mistakes are refused")
        failed += len(found)
        checks += len(MISTAKES) + len(ALLOWED)
    print(f"schema: {checks - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

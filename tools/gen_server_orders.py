#!/usr/bin/env python3
"""Writes src/solve/server_orders.inc from data/server_orders.json; with --check, compares instead and exits 1 on a difference."""
import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "data" / "server_orders.json"
TARGET = ROOT / "src" / "solve" / "server_orders.inc"


def table():
    raw = SOURCE.read_bytes()
    yield "// Made by tools/gen_server_orders.py from data/server_orders.json"
    yield f"// sha256 {hashlib.sha256(raw).hexdigest()}"
    yield "// Do not edit: change the list and run the tool again."
    for order in json.loads(raw)["orders"]:
        yield f'X("{order["name"]}", {", ".join(order["suites"])})'


def main():
    text = "\n".join(table()) + "\n"
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            print(f"{TARGET} is not what {SOURCE} gives: run tools/gen_server_orders.py")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

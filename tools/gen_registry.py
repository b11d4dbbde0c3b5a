#!/usr/bin/env python3
"""Writes src/wire/registry/*.inc from data/*.csv; with --check, compares instead and exits 1 on a difference.

Each .inc has one X(...) line an entry, so that the enumeration, the name table and the list of all values
are expansions of one file and cannot disagree.
"""
import csv
import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
OUT = ROOT / "src" / "wire" / "registry"
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
VERSIONS = {"SSL2.0": "SSLv2", "SSL3.0": "SSLv3", "TLS1.0": "TLSv1_0", "TLS1.1": "TLSv1_1", "TLS1.2": "TLSv1_2",
            "TLS1.3": "TLSv1_3", "TLCP1.1": "TLSv1_1", "": "none"}


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flag(text):
    return "true" if text == "Y" else "false"


def number(text):
    return str(int(text)) if text else "0"


def rows(name):
    with open(DATA / name, newline="", encoding="utf-8") as handle:
        yield from csv.DictReader(line for line in handle if not line.startswith("#"))


def suite(row):
    bits = number(row["effective_bits"])
    return ", ".join([row["code"], quoted(row["iana_name"]), quoted(row["openssl_name"]), quoted(row["status"]),
                      quoted(row["key_exchange"]), quoted(row["authentication"]), quoted(row["encryption"]), bits,
                      number(row["block_bits"]), quoted(row["mode"]), quoted(row["mac"]), quoted(row["prf_hash"]),
                      flag(row["forward_secrecy"]), flag(row["export"]), VERSIONS[row["impl_min_version"]],
                      VERSIONS[row["max_version"]], quoted(row["iana_recommended"]), quoted(row["rfc"])])


def lines(source, make, keep=lambda row: True, key="code"):
    seen_codes, seen_names = set(), set()
    for row in rows(source):
        if not keep(row):
            continue
        code, name = row[key], row.get("iana_name") or row.get("name") or row[key]
        if code in seen_codes:
            continue  # two drafts on one code point: the first row of the table is the one that is met
        seen_codes.add(code)
        if IDENTIFIER.match(name) and name not in seen_names:
            seen_names.add(name)
            yield f"X({name}, {make(row)})"
        else:
            yield f"Y({make(row)})"  # no C++ identifier: in the table, not in the enumeration


TABLES = {
    "cipher_suites.inc": ("cipher_suites.csv", suite, lambda r: r["status"] != "sslv2", "code"),
    "ssl2_cipher_kinds.inc": ("cipher_suites.csv", suite, lambda r: r["status"] == "sslv2", "code"),
    "groups.inc": ("groups.csv", lambda r: ", ".join([
        r["code"], quoted(r["iana_name"]), quoted(r["kind"]), quoted(r["status"]), number(r["security_bits"]),
        number(r["client_share_len"]), number(r["server_share_len"]), flag(r["usable_in_tls13"]), quoted(r["rfc"])]),
        lambda r: True, "code"),
    "signature_schemes.inc": ("signature_schemes.csv", lambda r: ", ".join([
        r["code"], quoted(r["name"]), quoted(r["algorithm"]), quoted(r["hash"]), quoted(r["tls12"]),
        quoted(r["tls13"]), quoted(r["status"]), quoted(r["rfc"])]), lambda r: True, "code"),
    "extensions.inc": ("extensions.csv", lambda r: ", ".join([r["code"], quoted(r["name"]), quoted(r["status"]), quoted(r["rfc"])]),
                       lambda r: True, "code"),
    "alerts.inc": ("alerts.csv", lambda r: ", ".join([r["code"], quoted(r["name"]), quoted(r["rfc"])]), lambda r: True, "code"),
    "alpn.inc": ("alpn.csv", lambda r: quoted(r["protocol_id"]), lambda r: r["status"] != "grease", "protocol_id"),
    "dh_primes.inc": ("dh_primes.csv", lambda r: ", ".join([
        quoted(r["name"]), number(r["bits"]), quoted(r["hex"].lower()), flag(r["prime"]), flag(r["safe_prime"]),
        flag(r["weak"]), quoted(r["named_group"])]), lambda r: True, "hex"),
}


def render(name):
    source, make, keep, key = TABLES[name]
    digest = hashlib.sha256((DATA / source).read_bytes()).hexdigest()
    body = "\n".join(lines(source, make, keep, key))
    return (f"// Made by tools/gen_registry.py from data/{source}\n// sha256 {digest}\n"
            f"// Do not edit: change the table and run the tool again.\n{body}\n")


def main():
    stale = []
    for name in TABLES:
        text, path = render(name), OUT / name
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print("out of date, run tools/gen_registry.py: " + ", ".join(stale), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

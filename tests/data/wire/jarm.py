#!/usr/bin/env python3
"""Writes jarm.hex: the ten hellos of JARM, one record after the other, for www.example.test.

An own transcription of what salesforce/jarm's jarm.py sends, kept apart from the C++ that it tests. What is random there is fixed:
every random octet 0x2A, every GREASE value 0x0A0A.
"""
import pathlib
import textwrap

HOST = b"www.example.test"
FILL, GREASE = b"\x2a", b"\x0a\x0a"
SUITES = """
0016 0033 0067 c09e c0a2 009e 0039 006b c09f c0a3 009f 0045 00be 0088 00c4 009a c008 c009 c023 c0ac c0ae c02b c00a c024 c0ad c0af c02c c072 c073
cca9 1302 1301 cc14 c007 c012 c013 c027 c02f c014 c028 c030 c060 c061 c076 c077 cca8 1305 1304 1303 cc13 c011 000a 002f 003c c09c c0a0 009c 0035
003d c09d c0a1 009d 0041 00ba 0084 00c0 0007 0004 0005
""".split()
NUMBERED = """
0004 0005 0007 000a 0016 002f 0033 0035 0039 003c 003d 0041 0045 0067 006b 0084 0088 009a 009c 009d 009e 009f 00ba 00be 00c0 00c4 c007 c008 c009
c00a c011 c012 c013 c014 c023 c024 c027 c028 c02b c02c c02f c030 c060 c061 c072 c073 c076 c077 c09c c09d c09e c09f c0a0 c0a1 c0a2 c0a3 c0ac c0ad
c0ae c0af cc13 cc14 cca8 cca9 1301 1302 1303 1304 1305
""".split()
PROTOCOLS = [b"http/0.9", b"http/1.0", b"http/1.1", b"spdy/1", b"spdy/2", b"spdy/3", b"h2", b"h2c", b"hq"]
VERSIONS = ["0301", "0302", "0303", "0304"]
# record, legacy_version, suites of TLS 1.3, their order, GREASE, common protocols, versions named, order of protocols and versions
HELLOS = [
    ("0303", "0303", True, "forward", False, True, 3, "reverse"),
    ("0303", "0303", True, "reverse", False, True, 3, "forward"),
    ("0303", "0303", True, "top", False, True, 0, "forward"),
    ("0303", "0303", True, "bottom", False, False, 0, "forward"),
    ("0303", "0303", True, "middle", True, False, 0, "reverse"),
    ("0302", "0302", True, "forward", False, True, 0, "forward"),
    ("0301", "0303", True, "forward", False, True, 4, "reverse"),
    ("0301", "0303", True, "reverse", False, True, 4, "forward"),
    ("0301", "0303", False, "forward", False, True, 4, "forward"),
    ("0301", "0303", True, "middle", True, True, 4, "reverse"),
]


def vec(width, content):
    return len(content).to_bytes(width, "big") + content


def extension(kind, content=b""):
    return bytes.fromhex(kind) + vec(2, content)


def arrange(items, order):
    half, odd = len(items) // 2, len(items) % 2
    upper, middle, lower = items[:half], items[half:half + odd], items[half + odd:]
    if order == "reverse":
        return items[::-1]
    if order == "top":
        return middle + upper[::-1]
    if order == "bottom":
        return lower
    if order == "middle":
        return middle + [item for pair in zip(lower, upper[::-1]) for item in pair]
    return items


def hello(record, version, tls13, order, grease, common, versions, lists, host=HOST, share=FILL * 32):
    maybe = GREASE if grease else b""
    suites = arrange([suite for suite in SUITES if tls13 or not suite.startswith("13")], order)
    protocols = arrange([each for each in PROTOCOLS if common or each not in (b"h2", b"http/1.1")], lists)
    extensions = (extension("0a0a") if grease else b"") \
        + extension("0000", vec(2, b"\x00" + vec(2, host))) + extension("0017") + extension("0001", b"\x01") + extension("ff01", b"\x00") \
        + extension("000a", vec(2, bytes.fromhex("001d001700180019"))) + extension("000b", b"\x01\x00") + extension("0023") \
        + extension("0010", vec(2, b"".join(vec(1, each) for each in protocols))) \
        + extension("000d", vec(2, bytes.fromhex("040308040401050308050501080606010201"))) \
        + extension("0033", vec(2, (maybe + vec(2, b"\x00") if grease else b"") + b"\x00\x1d" + vec(2, share))) + extension("002d", b"\x01\x01")
    if versions:
        extensions += extension("002b", vec(1, maybe + bytes.fromhex("".join(arrange(VERSIONS[:versions], lists)))))
    body = bytes.fromhex(version) + FILL * 32 + vec(1, FILL * 32) + vec(2, maybe + bytes.fromhex("".join(suites))) + b"\x01\x00" + vec(2, extensions)
    return b"\x16" + bytes.fromhex(record) + vec(2, b"\x01" + vec(3, body))


def main():
    octets = b"".join(hello(*each) for each in HELLOS)
    out = pathlib.Path(__file__).with_suffix(".hex")
    out.write_text("# the ten hellos of JARM for www.example.test, from jarm.py beside this file\n" + "\n".join(textwrap.wrap(octets.hex(), 120)) + "\n",
                   encoding="ascii")


if __name__ == "__main__":
    main()

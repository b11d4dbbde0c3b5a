"""What a server really accepts, asked the slow and certain way: one suite, one connection.

Accepted is a (version, suite) pair when, up to TLS 1.2, a ServerHello of that version with that suite is followed by a whole
flight up to ServerHelloDone; in TLS 1.3, when a ServerHello or HelloRetryRequest picks the suite. All groups and signature
schemes of the registry are offered, but no ffdhe group up to TLS 1.2 (naming them hides a small DH group).

The hellos are built here and share nothing with the program under test.

    python3 raw_truth.py HOST:PORT [--name SNI]     prints what the server accepts
"""
import argparse
import collections
import concurrent.futures
import csv
import functools
import os
import pathlib
import socket
import struct
import time

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
VERSIONS = {"SSLv3": 0x0300, "TLSv1.0": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304}
OLD_VERSIONS = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"]
HELLO_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
# Key shares of groups by code: parts of octets (random), a generator (a point of the curve), the number 4, or an ML-KEM key of zeros.
P256 = bytes.fromhex("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                     "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
P384 = bytes.fromhex("04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
                     "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f")
P521 = bytes.fromhex("0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"
                     "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650")
BRAINPOOL256 = bytes.fromhex("048bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262"
                             "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997")
X25519, X448 = b"\x09" + bytes(31), b"\x05" + bytes(55)
SHARES = {
    0x0017: P256, 0x0018: P384, 0x0019: P521, 0x001D: X25519, 0x001E: X448, 0x001F: BRAINPOOL256,
    **{0x0100 + i: bytes(size - 1) + b"\4" for i, size in enumerate((256, 384, 512, 768, 1024))},
    0x0200: bytes(800), 0x0201: bytes(1184), 0x0202: bytes(1568),
    0x11EB: P256 + bytes(1184), 0x11EC: bytes(1184) + X25519, 0x11ED: P384 + bytes(1568),
}
FIRST_TIMEOUT, LAST_TIMEOUT, TRIES = 8.0, 20.0, 3


class Unclear(Exception):
    """The server gave neither an acceptance nor a refusal, on every try."""


def rows(name):
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def suite_codes(version):
    """All codes of the registry that a hello of this version may name, without SCSVs, GREASE, SSLv2 kinds and TLCP."""
    codes = []
    for row in rows("cipher_suites.csv"):
        if row["status"] in ("scsv", "grease", "sslv2") or row["min_version"].startswith("TLCP"):
            continue
        if (row["min_version"] == "TLS1.3") == (version == "TLSv1.3"):
            codes.append(int(row["code"], 16))
    return codes


def srp_codes():
    return {int(row["code"], 16) for row in rows("cipher_suites.csv") if "SRP" in row["key_exchange"]}


def group_codes(version):
    wanted = []
    for row in rows("groups.csv"):
        code = int(row["code"], 16)
        if row["status"] == "grease":
            continue
        if version == "TLSv1.3":
            if row["usable_in_tls13"] == "Y":
                wanted.append(code)
        elif not row["iana_name"].startswith("ffdhe") and row["kind"] == "ecdhe":
            wanted.append(code)
    return wanted


def scheme_codes():
    return [int(row["code"], 16) for row in rows("signature_schemes.csv") if row["status"] != "grease"]


SRP = srp_codes()
SCHEMES = scheme_codes()
GROUPS = {version: group_codes(version) for version in VERSIONS}


def vec8(data):
    return struct.pack("!B", len(data)) + data


def vec16(data):
    return struct.pack("!H", len(data)) + data


def codes16(codes):
    return b"".join(struct.pack("!H", code) for code in codes)


def extension(kind, data):
    return struct.pack("!H", kind) + vec16(data)


def client_hello(version, suites, name="", groups=None, shares=(), raw_key=False):
    """A record with a ClientHello; `shares` are (group, key) pairs, for TLS 1.3."""
    tls13 = version == "TLSv1.3"
    groups = GROUPS[version] if groups is None else groups
    extensions = b""
    if version != "SSLv3":
        if name:
            extensions += extension(0, vec16(b"\0" + vec16(name.encode())))
        extensions += extension(10, vec16(codes16(groups)))
        extensions += extension(11, vec8(b"\0\1\2"))
        extensions += extension(13, vec16(codes16(SCHEMES)))
        if raw_key:
            extensions += extension(20, b"\2\0\2")  # X.509 or a raw public key (RFC 7250); servers without any certificate balk at it
        if any(suite in SRP for suite in suites):
            extensions += extension(12, vec8(b"tlsgauge"))
        if not tls13:
            extensions += extension(22, b"") + extension(23, b"") + extension(0xFF01, b"\0")
    if tls13:
        extensions += extension(43, vec8(b"\3\4")) + extension(45, vec8(b"\1"))
        extensions += extension(51, vec16(b"".join(struct.pack("!H", group) + vec16(key) for group, key in shares)))
    legacy = min(VERSIONS[version], 0x0303)
    listed = codes16(suites) if tls13 else codes16([*suites, 0x00FF])
    body = struct.pack("!H", legacy) + os.urandom(32) + vec8(os.urandom(32) if tls13 else b"") + vec16(listed) + vec8(b"\0")
    if extensions:
        body += vec16(extensions)
    message = b"\1" + struct.pack("!I", len(body))[1:] + body
    return b"\x16" + struct.pack("!H", 0x0300 if version == "SSLv3" else 0x0301) + vec16(message)


class Flight:
    """Reads records from a socket and yields handshake messages; ends at a fatal alert."""

    def __init__(self, sock, deadline):
        self.sock, self.deadline = sock, deadline
        self.alert = None
        self.pending = b""

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            part = self.sock.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _record(self):
        kind, version, length = struct.unpack("!BHH", self._exactly(5))
        if version >> 8 != 3 or kind not in (20, 21, 22, 23) or length > 18432:
            raise ValueError("what came is no TLS record")
        return kind, self._exactly(length)

    def messages(self):
        while True:
            while len(self.pending) >= 4:
                length = int.from_bytes(self.pending[1:4], "big")
                if len(self.pending) < 4 + length:
                    break
                message, self.pending = self.pending[:4 + length], self.pending[4 + length:]
                yield message[0], message[4:]
            kind, data = self._record()
            if kind == 21 and len(data) == 2:
                if data[0] == 2 or data[1] == 0:
                    self.alert = data[1]
                    return
            elif kind == 22:
                self.pending += data


Hello = collections.namedtuple("Hello", "version suite retry group")


def server_hello(body):
    version, random = struct.unpack("!H", body[:2])[0], body[2:34]
    at = 35 + body[34]
    suite = struct.unpack("!H", body[at:at + 2])[0]
    at += 3
    group = None
    if len(body) >= at + 2:
        at += 2
        while at + 4 <= len(body):
            kind, length = struct.unpack("!HH", body[at:at + 4])
            data = body[at + 4:at + 4 + length]
            if kind == 43 and length == 2:
                version = struct.unpack("!H", data)[0]
            if kind == 51 and length >= 2:
                group = struct.unpack("!H", data[:2])[0]
            at += 4 + length
    return Hello(version, suite, random == HELLO_RETRY, group)


def exchange(address, hello, limit, whole):
    """(server hello or None, whether the flight was whole, the fatal alert or None) of one connection."""
    deadline = time.monotonic() + limit
    with socket.create_connection(address, timeout=limit) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(hello)
        flight = Flight(sock, deadline)
        found = None
        for kind, body in flight.messages():
            if kind == 2:
                found = server_hello(body)
                if not whole:
                    return found, True, None
            elif kind == 14 and found:
                return found, True, None
        return found, False, flight.alert


def accepted_hello(address, version, suites, name="", groups=None, shares=(), raw_key=False):
    """The ServerHello that accepts one of the suites, or None when they are refused. A refusal is an alert, or an end of the
    connection that comes on every try."""
    ended = 0
    for attempt in range(TRIES):
        limit = LAST_TIMEOUT if attempt == TRIES - 1 else FIRST_TIMEOUT
        try:
            found, whole, _ = exchange(address, client_hello(version, suites, name, groups, shares, raw_key), limit, version != "TLSv1.3")
        except (EOFError, ConnectionResetError, BrokenPipeError):
            ended += 1
            continue
        except (TimeoutError, ConnectionError, ValueError):
            continue
        if found and whole and found.version == VERSIONS[version] and found.suite in suites:
            return found
        return None
    if ended == TRIES:
        return None
    raise Unclear(f"{version} {[f'0x{suite:04X}' for suite in suites]}")


def tls13_hello(address, suites, name="", groups=None, raw_key=False):
    """As accepted_hello, for TLS 1.3: an empty key_share first, then a share for servers that want one: of the one group that is named, or
    of x25519 and secp256r1."""
    found = accepted_hello(address, "TLSv1.3", suites, name, groups, raw_key=raw_key)
    if found:
        return found
    shares = [(group, SHARES[group]) for group in groups or (0x001D, 0x0017) if group in SHARES]
    return accepted_hello(address, "TLSv1.3", suites, name, groups, shares, raw_key) if shares else None


def accepts(address, version, suite, name="", raw_key=False):
    if version == "TLSv1.3":
        return tls13_hello(address, [suite], name, raw_key=raw_key) is not None
    return accepted_hello(address, version, [suite], name, raw_key=raw_key) is not None


def accepted_suites(address, name="", versions=tuple(VERSIONS), threads=6, raw_key=False):
    """{version: set of codes}, by one connection for each pair (more only where one stays unclear)."""
    pairs = [(version, suite) for version in versions for suite in suite_codes(version)]
    found = {version: set() for version in versions}
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for (version, suite), yes in zip(pairs, pool.map(lambda pair: accepts(address, *pair, name, raw_key), pairs)):
            if yes:
                found[version].add(suite)
    return found


def accepted_groups(address, suites, name="", threads=6, raw_key=False):
    """Codes of the TLS 1.3 groups that the server takes, one group and one connection each. Suites: what to offer."""
    groups = GROUPS["TLSv1.3"]
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        answers = pool.map(lambda group: tls13_hello(address, suites, name, [group], raw_key), groups)
        return {group for group, hello in zip(groups, answers) if hello and hello.group in (group, None)}


def pick(address, version, suites, name="", raw_key=False):
    """Which of the suites the server chooses when they are offered in this order; None for none."""
    ask = tls13_hello if version == "TLSv1.3" else functools.partial(accepted_hello, version=version)
    hello = ask(address, suites=suites, name=name, raw_key=raw_key)
    return hello.suite if hello else None


def speaks_ssl2(address):
    """Whether an SSLv2 CLIENT-HELLO with all cipher kinds gets an SSLv2 SERVER-HELLO."""
    kinds = [int(row["code"], 16).to_bytes(3, "big") for row in rows("cipher_suites.csv") if row["status"] == "sslv2"]
    body = b"\1\0\2" + struct.pack("!HHH", 3 * len(kinds), 0, 16) + b"".join(kinds) + os.urandom(16)
    try:
        with socket.create_connection(address, timeout=FIRST_TIMEOUT) as sock:
            sock.sendall(struct.pack("!H", 0x8000 | len(body)) + body)
            answer = sock.recv(16)
    except OSError:
        return False
    return len(answer) >= 3 and answer[0] & 0x80 == 0x80 and answer[2] == 4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--name", default="")
    parser.add_argument("--threads", type=int, default=6)
    options = parser.parse_args()
    host, port = options.address.rsplit(":", 1)
    address = (host, int(port))
    names = {int(row["code"], 16): row["iana_name"] for row in rows("cipher_suites.csv") if row["status"] != "sslv2"}
    print("SSLv2:", "yes" if speaks_ssl2(address) else "no")
    started = time.monotonic()
    found = accepted_suites(address, options.name, threads=options.threads)
    for version, suites in found.items():
        print(f"{version}: {len(suites)} suites")
        for suite in sorted(suites):
            print(f"  0x{suite:04X} {names[suite]}")
    if found["TLSv1.3"]:
        groups = accepted_groups(address, sorted(found["TLSv1.3"]), options.name)
        print("groups:", " ".join(f"0x{group:04X}" for group in sorted(groups)))
    print(f"{time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()

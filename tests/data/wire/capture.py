#!/usr/bin/env python3
"""Records the vectors of this folder: what real servers answer to a hello, and the hellos of real clients. Loopback only.

    capture.py [NAME...]    writes NAME.hex anew; without a name, all that this machine can make

Keys and randoms differ from run to run, so a vector that is made again is another vector with the same facts in it.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "servers"))
import servers  # noqa: E402  pylint: disable=wrong-import-position
from certificates import certificates  # noqa: E402  pylint: disable=wrong-import-position

SSL3, TLS10, TLS11, TLS12, TLS13 = 0x0300, 0x0301, 0x0302, 0x0303, 0x0304
SCHEMES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0807, 0x0402, 0x0201, 0x0203, 0x0202]


def u16(*values):
    return b"".join(value.to_bytes(2, "big") for value in values)


def vec(width, content):
    return len(content).to_bytes(width, "big") + content


def extension(kind, content=b""):
    return u16(kind) + vec(2, content)


def hello(version, suites, groups=(29, 23, 24, 25), schemes=SCHEMES, name=None, share=False, extra=b""):
    """A ClientHello in its record."""
    parts = b""
    if version > SSL3:
        if name:
            parts += extension(0, vec(2, b"\0" + vec(2, name.encode())))
        parts += extension(10, vec(2, u16(*groups))) + extension(11, b"\x01\x00") + extension(0xFF01, b"\x00")
        if version >= TLS12:
            parts += extension(13, vec(2, u16(*schemes)))
        parts += extension(35) + extension(23) + extra
    if version == TLS13:
        shares = u16(29) + vec(2, bytes([9]) + bytes(31)) if share else b""
        parts += extension(43, vec(1, u16(TLS13))) + extension(45, b"\x01\x01") + extension(51, vec(2, shares))
    body = u16(min(version, TLS12)) + os.urandom(32) + vec(1, os.urandom(32) if version == TLS13 else b"")
    body += vec(2, u16(*suites)) + vec(1, b"\0")
    if parts:
        body += vec(2, parts)
    return b"\x16" + u16(SSL3 if version == SSL3 else TLS10) + vec(2, b"\x01" + vec(3, body))


def answer(address, request):
    """All that comes until the peer falls silent."""
    with socket.create_connection(address, timeout=10) as sock:
        sock.sendall(request)
        sock.settimeout(1.0)
        reply = b""
        try:
            while chunk := sock.recv(65536):
                reply += chunk
        except (TimeoutError, ConnectionResetError):
            pass
    return reply


def write(name, comment, octets):
    lines = [f"# {line}" for line in textwrap.wrap(comment, 126)] + textwrap.wrap(octets.hex(), 128)
    (HERE / f"{name}.hex").write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"{name}: {len(octets)} octets")


def version_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0]


def openssl(*arguments, **more):
    return lambda: servers.OpensslServer(*arguments, **more)


def gnutls(priority, *arguments, **more):
    return lambda: servers.GnutlsServer(priority, *arguments, **more)


def files():
    """What some servers need beside certificates: a response to staple, SRP verifiers."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tlsgauge-capture-"))
    made = certificates()
    serial = subprocess.run(["openssl", "x509", "-in", made.certificate("good"), "-noout", "-serial"], capture_output=True, text=True,
                            check=True).stdout.strip().split("=")[1]
    (folder / "index").write_text(f"V\t391231235959Z\t\t{serial}\tunknown\t/CN=good\n", encoding="ascii")
    subprocess.run(["openssl", "ocsp", "-index", folder / "index", "-CA", made.ca, "-rsigner", made.certificate("good"), "-rkey", made.key("good"),
                    "-issuer", made.ca, "-serial", "0x" + serial, "-respout", folder / "staple", "-ndays", "3650"],
                   capture_output=True, check=True)
    subprocess.run(["srptool", "--create-conf", "tpasswd.conf"], cwd=folder, capture_output=True, check=True)
    subprocess.run(["srptool", "--passwd", "tpasswd", "--passwd-conf", "tpasswd.conf", "-u", "user"], cwd=folder, input="secret\n", text=True,
                   capture_output=True, check=True)
    return folder


def flights():
    """NAME: (server, hello, words for the comment)"""
    old = "ALL:@SECLEVEL=0"
    made = certificates()
    folder = files()
    anything = [0xC02F, 0xC030, 0xC013, 0x009E, 0x0033, 0x002F]
    ocsp = extension(5, b"\x01\x00\x00\x00\x00")
    table = {
        "tls12_ecdhe_rsa": (openssl("-tls1_2", "-curves", "X25519"), hello(TLS12, [0xC02F]), "ECDHE with x25519, signed with RSA-PSS"),
        "tls12_ecdhe_ecdsa": (openssl("-tls1_2", names=("good-ecdsa",)), hello(TLS12, [0xC02B]), "ECDHE, signed with ECDSA"),
        "tls12_dhe_rsa": (openssl("-tls1_2", "-dhparam", made.dh1024, "-cipher", old), hello(TLS12, [0x009E]), "DHE with 1024 bits"),
        "tls12_dhe_dss": (openssl("-tls1_2", "-cipher", old, names=("good-dsa",)), hello(TLS12, [0x00A2]), "DHE, signed with DSA"),
        "tls12_rsa": (openssl("-tls1_2"), hello(TLS12, [0x009C]), "static RSA: no ServerKeyExchange"),
        "tls12_dh_anon": (openssl("-tls1_2", "-cipher", old, names=()), hello(TLS12, [0x00A6]), "anonymous DH"),
        "tls12_ecdh_anon": (openssl("-tls1_2", "-cipher", old, names=()), hello(TLS12, [0xC018]), "anonymous ECDH"),
        "tls12_psk": (openssl("-tls1_2", "-psk", "0011223344", "-psk_hint", "hint", "-cipher", old), hello(TLS12, [0x00A8]), "PSK with a hint"),
        "tls12_dhe_psk": (openssl("-tls1_2", "-psk", "0011223344", "-psk_hint", "hint", "-cipher", old), hello(TLS12, [0x00AA]), "DHE_PSK"),
        "tls12_ecdhe_psk": (openssl("-tls1_2", "-psk", "0011223344", "-cipher", old), hello(TLS12, [0xC035]), "ECDHE_PSK without a hint"),
        "tls12_rsa_psk": (openssl("-tls1_2", "-psk", "0011223344", "-psk_hint", "hint", "-cipher", old), hello(TLS12, [0x00AC]), "RSA_PSK"),
        "tls12_srp_rsa": (gnutls("NORMAL:-KX-ALL:+SRP-RSA:-VERS-ALL:+VERS-TLS1.2", "--srppasswd", folder / "tpasswd", "--srppasswdconf",
                                 folder / "tpasswd.conf"),
                          hello(TLS12, [0xC01E, 0xC021], extra=extension(12, vec(1, b"user"))), "SRP, signed with RSA"),
        "tls12_client_certificate": (openssl("-tls1_2", "-Verify", "1", "-CAfile", made.ca), hello(TLS12, [0xC02F]), "asks for a certificate"),
        "tls12_staple": (openssl("-tls1_2", "-status_file", folder / "staple"), hello(TLS12, [0xC02F], extra=ocsp), "an OCSP response stapled"),
        "tls12_fragmented": (openssl("-tls1_2", "-max_send_frag", "512"), hello(TLS12, [0xC02F]), "records of 512 octets"),
        "tls12_warning": (openssl("-tls1_2", "-servername", "known.test", "-cert2", made.certificate("good"), "-key2", made.key("good")), hello(TLS12, [0xC02F], name="other.test"),
                          "a name that the server does not know"),
        "tls12_gnutls": (gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.2"), hello(TLS12, anything), "several records"),
        "tls11_gnutls_dhe": (gnutls("NORMAL:+VERS-TLS1.1:+DHE-RSA:+SHA1:%VERIFY_ALLOW_SIGN_WITH_SHA1"), hello(TLS11, [0x0033]), "DHE in TLS 1.1"),
        "tls10_gnutls_ecdhe": (gnutls("NORMAL:+VERS-TLS1.0:+SHA1"), hello(TLS10, [0xC013]), "ECDHE in TLS 1.0"),
        "tls12_nss": (lambda: servers.NssServer("-V", "tls1.0:tls1.3"), hello(TLS12, anything), "NSS"),
        "tls12_java": (servers.JavaServer, hello(TLS12, anything), "JSSE"),
        "ssl3_java_rsa": (servers.JavaServer, hello(SSL3, [0x002F]), "SSL 3.0, a hello without extensions"),
        "ssl3_java_dhe": (servers.JavaServer, hello(SSL3, [0x0033]), "SSL 3.0 with DHE"),
        "tls10_java_rsa_export": (servers.JavaServer, hello(TLS10, [0x0003]), "an export suite with a temporary RSA key"),
        "tls10_java_dh_anon_export": (servers.JavaServer, hello(TLS10, [0x0017]), "an anonymous export suite"),
        "tls13_retry": (openssl("-tls1_3"), hello(TLS13, [0x1301, 0x1302]), "an empty key_share: HelloRetryRequest"),
        "tls13_openssl": (openssl("-tls1_3"), hello(TLS13, [0x1301], share=True), "ServerHello, ChangeCipherSpec, encrypted flight"),
        "tls13_gnutls": (gnutls("NORMAL"), hello(TLS13, [0x1301], share=True), "ServerHello, ChangeCipherSpec, encrypted flight"),
        "tls13_nss": (lambda: servers.NssServer("-V", "tls1.0:tls1.3"), hello(TLS13, [0x1301], share=True), "ServerHello and encrypted flight"),
        "tls13_java": (servers.JavaServer, hello(TLS13, [0x1301], share=True), "ServerHello and encrypted flight"),
        "alert_openssl_version": (openssl("-tls1_3"), hello(TLS12, anything), "no version in common"),
        "alert_openssl_suite": (openssl("-tls1_2"), hello(TLS12, [0x0001]), "no suite in common"),
        "alert_gnutls_suite": (gnutls("NORMAL"), hello(TLS12, [0x0001]), "no suite in common"),
        "alert_nss_suite": (lambda: servers.NssServer("-V", "tls1.0:tls1.3"), hello(TLS12, [0x0001]), "no suite in common"),
        "alert_java_suite": (servers.JavaServer, hello(TLS12, [0x00C6]), "no suite in common"),
        "alert_openssl_ssl2": (openssl(), bytes.fromhex("802b010002001200000010" "0100800200800300800400800500800700c0") + os.urandom(16),
                               "an SSLv2 hello, to a server of TLS"),
    }
    for name in ("nginx_plain_http",):
        table[name] = (lambda: PlainNginx(""), hello(TLS12, anything), "a TLS hello to a port of plain HTTP")
    return table


class PlainNginx(servers.Nginx):
    """The same without TLS."""

    def command(self):
        command = super().command()
        path = self.folder / "nginx.conf"
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "ssl_" not in line]
        path.write_text("\n".join(kept).replace(" ssl;", ";"), encoding="utf-8")
        return command


def clients():
    """NAME: command with {port}"""
    return {
        "client_openssl": ["openssl", "s_client", "-connect", "127.0.0.1:{port}", "-servername", "example.test", "-alpn", "h2,http/1.1"],
        "client_openssl_tls12": ["openssl", "s_client", "-connect", "127.0.0.1:{port}", "-tls1_2", "-noservername"],
        "client_gnutls": ["gnutls-cli", "--insecure", "--sni-hostname", "example.test", "-p", "{port}", "127.0.0.1"],
        "client_nss": ["tstclnt", "-h", "127.0.0.1", "-p", "{port}", "-D", "-a", "example.test"],
        "client_curl": ["curl", "-sk", "https://127.0.0.1:{port}/"],
    }


def first_hello(command):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        listener.settimeout(20)
        client = subprocess.Popen([part.replace("{port}", port) for part in command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            sock, _ = listener.accept()
            with sock:
                sock.settimeout(5)
                octets = b""
                while len(octets) < 5 or len(octets) < 5 + int.from_bytes(octets[3:5], "big"):
                    octets += sock.recv(65536)
        finally:
            client.kill()
            client.wait()
    return octets


def main(wanted):
    programs = {"OpensslServer": ("openssl", "version"), "GnutlsServer": ("gnutls-serv", "--version"), "JavaServer": ("java", "-version"),
                "Nginx": ("nginx", "-v"), "PlainNginx": ("nginx", "-v")}
    for name, (make, request, words) in flights().items():
        if wanted and name not in wanted:
            continue
        try:
            with make() as server:
                kind = type(server).__name__
                program = version_of(*programs[kind]) if kind in programs else "NSS selfserv"
                write(name, f"The answer of {program} to: {words}. Hello: {request.hex()}", answer(server.address, request))
        except (unittest.SkipTest, RuntimeError) as reason:
            print(f"{name}: not made: {reason}", file=sys.stderr)
    for name, command in clients().items():
        if wanted and name not in wanted:
            continue
        if not shutil.which(command[0]):
            print(f"{name}: not made: {command[0]} is not installed", file=sys.stderr)
            continue
        write(name, f"The hello of: {' '.join(command)}", first_hello(command))


if __name__ == "__main__":
    main(sys.argv[1:])

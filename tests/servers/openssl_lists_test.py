"""What `registry --openssl` says of a list of groups is what the installed OpenSSL makes of it: its ClientHello names these groups in
this order, or it refuses the list. Cipher strings: tests/policy/server_config/cipher_string_test.cpp."""
import os
import re
import socket
import struct
import subprocess
import unittest

from program import tlsgauge
from servers import openssl35

LISTS = [
    "X25519", "x25519", "X25519:P-256", "p-256", "secp256r1", "prime256v1", "PRIME256V1", "P-256:prime256v1", "P-256:", "P-256::X25519",
    " P-256 : X25519 ", "FOO", "X25519:FOO", "?FOO:X25519", "ffdhe2048", "DEFAULT", "default", "DEFAULT:-X25519", "*X25519/P-256",
    "*X25519:*P-256:*X448:*P-384:*P-521", "*X25519:*P-256:*X448:*P-384:*P-521:-X448", "X25519/", "/X25519", "X25519,P-256",
    "brainpoolP256r1:X25519", "brainpoolP256r1tls13", "K-233:B-233:sect283k1:X25519", "P-192:secp192r1:P-256", "prime192v1:P-256", "MLKEM768",
    "X25519MLKEM768", "x25519mlkem768:P-384", "SecP256r1MLKEM768", "SecP384r1MLKEM1024", "curveSM2", "secp224r1:P-521", "DEFAULT_SUITE_B",
    "-X25519:P-256", "?-X25519:P-256", "*DEFAULT", "?DEFAULT", "-DEFAULT", "X25519:DEFAULT", "*DEFAULT_SUITE_B", "GC256A", "DFOO",
    "X25519:X25519", "?*?X25519", "?", "*:X25519", "X25519/P-256:P-384/-P-256", "X25519MLKEM768:X25519:prime256v1:secp384r1",
]


def groups_of_hello(hello):
    """The codes in supported_groups of a ClientHello record."""
    body = hello[5 + 4 + 34:]
    body = body[1 + body[0]:]
    body = body[2 + struct.unpack(">H", body[:2])[0]:]
    body = body[1 + body[0] + 2:]
    while len(body) >= 4:
        kind, length = struct.unpack(">HH", body[:4])
        if kind == 10:
            return [f"0x{code:04X}" for code in struct.unpack(f">{(length - 2) // 2}H", body[6:4 + length])]
        body = body[4 + length:]
    return []


def read_record(connection):
    data = b""
    while len(data) < 5 or len(data) < 5 + struct.unpack(">H", data[3:5])[0]:
        more = connection.recv(65536)
        if not more:
            break
        data += more
    return data


def offered(openssl, groups):
    """The groups that its client offers, as codes; None where it refuses the list."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        command = [openssl, "s_client", "-connect", f"127.0.0.1:{listener.getsockname()[1]}", "-cipher", "ALL:@SECLEVEL=0", "-groups", groups]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env={**os.environ, "OPENSSL_CONF": "/dev/null"})
        try:
            for _ in range(400):
                try:
                    connection, _ = listener.accept()
                    break
                except TimeoutError:
                    if process.poll() is not None:
                        return None
            else:
                raise AssertionError(f"{groups}: neither an error nor a connection")
            with connection:
                connection.settimeout(20)
                hello = read_record(connection)
            return groups_of_hello(hello)
        finally:
            process.kill()
            process.communicate()


def read(version, groups):
    done = tlsgauge("registry", "groups", f"--openssl={groups}", "--openssl-version", version)
    if done.code == 1:
        return None
    assert done.code == 0, done.report()
    return re.findall(r"^(0x[0-9A-F]{4})  ", done.out, re.M)


class GroupsLists(unittest.TestCase):
    maxDiff = None

    def check(self, openssl):
        version = subprocess.run([openssl, "version"], capture_output=True, text=True, check=True).stdout.split()[1]
        self.assertEqual({groups: read(version, groups) for groups in LISTS}, {groups: offered(openssl, groups) for groups in LISTS})

    def test_installed(self):
        self.check("openssl")

    def test_openssl35(self):
        self.check(openssl35())


class CommandLine(unittest.TestCase):
    def test_cipher_string(self):
        done = tlsgauge("registry", "ciphers", "--openssl", "ECDHE+AESGCM:ADH-AES128-SHA:TLS_AES_128_GCM_SHA256:RC4:!MD4")
        self.assertEqual(done.code, 0, done.report())
        lines = done.out.splitlines()
        self.assertEqual([line.split()[2] for line in lines[:5]],
                         ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
                          "ECDHE-RSA-AES128-GCM-SHA256", "ADH-AES128-SHA"])
        self.assertIn("not offered", lines[4])
        self.assertNotIn("not offered", lines[3])
        self.assertEqual(lines[5:], ["selects nothing: RC4 !MD4", "without effect, TLS 1.3 has a list of its own: TLS_AES_128_GCM_SHA256"])
        weak = tlsgauge("registry", "ciphers", "--openssl", "RC4", "--weak-ciphers", "--openssl-version", "1.1.1w")
        self.assertIn("RC4-SHA", weak.out)

    def test_refused(self):
        done = tlsgauge("registry", "ciphers", "--openssl", "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256")
        self.assertEqual(done.code, 1, done.report())
        self.assertIn("OpenSSL 3.0 refuses this list", done.err)
        self.assertEqual(tlsgauge("registry", "ciphers", "--openssl", "").code, 1)

    def test_suites_of_tls13(self):
        done = tlsgauge("registry", "ciphers", "--ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_FOO")
        self.assertEqual((done.code, done.out.split()[0]), (0, "0x1301"), done.report())
        self.assertIn("selects nothing: TLS_FOO", done.out)
        self.assertEqual(tlsgauge("registry", "ciphers", "--ciphersuites", "").out, "TLS 1.3 is off\n")

    def test_wrong(self):
        for arguments, named in [(["signatures", "--openssl", "X"], "signatures"), (["groups", "--ciphersuites", "X"], "groups"),
                                 (["ciphers", "--openssl", "ALL", "--openssl-version", "new"], "new"), (["ciphers", "0xC02F", "--openssl", "ALL"], "openssl")]:
            with self.subTest(arguments):
                done = tlsgauge("registry", *arguments)
                self.assertEqual((done.code, done.out), (2, ""), done.report())
                self.assertIn(named, done.err)
                self.assertEqual(done.err.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()

"""Timestamps of transparency logs, verified against a list of logs: genuine ones, and one from another certificate."""
import base64
import datetime
import hashlib
import json
import shutil
import tempfile
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cases import ServerCase
from certificates import NAME, certificates
from program import tlsgauge, unmet
from servers import Nginx

TIMESTAMPS = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def vector(content, octets):
    return len(content).to_bytes(octets, "big") + content


def octet_string(content):
    size = len(content)
    return b"\x04" + (bytes([size]) if size < 128 else b"\x81" + bytes([size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")) + content


class Log:
    def __init__(self, operator):
        self.operator, self.key = operator, ec.generate_private_key(ec.SECP256R1())

    def timestamp(self, tbs, issuer_key, when):
        """RFC 6962 section 3.2."""
        milliseconds = int(when.timestamp() * 1000).to_bytes(8, "big")
        signed = b"\0\0" + milliseconds + b"\0\1" + hashlib.sha256(spki(issuer_key)).digest() + vector(tbs, 3) + b"\0\0"
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return b"\0" + hashlib.sha256(spki(self.key)).digest() + milliseconds + b"\0\0" + b"\x04\x03" + vector(signature, 2)

    def entry(self):
        return {"name": self.operator, "logs": [{"description": f"{self.operator} 2026", "key": base64.b64encode(spki(self.key)).decode(),
                                                  "state": {"usable": {"timestamp": "2020-01-01T00:00:00Z"}}}]}


class Transparency(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="tlsgauge-transparency-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        with open(certificates().key("ca"), "rb") as file:
            cls.ca_key = serialization.load_pem_private_key(file.read(), None)
        with open(certificates().ca, "rb") as file:
            cls.ca = x509.load_pem_x509_certificate(file.read())
        cls.logs = [Log("One"), Log("Two")]
        cls.list = f"{cls.folder}/log_list.json"
        with open(cls.list, "w", encoding="utf-8") as file:
            json.dump({"operators": [log.entry() for log in cls.logs]}, file)

    def builder(self, key):
        self.now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        return (x509.CertificateBuilder().subject_name(name).issuer_name(self.ca.subject).public_key(key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(self.now - datetime.timedelta(days=2))
                .not_valid_after(self.now + datetime.timedelta(days=60))
                .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), False))

    def show(self, name, logs, foreign=False):
        """A certificate with timestamps of these logs, or with those of another one."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self.builder(key)
        plain = builder.sign(self.ca_key, hashes.SHA256())
        logged = self.builder(key).sign(self.ca_key, hashes.SHA256()) if foreign else plain
        when = self.now - datetime.timedelta(days=1)
        scts = b"".join(vector(log.timestamp(logged.tbs_certificate_bytes, self.ca_key, when), 2) for log in logs)
        extension = x509.UnrecognizedExtension(TIMESTAMPS, octet_string(vector(scts, 2)))
        final = builder.add_extension(extension, False).sign(self.ca_key, hashes.SHA256()) if logs else plain
        shown = f"transparency-{name}"
        with open(certificates().certificate(shown), "wb") as file:
            file.write(final.public_bytes(serialization.Encoding.PEM) + self.ca.public_bytes(serialization.Encoding.PEM))
        with open(certificates().key(shown), "wb") as file:
            file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return shown

    def found(self, shown, *arguments):
        with Nginx("", names=(shown,)) as server:
            done = self.scan(server, "--only", "certificates,transparency", "-p", "trusted-certificate", "-o", "json", *arguments)
        self.assertIn(done.code, (0, 1), done.report())
        self.assert_follows_schema(done.json())
        entry = done.endpoint()["facts"]["transparency"][0]
        relevant = [each for each in unmet(done.endpoint()) if "timestamps" in each or "transparency" in each]
        return relevant, [each["status"] for each in entry["timestamps"]], entry

    def test_genuine(self):
        found, statuses, entry = self.found(self.show("good", self.logs), "--ct-logs", self.list)
        self.assertEqual((found, statuses, entry["satisfied"]), ([], ["valid", "valid"], True))
        self.assertEqual([each["operator"] for each in entry["timestamps"]], ["One", "Two"])

    def test_of_another_certificate(self):
        found, statuses, entry = self.found(self.show("foreign", self.logs, foreign=True), "--ct-logs", self.list)
        self.assertEqual((found, statuses, entry["satisfied"]), (["certificate-timestamps"], ["bad_signature"] * 2, False))

    def test_without_a_list(self):
        found, statuses, entry = self.found(self.show("unverified", self.logs))
        self.assertEqual((found, statuses, entry["satisfied"]), ([], ["unverified"] * 2, None))

    def test_none(self):
        found, statuses, entry = self.found(self.show("none", []), "--ct-logs", self.list)
        self.assertEqual((found, statuses, entry["satisfied"]), ([], [], False))

    def test_a_list_that_is_none(self):
        broken = f"{self.folder}/broken.json"
        with open(broken, "w", encoding="utf-8") as file:
            file.write('{"operators": [\n{"name": "One", "logs": [{"key": 5}]}]}')
        done = tlsgauge("scan", "127.0.0.1:1", "--ct-logs", broken)
        self.assertEqual(done.code, 2, done.report())
        self.assertIn("broken.json:2: operators[0].logs[0].key: a string is missing", done.err)


if __name__ == "__main__":
    unittest.main()

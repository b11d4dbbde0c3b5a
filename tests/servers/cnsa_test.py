"""CNSA 2.0 on a server that meets it: by the system's OpenSSL, which may know nothing of ML-KEM and ML-DSA, and by OpenSSL 3.5, which does."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from cases import ServerCase
from certificates import AUTHORITY, LEAF, NAME, run
from program import TLSGAUGE, tlsgauge
from servers import OPENSSL35, OpensslServer, openssl35

PROFILE = "cnsa-2.0"


class MlDsa:
    """A CA and an end entity with keys of ML-DSA-87, in a folder; shaped as Certificates is for servers."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        openssl = openssl35()
        (self.folder / "req.conf").write_text("[req]\ndistinguished_name = dn\n[dn]\n", encoding="utf-8")
        for name, extensions in (("ca", AUTHORITY), ("leaf", LEAF.format(name=NAME))):
            (self.folder / f"{name}.ext").write_text(extensions, encoding="utf-8")
            run(openssl, "genpkey", "-algorithm", "ML-DSA-87", "-out", self.key(name))
            run(openssl, "req", "-new", "-config", self.folder / "req.conf", "-key", self.key(name), "-subj", f"/CN={NAME} {name}", "-out",
                self.folder / f"{name}.csr")
            issuer = ["-signkey", self.key("ca")] if name == "ca" else ["-CA", self.certificate("ca"), "-CAkey", self.key("ca")]
            run(openssl, "x509", "-req", "-in", self.folder / f"{name}.csr", *issuer, "-days", "60", "-extfile", self.folder / f"{name}.ext",
                "-out", self.certificate(name))

    def certificate(self, name):
        return str(self.folder / f"{name}.pem")

    def key(self, name):
        return str(self.folder / f"{name}.key")


class NationalSecurityServer(OpensslServer):
    def __init__(self, made):
        super().__init__("-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384", "-groups", "MLKEM1024", "-sigalgs", "mldsa87", "-cert",
                         made.certificate("leaf"), "-key", made.key("leaf"), names=(), program=openssl35())

    def command(self):
        return [part for part in super().command() if part != "-nocert"]


def with_openssl35(*arguments):
    """The program under test, run with the libraries of OpenSSL 3.5."""
    libraries = OPENSSL35.parent / "root/usr/lib/x86_64-linux-gnu"
    path = f"{libraries}:/usr/lib/x86_64-linux-gnu:/lib/x86_64-linux-gnu"
    command = [libraries / "ld-linux-x86-64.so.2", "--library-path", path, TLSGAUGE]
    return subprocess.run([str(part) for part in (*command, *arguments)], capture_output=True, text=True, check=False, timeout=120,
                          env={**os.environ, "OPENSSL_CONF": "/dev/null", "NO_COLOR": "1"})


def ids(assessment, verdict):
    return sorted(each["id"] for each in assessment["requirements"] if each["verdict"] == verdict)


class MetWholly(ServerCase):
    @classmethod
    def setUpClass(cls):
        openssl35()  # skips where there is none
        folder = tempfile.TemporaryDirectory(prefix="tlsgauge-cnsa-")
        cls.addClassCleanup(folder.cleanup)
        cls.made = MlDsa(folder.name)
        cls.server = cls.enter(NationalSecurityServer(cls.made))

    def arguments(self):
        return ["scan", "-p", PROFILE, "--ca-file", self.made.certificate("ca"), "--sni", NAME, "-o", "json", self.server.target]

    def test_by_the_systems_library(self):
        """Suite, group and version are seen by any; what the library cannot verify is open, and not distrusted."""
        done = tlsgauge(*self.arguments())
        endpoint = done.endpoint()
        assessment = endpoint["assessments"][0]
        self.assertEqual(ids(assessment, "fail"), [])
        self.assertIn(assessment["verdict"], ("pass", "inconclusive"))
        self.assertLessEqual({"groups-allowed", "group-required", "suites-allowed", "suite-required", "protocols-allowed", "protocol-tls13"},
                             set(ids(assessment, "pass")))

    def test_by_openssl35(self):
        """All of it is seen, and passes."""
        version = with_openssl35("--version")
        if version.returncode != 0:
            self.skipTest(f"does not run with other libraries: {version.stderr.strip()[-300:]}")
        done = with_openssl35(*self.arguments())
        assessment = json.loads(done.stdout)["endpoints"][0]["assessments"][0]
        self.assertEqual((assessment["verdict"], assessment["score"], ids(assessment, "fail"), ids(assessment, "inconclusive")),
                         ("pass", 100, [], []), done.stderr[-500:])
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()

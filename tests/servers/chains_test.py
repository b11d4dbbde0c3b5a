"""Which chains real servers show, and that the probe asked alone finds what a whole scan finds."""
import pathlib
import time
import unittest

from cases import ServerCase
from certificates import NAME, certificates, run
from servers import Nginx, OpensslServer

QUESTIONS = "protocols,cipher_suites,certificates"


def ends(done):
    """For each chain: versions, key type, name and digest of the end entity."""
    return [(entry["shown_for"]["protocol"], entry["shown_for"]["also"], entry["shown_for"]["authentication"], entry["shown_for"]["sni"],
             entry["chain"][0]["sha256"]) for entry in done.endpoint()["facts"]["certificates"]]


class AskedAlone(ServerCase):
    def assert_same(self, server, kinds):
        with server:
            alone = self.scan(server, "--only", "certificates", "-o", "json")
            whole = self.scan(server, "--only", QUESTIONS, "-o", "json")
        self.assertEqual(alone.endpoint()["errors"], [])
        self.assertEqual(ends(alone), ends(whole))
        self.assertEqual([(each[0], each[2]) for each in ends(alone)], kinds)
        self.assertLess(alone.endpoint()["cost"]["connections"], 20)
        self.assertNotIn("protocols", alone.endpoint()["facts"])

    def openssl(self, name, *arguments):
        return OpensslServer(*arguments, names=(name,))

    def test_two_certificates(self):
        self.assert_same(Nginx(Nginx.INTERMEDIATE, names=("good", "good-ecdsa")), [("TLSv1.3", "rsa"), ("TLSv1.3", "ecdsa")])

    def test_only_tls12(self):
        self.assert_same(Nginx("ssl_protocols TLSv1.2;\n"), [("TLSv1.2", "rsa")])

    def test_only_tls13(self):
        self.assert_same(Nginx("ssl_protocols TLSv1.3;\n"), [("TLSv1.3", "rsa")])

    def test_only_tls10(self):
        self.assert_same(OpensslServer("-tls1", "-cipher", "ALL:@SECLEVEL=0"), [("TLSv1.0", "rsa")])

    def test_another_group(self):
        self.assert_same(Nginx("ssl_protocols TLSv1.2 TLSv1.3;\nssl_ecdh_curve secp384r1;\n"), [("TLSv1.3", "rsa")])

    def test_ed25519(self):
        self.assert_same(self.openssl("good-ed25519"), [("TLSv1.3", "ed25519")])

    def test_rsa_pss(self):
        self.assert_same(self.openssl("good-rsa-pss"), [("TLSv1.3", "rsa-pss")])

    def test_dsa(self):
        self.assert_same(self.openssl("good-dsa", "-tls1_2", "-cipher", "ALL:@SECLEVEL=0"), [("TLSv1.2", "dsa")])


def issue(name, subject, signer, extensions, key=("EC", "-pkeyopt", "ec_paramgen_curve:P-256")):
    """NAME.pem and NAME.key beside the others, signed by `signer`."""
    made = certificates()
    folder = made.folder
    if not pathlib.Path(made.key(name)).exists():
        run("openssl", "genpkey", "-algorithm", *key, "-out", made.key(name))
    request, extension_file = folder / f"{name}.csr", folder / f"{name}.ext"
    extension_file.write_text(extensions, encoding="utf-8")
    run("openssl", "req", "-new", "-config", folder / "req.conf", "-key", made.key(name), "-subj", f"/CN={subject}", "-out", request)
    run("openssl", "x509", "-req", "-in", request, "-CA", made.certificate(signer), "-CAkey", made.key(signer), "-days", "30", "-extfile",
        extension_file, "-out", made.certificate(name))
    return made.certificate(name)


AUTHORITY = "basicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign\n"


def leaf(names=f"DNS:{NAME}"):
    return f"basicConstraints = critical, CA:false\nextendedKeyUsage = serverAuth\nsubjectAltName = {names}\n"


class Shapes(ServerCase):
    """Each fault of a chain by its name, and the good twin without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, signer in (("upper", "ca"), ("lower", "upper"), ("stranger", "ca")):
            issue(name, f"tlsgauge tests {name}", signer, AUTHORITY)
        issue("shaped", NAME, "lower", leaf())

    def found(self, *members):
        made = certificates()
        path = made.folder / "chain.pem"
        path.write_text("".join(pathlib.Path(made.certificate(name)).read_text() for name in members), encoding="utf-8")
        with Nginx(f"ssl_certificate {path};\nssl_certificate_key {made.key(members[0])};\n", names=()) as server:
            done = self.scan(server, "--only", "certificates", "--profile", "trusted-certificate", "-o", "json")
        entry = done.endpoint()["facts"]["certificates"][0]
        self.assert_follows_schema(done.json())
        self.assertTrue(entry["verification"]["trusted"], entry["verification"])
        failed = {each["id"] for each in done.endpoint()["assessments"][0]["requirements"] if each["verdict"] == "fail"}
        return entry["shape"], {each for each in failed if each.startswith("certificate-chain") or each.startswith("certificate-key")}

    def test_good(self):
        shape, failed = self.found("shaped", "lower", "upper")
        self.assertEqual(shape, {"in_order": True, "duplicates": [], "superfluous": [], "anchor_sent": False, "unparsable": []})
        self.assertEqual(failed, set())

    def test_out_of_order(self):
        shape, failed = self.found("shaped", "upper", "lower")
        self.assertFalse(shape["in_order"])
        self.assertEqual(failed, {"certificate-chain-order"})

    def test_duplicate(self):
        shape, failed = self.found("shaped", "lower", "lower", "upper")
        self.assertEqual(shape["duplicates"], [2])
        self.assertEqual(failed, {"certificate-chain-superfluous"})

    def test_superfluous(self):
        shape, failed = self.found("shaped", "lower", "upper", "stranger")
        self.assertEqual(shape["superfluous"], [3])
        self.assertEqual(failed, {"certificate-chain-superfluous"})

    def test_anchor(self):
        shape, failed = self.found("shaped", "lower", "upper", "ca")
        self.assertTrue(shape["anchor_sent"])
        self.assertEqual(failed, {"certificate-chain-anchor"})

    def test_exponent_of_three(self):
        issue("three", NAME, "ca", leaf(), key=("RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"))
        shape, failed = self.found("three")
        self.assertTrue(shape["in_order"])
        self.assertEqual(failed, {"certificate-key-exponent"})


class Hostile(ServerCase):
    def formats(self, *members):
        made = certificates()
        path = made.folder / "hostile-chain.pem"
        path.write_text("".join(pathlib.Path(made.certificate(name)).read_text() for name in members), encoding="utf-8")
        out = {}
        with Nginx(f"ssl_certificate {path};\nssl_certificate_key {made.key(members[0])};\n", names=()) as server:
            for form in ("json", "text", "html"):
                began = time.monotonic()
                done = self.scan(server, "--only", "certificates", "-o", form)
                self.assertLess(time.monotonic() - began, 30)
                self.assertLess(done.peak_kb, 400 * 1024)
                self.assertLess(len(done.out), 24 << 20)
                out[form] = done
        for form in ("text", "html"):
            for bad in ("\x1b", "\x00", "\u202e"):
                self.assertNotIn(bad, out[form].out)
        return out["json"].endpoint()["facts"]["certificates"][0], out

    def test_escapes_and_marks(self):
        name = "x\x1b[31m\u202egpj.exe"
        issue("marks", NAME, "ca", leaf(f"DNS:{NAME}") + "1.2.3.4 = ASN1:UTF8String:x\n")
        made = certificates()
        request = made.folder / "marks.csr"
        run("openssl", "req", "-new", "-utf8", "-config", made.folder / "req.conf", "-key", made.key("marks"), "-subj", f"/CN={name}", "-out", request)
        run("openssl", "x509", "-req", "-in", request, "-CA", made.ca, "-CAkey", made.key("ca"), "-days", "30", "-extfile",
            made.folder / "marks.ext", "-out", made.certificate("marks"))
        self.formats("marks")


if __name__ == "__main__":
    unittest.main()

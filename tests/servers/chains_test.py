"""Which chains real servers show, and that the probe asked alone finds what a whole scan finds."""
import unittest

from cases import ServerCase
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


if __name__ == "__main__":
    unittest.main()

"""Every suite that a one-suite-at-a-time check finds, on the servers that people run and on those that hide something."""
import unittest

from cases import ExactCase, ServerCase
from certificates import certificates
from program import suites
from servers import GnutlsServer, JavaServer, Nginx, NssServer, OpensslServer, openssl35

TLS10_UP = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
TLS10_TO_12 = ["TLSv1.0", "TLSv1.1", "TLSv1.2"]
EVERYTHING = ("-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-legacy_renegotiation")


def names(server_case):
    """Names of all suites that were found."""
    return {each["name"] for each in server_case.done.endpoint()["facts"]["cipher_suites"]}


class NginxIntermediate(ExactCase, ServerCase):
    """Two certificates, the client chooses."""
    speaks = ["TLSv1.2", "TLSv1.3"]

    @staticmethod
    def make():
        return Nginx(Nginx.INTERMEDIATE, names=("good", "good-ecdsa"))


class NginxServerOrder(ExactCase, ServerCase):
    speaks = ["TLSv1.2", "TLSv1.3"]

    @staticmethod
    def make():
        return Nginx("ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers HIGH:!aNULL:!PSK:!SRP;\nssl_prefer_server_ciphers on;\n", names=("good", "good-ecdsa"))


class NginxTls13Only(ExactCase, ServerCase):
    speaks = ["TLSv1.3"]

    @staticmethod
    def make():
        return Nginx("ssl_protocols TLSv1.3;\n")


class OpensslEverything(ExactCase, ServerCase):
    speaks = TLS10_UP

    @staticmethod
    def make():
        return OpensslServer(*EVERYTHING, names=("good", "good-ecdsa"))


class OpensslServerOrder(ExactCase, ServerCase):
    speaks = TLS10_UP

    @staticmethod
    def make():
        return OpensslServer(*EVERYTHING, "-serverpref", names=("good", "good-ecdsa"))


class OpensslWeakDh(ExactCase, ServerCase):
    """A small DH group that hides from hellos that name ffdhe groups."""
    speaks = ["TLSv1.2"]

    @staticmethod
    def make():
        return OpensslServer("-cipher", "DHE-RSA-AES128-SHA:DHE-RSA-AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0", "-tls1_2", "-dhparam", certificates().dh1024)

    def test_bits(self):
        bits = {each["dh_bits"] for each in self.done.endpoint()["facts"]["cipher_suites"] if each["key_exchange"] == "DHE"}
        self.assertEqual(bits, {1024})


class OpensslPsk(ExactCase, ServerCase):
    """No certificate at all: only pre-shared keys."""
    speaks = TLS10_TO_12
    beyond = ("http", "handshakes")

    @staticmethod
    def make():
        return OpensslServer("-cipher", "PSK:@SECLEVEL=0", "-psk", "0011223344556677", "-no_tls1_3", names=())


class OpensslTls12Only(ExactCase, ServerCase):
    speaks = ["TLSv1.2"]

    @staticmethod
    def make():
        return OpensslServer("-tls1_2")


class OpensslTls13Only(ExactCase, ServerCase):
    speaks = ["TLSv1.3"]

    @staticmethod
    def make():
        return OpensslServer("-tls1_3")


class OpensslX448Only(ExactCase, ServerCase):
    speaks = ["TLSv1.3"]

    @staticmethod
    def make():
        return OpensslServer("-tls1_3", "-groups", "X448")


class OpensslClientCertificate(ExactCase, ServerCase):
    """A client without a certificate is turned away, but what the server would accept can be seen before that."""
    speaks = ["TLSv1.2", "TLSv1.3"]
    beyond = ("http", "handshakes")

    @staticmethod
    def make():
        return OpensslServer("-Verify", "1", "-verify_return_error")


class OpensslEd25519(ExactCase, ServerCase):
    speaks = ["TLSv1.2", "TLSv1.3"]

    @staticmethod
    def make():
        return OpensslServer(names=("good-ed25519",))


class OpensslRsaPss(ExactCase, ServerCase):
    speaks = ["TLSv1.2", "TLSv1.3"]

    @staticmethod
    def make():
        return OpensslServer(names=("good-rsa-pss",))


class OpensslBrainpool(ExactCase, ServerCase):
    """ECDHE only on a curve that few hellos name."""
    speaks = ["TLSv1.2"]
    beyond = ("http",)

    @staticmethod
    def make():
        return OpensslServer("-tls1_2", "-groups", "brainpoolP384r1", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA")


class Gnutls(ExactCase, ServerCase):
    speaks = TLS10_UP

    @staticmethod
    def make():
        return GnutlsServer("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+3DES-CBC:+MD5:+SHA1:+RSA:+DHE-RSA", names=("good", "good-ecdsa"))


class GnutlsNullAnonymous(ExactCase, ServerCase):
    speaks = TLS10_TO_12

    @staticmethod
    def make():
        return GnutlsServer("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+NULL:+ARCFOUR-128:+3DES-CBC:+MD5:+ANON-ECDH:+ANON-DH:+RSA:+DHE-RSA", names=("good", "good-ecdsa"))

    def test_weak_ones_are_named(self):
        self.assertTrue({"TLS_RSA_WITH_NULL_SHA", "TLS_DH_anon_WITH_AES_128_CBC_SHA", "TLS_ECDH_anon_WITH_NULL_SHA"} <= names(self))


class GnutlsPlain(ExactCase, ServerCase):
    """No secure renegotiation, no extended master secret, no encrypt-then-MAC."""
    speaks = TLS10_UP

    @staticmethod
    def make():
        return GnutlsServer("NORMAL:%DISABLE_SAFE_RENEGOTIATION:%NO_ETM:%NO_SESSION_HASH")


class Nss(ExactCase, ServerCase):
    speaks = TLS10_UP

    @staticmethod
    def make():
        return NssServer("-V", "tls1.0:", "-H", "1")


class NssSslv3(ExactCase, ServerCase):
    """NSS serves SSLv3 to this day, RC4 included."""
    speaks = ["SSLv3", *TLS10_TO_12]

    @staticmethod
    def make():
        return NssServer("-V", "ssl3:tls1.2")

    def test_rc4_in_sslv3(self):
        self.assertIn(0x0005, suites(self.done.endpoint())["SSLv3"])


class Java(ExactCase, ServerCase):
    """SSLv3, RC4, export, NULL and anonymous suites; DSS suites that get a ServerHello and then an alert."""
    speaks = ["SSLv3", *TLS10_UP]
    limit = 240

    make = JavaServer

    def test_export_is_named(self):
        self.assertTrue({"TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_RSA_WITH_NULL_MD5", "TLS_DH_anon_WITH_RC4_128_MD5"} <= names(self))


class Openssl35MlKem(ExactCase, ServerCase):
    """TLS 1.3 by a post-quantum hybrid alone."""
    speaks = ["TLSv1.3"]
    beyond = ("certificates", "http", "handshakes")

    @staticmethod
    def make():
        return OpensslServer("-tls1_3", "-groups", "X25519MLKEM768", program=openssl35())

    def test_is_post_quantum(self):
        self.assertEqual([(each["name"], each["post_quantum"]) for each in self.done.endpoint()["facts"]["groups"]], [("X25519MLKEM768", True)])


class Openssl35PureMlKem(ExactCase, ServerCase):
    speaks = ["TLSv1.3"]
    beyond = ("certificates", "http", "handshakes")

    @staticmethod
    def make():
        return OpensslServer("-tls1_3", "-groups", "MLKEM1024", program=openssl35())


class Openssl35MlDsa(ExactCase, ServerCase):
    """A certificate whose key the system's own library may not know."""
    speaks = ["TLSv1.3"]
    beyond = ("http", "handshakes")

    @staticmethod
    def make():
        program = openssl35()
        certificates().ml_dsa(program)
        return OpensslServer("-tls1_3", names=("ml-dsa",), program=program)


if __name__ == "__main__":
    unittest.main()

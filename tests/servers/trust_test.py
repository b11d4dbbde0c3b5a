"""Where chains lead: each fault of a certificate has a finding of its own, and the good twin has none."""
import http.server
import os
import shutil
import subprocess
import tempfile
import threading
import unittest

from cases import ServerCase
from certificates import AUTHORITY, LEAF, NAME, Certificates, certificates, run
from program import tlsgauge, unmet
from servers import Nginx

LENIENT = "ssl_ciphers DEFAULT:@SECLEVEL=0;\n"


class Issuer(Certificates):
    """Signs in a folder of its own, since modules run side by side; shows what servers need in that of all."""

    def __init__(self, folder):
        super().__init__(folder)
        (self.folder / "index.txt").write_text("", encoding="utf-8")
        shutil.copy(certificates().certificate("ca"), self.certificate("ca"))
        shutil.copy(certificates().key("ca"), self.key("ca"))
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key("key"))

    def sign(self, name, subject=NAME, extensions=LEAF.format(name=NAME), signer="ca", days=(-1, 89), digest="sha256", key=None):
        config = (f"[ca]\ndefault_ca = here\n[here]\ndatabase = {self.folder}/index.txt\nnew_certs_dir = {self.folder}\nrand_serial = yes\n"
                  f"unique_subject = no\ndefault_md = {digest}\npolicy = any\n[any]\ncommonName = supplied\n")
        (self.folder / "ca.conf").write_text(config, encoding="utf-8")
        shutil.copy(self.key(key or "key"), self.key(name))
        self._sign(name, self.key(name), subject, extensions, signer, days, digest)

    def show(self, name, *above):
        """The name under which a server finds this certificate, followed by those above it."""
        shown = f"trust-{name}-{'-'.join(above)}"
        with open(certificates().certificate(shown), "w", encoding="utf-8") as out:
            for each in (name, *above):
                out.write((self.folder / f"{each}.pem").read_text(encoding="utf-8"))
        shutil.copy(self.key(name), certificates().key(shown))
        return shown


class Library:
    """A web server on loopback that has one document."""

    def __init__(self):
        self.documents, self.asked = {}, []
        library = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                library.asked.append(self.path)
                content = library.documents.get(self.path)
                self.send_response(200 if content is not None else 404)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Trust(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="tlsgauge-trust-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.issuer = Issuer(cls.folder)

    def findings(self, shown, *arguments, directives=LENIENT):
        """Requirements of trusted-certificate that a server with that certificate does not meet, and the facts of its chain."""
        with Nginx(directives, names=(shown,)) as server:
            done = self.scan(server, "--only", "certificates", "-p", "trusted-certificate", "-o", "json", *arguments)
        self.assertIn(done.code, (0, 1), done.report())
        self.assert_follows_schema(done.json())
        return unmet(done.endpoint()), done.endpoint()["facts"]["certificates"][0]

    def leaf(self, name, wanted, **details):
        self.issuer.sign(name, **details)
        found, facts = self.findings(self.issuer.show(name))
        self.assertEqual(found, wanted, facts["verification"])
        return facts

    def below(self, name, authority, wanted, digest="sha256", key=None, leaf=None):
        """A leaf below an intermediate with these extensions."""
        self.issuer.sign(f"{name}-ca", subject=f"{name} CA", extensions=authority, digest=digest, key=key)
        self.issuer.sign(name, signer=f"{name}-ca", extensions=leaf or LEAF.format(name=NAME))
        found, facts = self.findings(self.issuer.show(name, f"{name}-ca"))
        self.assertEqual(found, wanted, facts["verification"])

    def test_dates(self):
        self.leaf("current", [])
        self.leaf("expired", ["certificate-expired"], days=(-60, -3))
        self.leaf("early", ["certificate-not-yet-valid"], days=(3, 60))

    def test_purpose(self):
        self.leaf("for-clients", ["certificate-purpose"], extensions=LEAF.format(name=NAME).replace("serverAuth", "clientAuth"))
        self.leaf("for-both", [], extensions=LEAF.format(name=NAME).replace("serverAuth", "serverAuth, clientAuth"))
        self.below("for-mail", AUTHORITY + "extendedKeyUsage = emailProtection\n", ["certificate-purpose"])

    def test_names(self):
        self.below("elsewhere", AUTHORITY + "nameConstraints = critical, permitted;DNS:example.org\n", ["certificate-name-constraints"])
        self.below("here", AUTHORITY + "nameConstraints = critical, permitted;DNS:tlsgauge.test\n", [])
        self.leaf("wildcard", [], extensions=LEAF.format(name="*.tlsgauge.test"))
        self.leaf("partial", ["certificate-hostname"], extensions=LEAF.format(name="serv*.tlsgauge.test"))

    def test_strength(self):
        self.leaf("sha1", ["certificate-weak-signature"], digest="sha1")
        run("openssl", "genrsa", "-out", self.issuer.key("small"), "1024")
        self.leaf("bits1024", ["certificate-weak-key"], key="small")
        self.below("sha1-above", AUTHORITY, ["certificate-weak-signature"], digest="sha1")
        self.below("bits1024-above", AUTHORITY, ["certificate-weak-key"], key="small")
        self.below("sha256-above", AUTHORITY, [])

    def test_paths(self):
        self.below("no-ca", AUTHORITY.replace("CA:true", "CA:false"), ["certificate-untrusted"])
        self.below("unknown", AUTHORITY + "1.2.3.4 = critical, DER:0500\n", ["certificate-untrusted"])

    def test_cross_signed(self):
        """Two intermediates of one name and key: the first leads to a root that nobody knows."""
        self.issuer.sign("stranger", subject="stranger", extensions=AUTHORITY, signer=None)
        self.issuer.sign("crossed-astray", subject="crossed CA", extensions=AUTHORITY, signer="stranger")
        self.issuer.sign("crossed", subject="crossed CA", extensions=AUTHORITY)
        self.issuer.sign("crossed-leaf", signer="crossed")
        self.assertEqual(self.findings(self.issuer.show("crossed-leaf", "crossed-astray", "crossed"))[0], [])
        self.assertEqual(self.findings(self.issuer.show("crossed-leaf", "crossed-astray"))[0], ["certificate-untrusted"])

    def test_missing_intermediate(self):
        library = Library()
        self.addCleanup(library.close)
        self.issuer.sign("between", subject="between CA", extensions=AUTHORITY)
        library.documents["/between.crt"] = subprocess.run(["openssl", "x509", "-in", self.issuer.certificate("between"), "-outform", "DER"],
                                                           capture_output=True, check=True).stdout
        access = LEAF.format(name=NAME) + "authorityInfoAccess = caIssuers;URI:"
        self.issuer.sign("lonely", signer="between", extensions=access + library.url("/between.crt") + "\n")

        self.assertEqual(self.findings(self.issuer.show("lonely", "between"))[0], [])
        self.assertEqual(library.asked, [], "nothing was missing")

        found, facts = self.findings(self.issuer.show("lonely"), "--offline")
        self.assertEqual(found, ["certificate-chain-incomplete"])
        self.assertNotIn("repair", facts)
        self.assertEqual(library.asked, [])

        found, facts = self.findings(self.issuer.show("lonely"))
        self.assertEqual(found, ["certificate-chain-incomplete"], facts)
        self.assertFalse(facts["verification"]["trusted"])
        self.assertTrue(facts["repair"]["trusted"], facts["repair"])
        self.assertEqual([each["subject"] for each in facts["repair"]["fetched"]], ["CN=between CA"])
        self.assertEqual(library.asked, ["/between.crt"])

        self.issuer.sign("lost", signer="between", extensions=access + library.url("/nothing.crt") + "\n")
        found, facts = self.findings(self.issuer.show("lost"))
        self.assertEqual(found, ["certificate-chain-incomplete"])
        self.assertFalse(facts["repair"]["trusted"])
        self.assertIn("404", facts["repair"]["failed"][0]["reason"])

    def test_lifetime(self):
        """The schedule binds public CAs: ours is one where the system's store is said to be ours."""
        self.issuer.sign("long", days=(-1, 250))
        self.issuer.sign("fitting", days=(-1, 150))
        private, facts = self.findings(self.issuer.show("long"))
        self.assertEqual((private, facts["lifetime"]["publicly_trusted"]), ([], False))
        os.environ["SSL_CERT_FILE"] = certificates().ca
        self.addCleanup(os.environ.pop, "SSL_CERT_FILE")
        found, facts = self.findings(self.issuer.show("long"))
        self.assertIn("certificate-public-lifetime", found)
        lifetime = facts["lifetime"]
        self.assertEqual((lifetime["publicly_trusted"], lifetime["days"], lifetime["limit_days"], lifetime["within_limit"]), (True, 252, 200, False))
        found, facts = self.findings(self.issuer.show("fitting"))
        self.assertNotIn("certificate-public-lifetime", found)
        self.assertTrue(facts["lifetime"]["within_limit"])
        self.issuer.sign("old", days=(-700, -260))  # begun under the rule of 398 days
        found, facts = self.findings(self.issuer.show("old"))
        self.assertIn("certificate-public-lifetime", found)
        self.assertEqual(facts["lifetime"]["limit_days"], 398)

    def test_stores(self):
        self.issuer.sign("stored")
        os.makedirs(f"{self.folder}/tlsgauge/trust-stores", exist_ok=True)
        shutil.copy(certificates().ca, f"{self.folder}/tlsgauge/trust-stores/corporate.pem")
        os.environ["XDG_CONFIG_HOME"] = self.folder
        self.addCleanup(os.environ.pop, "XDG_CONFIG_HOME")
        with Nginx(LENIENT, names=(self.issuer.show("stored"),)) as server:
            def scan(*arguments):
                return tlsgauge("scan", "--only", "certificates", "-p", "trusted-certificate", "--sni", NAME, "-o", "json", *arguments, server.target)
            done = scan("--trust-store", "corporate", "--trust-store", "system")
            self.assertEqual(done.code, 0, done.report())
            facts = done.endpoint()["facts"]["certificates"][0]
            self.assertEqual((facts["verification"]["store"], facts["verification"]["trusted"]), ("corporate", True))
            self.assertEqual([(each["store"], each["trusted"]) for each in facts["verifications"]], [("system", False)])
            done = scan("--trust-store", "mozilla", "--trust-store", certificates().ca)
            self.assertEqual(unmet(done.endpoint()), ["certificate-untrusted"])
            self.assertTrue(done.endpoint()["facts"]["certificates"][0]["verifications"][0]["trusted"])
        done = tlsgauge("scan", "--trust-store", "nobody", "127.0.0.1:1")
        self.assertEqual((done.code, done.out), (2, ""))
        self.assertRegex(done.err, r'unknown trust store "nobody"; known are system, mozilla, corporate')


if __name__ == "__main__":
    unittest.main()

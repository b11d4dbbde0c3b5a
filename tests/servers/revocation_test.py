"""Revocation: staples of nginx, `openssl ocsp` as responder, and CRLs on a web server, all on loopback."""
import datetime
import http.server
import pathlib
import shutil
import tempfile
import threading
import unittest

from cases import ServerCase
from certificates import NAME, run
from program import tlsgauge, verdicts
from servers import Nginx, Server, find_program, free_port

IDS = {"certificate-revoked", "certificate-must-staple", "certificate-staple"}
CONFIG = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = dn
[dn]
[other_point]
issuingDistributionPoint = critical, @other
[other]
fullname = URI:http://crl.test/another.crl
"""
LEAF = f"basicConstraints = critical, CA:false\nsubjectAltName = DNS:{NAME}\n"


class Web(http.server.BaseHTTPRequestHandler):
    """Serves what is in `pages`."""

    pages = {}

    def do_GET(self):
        content = self.pages.get(self.path)
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        try:
            self.wfile.write(content or b"")
        except OSError:
            pass

    def log_message(self, *_arguments):
        pass


class Responder(Server):
    """`openssl ocsp` that signs as `signer`."""

    def __init__(self, ca, signer, port):
        super().__init__()
        self.ca, self.signer, self.fixed = ca, signer, port

    def _accepts(self):
        """By its log: a connection without a request would keep it busy for good."""
        return "waiting for OCSP client connections" in self.log()

    def command(self):
        self.port = self.fixed
        return [find_program("openssl"), "ocsp", "-index", self.ca.folder / "index.txt", "-port", self.port, "-CA", self.ca.file("ca.pem"),
                "-rsigner", self.ca.file(f"{self.signer}.pem"), "-rkey", self.ca.file(f"{self.signer}.key"), "-ndays", "1"]


class Authority:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tlsgauge-revocation-"))
        self.file("index.txt").write_text("", encoding="utf-8")
        self.file("ca.conf").write_text(CONFIG.format(folder=self.folder), encoding="utf-8")
        self.issue("ca", "basicConstraints = critical, CA:true\nkeyUsage = keyCertSign, cRLSign\n", signer=None)
        self.issue("delegated", "extendedKeyUsage = OCSPSigning\nnoCheck = ignored\n")
        self.issue("unauthorized", "extendedKeyUsage = serverAuth\n")

    def file(self, name):
        return self.folder / name

    def certificate(self, name):
        return str(self.file(f"{name}.pem"))

    def key(self, name):
        return str(self.file(f"{name}.key"))

    def issue(self, name, extensions=LEAF, signer="ca", days=80, enter=True):
        key, request, extension_file = self.file(f"{name}.key"), self.file(f"{name}.csr"), self.file(f"{name}.ext")
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
        run("openssl", "req", "-new", "-config", self.file("ca.conf"), "-key", key, "-subj", f"/CN={name}", "-out", request)
        extension_file.write_text(extensions, encoding="utf-8")
        if not enter:  # the CA's database, which is what its responder knows of
            run("openssl", "x509", "-req", "-in", request, "-CA", self.file("ca.pem"), "-CAkey", self.file("ca.key"), "-set_serial", "0x7777",
                "-days", days, "-extfile", extension_file, "-out", self.file(f"{name}.pem"))
            return
        issuer = ["-selfsign", "-keyfile", key] if signer is None else ["-keyfile", self.key(signer), "-cert", self.certificate(signer)]
        begin = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        end = begin + datetime.timedelta(days=days)
        run("openssl", "ca", "-batch", "-notext", "-config", self.file("ca.conf"), "-in", request, "-out", self.file(f"{name}.pem"), "-extfile",
            extension_file, "-startdate", begin.strftime("%Y%m%d%H%M%SZ"), "-enddate", end.strftime("%Y%m%d%H%M%SZ"), *issuer)

    def revoke(self, name, reason="keyCompromise"):
        run("openssl", "ca", "-config", self.file("ca.conf"), "-keyfile", self.key("ca"), "-cert", self.certificate("ca"), "-revoke",
            self.certificate(name), "-crl_reason", reason)

    def crl(self, *arguments):
        run("openssl", "ca", "-config", self.file("ca.conf"), "-keyfile", self.key("ca"), "-cert", self.certificate("ca"), "-gencrl", "-out",
            self.file("crl.pem"), *arguments)
        run("openssl", "crl", "-in", self.file("crl.pem"), "-outform", "DER", "-out", self.file("crl.der"))
        return self.file("crl.der").read_bytes()

    def staple(self, name, signer="ca"):
        path = self.file(f"{name}-by-{signer}.staple")
        run("openssl", "ocsp", "-index", self.file("index.txt"), "-CA", self.file("ca.pem"), "-rsigner", self.certificate(signer), "-rkey",
            self.key(signer), "-issuer", self.file("ca.pem"), "-cert", self.certificate(name), "-respout", path, "-ndays", "2", "-noverify")
        return path


class Shown(Nginx):
    """nginx with a certificate of our CA."""

    def __init__(self, ca, name, staple=None):
        directives = Nginx.RECOMMENDED.replace("RSA", "ECDSA") + Nginx.HSTS
        if staple:
            directives += f"\nssl_stapling on;\nssl_stapling_file {staple};\n"
        directives += f"ssl_certificate {ca.certificate(name)};\nssl_certificate_key {ca.key(name)};\n"
        super().__init__(directives, names=())


class RevocationCase(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.ca = Authority()
        cls.addClassCleanup(shutil.rmtree, cls.ca.folder, ignore_errors=True)

    def examined(self, name, *arguments, staple=None):
        """The entry of the end entity, and what fails of the three requirements."""
        with Shown(self.ca, name, staple) as server:
            done = tlsgauge("scan", "--ca-file", self.ca.certificate("ca"), "--sni", NAME, "--only", "revocation", "-o", "json", *arguments,
                            server.target)
        self.assert_follows_schema(done.json())
        endpoint = done.endpoint()
        found = verdicts(endpoint)
        self.chains = endpoint["facts"]["certificates"]
        return endpoint["facts"]["revocation"][0], {each: found[each] for each in IDS if found[each] != "pass"}


class Staples(RevocationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("plain", "revoked", "other"):
            cls.ca.issue(name)
        cls.ca.issue("must", LEAF + "tlsfeature = status_request\n")
        cls.ca.revoke("revoked")

    def offline(self, name, staple=None, *arguments):
        return self.examined(name, "--offline", *arguments, staple=staple)

    def test_none(self):
        entry, unmet = self.offline("plain")
        self.assertEqual((entry["status"], unmet), ("no_source", {}))

    def test_good(self):
        for signer in ("ca", "delegated"):
            entry, unmet = self.offline("plain", self.ca.staple("plain", signer))
            self.assertEqual((entry["status"], unmet), ("good", {}), entry)
            staples = self.chains[0]["revocation"]["staples"]
            self.assertEqual([(each["status"], each["error"]) for each in staples], [("good", None)])

    def test_revoked(self):
        entry, unmet = self.offline("revoked", self.ca.staple("revoked"))
        self.assertEqual((entry["status"], entry["sources"][0]["reason"]), ("revoked", "keyCompromise"))
        self.assertEqual(unmet, {"certificate-revoked": "fail"})

    def bad_staple(self, error, staple, *arguments):
        entry, unmet = self.offline("plain", staple, *arguments)
        self.assertEqual([each["error"] for each in self.chains[0]["revocation"]["staples"]], [error], entry)
        self.assertEqual(unmet, {"certificate-staple": "fail"})

    def test_stale(self):
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=9)
        self.bad_staple("stale", self.ca.staple("plain"), "--at", at.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def test_wrong_certificate(self):
        self.bad_staple("wrong_certificate", self.ca.staple("other"))

    def test_unauthorized(self):
        self.bad_staple("unauthorized_responder", self.ca.staple("plain", "unauthorized"))

    def test_try_later(self):
        path = self.ca.file("later.staple")
        path.write_bytes(bytes.fromhex("30030a0103"))
        self.bad_staple("unsuccessful:tryLater", path)

    def test_must_staple(self):
        _, unmet = self.offline("must")
        self.assertEqual(unmet, {"certificate-must-staple": "fail"})
        _, unmet = self.offline("must", self.ca.staple("must"))
        self.assertEqual(unmet, {})


class Queries(RevocationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        cls.addClassCleanup(web.server_close)
        cls.addClassCleanup(web.shutdown)
        ports = {signer: free_port() for signer in ("ca", "delegated", "unauthorized")}

        def ocsp(signer):
            return LEAF + f"authorityInfoAccess = OCSP;URI:http://127.0.0.1:{ports[signer]}/\n"

        def crl(page):
            return LEAF + f"crlDistributionPoints = URI:http://127.0.0.1:{web.server_port}/{page}\n"

        for name in ("ocsp-good", "ocsp-revoked"):
            cls.ca.issue(name, ocsp("ca"))
        cls.ca.issue("ocsp-unknown", ocsp("ca"), enter=False)
        for signer in ("delegated", "unauthorized"):
            cls.ca.issue(f"ocsp-{signer}", ocsp(signer))
        cls.ca.issue("crl-good", crl("list.crl"))
        cls.ca.issue("crl-revoked", crl("list.crl"))
        for page in ("expired", "other", "huge", "missing", "garbage"):
            cls.ca.issue(f"crl-{page}", crl(page))
        cls.ca.issue("short", crl("missing"), days=6)
        for name in ("ocsp-revoked", "crl-revoked"):
            cls.ca.revoke(name)
        Web.pages = {
            "/list.crl": cls.ca.crl("-crldays", "7"),
            "/expired": cls.ca.crl("-crl_lastupdate", "20260101000000Z", "-crl_nextupdate", "20260108000000Z"),
            "/other": cls.ca.crl("-crldays", "7", "-crlexts", "other_point"),
            "/huge": bytes(20 * 1024 * 1024 + 1),
            "/garbage": b"no list",
        }
        for signer, port in ports.items():
            cls.enter(Responder(cls.ca, signer, port))

    def expect(self, name, status, unmet, error=None):
        entry, found = self.examined(name)
        self.assertEqual((entry["status"], found), (status, unmet), entry)
        if error is not None:
            self.assertEqual(entry["sources"][0]["error"], error)
        return entry

    def test_ocsp(self):
        entry = self.expect("ocsp-good", "good", {})
        self.assertEqual([each["kind"] for each in entry["sources"]], ["ocsp"])
        self.expect("ocsp-delegated", "good", {})
        entry = self.expect("ocsp-revoked", "revoked", {"certificate-revoked": "fail"})
        self.assertEqual(entry["sources"][0]["reason"], "keyCompromise")
        self.expect("ocsp-unknown", "unknown", {"certificate-revoked": "inconclusive"})
        self.expect("ocsp-unauthorized", "inconclusive", {"certificate-revoked": "inconclusive"}, "unauthorized_responder")

    def test_crl(self):
        entry = self.expect("crl-good", "good", {})
        self.assertEqual([each["kind"] for each in entry["sources"]], ["crl"])
        entry = self.expect("crl-revoked", "revoked", {"certificate-revoked": "fail"})
        self.assertEqual(entry["sources"][0]["reason"], "keyCompromise")
        open_one = {"certificate-revoked": "inconclusive"}
        self.expect("crl-expired", "inconclusive", open_one, "stale")
        self.expect("crl-other", "inconclusive", open_one, "wrong_distribution_point")
        self.expect("crl-huge", "inconclusive", open_one, "more than 20971520 octets")
        self.expect("crl-missing", "inconclusive", open_one, "HTTP status 404")
        self.expect("crl-garbage", "inconclusive", open_one, "malformed")

    def test_short_lived(self):
        self.expect("short", "none_needed", {})

    def test_offline(self):
        entry, unmet = self.examined("crl-revoked", "--offline")
        self.assertEqual((entry["status"], entry["sources"], unmet), ("not_checked", [], {"certificate-revoked": "not_applicable"}))

    def test_text(self):
        with Shown(self.ca, "ocsp-revoked") as server:
            done = tlsgauge("scan", "--ca-file", self.ca.certificate("ca"), "--sni", NAME, "--only", "revocation", server.target)
        self.assertEqual(done.code, 1, done.report())
        self.assertIn("REVOKED", done.out)
        self.assertIn("keyCompromise", done.out)


if __name__ == "__main__":
    unittest.main()

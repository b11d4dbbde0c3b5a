"""Certificates that no CA would issue: bounded in time, memory and octets, and shown without harm in every format."""
import datetime
import html.parser
import json
import pathlib
import unittest

from cases import ServerCase
from certificates import NAME, certificates, run
from program import protocols, suites
from servers import Nginx

SECONDS = 60
MEGABYTES = 120
DOCUMENT = 5 * 1000 * 1000
BAD_CHARACTERS = "\x00\x1b\x07\x9b\u202e\u2066"
ESCAPES = "\x1b[2J\x1b]8;;http://evil.test/\x07click\x1b]8;;\x07\x9b31m"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def dns(name):
    return der(0x82, name if isinstance(name, bytes) else name.encode())


def uri(name):
    return der(0x86, name.encode())


def make(name, alternative_names, subject, signer="ca", filler=b""):
    """NAME.pem and NAME.key beside the others. The names are DER of GeneralName."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import ExtensionOID, NameOID
    made = certificates()
    if not pathlib.Path(made.key(name)).exists():
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", made.key(name))

    def key(which):
        return serialization.load_pem_private_key(pathlib.Path(made.key(which)).read_bytes(), None)

    issuer = x509.load_pem_x509_certificate(pathlib.Path(made.certificate(signer)).read_bytes()).subject
    oids = {"CN": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME}
    now = datetime.datetime.utcnow()
    builder = (x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(oids[kind], text) for kind, text in subject]))
               .issuer_name(issuer).public_key(key(name).public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
               .add_extension(x509.BasicConstraints(ca=bool(filler), path_length=None), critical=True))
    if alternative_names:
        builder = builder.add_extension(x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, der(0x30, *alternative_names)), critical=False)
    if filler:
        builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), der(0x04, filler)), critical=False)
    signed = builder.sign(key(signer), hashes.SHA256())
    pathlib.Path(made.certificate(name)).write_bytes(signed.public_bytes(serialization.Encoding.PEM))


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.attributes, self.images = [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.images += tag == "img"
        self.attributes += [name for name, _ in attrs]


class Hostile(ServerCase):
    def scanned(self, members, *arguments):
        """One scan for each format."""
        made = certificates()
        path = made.folder / f"{members[0]}-chain.pem"
        path.write_text("".join(pathlib.Path(made.certificate(name)).read_text() for name in members), encoding="utf-8")
        found = {}
        server = Nginx(f"ssl_protocols TLSv1.2 TLSv1.3;\nssl_certificate {path};\nssl_certificate_key {made.key(members[0])};\n", names=())
        with server, self.subTest(members[0]):
            for form in ("json", "text", "html"):
                more = ["-v"] if form == "text" else []
                found[form] = done = self.scan(server, *arguments, *more, "--profile", "trusted-certificate", "-o", form)
                print(f"table: {members[0][:20]} {form}: exit {done.code}, {done.seconds:.1f} s, {done.peak_kb // 1024} MB, {len(done.out)} octets")
                self.assertIn(done.code, (0, 1, 3), done.report())
                self.assertLess(done.seconds, SECONDS)
                self.assertLess(done.peak_kb, MEGABYTES * 1024)
                self.assertLess(len(done.out.encode()), DOCUMENT)
        self.assert_follows_schema(found["json"].json())
        return found

    def assert_learned(self, done):
        """The chain does not hide what else there is to see."""
        facts = done.endpoint()
        self.assertEqual({name: said for name, said in protocols(facts).items() if said == "yes"}, {"TLSv1.2": "yes", "TLSv1.3": "yes"})
        self.assertGreater(len(suites(facts)["TLSv1.2"]), 1)
        self.assertGreater(len(suites(facts)["TLSv1.3"]), 1)

    def test_a_hundred_thousand_names(self):
        names = [dns(f"name-{number}.filler.tlsgauge.test") for number in range(99_999)] + [dns(NAME)]
        make("many-names", names, [("CN", "many")])
        found = self.scanned(["many-names"])
        self.assert_learned(found["json"])
        for entry in found["json"].endpoint()["facts"]["certificates"]:
            self.assertNotIn("cut", entry)
            self.assertEqual(entry["chain"][0]["subject_alt_names_total"], 100_000)
            self.assertEqual(len(entry["chain"][0]["subject_alt_names"]), 1000)
            self.assertTrue(entry["hostname"]["matches"], entry["hostname"])
            self.assertTrue(entry["verification"]["trusted"], entry["verification"])

    def test_a_chain_of_five_megabytes(self):
        """The issuer stands behind the filling, where it is not seen."""
        folder = certificates().folder
        make("middle", [], [("CN", "tlsgauge tests middle")], filler=b"\1")
        make("filler", [], [("CN", "filler")], filler=bytes(250_000))
        make("far-from-issuer", [dns(NAME)], [("CN", NAME)], signer="middle")
        make("near-issuer", [dns(NAME)], [("CN", NAME)])
        self.assertTrue((folder / "filler.pem").exists())
        found = self.scanned(["far-from-issuer", *["filler"] * 20, "middle"])
        self.assert_learned(found["json"])
        (entry,) = found["json"].endpoint()["facts"]["certificates"]
        self.assertEqual(entry["cut"]["certificates_shown"], 17)
        self.assertGreater(entry["cut"]["octets"], 5_000_000)
        self.assertEqual(len(entry["chain"]), 17)
        self.assertIn("inconclusive", entry["verification"])
        self.assertTrue(entry["hostname"]["matches"])
        said = {each["id"]: each["verdict"] for each in found["json"].endpoint()["assessments"][0]["requirements"]}
        self.assertNotIn("fail", {said[name] for name in said if name.startswith("certificate-chain") or name == "certificate-untrusted"})
        for form in ("text", "html"):
            self.assertIn("certificates kept of its beginning: 17", " ".join(found[form].out.split()))
        # Its good twin: what is seen proves the trust, however much follows.
        (entry,) = self.scanned(["near-issuer", *["filler"] * 20], "--only", "certificates")["json"].endpoint()["facts"]["certificates"]
        self.assertTrue(entry["verification"]["trusted"], entry["verification"])

    def test_names_that_are_no_names(self):
        right_to_left = "\u202emoc.elpmaxe\u2066"
        names = [dns(NAME.encode() + b"\0.evil.test"), dns(right_to_left), dns(ESCAPES.encode()), dns(b"\x1b[31m\x9b\xff\xfe" + NAME.encode()),
                 dns(MARKUP), uri(f"http://evil.test/{ESCAPES}{right_to_left}{MARKUP}"), uri("javascript:alert(3)")]
        make("no-names", names, [("O", f"{ESCAPES}{right_to_left}"), ("O", MARKUP), ("CN", f"a\0b\x1b[2J{right_to_left}")])
        found = self.scanned(["no-names"])
        self.assert_learned(found["json"])
        for form, done in found.items():
            for text in (done.out, done.err):
                self.assertEqual([f"{ord(each):04x}" for each in BAD_CHARACTERS if each in text], [], form)
        tags = Tags(found["html"].out)
        self.assertEqual(tags.images, 0)
        self.assertEqual([name for name in tags.attributes if name.startswith("on")], [])
        self.assertNotIn("<script>alert", found["html"].out)
        self.assertNotIn('href="javascript:', found["html"].out)
        for entry in found["json"].endpoint()["facts"]["certificates"]:
            self.assertEqual(entry["chain"][0]["subject_alt_names_total"], len(names))
            self.assertFalse(entry["hostname"]["matches"], "a name that goes on behind a NUL is another name")
        self.assertEqual(json.loads(found["json"].out)["endpoints"][0]["status"], "complete")


if __name__ == "__main__":
    unittest.main()

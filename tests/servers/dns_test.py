"""CAA, TLSA and HTTPS records from a DNS server with a signed root of its own: each finding, its good twin, and everything that can go wrong."""
import os
import pathlib
import shutil
import struct
import tempfile
import time
import unittest

from cases import ServerCase
from certificates import run
from dns_zone import DnsServer
from program import Run, tlsgauge, verdicts
from servers import OpensslServer, find_program

REQUIREMENTS = ("dns-bogus", "certificate-tlsa", "certificate-caa")
SYSTEM_ANCHORS = ("/usr/share/dns/root.key", "/etc/unbound/root.key")


class Chain:
    """A leaf for *.example names by a CA that calls itself Let's Encrypt."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ca, self.leaf, self.key = (str(self.folder / name) for name in ("ca.pem", "leaf.pem", "leaf.key"))
        ca_key, request, extensions = (str(self.folder / name) for name in ("ca.key", "leaf.csr", "leaf.ext"))
        config = self.folder / "req.conf"
        config.write_text("[req]\ndistinguished_name = dn\n[dn]\n", encoding="utf-8")
        run("openssl", "req", "-x509", "-config", config, "-newkey", "rsa:2048", "-nodes", "-keyout", ca_key, "-out", self.ca, "-days", "30",
            "-subj", "/O=Let's Encrypt/CN=T1", "-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign",
            "-addext", "subjectKeyIdentifier=hash")
        run("openssl", "req", "-new", "-config", config, "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out", request, "-subj", "/CN=leaf")
        names = ["www.good.example", "www.other.example", "www.plain.example", "www.insecure", "*.wild.example"]
        pathlib.Path(extensions).write_text("basicConstraints=critical,CA:false\nextendedKeyUsage=serverAuth\nsubjectAltName="
                                            + ",".join(f"DNS:{name}" for name in names) + "\n", encoding="utf-8")
        run("openssl", "x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "20", "-extfile", extensions,
            "-out", self.leaf)

    def digest(self, certificate, key_only=True):
        """SHA-256 in hexadecimal, of the key or of the whole certificate."""
        der = self.folder / "out.der"
        if key_only:
            pem = self.folder / "out.pem"
            pem.write_text(run("openssl", "x509", "-in", certificate, "-pubkey", "-noout"), encoding="ascii")
            run("openssl", "pkey", "-pubin", "-in", pem, "-outform", "DER", "-out", der)
        else:
            run("openssl", "x509", "-in", certificate, "-outform", "DER", "-out", der)
        return run("openssl", "dgst", "-sha256", der).split()[-1]


class ChainServer(OpensslServer):
    def __init__(self, chain):
        super().__init__()
        self.chain = chain

    def command(self):
        return [find_program("openssl"), "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", self.chain.leaf, "-key", self.chain.key,
                "-cert_chain", self.chain.ca]


def ech_parameter(name):
    config = b"\x07\x00\x20" + struct.pack(">H", 32) + bytes(32) + b"\x00\x04\x00\x01\x00\x01\x00" + bytes([len(name)]) + name + b"\x00\x00"
    listed = b"\xfe\x0d" + struct.pack(">H", len(config)) + config
    value = struct.pack(">H", len(listed)) + listed
    return b"\x00\x05" + struct.pack(">H", len(value)) + value


class Dns(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.mkdtemp(prefix="tlsgauge-dns-")
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.chain = Chain(folder)
        cls.server = cls.enter(ChainServer(cls.chain))
        cls.leaf_key, cls.ca_key = cls.chain.digest(cls.chain.leaf), cls.chain.digest(cls.chain.ca)

    def setUp(self):
        self.dns = self.enterContext(DnsServer())
        self.zone = self.dns.zone

    def tlsa_name(self, name):
        return f"_{self.server.port}._tcp.{name}."

    def https_name(self, name):
        return f"_{self.server.port}._https.{name}."

    def asked(self, name, *more, options=None):
        sni = ["--sni", name] if name else []
        return tlsgauge("scan", "--only", "dns", "--ca-file", self.chain.ca, "-o", "json", *sni,
                        *(self.dns.options if options is None else options), *more, self.server.target)

    def found(self, name, *more, options=None):
        """facts.dns and the verdicts on it."""
        done = self.asked(name, *more, options=options)
        self.assertIn(done.code, (0, 1, 3), done.report())
        self.assert_follows_schema(done.json())
        endpoint = done.endpoint()
        self.assertEqual((endpoint["status"], endpoint["errors"]), ("complete", []))
        judged = verdicts(endpoint)
        return endpoint["facts"]["dns"], {each: judged[each] for each in REQUIREMENTS}

    def test_all_is_well(self):
        self.zone.add("good.example.", "CAA", '0 issue "letsencrypt.org; validationmethods=dns-01"', '0 iodef "mailto:a@good.example"')
        self.zone.add(self.tlsa_name("www.good.example"), "TLSA", f"3 1 1 {self.leaf_key}")
        facts, judged = self.found("www.good.example")
        self.assertEqual(judged, dict.fromkeys(REQUIREMENTS, "pass"))
        self.assertEqual((facts["validating"], facts["caa"]["at"], facts["caa"]["secure"]), (True, "good.example", True))
        self.assertEqual([each["permitted"] for each in facts["caa"]["chains"]], ["yes"])
        self.assertEqual((facts["tlsa"]["result"], facts["tlsa"]["secure"]), ("matches", True))
        self.assertEqual(facts["https"]["records"], [])
        again, _ = self.found("www.good.example")
        self.assertEqual(facts, again)

    def test_nothing_is_there(self):
        facts, judged = self.found("www.plain.example")
        self.assertEqual(judged, {"dns-bogus": "pass", "certificate-tlsa": "not_applicable", "certificate-caa": "pass"})
        self.assertIsNone(facts["caa"]["at"])
        self.assertEqual(facts["tlsa"]["result"], "none")

    def test_caa_forbids(self):
        self.zone.add("www.other.example.", "CAA", '0 issue "digicert.com"')
        facts, judged = self.found("www.other.example")
        self.assertEqual(judged["certificate-caa"], "fail")
        self.assertEqual(facts["caa"]["chains"][0]["permitted"], "no")

    def test_caa_of_wildcards(self):
        self.zone.add("wild.example.", "CAA", '0 issue "letsencrypt.org"', '0 issuewild ";"')
        facts, judged = self.found("a.wild.example")
        self.assertEqual(judged["certificate-caa"], "fail")
        self.assertTrue(facts["caa"]["chains"][0]["wildcard"])

    def test_caa_permits_a_wildcard(self):
        self.zone.add("wild.example.", "CAA", '0 issue "digicert.com"', '0 issuewild "letsencrypt.org"')
        self.assertEqual(self.found("a.wild.example")[1]["certificate-caa"], "pass")

    def test_tlsa_of_another_key(self):
        self.zone.add(self.tlsa_name("www.good.example"), "TLSA", f"3 1 1 {'00' * 32}", f"2 1 1 {'11' * 32}")
        facts, judged = self.found("www.good.example")
        self.assertEqual((judged["certificate-tlsa"], facts["tlsa"]["result"]), ("fail", "no_match"))

    def test_tlsa_of_the_anchor(self):
        self.zone.add(self.tlsa_name("www.good.example"), "TLSA", f"2 1 1 {self.ca_key}")
        self.assertEqual(self.found("www.good.example")[1]["certificate-tlsa"], "pass")

    def test_tlsa_of_pkix_usages(self):
        """They need a trusted chain, which --ca-file makes this one."""
        self.zone.add(self.tlsa_name("www.good.example"), "TLSA", f"1 0 1 {self.chain.digest(self.chain.leaf, key_only=False)}")
        self.zone.add(self.tlsa_name("www.other.example"), "TLSA", f"0 0 1 {self.chain.digest(self.chain.ca, key_only=False)}")
        for name in ("www.good.example", "www.other.example"):
            self.assertEqual(self.found(name)[1]["certificate-tlsa"], "pass", name)
        done = tlsgauge("scan", "--only", "dns", "-o", "json", "--sni", "www.good.example", *self.dns.options, self.server.target)
        self.assertEqual(verdicts(done.endpoint())["certificate-tlsa"], "fail", "without the anchor")

    def test_tlsa_that_is_not_secured(self):
        self.zone.add(self.tlsa_name("www.insecure"), "TLSA", f"3 1 1 {'00' * 32}")
        facts, judged = self.found("www.insecure")
        self.assertEqual((judged["certificate-tlsa"], facts["tlsa"]["result"]), ("not_applicable", "insecure"))
        self.assertEqual(judged["dns-bogus"], "pass")

    def test_a_forged_answer(self):
        name = self.tlsa_name("www.good.example")
        self.zone.add(name, "TLSA", f"3 1 1 {self.leaf_key}")
        self.zone.bogus.add(name)
        facts, judged = self.found("www.good.example")
        self.assertEqual(judged, {"dns-bogus": "fail", "certificate-tlsa": "not_applicable", "certificate-caa": "pass"})
        self.assertIn("signature", facts["tlsa"]["bogus"])

    def test_an_answer_without_its_signature(self):
        name = "www.other.example."
        self.zone.add(name, "CAA", '0 issue "letsencrypt.org"')
        self.zone.stripped.add(name)
        facts, judged = self.found("www.other.example")
        self.assertEqual(judged["dns-bogus"], "fail")
        self.assertIn("bogus", facts["caa"])

    def test_an_anchor_that_fits_nothing_is_no_forgery(self):
        with DnsServer() as stranger:
            facts, judged = self.found("www.good.example", options=["--dns-server", self.dns.server, "--dns-anchor", stranger.anchor])
        self.assertEqual(judged, dict.fromkeys(REQUIREMENTS, "not_applicable"))
        self.assertIn("no DNSSEC", facts["tlsa"]["not_checked"])

    def test_a_server_without_dnssec_is_no_forgery(self):
        self.zone.signs = False
        self.zone.add("www.good.example.", "CAA", '0 issue "digicert.com"')
        facts, judged = self.found("www.good.example")
        self.assertEqual(judged, dict.fromkeys(REQUIREMENTS, "not_applicable"))
        self.assertIn("no DNSSEC", facts["caa"]["not_checked"])

    def test_without_an_anchor_nothing_is_secure(self):
        if any(os.path.exists(path) for path in SYSTEM_ANCHORS):
            options = ["--dns-server", self.dns.server, "--dns-anchor", "/dev/null"]
        else:
            options = ["--dns-server", self.dns.server]
        self.zone.add("www.good.example.", "CAA", '0 issue "digicert.com"')
        self.zone.add(self.tlsa_name("www.good.example"), "TLSA", f"3 1 1 {'00' * 32}")
        facts, judged = self.found("www.good.example", options=options)
        self.assertEqual(facts["tlsa"]["result"], "insecure")
        self.assertEqual(judged, {"dns-bogus": "not_applicable" if not facts["validating"] else "pass", "certificate-tlsa": "not_applicable",
                                  "certificate-caa": "fail"})

    def test_https_record(self):
        self.zone.add_octets(self.https_name("www.good.example"), "HTTPS",
                             b"\x00\x01\x00" + b"\x00\x01\x00\x06\x02h2\x02h3" + b"\x00\x03\x00\x02\x20\xfb" + ech_parameter(b"public.example"),
                             b"\x00\x00\x03cdn\x07example\x00")
        facts, _ = self.found("www.good.example")
        alias, service = facts["https"]["records"]
        self.assertEqual((alias["priority"], alias["target"]), (0, "cdn.example"))
        self.assertEqual((service["alpn"], service["port"], service["ech"]["public_name"]), (["h2", "h3"], 8443, "public.example"))

    def test_servfail(self):
        self.zone.servfail.add(self.tlsa_name("www.good.example"))
        facts, judged = self.found("www.good.example")
        self.assertIn("SERVFAIL", facts["tlsa"]["not_checked"])
        self.assertEqual(judged, {"dns-bogus": "pass", "certificate-tlsa": "not_applicable", "certificate-caa": "pass"})

    def test_nxdomain(self):
        self.zone.absent.update({"www.insecure.", self.tlsa_name("www.insecure"), self.https_name("www.insecure")})
        facts, _ = self.found("www.insecure")
        self.assertEqual((facts["caa"]["at"], facts["tlsa"]["result"], facts["https"]["records"]), (None, "none", []))

    def test_silence_costs_little(self):
        self.zone.silent.add("*")
        started = time.monotonic()
        facts, judged = self.found("www.good.example")
        self.assertLess(time.monotonic() - started, 6)
        self.assertEqual(judged, dict.fromkeys(REQUIREMENTS, "not_applicable"))
        self.assertIn("does not answer", facts["https"]["not_checked"])

    def test_silence_on_one_name(self):
        self.zone.silent.add(self.tlsa_name("www.good.example"))
        facts, judged = self.found("www.good.example")
        self.assertIsNone(facts["caa"]["at"])
        self.assertIn("does not answer", facts["tlsa"]["not_checked"])
        self.assertEqual(judged["certificate-tlsa"], "not_applicable")

    def test_hostile_octets(self):
        self.zone.add_octets("www.good.example.", "CAA", b"\x00\x09issue", b"\x80\x05issue\x1b[31m\xff" + b"x" * 3000, b"\x00")
        self.zone.add_octets(self.tlsa_name("www.good.example"), "TLSA", b"\x03", b"\x03\x01\x01" + b"x" * 5000, b"\xff\xff\xff\x00")
        # Names that break their bounds do not get through libunbound; what follows them does.
        self.zone.add_octets(self.https_name("www.good.example"), "HTTPS", b"\x00\x01\x00\x00\x01\xff\xff\x02h2", b"\x00\x01\x00\x00",
                             b"\x00\x01\x00\x00\x05\x00\x02\xff\xff")
        facts, judged = self.found("www.good.example")
        self.assertEqual((facts["caa"]["unreadable"], facts["caa"]["chains"][0]["permitted"]), (2, "unknown"))
        self.assertEqual(facts["tlsa"]["result"], "unusable")
        self.assertTrue(all("unreadable" in record for record in facts["https"].get("records", [{}])), facts["https"])
        self.assertEqual(judged, {"dns-bogus": "pass", "certificate-tlsa": "not_applicable", "certificate-caa": "not_applicable"})
        text = tlsgauge("scan", "--only", "dns", "--sni", "www.good.example", *self.dns.options, self.server.target)
        self.assertNotIn("\x1b", text.out)

    def test_a_set_too_large_for_a_datagram(self):
        self.zone.add("www.good.example.", "CAA", *[f'0 issue "ca{number}.example; {"x" * 200}=1"' for number in range(60)],
                      '0 issue "letsencrypt.org"')
        facts, judged = self.found("www.good.example")
        self.assertEqual((len(facts["caa"]["records"]), judged["certificate-caa"]), (61, "pass"))

    def test_nothing_is_asked_without_leave_or_name(self):
        for name, more in (("www.good.example", ["--offline"]), (None, []), ("a.localhost", [])):
            facts, judged = self.found(name, *more)
            self.assertIn("not_checked", facts)
            self.assertEqual(judged, dict.fromkeys(REQUIREMENTS, "not_applicable"))
        self.assertEqual(self.zone.questions, [])

    def test_options_that_are_wrong(self):
        for options in (["--dns-server", "ns.example"], ["--dns-server", "127.0.0.1@0"], ["--dns-server", "127.0.0.1:53"],
                        ["--dns-anchor", "/nonexistent/root.key"]):
            self.assertEqual(self.asked("www.good.example", options=options).code, 2, options)

    def test_a_broken_anchor_is_said(self):
        broken = pathlib.Path(self.chain.folder) / "broken.key"
        broken.write_text("this is no key\n", encoding="ascii")
        for path in (broken, broken.parent):
            done = self.asked("www.good.example", options=["--dns-server", self.dns.server, "--dns-anchor", str(path)])
            self.assertEqual(done.code, 2, done.report())
            self.assertIn("trust anchor", done.err)

    def test_is_shown(self):
        self.zone.add("www.good.example.", "CAA", '0 issue "digicert.com"')
        self.zone.add(self.tlsa_name("www.good.example"), "TLSA", f"3 1 1 {'00' * 32}")
        done = tlsgauge("scan", "--only", "dns", "--ca-file", self.chain.ca, "--sni", "www.good.example", *self.dns.options, self.server.target)
        self.assertIn("Let's Encrypt may not issue", done.out)
        self.assertIn("does not match", done.out)

    def test_an_interrupt_ends_at_once(self):
        self.zone.silent.add("*")
        process = Run("scan", "--only", "dns", "--sni", "www.good.example", *self.dns.options, self.server.target)
        end = time.monotonic() + 20
        while not self.zone.questions and time.monotonic() < end:
            time.sleep(0.01)
        process.interrupt()
        interrupted = time.monotonic()
        process.wait()
        self.assertEqual(process.code, 130)
        self.assertLess(time.monotonic() - interrupted, 1.5)


if __name__ == "__main__":
    unittest.main()

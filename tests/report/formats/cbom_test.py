"""cbom, cbom-1.6: valid for CycloneDX' own schemas, every reference leads somewhere, and what it lists is what the document proves."""
import collections
import copy
import csv
import json
import re
import subprocess
import unittest
import uuid

import corpus

VERSIONS = {"cbom": "1.7", "cbom-1.6": "1.6"}
DEPRECATED = {"curve", "signatureAlgorithmRef", "subjectPublicKeyRef", "certificateExtension", "cryptoRefArray", "algorithmRef"}

# Names of algorithms, and what OpenSSL calls them.
CALLED = [(r"RSASSA-PKCS1-v1_5-(SHA|MD)-?(\d+)", r"\1\2WithRSAEncryption"), (r"ECDSA-SHA-(\d+)", r"ecdsa-with-SHA\1"), (r"DSA-SHA-1", "dsaWithSHA1"),
          (r"DSA-SHA-(\d+)", r"dsa_with_SHA\1"), (r"SHA-(\d+)", r"SHA\1"), (r"(R|D)SA-\d+", r"\1SAEncryption"), (r"ECDSA-[sb].*", "id-ecPublicKey"),
          (r"RSASSA-PSS(-\d+)?", "rsassaPss"), (r"RSAES-PKCS1-v1_5", "rsaEncryption"),
          (r"HMAC-SHA-(\d+)", r"hmacWithSHA\1"), (r"3DES-CBC", "des-ede3-cbc"), (r"DES-56-CBC", "des-cbc"), (r"RC4-\d+", "rc4"), (r"secp(192|256)r1", r"prime\1v1")]


def bom(name, output_format="cbom"):
    return json.loads(corpus.text(name, output_format))


def render(name, document, output_format="cbom"):
    """The path of a document that is no member of the corpus, as a BOM."""
    path = corpus.FOLDER / f"cbom-{name}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    out = corpus.FOLDER / f"{name}.{output_format}.json"
    subprocess.run([corpus.TLSGAUGE, "report", str(path), "-o", f"{output_format}={out}"], stdin=subprocess.DEVNULL, check=True, timeout=60)
    return out


def errors_of(paths):
    """{path: [errors]} by ajv."""
    done = corpus.node(corpus.ROOT / "tests/report/formats/cyclonedx.cjs", *paths)
    lines = [line.split("\t", 1) for line in done.stdout.split("\n") if "\t" in line]
    assert done.returncode == 0 and len(lines) == len(paths), done.stdout[:2000]
    return {path: json.loads(errors) if len(errors) < 2000 else errors for path, errors in lines}


def walk(value, key=""):
    """(key, value) of everything below."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name, member
            yield from walk(member, name)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, key)


def assets(document, kind):
    return {c["bom-ref"]: c for c in document["components"] if c["cryptoProperties"]["assetType"] == kind}


def notes(thing):
    return {each["name"][len("tlsgauge:"):]: each["value"] for each in thing.get("properties", [])}


def every_code_point():
    """A result whose server speaks all that the registries know."""
    document = corpus.document("good")
    facts = document["endpoints"][0]["facts"]
    version = {"sslv2": "SSLv2"}
    with (corpus.ROOT / "data/cipher_suites.csv").open(encoding="utf-8", newline="") as file:
        facts["cipher_suites"] = [{
            "protocol": version.get(row["status"], "TLSv1.3" if row["min_version"].endswith("1.3") else "TLSv1.2"), "code": row["code"],
            "name": row["iana_name"], "openssl_name": None, "key_exchange": row["key_exchange"] or None, "authentication": row["authentication"] or None,
            "encryption": row["encryption"] or None, "key_bits": int(row["effective_bits"]) if row["effective_bits"].isdigit() else None,
            "block_bits": int(row["block_bits"]) if row["block_bits"].isdigit() else None, "mode": row["mode"] or None, "mac": row["mac"] or None,
            "aead": row["mac"] == "AEAD", "forward_secrecy": False, "export": False, "group": None, "dh_bits": None}
            for row in csv.DictReader(file) if row["iana_name"]]
    with (corpus.ROOT / "data/groups.csv").open(encoding="utf-8", newline="") as file:
        facts["groups"] = [{"code": row["code"], "name": row["iana_name"], "protocol": "TLSv1.3", "post_quantum": "pqc" in row["kind"]}
                           for row in csv.DictReader(file)]
    with (corpus.ROOT / "data/signature_schemes.csv").open(encoding="utf-8", newline="") as file:
        facts["signature_schemes"] = [{"protocol": "TLSv1.3", "authentication": None, "chooser": "client", "complete": True, "reason": None,
                                       "not_offered": None, "claimed": None,
                                       "schemes": [{"code": row["code"], "name": row["name"]} for row in csv.DictReader(file)]}]
    for protocol in facts["protocols"]:
        protocol["support"] = "yes"
    return document


class CbomTest(unittest.TestCase):
    def test_schemas_accept_all(self):
        paths = [corpus.rendered(name, output) for name in corpus.results() for output in VERSIONS]
        document = every_code_point()
        self.assertGreater(len(document["endpoints"][0]["facts"]["cipher_suites"]), 400)
        paths += [render("code-points", document, output) for output in VERSIONS]
        bad = {path: errors for path, errors in errors_of(paths).items() if errors}
        self.assertEqual(bad, {})

    def test_schemas_refuse_what_is_broken(self):
        good = bom("good")
        algorithm = next(i for i, c in enumerate(good["components"]) if "algorithmProperties" in c["cryptoProperties"])
        broken = [copy.deepcopy(good) for _ in range(7)]
        broken[0]["serialNumber"] = "urn:uuid:x"
        broken[1]["components"][0]["cryptoProperties"]["assetType"] = "cipher"
        broken[2]["components"][algorithm]["cryptoProperties"]["algorithmProperties"]["algorithmFamily"] = "ECDHE"
        broken[3]["components"].append(broken[3]["components"][0])
        broken[4]["services"][0]["endpoints"] = ["nonsense://example.com"]
        broken[5]["metadata"]["timestamp"] = "yesterday"
        broken[6]["specVersion"] = "1.6"  # has members that 1.6 does not know
        paths = []
        for number, each in enumerate(broken):
            paths.append(corpus.FOLDER / f"broken-{number}.json")
            paths[-1].write_text(json.dumps(each), encoding="utf-8")
        self.assertEqual([path for path, errors in errors_of(paths).items() if not errors], [])

    def test_every_reference_leads_somewhere(self):
        for name in corpus.results():
            for output in VERSIONS:
                with self.subTest(name=name, output=output):
                    document = bom(name, output)
                    refs = collections.Counter(value for key, value in walk(document) if key == "bom-ref")
                    self.assertEqual([ref for ref, count in refs.items() if count > 1], [])
                    pointed = [each for d in document["dependencies"] for each in [d["ref"], *d.get("dependsOn", [])]]
                    pointed += [each for c in document["compositions"] for each in c["dependencies"]]
                    for key, value in walk(document["components"]):
                        if key in ("ref", "algorithmRef", "signatureAlgorithmRef", "subjectPublicKeyRef"):
                            pointed.append(value)
                        if key in ("algorithms", "cryptoRefArray"):
                            pointed += value
                    self.assertLessEqual(set(pointed), set(refs))
                    declared = collections.Counter(d["ref"] for d in document["dependencies"])
                    self.assertEqual([ref for ref, count in declared.items() if count > 1], [])
                    self.assertLessEqual({c["bom-ref"] for c in document["components"]}, set(declared))
                    # Nothing lies about: each asset is what some service, or an asset of one, depends on.
                    used = {each for d in document["dependencies"] for each in d.get("dependsOn", [])}
                    self.assertEqual([c["bom-ref"] for c in document["components"] if c["bom-ref"] not in used], [])

    def test_1_7_has_nothing_deprecated_and_1_6_nothing_new(self):
        for name in ("good", "bad", "thousand"):
            self.assertEqual({key for key, _ in walk(bom(name)["components"])} & DEPRECATED, set())
            self.assertEqual((bom(name)["specVersion"], bom(name, "cbom-1.6")["specVersion"]), ("1.7", "1.6"))

    def test_suites_groups_and_certificates_are_those_of_the_document(self):
        for name in corpus.results():
            if name == "hostile" or name.startswith("hostile-"):
                continue
            for output in VERSIONS:
                with self.subTest(name=name, output=output):
                    self.compare(corpus.document(name), bom(name, output), output)

    def compare(self, document, made, output):
        protocols, certificates, keys = (assets(made, kind) for kind in ("protocol", "certificate", "related-crypto-material"))
        self.assertEqual(len(made["services"]), len(document["endpoints"]))
        edges = {d["ref"]: d.get("dependsOn", []) for d in made["dependencies"]}
        names = {c["bom-ref"]: c["name"] for c in made["components"]}
        for endpoint, service in zip(document["endpoints"], made["services"]):
            facts = endpoint["facts"]
            on = edges.get(service["bom-ref"], [])
            spoken = {re.sub(r"(SSLv\d)$", r"\1.0", p["name"]).replace("TLSv", "TLS ").replace("SSLv", "SSL ")
                      for p in facts.get("protocols", []) if p["support"] == "yes"}
            self.assertEqual({protocols[ref]["name"] for ref in on if ref in protocols}, spoken)
            shown = [(ref, s) for ref in on if ref in protocols for s in protocols[ref]["cryptoProperties"]["protocolProperties"].get("cipherSuites", [])]
            expected = [(s["name"], s["code"]) for s in facts.get("cipher_suites", [])]
            self.assertEqual(sorted((s["name"], "0x" + "".join(i[2:] for i in s["identifiers"])) for _, s in shown), sorted(expected))
            groups = {g["name"] for g in [*facts.get("groups", []), *(facts.get("curves") or {}).get("groups", []),
                                          *((facts.get("curves") or {}).get("ffdhe") or {}).get("groups", [])]}
            groups |= {s["group"] for s in facts.get("cipher_suites", []) if s["group"]}
            below = {names[each] for ref in on if ref in protocols for each in edges[ref]}
            self.assertLessEqual({g.replace("MLKEM", "ML-KEM-") if g.startswith("MLKEM") else g for g in groups}, below)
            if output == "cbom":
                self.assertEqual({g for _, s in shown for g in s.get("tlsGroups", [])}, groups)
            proved = {c["sha256"] for chain in facts.get("certificates", []) for c in chain.get("chain", [])}
            self.assertEqual({ref.split(":")[1] for ref in on if ref in certificates}, proved)
            self.assertEqual(notes(service)["status"], endpoint["status"])
        whole = {c["sha256"]: c for e in document["endpoints"] for chain in e["facts"].get("certificates", []) for c in chain.get("chain", [])}
        for ref, component in certificates.items():
            source, shown = whole[ref.split(":")[1]], component["cryptoProperties"].get("certificateProperties", {})
            self.assertEqual(component["hashes"], [{"alg": "SHA-256", "content": source["sha256"]}])
            if not source.get("unparsable"):
                self.assertEqual((shown["notValidBefore"], shown["notValidAfter"]), (source["not_before"], source["not_after"]))
                self.assertIn("key:" + source["spki_sha256"], edges[ref])
                self.assertEqual(keys["key:" + source["spki_sha256"]]["cryptoProperties"]["relatedCryptoMaterialProperties"].get("size"),
                                 source["key"]["bits"] or None)

    def test_what_was_not_reached_is_no_asset(self):
        document = bom("unreachable")
        services = {service["name"]: service for service in document["services"]}
        gone = services["gone.example.org:443"]
        self.assertEqual(notes(gone)["status"], "unreachable")
        self.assertNotIn(gone["bom-ref"], {d["ref"] for d in document["dependencies"]})
        unknown = next(c for c in document["compositions"] if c["aggregate"] == "unknown")
        self.assertIn(gone["bom-ref"], unknown["dependencies"])

    def test_an_inconclusive_protocol_is_no_asset(self):
        document = bom("bad")
        service = document["services"][0]
        self.assertIn("inconclusive", notes(service)["protocol:SSLv3"])
        self.assertNotIn("SSL 3.0", {c["name"] for c in assets(document, "protocol").values()})
        incomplete = next(c for c in document["compositions"] if c["aggregate"] == "incomplete")
        self.assertIn(service["bom-ref"], incomplete["dependencies"])

    def test_what_was_not_asked_is_no_absence(self):
        asked = bom("nginx-recommended")
        self.assertEqual((asked["compositions"], set(notes(asked["services"][0]))), ([], {"status", "address", "server_name"}))
        only_suites = bom("facts-only-suites")
        missing = {key for key, value in notes(only_suites["services"][0]).items() if value == "not measured"}
        self.assertEqual(missing, {"certificates", "groups", "curves", "signature_schemes", "dh_parameters"})
        self.assertEqual([c["aggregate"] for c in only_suites["compositions"]], ["incomplete"])

    def test_algorithms(self):
        made = {c["name"]: c["cryptoProperties"]["algorithmProperties"] for c in bom("good")["components"] if "algorithmProperties" in c["cryptoProperties"]}
        hybrid = made["X25519MLKEM768"]
        self.assertEqual((hybrid["primitive"], hybrid["nistQuantumSecurityLevel"]), ("combiner", 3))
        edges = {d["ref"]: d.get("dependsOn", []) for d in bom("good")["dependencies"]}
        self.assertEqual(set(edges["algorithm:X25519MLKEM768"]), {"algorithm:x25519", "algorithm:ML-KEM-768"})
        self.assertEqual((made["x25519"]["ellipticCurve"], made["x25519"]["nistQuantumSecurityLevel"]), ("other/Curve25519", 0))
        self.assertEqual((made["AES-256-GCM"]["nistQuantumSecurityLevel"], made["AES-256-GCM"]["mode"], made["AES-256-GCM"]["primitive"]), (5, "gcm", "ae"))

    def test_oids_are_what_openssl_calls_so(self):
        oids = {c["name"]: c["cryptoProperties"]["oid"] for name in corpus.results() for c in assets(bom(name), "algorithm").values()
                if "oid" in c["cryptoProperties"]}
        self.assertGreater(len(oids), 20)
        for name, oid in oids.items():
            done = subprocess.run(["openssl", "asn1parse", "-genstr", f"OID:{oid}"], stdout=subprocess.PIPE, check=True, timeout=20)
            word = done.stdout.decode().rsplit(":", 1)[1].strip()
            if re.fullmatch(r"[0-9.]+", word):
                continue  # newer than this OpenSSL
            wanted = name
            for pattern, by_openssl in CALLED:
                wanted = re.sub(f"^{pattern}$", by_openssl, wanted)
            with self.subTest(name):
                self.assertEqual(word.lower(), wanted.lower())

    def test_what_real_servers_use_is_known(self):
        names = [path.stem for path in (corpus.ROOT / "tests/data/results").glob("*.json") if path.stem in corpus.results()]
        self.assertGreater(len(names), 20)
        algorithms = {c["name"]: c["cryptoProperties"].get("algorithmProperties", {}) for name in names for c in assets(bom(name), "algorithm").values()}
        self.assertEqual([name for name, properties in algorithms.items() if "primitive" not in properties], [])
        # A prime that is a group's has its name, others their size.
        self.assertIn("algorithm:ffdhe2048", assets(bom("gnutls-legacy"), "algorithm"))
        self.assertNotIn("algorithm:DHE-2048", assets(bom("gnutls-legacy"), "algorithm"))
        self.assertEqual(assets(bom("expired-dhe1024"), "algorithm")["algorithm:DHE-1024"]["cryptoProperties"]["algorithmProperties"]["classicalSecurityLevel"], 80)

    def test_certificates_say_what_they_are_for_and_that_they_are_revoked(self):
        document = corpus.document("nginx-recommended")
        facts = document["endpoints"][0]["facts"]
        leaf = facts["certificates"][0]["chain"][0]
        plain = assets(bom("nginx-recommended"), "certificate")["certificate:" + leaf["sha256"]]["cryptoProperties"]["certificateProperties"]
        extensions = {each["commonExtensionName"]: each["commonExtensionValue"] for each in plain["certificateExtensions"]}
        self.assertEqual(extensions["subjectAlternativeName"], ", ".join(leaf["subject_alt_names"]))
        self.assertNotIn("certificateState", plain)
        source = {"kind": "crl", "url": None, "status": "revoked", "error": None, "this_update": None, "next_update": None, "produced_at": None,
                  "revoked_at": "2026-01-02T03:04:05Z", "reason": "keyCompromise"}
        facts["revocation"] = [{"sha256": leaf["sha256"], "leaf": True, "status": "revoked", "why": "w", "sources": [source]}]
        path = render("revoked", document)
        self.assertEqual(errors_of([path]), {str(path): []})
        made = assets(json.loads(path.read_text(encoding="utf-8")), "certificate")["certificate:" + leaf["sha256"]]["cryptoProperties"]["certificateProperties"]
        self.assertEqual((made["certificateState"], made["revocationDate"]), ([{"state": "revoked", "reason": "keyCompromise"}], "2026-01-02T03:04:05Z"))

    def test_what_is_unknown_is_left_out(self):
        document = corpus.document("good")
        suite = document["endpoints"][0]["facts"]["cipher_suites"][0]
        suite.update({key: None for key in ("key_exchange", "authentication", "encryption", "key_bits", "block_bits", "mode", "mac")}, name="0xFEFE", code="0xFEFE")
        document["endpoints"][0]["facts"]["groups"][0]["name"] = "0xFEFD"
        made = json.loads(render("unknown", document).read_text(encoding="utf-8"))
        shown = [s for c in assets(made, "protocol").values() for s in c["cryptoProperties"]["protocolProperties"]["cipherSuites"] if s["name"] == "0xFEFE"]
        self.assertEqual([(s["identifiers"], s.get("algorithms")) for s in shown], [(["0xFE", "0xFE"], None)])
        self.assertEqual([c["cryptoProperties"] for c in made["components"] if c["name"] == "0xFEFD"], [{"assetType": "algorithm"}])

    def test_hostile_texts_stay_texts(self):
        honest = bom("bad")
        for key in corpus.HOSTILE:
            for output in VERSIONS:
                with self.subTest(key=key, output=output):
                    text = corpus.text(f"hostile-{key}", output)
                    self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
                    made = json.loads(text)
                    self.assertEqual(set(made), set(honest))
                    self.assertEqual(len(made["services"]), len(honest["services"]))
                    for service in made["services"]:
                        self.assertRegex(service["endpoints"][0], r"^(https:|smtp:)?//[A-Za-z0-9._%\[\]:-]*:\d+$")
                    self.assertLessEqual({c["type"] for c in made["components"]}, {"cryptographic-asset"})
        subject = next(iter(assets(bom("hostile-script"), "certificate").values()))["cryptoProperties"]["certificateProperties"]["subjectName"]
        self.assertEqual(subject, corpus.HOSTILE["script"])

    def test_serial_number_is_of_the_document(self):
        first, again = bom("good"), json.loads(render("again", corpus.document("good")).read_text(encoding="utf-8"))
        self.assertEqual(first, again)
        numbers = {bom(name, output)["serialNumber"] for name in ("good", "bad", "unreachable") for output in VERSIONS}
        self.assertEqual(len(numbers), 6)
        self.assertEqual({uuid.UUID(number).version for number in numbers}, {8})
        self.assertEqual({uuid.UUID(number).variant for number in numbers}, {uuid.RFC_4122})
        self.assertEqual(first["metadata"]["timestamp"], corpus.document("good")["run"]["finished_at"])
        self.assertEqual(first["metadata"]["lifecycles"], [{"phase": "operations"}])


if __name__ == "__main__":
    unittest.main()

"""testssl and testssl-csv: the shape that testssl.sh writes, what it said of the same server, and never an OK for what is not known."""
import collections
import csv
import io
import json
import re
import subprocess
import unittest

import corpus

SEVERITIES = {"OK", "INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL", "WARN", "FATAL", "DEBUG"}
HEADER = ["id", "fqdn/ip", "port", "severity", "finding", "cve", "cwe"]
# Ids of testssl.sh 3.2 that facts may answer; the others of it must not appear, since nothing was tested.
CERTIFICATE = ("cert_(?:signatureAlgorithm|keySize|keyUsage|extKeyUsage|serialNumber|serialNumberLen|fingerprintSHA1|fingerprintSHA256|commonName|subjectAltName|"
               "caIssuers|trust|trust_wildcard|chain_of_trust|expirationStatus|notBefore|notAfter|extlifeSpan|ocspURL|ocspRevoked|crlRevoked)|cert|OCSP_stapling|"
               "DNS_CAArecord|certificate_transparency|certs_countServer|certs_list_ordering_problem|"
               r"intermediate_cert(?:_fingerprintSHA256|_notBefore|_notAfter|_expiration|_chain)? <#\d+>")
IDS = re.compile(rf"(?:(?:{CERTIFICATE})(?: <hostCert#\d+>)?|scanProblem|service|SSLv[23]|TLS1(?:_[123])?|NPN|ALPN|ALPN_HTTP2|host_certificate_Problem|cert_numbers|"
                 r"cipherlist_(?:NULL|aNULL|EXPORT|LOW|3DES_IDEA|OBSOLETED|STRONG_NOFS|STRONG_FS)|cipher_order(?:-(?:ssl3|tls1(?:_[123])?))?|"
                 r"cipher-(?:ssl3|tls1(?:_[123])?)_x[0-9a-f]{2,6}|cipherorder_(?:SSLv3|TLSv1(?:_[123])?)|prioritize_chacha_TLSv1(?:_[123])?|"
                 r"FS|FS_ciphers|FS_KEMs|FS_ECDHE_curves|DH_groups|TLS_session_ticket|SSL_sessionID_support|sessionresumption_(?:ticket|ID)|"
                 r"certificate_compression|clientAuth|HTTP_status_code|insecure_redirect|HSTS|HSTS_(?:time|subdomains|preload|multiple)|banner_server|"
                 r"secure_renego|secure_client_renego|CRIME_TLS|POODLE_SSL|fallback_SCSV|SWEET32|FREAK|DROWN|LOGJAM|LOGJAM-common_primes|"
                 r"BEAST|BEAST_CBC_(?:SSL3|TLS1)|LUCKY13|RC4|rating_spec|rating_doc|(?:protocol_support|key_exchange|cipher_strength)_score(?:_weighted)?|"
                 r"final_score|overall_grade|grade_cap_reason_\d+)")
# What follows from which suites are not accepted.
FROM_SUITES = {"cipherlist_NULL", "cipherlist_aNULL", "cipherlist_EXPORT", "cipherlist_LOW", "SWEET32", "FREAK", "LOGJAM", "LUCKY13", "RC4"}
NAMES = {"SSLv2": "SSLv2", "SSLv3": "SSLv3", "TLSv1.0": "TLS1", "TLSv1.1": "TLS1_1", "TLSv1.2": "TLS1_2", "TLSv1.3": "TLS1_3"}
# testssl.sh 3.0 has other names for these.
RENAMED = {"PFS": "FS", "PFS_ciphers": "FS_ciphers", "PFS_ECDHE_curves": "FS_ECDHE_curves", "cipherlist_AVERAGE": "cipherlist_OBSOLETED",
           "cipherlist_STRONG": "cipherlist_STRONG_FS", "cert_validityPeriod": "cert_extlifeSpan"}
# Lists of names in an order that means nothing.
LISTS = {"FS_ciphers", "BEAST_CBC_TLS1", "RC4"}
# {file: {id: why testssl.sh 3.0.8 said something else of the same server}}
ALWAYS = {"scanTime": "the times that two programs took"}
DIFFERS = {
    "legacy": {
        "ALPN": "it asks for http/1.1 alone of what nginx also knows, http/1.0 and http/0.9",
        "DH_groups": "it leaves out the prime of TLS 1.2 where TLS 1.3 has named groups",
        "sessionresumption_ticket": "a connect problem of its own",
        "sessionresumption_ID": "it takes a ticket of TLS 1.3 for a session ID; nginx without a session cache resumes none",
        "cert_keySize <hostCert#1>": "3.2 adds the exponent",
        "cert_extlifeSpan <hostCert#1>": "3.0 says No finding under the older name",
        "cert_extlifeSpan <hostCert#2>": "3.0 says No finding under the older name",
        "LOGJAM": "it has two rows of that id here, of which one is OK",
    },
    "rc4-expired": {
        "cert_keySize": "3.2 adds the exponent",
        "cert_extlifeSpan": "3.0 says No finding under the older name",
    },
}


def rows_of(name):
    return json.loads(corpus.text(name, "testssl"))


def honest(name):
    return not name.startswith("hostile-")


def place(target):
    return f"{target['host']}/{target['address'] or target['host']}", str(target["port"])


def by_endpoint(name):
    """[(endpoint, {id: row})] of the endpoints that have a place of their own."""
    rows = collections.defaultdict(list)
    for row in rows_of(name)[:-1]:
        rows[row["ip"], row["port"]].append(row)
    endpoints = corpus.document(name)["endpoints"]
    places = collections.Counter(place(each["target"]) for each in endpoints)
    for endpoint in endpoints:
        if places[place(endpoint["target"])] == 1:
            yield endpoint, rows[place(endpoint["target"])]


def complete(facts):
    """Whether no suite of any version can be missing."""
    orders = {each["protocol"]: each["complete"] for each in facts.get("cipher_order", []) if isinstance(each, dict)}
    protocols = [each for each in facts.get("protocols", []) if isinstance(each, dict)]
    return bool(protocols) and all(each["support"] == "no" or (each["support"] == "yes" and orders.get(each["name"])) for each in protocols if each["name"] != "SSLv2")


class TestsslTest(unittest.TestCase):
    def test_shape(self):
        for name in corpus.results():
            with self.subTest(name):
                rows = rows_of(name)
                self.assertEqual(rows[-1]["id"], "scanTime")
                self.assertEqual(list(rows[-1]), ["id", "severity", "finding"])
                for row in rows[:-1]:
                    self.assertEqual([key for key in row if key not in ("cve", "cwe")], ["id", "ip", "port", "severity", "finding"])
                    self.assertTrue(all(isinstance(value, str) for value in row.values()))
                    self.assertIn(row["severity"], SEVERITIES)
                    self.assertNotRegex("".join(row.values()), r"[\x00-\x1f\x7f\u202e\u2066]")
                    if honest(name):
                        self.assertRegex(row["id"], rf"^{IDS.pattern}$")
                    self.assertRegex(row.get("cwe", "CWE-1"), r"^CWE-\d+$")
                    self.assertRegex(row.get("cve", "CVE-2000-1"), r"^CVE-\d+-\d+( CVE-\d+-\d+)*$")

    def test_an_id_comes_once(self):
        for name in filter(honest, corpus.results()):
            for endpoint, rows in by_endpoint(name):
                twice = [each for each, count in collections.Counter(row["id"] for row in rows).items() if count > 1]
                with self.subTest(f"{name} {endpoint['target']['host']}"):
                    self.assertEqual(twice, [])

    def test_protocols_and_suites_are_those_of_the_document(self):
        seen = collections.Counter()
        for name in filter(honest, corpus.results()):
            for endpoint, rows in by_endpoint(name):
                if endpoint["status"] in ("unreachable", "not_tls"):
                    self.assertEqual([(row["id"], row["severity"]) for row in rows], [("scanProblem", "FATAL")])
                    continue
                found = {row["id"]: row for row in rows}
                facts = endpoint["facts"]
                listed = collections.Counter(suite["protocol"] for suite in facts.get("cipher_suites", []))
                for each in facts.get("protocols", []):
                    row = found[NAMES[each["name"]]]
                    with self.subTest(f"{name} {each['name']}"):
                        seen[each["support"]] += 1
                        if listed[each["name"]]:
                            self.assertRegex(row["finding"], "^(offered|vulnerable)")
                        elif each["support"] == "inconclusive":
                            self.assertEqual(row["severity"], "WARN")
                            self.assertRegex(row["finding"], "^test inconclusive")
                        else:
                            self.assertEqual(row["finding"].startswith("not offered"), each["support"] == "no")
                suites = [row for row in rows if re.match("cipher-(tls|ssl3)", row["id"])]
                self.assertEqual(len(suites), sum(count for version, count in listed.items() if version != "SSLv2"))
                codes = {(row["id"].split("_x")[0], row["id"].split("_x")[1].zfill(4)) for row in suites}
                self.assertEqual({code for _, code in codes}, {suite["code"][2:].lower() for suite in facts.get("cipher_suites", []) if suite["protocol"] != "SSLv2"})
        self.assertGreater(min(seen[each] for each in ("yes", "no", "inconclusive")), 5)

    def test_what_is_not_known_is_never_ok(self):
        met = 0
        for name in filter(honest, corpus.results()):
            for endpoint, rows in by_endpoint(name):
                if complete(endpoint["facts"]):
                    continue
                met += 1
                with self.subTest(f"{name} {endpoint['target']['host']}"):
                    self.assertEqual([row["id"] for row in rows if row["id"] in FROM_SUITES and row["severity"] == "OK"], [])
        self.assertGreater(met, 3)

    def test_verdicts_of_known_servers(self):
        """What the samples are: a good server has nothing above INFO but for what it lacks, a bad one what it was made with."""
        found = {row["id"]: row["severity"] for endpoint, rows in by_endpoint("bad") if endpoint["target"]["host"] == "legacy.example.net" for row in rows}
        for each, severity in {"RC4": "HIGH", "SWEET32": "LOW", "cipherlist_3DES_IDEA": "MEDIUM", "cipherlist_LOW": "HIGH", "TLS1": "LOW", "SSLv3": "WARN", "POODLE_SSL": "WARN",
                               "cert_chain_of_trust": "CRITICAL", "cert_expirationStatus": "CRITICAL", "cert_signatureAlgorithm": "MEDIUM", "cert_keySize": "MEDIUM",
                               "cert_trust": "HIGH", "HSTS": "LOW", "insecure_redirect": "HIGH", "BEAST": "LOW", "LOGJAM": "MEDIUM", "LOGJAM-common_primes": "WARN", "cipher_order": "HIGH",
                               "secure_client_renego": "HIGH"}.items():
            self.assertEqual((each, found.get(each)), (each, severity))
        good = {row["id"]: row["severity"] for _, rows in by_endpoint("nginx-recommended") for row in rows}
        for each in ("SSLv2", "SSLv3", "TLS1_2", "TLS1_3", "cipherlist_NULL", "cipherlist_STRONG_FS", "FS", "cert_chain_of_trust", "cert_trust", "HSTS_time", "RC4", "SWEET32",
                     "FREAK", "DROWN", "LOGJAM", "LUCKY13", "POODLE_SSL", "CRIME_TLS", "secure_renego"):
            self.assertEqual((each, good.get(each)), (each, "OK"))

    def test_agrees_with_testssl_about_the_same_server(self):
        """tests/data/testssl: results of an nginx and of a gnutls-serv, and what testssl.sh 3.0.8 wrote of each."""
        data = corpus.ROOT / "tests/data/testssl"
        for name, differing in DIFFERS.items():
            with self.subTest(name):
                done = subprocess.run([corpus.TLSGAUGE, "report", str(data / f"{name}.json"), "-o", "testssl"], capture_output=True, check=True, timeout=60)
                said = collections.defaultdict(list)
                for row in json.loads((data / f"{name}.testssl-3.0.8.json").read_text(encoding="utf-8")):
                    base, _, suffix = row["id"].partition(" ")
                    said[" ".join(filter(None, [RENAMED.get(base, base), suffix.replace("cert#", "hostCert#")]))].append(row)
                compared = 0
                for row in json.loads(done.stdout):
                    theirs, ours = [self.substance(row["id"], each) for each in said.get(row["id"], [])], self.substance(row["id"], row)
                    if theirs and row["id"] in {**ALWAYS, **differing}:
                        self.assertNotEqual(theirs, [ours], f"{row['id']} does not differ any more")
                    elif theirs:
                        self.assertEqual(theirs, [ours], row["id"])
                        compared += 1
                self.assertGreater(compared, 60)

    @staticmethod
    def substance(name, row):
        finding = row["finding"].replace("EDH-RSA-DES-CBC3", "DHE-RSA-DES-CBC3")  # OpenSSL's name before 1.1
        return row["severity"], " ".join(sorted(finding.split(" "))) if name in LISTS else finding, row.get("cve", ""), row.get("cwe", "")

    def test_hostile_texts_are_where_they_belong(self):
        for text in ("script", "script_end", "quotes", "cdata", "unicode"):  # printable as they are
            with self.subTest(text):
                rows = rows_of(f"hostile-{text}")[:-1]
                self.assertEqual({row["ip"] for row in rows}, {f"{corpus.HOSTILE[text]}/{corpus.HOSTILE[text]}"})
                self.assertIn(corpus.HOSTILE[text], {row["finding"] for row in rows if row["id"].startswith("ALPN")})


class TestsslCsvTest(unittest.TestCase):
    def rows(self, name):
        return list(csv.reader(io.StringIO(corpus.text(name, "testssl-csv")), strict=True))

    def test_the_rows_are_those_of_the_json(self):
        for name in corpus.results():
            with self.subTest(name):
                header, *rows = self.rows(name)
                self.assertEqual(header, HEADER)
                made = [[row["id"], row["ip"], row["port"], row["severity"], row["finding"], row.get("cve", ""), row.get("cwe", "")] for row in rows_of(name)[:-1]]
                plain = [[re.sub("^'(?=[=+@-])", "", cell) for cell in row] for row in rows if row[0] != "scanTime"]
                self.assertEqual(plain, [[re.sub("^'(?=[=+@-])", "", cell) for cell in row] for row in made])
                self.assertEqual(corpus.text(name, "testssl-csv").count("\n"), len(rows) + 1, "one line a row")

    def test_no_cell_is_a_formula(self):
        for name in corpus.results():
            for row in self.rows(name):
                for cell in row:
                    if cell != "--" and not cell.startswith("-----BEGIN CERTIFICATE-----"):
                        self.assertNotIn(cell[:1], ("=", "+", "-", "@", "\t", "\r"), f"{name}: {cell[:60]!r}")

    def test_defectdojo_can_import_it(self):
        """Its importer reads rows by these names, drops OK, and takes the suite from behind TLS_ where the id has cipher-tls in it."""
        for name in corpus.results():
            for row in csv.DictReader(io.StringIO(corpus.text(name, "testssl-csv"))):
                self.assertEqual(set(row), set(HEADER))
                if "cipher-tls" in row["id"]:
                    self.assertTrue(row["finding"].split("TLS_")[1], f"{name}: {row}")
                for each in filter(None, row["cve"].split(" ")):
                    self.assertRegex(each, r"^CVE-\d+-\d+$")


if __name__ == "__main__":
    unittest.main()

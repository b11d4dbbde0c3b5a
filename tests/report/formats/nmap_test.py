"""nmap and nmap-xml: valid by nmap's DTD, read by python-libnmap, which reads nmap's, and saying what the document says."""
import collections
import re
import subprocess
import unittest
import xml.etree.ElementTree

from libnmap.parser import NmapParser

import corpus

DTD = "/usr/share/nmap/nmap.dtd"
TLS = ("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")
SCRIPTS = {"ssl-cert", "ssl-enum-ciphers", "sslv2", "tlsgauge"}
LETTERS = ["A", "B", "C", "D", "E", "F", "unknown"]


def host_ports(name):
    """[(endpoint, its port element)] of the endpoints with an address, and the names of the others."""
    root = xml.etree.ElementTree.fromstring(corpus.rendered(name, "nmap-xml").read_bytes())
    ports = [(host, port) for host in root.findall("host") for port in host.findall("ports/port")]
    placed = collections.defaultdict(list)
    for endpoint in corpus.document(name)["endpoints"]:
        placed[endpoint["target"]["port"]].append(endpoint)
    return root, ports


def scripts_of(port):
    return {script.get("id"): script for script in port.findall("script")}


def versions_of(script):
    return {table.get("key"): table for table in script.findall("table")} if script is not None else {}


def letters_of(version):
    return [elem.text for elem in version.findall("table[@key='ciphers']/table/elem[@key='strength']")]


def honest(name):
    return not name.startswith("hostile-")


class NmapXmlTest(unittest.TestCase):
    def test_valid_by_nmaps_dtd(self):
        paths = [str(corpus.rendered(name, "nmap-xml")) for name in corpus.results()]
        done = subprocess.run(["xmllint", "--noout", "--nonet", "--huge", "--dtdvalid", DTD, *paths], capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual((done.returncode, done.stderr[-2000:]), (0, ""))

    def test_every_endpoint_is_there(self):
        for name in corpus.results():
            with self.subTest(name):
                root, ports = host_ports(name)
                targets = root.findall("target")
                self.assertEqual(len(ports) + len(targets), len(corpus.document(name)["endpoints"]))
                self.assertEqual(int(root.find("runstats/hosts").get("total")), len(root.findall("host")))
                shown = collections.Counter(port.get("portid") for _, port in ports)
                meant = collections.Counter(str(each["target"]["port"]) for each in corpus.document(name)["endpoints"]
                                            if each["target"]["address"] or ":" in each["target"]["host"] or re.fullmatch(r"[\d.]+", each["target"]["host"]))
                self.assertEqual(shown, meant)

    def test_read_by_libnmap(self):
        for name in corpus.results():
            with self.subTest(name):
                report = NmapParser.parse_fromfile(str(corpus.rendered(name, "nmap-xml")))
                root, ports = host_ports(name)
                self.assertEqual(len(report.hosts), len(root.findall("host")))
                for host in report.hosts:
                    for service in host.services:
                        self.assertLessEqual({script["id"] for script in service.scripts_results}, SCRIPTS)
                self.assertEqual(sum(len(host.services) for host in report.hosts), len(ports))

    def test_suites_and_versions_are_those_of_the_document(self):
        for name in filter(honest, corpus.results()):
            _, ports = host_ports(name)
            by_name = collections.defaultdict(list)
            for host, port in ports:
                named = host.find("hostnames/hostname")
                by_name[named.get("name") if named is not None else host.find("address").get("addr"), port.get("portid")].append(port)
            for endpoint in corpus.document(name)["endpoints"]:
                target, facts = endpoint["target"], endpoint["facts"]
                here = by_name.get((target["host"], str(target["port"])), [])
                if len(here) != 1:
                    continue
                with self.subTest(f"{name} {target['host']}"):
                    versions = versions_of(scripts_of(here[0]).get("ssl-enum-ciphers"))
                    listed = collections.Counter(suite["protocol"] for suite in facts.get("cipher_suites", []) if isinstance(suite, dict))
                    support = {each["name"]: each["support"] for each in facts.get("protocols", []) if isinstance(each, dict)}
                    for version in TLS:
                        count = len(letters_of(versions[version])) if version in versions else 0
                        self.assertEqual(count, listed[version])
                        self.assertEqual(version in versions, support.get(version) == "yes" or listed[version] > 0)

    def test_what_is_not_known_is_never_good(self):
        """A version that may be accepted is named, and the least strength is then unknown."""
        met = 0
        for name in filter(honest, corpus.results()):
            root, ports = host_ports(name)
            texts = [script.get("output") for script in root.iter("script") if script.get("id") == "tlsgauge"]
            for endpoint in corpus.document(name)["endpoints"]:
                spoken = endpoint["status"] in ("complete", "partial")  # of the others the status says all
                for each in endpoint["facts"].get("protocols", []) if spoken else []:
                    if isinstance(each, dict) and each["support"] == "inconclusive":
                        met += 1
                        with self.subTest(f"{name} {each['name']}"):
                            self.assertTrue(any(each["name"] in text for text in texts))
            for _, port in ports:
                scripts = scripts_of(port)
                enum = scripts.get("ssl-enum-ciphers")
                if enum is None:
                    continue
                least = enum.find("elem[@key='least strength']").text
                letters = [letter for version in versions_of(enum).values() for letter in letters_of(version)]
                self.assertGreaterEqual(LETTERS.index(least), max(map(LETTERS.index, letters), default=0))
                said = scripts["tlsgauge"].get("output") if "tlsgauge" in scripts else ""
                if re.search(r"^    (SSLv3|TLSv1\.\d)( may have more cipher suites)?: ", said, re.M):
                    self.assertIn(least, ("F", "unknown") if "F" in letters else ("unknown",), name)
        self.assertGreater(met, 0, "no result of the corpus is inconclusive")

    def test_unreachable_is_not_open(self):
        for name in filter(honest, corpus.results()):
            root, ports = host_ports(name)
            statuses = collections.Counter(each["status"] for each in corpus.document(name)["endpoints"] if each["target"]["address"])
            shut = [port for _, port in ports if port.find("state").get("state") != "open"]
            with self.subTest(name):
                self.assertGreaterEqual(len(shut), statuses["unreachable"])
                for port in shut:
                    self.assertNotIn("ssl-enum-ciphers", scripts_of(port))
                    self.assertIn("unreachable", scripts_of(port)["tlsgauge"].get("output"))

    def test_output_says_what_the_structure_says(self):
        for name in filter(honest, corpus.results()):
            root, _ = host_ports(name)
            for script in root.iter("script"):
                if script.get("id") != "ssl-enum-ciphers":
                    continue
                lines = [line.strip() for line in script.get("output").split("\n")]
                made = []
                for cipher in script.findall("table/table[@key='ciphers']/table"):
                    part = {elem.get("key"): elem.text for elem in cipher}
                    exchange = f" ({part['kex_info']})" if "kex_info" in part else ""
                    made.append(f"{part['name']}{exchange} - {part['strength']}")
                self.assertEqual([line for line in lines if re.search(r" - (?:[A-F]|unknown)$", line)], made)
                self.assertEqual([line for line in lines if line.startswith("least strength: ")],
                                 [f"least strength: {script.find('elem').text}"])

    def test_hostile_texts_are_text(self):
        base_root, _ = host_ports("bad")
        shape = collections.Counter(node.tag for node in base_root.iter())
        for text in corpus.HOSTILE:
            with self.subTest(text):
                root, _ = host_ports(f"hostile-{text}")
                for tag in ("nmaprun", "runstats", "finished"):
                    self.assertEqual(sum(1 for node in root.iter(tag)), shape[tag])
                self.assertLessEqual({node.tag for node in root.iter()}, {node.tag for node in base_root.iter()} | {"target"})
                self.assertLessEqual({node.get("id") for node in root.iter("script")}, SCRIPTS)
                for node in root.iter():
                    for value in [*node.attrib.values(), node.text or ""]:
                        self.assertNotRegex(value, r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e\u2066]")

    def test_hostile_texts_are_where_they_belong(self):
        for text in ("script", "script_end", "quotes", "cdata", "unicode"):  # printable as they are
            with self.subTest(text):
                root, _ = host_ports(f"hostile-{text}")
                names = {node.get("name") for node in root.iter("hostname")} | {node.get("specification") for node in root.iter("target")}
                self.assertEqual(names, {corpus.HOSTILE[text]})


class NmapTextTest(unittest.TestCase):
    LINE = re.compile(r"(# .*|Nmap scan report for .*|Host is up\.|Failed to resolve \".*\"\.|PORT +STATE +SERVICE|\d+/(?:tcp|udp) +\w+ +[\w-]+|\|[ _].*|)")

    def test_every_line_is_one_of_nmaps(self):
        for name in corpus.results():
            with self.subTest(name):
                text = corpus.text(name, "nmap")
                strange = [line[:200] for line in text.split("\n") if not self.LINE.fullmatch(line)]
                self.assertEqual(strange, [])
                self.assertEqual(re.findall(r"[\x00-\x08\x0b-\x1f\x7f\u202e\u2066]", text), [])

    def test_ports_and_scripts_are_those_of_the_xml(self):
        for name in corpus.results():
            with self.subTest(name):
                text = corpus.text(name, "nmap")
                root, ports = host_ports(name)
                self.assertEqual(len(re.findall(r"^\d+/(?:tcp|udp) ", text, re.M)), len(ports))
                shown = [f"{script.get('id')}: {script.get('output')}" for script in root.iter("script")]
                text = text.replace("\ufffe", "\\u{FFFE}").replace("\uffff", "\\u{FFFF}")  # which XML does not allow
                framed = re.sub(r"^\|[ _]", "", "\n".join(line for line in text.split("\n") if line.startswith("|")), flags=re.M)
                self.assertEqual(framed, "\n".join(shown))

    def test_the_last_line_of_a_script_closes_it(self):
        for name in corpus.results():
            lines = corpus.text(name, "nmap").split("\n")
            for line, after in zip(lines, lines[1:]):
                if line.startswith("| "):
                    self.assertTrue(after.startswith("|"), f"{name}: {line[:100]!r}, {after[:100]!r}")


if __name__ == "__main__":
    unittest.main()

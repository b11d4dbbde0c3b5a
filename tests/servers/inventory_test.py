"""What monitoring and inventories read of a real server: the expiry that OpenSSL reads in its certificate, the suites of its configuration."""
import calendar
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from cases import ServerCase
from certificates import certificates
from servers import Nginx, OpensslServer

DIRECTIVES = """ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA256:AES128-SHA;
ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256;
ssl_ecdh_curve X25519:secp384r1;
"""
SUITES = {
    "TLS 1.3": {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"},
    "TLS 1.2": {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"},
}


def read_with_openssl(certificate, *what):
    return subprocess.run(["openssl", "x509", "-noout", *what], input=certificate, capture_output=True, text=True, check=True, timeout=20).stdout


def end(certificate):
    """Unix time of its notAfter."""
    date = read_with_openssl(certificate, "-enddate").strip().partition("=")[2]
    return calendar.timegm(time.strptime(date, "%b %d %H:%M:%S %Y GMT"))


class Inventory(ServerCase):
    def render(self, server, *formats):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="tlsgauge-inventory-"))
        self.addCleanup(shutil.rmtree, folder)
        outputs = [part for each in formats for part in ("-o", f"{each}={folder}/{each}")]
        done = self.scan(server, "--offline", *outputs)
        self.assertIn(done.code, (0, 1), done.report())
        return [(folder / each).read_text(encoding="utf-8") for each in formats]

    def test_nginx(self):
        with Nginx(DIRECTIVES + Nginx.HSTS) as server:
            metrics, cbom, older = self.render(server, "prometheus", "cbom", "cbom-1.6")
        file = pathlib.Path(certificates().certificate("good")).read_text(encoding="utf-8")
        served = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", file, re.DOTALL)
        label = re.escape(f'instance="{server.target}')
        self.assertRegex(metrics, rf"(?m)^probe_ssl_earliest_cert_expiry{{{label}[^}}]*}} {min(map(end, served))}$")
        self.assertRegex(metrics, rf"(?m)^probe_ssl_last_chain_expiry_timestamp_seconds{{{label}[^}}]*}} {min(map(end, served))}$")
        self.assertEqual(sorted(map(int, re.findall(r"(?m)^ssl_cert_not_after{.* (\d+)$", metrics))), sorted(map(end, served)))
        self.assertRegex(metrics, rf"(?m)^probe_success{{{label}[^}}]*}} 1$")
        self.assertRegex(metrics, rf'(?m)^probe_tls_version_info{{{label}[^}}]*version="TLS 1.3"}} 1$')
        self.assertRegex(metrics, rf"(?m)^tlsgauge_hsts_max_age_seconds{{{label}[^}}]*}} 63072000$")
        for text in (cbom, older):
            components = json.loads(text)["components"]
            protocols = {c["name"]: c["cryptoProperties"]["protocolProperties"] for c in components if "protocolProperties" in c["cryptoProperties"]}
            self.assertEqual({name: {s["name"] for s in p["cipherSuites"]} for name, p in protocols.items()}, SUITES)
        components = json.loads(cbom)["components"]
        fingerprint = read_with_openssl(served[0], "-fingerprint", "-sha256").strip().partition("=")[2].replace(":", "").lower()
        self.assertIn(f"certificate:{fingerprint}", {c["bom-ref"] for c in components})
        groups = {g for c in components for s in c["cryptoProperties"].get("protocolProperties", {}).get("cipherSuites", []) for g in s.get("tlsGroups", [])}
        self.assertEqual(groups, {"x25519", "secp384r1"})
        levels = {c["name"]: c["cryptoProperties"]["algorithmProperties"].get("nistQuantumSecurityLevel") for c in components
                  if "algorithmProperties" in c["cryptoProperties"]}
        self.assertEqual((levels["AES-256-GCM"], levels["AES-128-CBC"], levels["x25519"]), (5, 1, 0))

    def test_openssl_with_one_suite(self):
        with OpensslServer("-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305") as server:
            metrics, cbom = self.render(server, "prometheus", "cbom")
        protocols = [c["cryptoProperties"]["protocolProperties"] for c in json.loads(cbom)["components"] if "protocolProperties" in c["cryptoProperties"]]
        self.assertEqual([[s["name"] for s in p["cipherSuites"]] for p in protocols], [["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]])
        self.assertIn('protocol="TLSv1.3",support="no"} 1', metrics)
        self.assertNotIn("X25519MLKEM768", cbom)

    def test_a_closed_port(self):
        with Nginx(DIRECTIVES) as server:
            pass
        folder = pathlib.Path(tempfile.mkdtemp(prefix="tlsgauge-inventory-"))
        self.addCleanup(shutil.rmtree, folder)
        self.assertEqual(self.scan(server, "-o", f"prometheus={folder}/m", "-o", f"cbom={folder}/c").code, 3)
        metrics, cbom = (folder / "m").read_text(encoding="utf-8"), json.loads((folder / "c").read_text(encoding="utf-8"))
        self.assertIn(f'probe_success{{instance="{server.target} as ', metrics)
        self.assertNotIn("tlsgauge_score", metrics)
        self.assertEqual((cbom["components"], cbom["dependencies"]), ([], []))


if __name__ == "__main__":
    unittest.main()

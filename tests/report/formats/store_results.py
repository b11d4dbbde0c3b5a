#!/usr/bin/python3
"""Scans real servers and stores what came of it in tests/data/results, the corpus of the tests of report formats.

Run it when the document gains facts that formats show: `TLSGAUGE=build/release/tlsgauge tests/report/formats/store_results.py [NAME...]`.
"""
import contextlib
import json
import pathlib
import re
import socket
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/servers"))

from certificates import NAME, certificates  # noqa: E402
from profiles_test import MOZILLA_INTERMEDIATE, MOZILLA_OLD  # noqa: E402
from program import tlsgauge  # noqa: E402
from servers import Apache, GnutlsServer, Haproxy, JavaServer, Nginx, NssServer, OpensslServer, free_port, openssl35  # noqa: E402

RESULTS = ROOT / "tests/data/results"
WAIVERS = f"""tlsgauge_waivers: 1
waivers:
  - {{id: W-1, requirement: hsts-present, target: {NAME}, reason: "No browser comes here.", approved_by: board, ticket: SEC-1, expires: 2099-12-31}}
  - {{id: W-2, requirement: suites-aead, target: {NAME}, reason: "Was to be gone by then.", approved_by: board, expires: 2026-01-31}}
"""
PROFILES = ("nginx-recommended", "mozilla-intermediate", "ssllabs", "nmap-ssl-enum-ciphers")


class Plain:
    """A server that answers with `answer` whatever it is asked; None: it takes connections and says nothing."""

    def __init__(self, answer):
        self.answer = answer

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def _serve(self):
        held = []
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                if self.answer is None:
                    held.append(connection)
                    continue
                with connection, contextlib.suppress(OSError):
                    connection.recv(4096)
                    connection.sendall(self.answer)

    def __exit__(self, *_):
        self.socket.close()


class Nobody:
    """A port where nobody listens."""

    def __enter__(self):
        self.port = free_port()
        return self

    def __exit__(self, *_):
        pass


class OnIpv6(OpensslServer):
    def command(self):
        return [part if part != "127.0.0.1:0" else "[::1]:0" for part in super().command()]


def by(server, *options, address="127.0.0.1", target=NAME):
    return server, options, address, target


# name: how one endpoint comes about
ONE = {
    "nginx-recommended": by(lambda: Nginx(Nginx.RECOMMENDED + Nginx.HSTS)),
    "nginx-intermediate": by(lambda: Nginx(MOZILLA_INTERMEDIATE + Nginx.HSTS, names=("good-ecdsa", "good"))),
    "nginx-old": by(lambda: Nginx(MOZILLA_OLD)),
    "apache": by(lambda: Apache(Apache.HSTS)),
    "haproxy": by(lambda: Haproxy(rules=Haproxy.HSTS)),
    "openssl35": by(lambda: OpensslServer("-tls1_3", "-groups", "X25519MLKEM768:X25519:P-256", names=("good-ecdsa",), program=openssl35())),
    "gnutls-legacy": by(lambda: GnutlsServer("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+3DES-CBC:+MD5:+SHA1:+RSA:+DHE-RSA", names=("good-ecdsa", "good"))),
    "nss-ssl3": by(lambda: NssServer("-V", "ssl3:tls1.2")),
    "java": by(JavaServer),
    "expired-dhe1024": by(lambda: OpensslServer("-cipher", "DHE-RSA-AES128-SHA:DHE-RSA-AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0", "-tls1_2", "-dhparam",
                                                certificates().dh1024, names=("expired",))),
    "anonymous-null": by(lambda: OpensslServer("-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-tls1_2", names=("good",))),
    "wrong-host": by(lambda: Nginx(Nginx.RECOMMENDED, names=("wrong-host",))),
    "untrusted": by(lambda: Nginx(Nginx.RECOMMENDED, names=("untrusted",))),
    "self-signed": by(lambda: Nginx(Nginx.RECOMMENDED, names=("self-signed",))),
    "hostile-name": by(lambda: Nginx(Nginx.RECOMMENDED, names=("hostile",))),
    "ed25519": by(lambda: OpensslServer(names=("good-ed25519",))),
    "weak-key": by(lambda: OpensslServer("-cipher", "ALL:@SECLEVEL=0", names=(certificates().rsa(1024, "sha1"),))),
    "client-certificate": by(lambda: OpensslServer("-Verify", "1")),
    "unreachable-port": by(Nobody),
    "not-tls": by(lambda: Plain(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    "silent": by(lambda: Plain(None), "--timeout", "1"),
    "ipv6": by(lambda: OnIpv6(names=("good",)), address="[::1]", target="[::1]"),
    "waived": by(lambda: Nginx(MOZILLA_OLD), "--waivers", "waivers.yaml"),
    "several-profiles": by(lambda: Nginx(MOZILLA_OLD), *(part for name in PROFILES for part in ("-p", name))),
    "facts-only-suites": by(lambda: Nginx(Nginx.INTERMEDIATE), "--only", "protocols,cipher_suites"),
}


def scan(folder, *arguments):
    done = tlsgauge("scan", "--offline", "--ca-file", certificates().ca, "-o", "json", "--progress", "never", *arguments, cwd=folder, limit=300)
    assert done.code in (0, 1, 3), done.report()
    return done.out


def without_this_machine(text, ports):
    """The result as of port 443 and of files that stand in the folder where it was called."""
    text = text.replace(certificates().ca, "ca.pem")
    for port in ports:
        text = re.sub(rf"(?<=:){port}(?=\")", "443", text)  # in texts: "127.0.0.1:PORT"
        text = re.sub(rf"(?<=\"port\": ){port}\b", "443", text)
    assert str(RESULTS) not in text and "/tmp/" not in text, re.findall(r".{60}/tmp/.{60}", text)[:3]
    return text


def main(names):
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "waivers.yaml").write_text(WAIVERS, encoding="utf-8")
        for name, (server, options, address, target) in ONE.items():
            if names and name not in names:
                continue
            with server() as running:
                text = scan(folder, target, "--connect", f"{address}:{running.port}", *options)
            store(name, without_this_machine(text, [running.port]))
        if not names or "several" in names:
            with contextlib.ExitStack() as stack:
                servers = [stack.enter_context(ONE[each][0]()) for each in ("nginx-recommended", "nginx-old", "unreachable-port", "not-tls", "apache")]
                listed = "# front ends\n" + "".join(f"127.0.0.1:{each.port}\n" for each in servers)
                (pathlib.Path(folder) / "targets.txt").write_text(listed, encoding="utf-8")
                text = scan(folder, "-i", "targets.txt", "--sni", NAME)
            for number, each in enumerate(servers):  # they keep different ports, or they would be one endpoint
                text = re.sub(rf"(?<=:){each.port}(?=\")", str(8443 + number), text)
                text = re.sub(rf"(?<=\"port\": ){each.port}\b", str(8443 + number), text)
            store("several", without_this_machine(text, []))


def store(name, text):
    document = json.loads(text)
    (RESULTS / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(name, [(each["status"], [a["verdict"] + " " + a["grade"] for a in each["assessments"]]) for each in document["endpoints"]], len(text), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/python3
"""Connections and seconds of `tlsgauge scan` beside nmap's ssl-enum-ciphers, on the same nginx, in the same run.

Both go through a proxy that counts connections and octets. Medians of RUNS; the order of the tools changes from run to run.

    compare_nmap.py [RUNS]
"""
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
sys.dont_write_bytecode = True

from certificates import NAME, certificates  # noqa: E402
from program import suites, tlsgauge  # noqa: E402
from servers import Nginx  # noqa: E402


class CountingProxy:
    """Forwards connections to a port on loopback; counts them and the octets each way."""

    def __init__(self, port):
        self.to = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.reset()
        threading.Thread(target=self._serve, daemon=True).start()

    def reset(self):
        with self.lock:
            self.connections, self.up, self.down = 0, 0, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
            server = socket.create_connection(self.to)
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pump, args=(client, server, "up"), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, "down"), daemon=True).start()

    def _pump(self, source, sink, way):
        try:
            while data := source.recv(65536):
                with self.lock:
                    setattr(self, way, getattr(self, way) + len(data))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for each in (source, sink):
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def cpu():
    """CPU seconds of ended children."""
    times = os.times()
    return times.children_user + times.children_system


def measure(proxy, ask):
    proxy.reset()
    before, started = cpu(), time.monotonic()
    found = ask(proxy.port)
    return {"seconds": time.monotonic() - started, "cpu": cpu() - before, "connections": proxy.connections, "up": proxy.up, "down": proxy.down, "suites": found}


def ask_tlsgauge(*more):
    def ask(port):
        done = tlsgauge("scan", "--ca-file", certificates().ca, "--sni", NAME, "-o", "json", *more, f"127.0.0.1:{port}")
        # 3: the profile wants answers that were not asked for.
        if done.code not in ((0, 1, 3) if more else (0, 1)) or done.endpoint()["errors"]:
            raise RuntimeError(done.report())
        return sum(len(listed) for listed in suites(done.endpoint()).values())
    return ask


def ask_nmap(port):
    done = subprocess.run(["nmap", "-Pn", "-n", "-p", str(port), "--script", "ssl-enum-ciphers", "--script-args", f"tls.servername={NAME}", "127.0.0.1"],
                          capture_output=True, text=True, check=True)
    return len(re.findall(r"^\|\s+TLS_\S+ .* - [A-F]$", done.stdout, re.MULTILINE))


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    if not shutil.which("nmap"):
        print("nmap is not installed: ./dev setup")
        return 1
    dh = f"ssl_dhparam {certificates().folder}/ffdhe2048.pem;\n"
    subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", certificates().folder / "ffdhe2048.pem"],
                   check=True, capture_output=True)
    endpoints = {
        "nginx recommended (2 + 2 suites)": Nginx(Nginx.RECOMMENDED + Nginx.HSTS),
        "nginx intermediate (6 + 3 suites)": Nginx(Nginx.INTERMEDIATE + dh + Nginx.HSTS),
    }
    tools = {
        "nmap ssl-enum-ciphers": ask_nmap,
        "tlsgauge, all questions": ask_tlsgauge(),
        "tlsgauge, versions and suites": ask_tlsgauge("--only", "protocols,cipher_suites"),
    }
    print(f"{'endpoint':<34} {'tool':<30} {'connections':>11} {'seconds':>8} {'CPU s':>6} {'octets up':>10} {'down':>8} {'suites':>6}")
    for title, server in endpoints.items():
        with server, CountingProxy(server.port) as proxy:
            results = {name: [] for name in tools}
            for turn in range(runs):
                names = list(tools)
                for name in names[turn % len(names):] + names[:turn % len(names)]:
                    results[name].append(measure(proxy, tools[name]))
            for name, measured in results.items():
                middle = {key: statistics.median(each[key] for each in measured) for key in measured[0]}
                print(f"{title:<34} {name:<30} {middle['connections']:>11.0f} {middle['seconds']:>8.2f} {middle['cpu']:>6.2f} {middle['up']:>10.0f} "
                      f"{middle['down']:>8.0f} {middle['suites']:>6.0f}")
    print(f"medians of {runs} runs")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except unittest.SkipTest as missing:
        print(missing)
        sys.exit(1)

"""Real servers behind boxes that lose, limit and ban, and peers that are no servers: what the scanners say of them.

One run each, the three tools side by side, each with a box of its own; a tool that has not ended after its limit is stopped.
"""
import concurrent.futures

import middleboxes
import raw_truth
import scripted
import tools
from certificates import NAME
from servers import Nginx

LIMITS = {"tlsgauge": 120, "nmap": 60, "sslscan": 60}
DIRECTIVES = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\nssl_ciphers HIGH:!aNULL:!PSK:!SRP:!ARIA:!CAMELLIA:@SECLEVEL=0;\nssl_prefer_server_ciphers on;\n"
TOOLS = {"tlsgauge": tools.tlsgauge(*tools.SUITES), "nmap": tools.nmap, "sslscan": tools.sslscan}

BOXES = {
    "drops hellos over 255 octets": middleboxes.DropsLongHellos,
    "silent on hellos of 256 to 511 octets": middleboxes.SilentOnMiddlingHellos,
    "drops more than 128 suites": middleboxes.DropsManySuites,
    "alert on more than 64 suites": middleboxes.AlertsOnManySuites,
    "drops any extension": middleboxes.DropsExtensions,
    "drops versions above TLS 1.0": middleboxes.DropsAboveTls10,
    "records of one octet": middleboxes.RecordsOfOneOctet,
    "one connection at a time, others reset": middleboxes.OneAtATime,
    "four connections, others closed": middleboxes.FourAtATime,
    "more than 10 connections a second reset": middleboxes.TenASecond,
    "silent after 20 connections": lambda port: middleboxes.BansSilently(port, 20),
    "30 % of connections reset": middleboxes.ResetsMany,
    "5 % of connections reset": middleboxes.ResetsSome,
    "answers after 2 s": lambda port: middleboxes.Slow(port, 2),
    "answers after 8 s": lambda port: middleboxes.Slow(port, 8),
}
PEERS = {
    "accepts, never answers": scripted.Silent,
    "one octet a second": scripted.Drip,
    "a handshake message of 16 MiB": scripted.LongMessage,
    "echoes version and suite of the hello": scripted.EchoesVersion,
    "garbage certificates for any suite": scripted.GarbageCertificates,
    "HelloRetryRequest for ever": scripted.RetriesForever,
}


def without_extensions(address):
    """The pairs that hellos without any extension get."""
    def takes(pair):
        version, suite = pair
        hello = bytearray(raw_truth.client_hello("SSLv3", [suite]))
        hello[9:11] = raw_truth.VERSIONS[version].to_bytes(2, "big")
        try:
            found, whole, _ = raw_truth.exchange(address, hello, raw_truth.FIRST_TIMEOUT, True)
        except (OSError, EOFError):
            return False
        return bool(found and whole and found.version == raw_truth.VERSIONS[version])
    pairs = [(version, suite) for version in raw_truth.OLD_VERSIONS for suite in raw_truth.suite_codes(version)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return {pair for pair, yes in zip(pairs, pool.map(takes, pairs)) if yes}


def reachable(truth, name, address):
    """The pairs that a patient client gets through this box."""
    if name == "drops versions above TLS 1.0":
        return {pair for pair in truth if pair[0] == "TLSv1.0"}
    return without_extensions(address) if name == "drops any extension" else truth


def side_by_side(make):
    """{tool: result}"""
    def one(tool):
        with make() as box:
            return TOOLS[tool](box.port, LIMITS[tool])
    with concurrent.futures.ThreadPoolExecutor(len(TOOLS)) as pool:
        return dict(zip(TOOLS, pool.map(one, TOOLS)))


def cell(result, truth):
    found, invented = len(result.pairs & truth), len(result.pairs - truth)
    seconds = f"{result.seconds:.1f} s" if result.ended else "stopped"
    said = "incomplete" if result.says_incomplete else "all" if result.pairs else "nothing"
    return f"{found:>3}{f' +{invented} false' if invented else '':<12} {seconds:>8} {said:<10}"


def show():
    print(f"{'server (pairs to be found)':<48} " + " ".join(f"{name + ': pairs, seconds, says':<36}" for name in TOOLS))
    with Nginx(DIRECTIVES) as server:
        truth = {(version, suite) for version, found in raw_truth.accepted_suites(server.address, NAME).items() for suite in found}
        for name, box in BOXES.items():
            wanted = reachable(truth, name, server.address)
            results = side_by_side(lambda: box(server.port))
            print(f"{f'{name} ({len(wanted)})':<48} " + " ".join(f"{cell(results[tool], wanted):<36}" for tool in TOOLS), flush=True)
    for name, peer in PEERS.items():
        results = side_by_side(peer)
        print(f"{f'{name} (0)':<48} " + " ".join(f"{cell(results[tool], set()):<36}" for tool in TOOLS), flush=True)
    print(f"stopped after: {', '.join(f'{tool} {limit} s' for tool, limit in LIMITS.items())}")
    print('"all": the tool gives its list as whole; "incomplete": it says that something may be missing or that there is no TLS')

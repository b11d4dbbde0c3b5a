"""The limits that the scanner is to keep, where it is, and where nmap and sslscan are on the same servers in the same run."""
import statistics
import subprocess

import rate
import tools
from certificates import certificates
from proxy import Proxy
from servers import JavaServer, Nginx

FAR = 0.05  # round trip in seconds
MANY = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\nssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;\n"


def median(results):
    """One result with the medians of all."""
    middle = {key: statistics.median(each[key] for each in results) for key in ("connections", "most", "seconds", "cpu", "peak_kb")}
    return {**middle, "pairs": results[-1]["pairs"], "groups": results[-1]["groups"]}


def compare(server, asks, runs, round_trip=0.0):
    """{name: medians}; the order of the tools changes from run to run."""
    with Proxy(server.port, round_trip) as proxy:
        results = {name: [] for name in asks}
        for turn in range(runs):
            names = list(asks)
            for name in names[turn % len(names):] + names[:turn % len(names)]:
                proxy.reset()
                done = asks[name](proxy.port, 300)
                if not done.ended:
                    raise RuntimeError(f"{name} has not ended")
                results[name].append({"connections": proxy.connections, "most": proxy.most, "seconds": done.seconds, "cpu": done.cpu,
                                      "peak_kb": done.peak_kb, "pairs": len(done.pairs), "groups": done.groups})
    return {name: median(each) for name, each in results.items()}


class Table:
    def __init__(self):
        print(f"{'limit':<66} {'limit':>8} {'tlsgauge':>9}  {'':<4} {'nmap':>8} {'sslscan':>8}")

    def row(self, what, limit, key, ours, others, form="{:.0f}", at_least=False):
        """`limit` is the most that `ours` may be, or the least."""
        met = "met" if (ours[key] >= limit if at_least else ours[key] <= limit) else "NOT"
        beside = [form.format(others[name][key]) if name in others else "-" for name in ("nmap", "sslscan")]
        print(f"{what:<66} {form.format(limit):>8} {form.format(ours[key]):>9}  {met:<4} {beside[0]:>8} {beside[1]:>8}", flush=True)


def show(runs):
    peers = {"nmap": tools.nmap, "sslscan": tools.sslscan}
    parameters = certificates().folder / "ffdhe2048.pem"
    subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", parameters], check=True, capture_output=True)
    intermediate = Nginx(Nginx.INTERMEDIATE + f"ssl_dhparam {parameters};\n" + Nginx.HSTS)
    table = Table()
    rows = []

    with intermediate as server:
        near = compare(server, {"some": tools.tlsgauge(*tools.ENUMERATION), "all": tools.tlsgauge(), **peers}, runs)
        far = compare(server, {"some": tools.tlsgauge(*tools.ENUMERATION), "all": tools.tlsgauge(), **peers}, runs, FAR)
    some, everything = near["some"], near["all"]
    rows.append(("nginx intermediate", {"tlsgauge": some, "tlsgauge, all questions": everything, "nmap": near["nmap"], "sslscan": near["sslscan"]}))
    table.row(f"connections, nginx intermediate ({some['pairs']} pairs, {some['groups']} groups): suites, order, groups", 36, "connections", some, near)
    table.row("connections, the same server, all questions", 65, "connections", everything, near)
    table.row("most connections at a time", 8, "most", {"most": max(some["most"], everything["most"], far["all"]["most"])}, near)
    table.row("CPU seconds, all questions", 0.06, "cpu", everything, near, "{:.3f}")
    for each in (everything, *near.values()):
        each["mb"] = each["peak_kb"] / 1024
    table.row("resident megabytes, all questions", 15, "mb", everything, near, "{:.1f}")
    table.row("seconds at 50 ms, nginx intermediate: suites, order, groups", 0.8, "seconds", far["some"], far, "{:.2f}")
    rows.append(("nginx intermediate, 50 ms", {"tlsgauge": far["some"], "tlsgauge, all questions": far["all"], "nmap": far["nmap"], "sslscan": far["sslscan"]}))

    with Nginx(Nginx.INTERMEDIATE, names=("good", "good-ecdsa")) as server:
        alone = compare(server, {"tlsgauge": tools.tlsgauge("--only", "certificates"), "openssl": tools.s_client_twice}, runs, FAR)
    table.row("seconds at 50 ms, certificates alone: two runs of openssl s_client", alone["openssl"]["seconds"], "seconds", alone["tlsgauge"], {}, "{:.2f}")
    rows.append(("nginx, RSA and ECDSA, 50 ms", {"tlsgauge, certificates": alone["tlsgauge"], "openssl s_client, twice": alone["openssl"]}))

    with Nginx(MANY + f"ssl_dhparam {certificates().dh1024};\n", names=("good", "good-ecdsa")) as server:
        far = compare(server, {"some": tools.tlsgauge(*tools.SUITES), **peers}, runs, FAR)
    table.row(f"seconds at 50 ms, nginx with {far['some']['pairs']} pairs: suites, order", 5, "seconds", far["some"], far, "{:.2f}")
    rows.append(("nginx with every suite, 50 ms", {"tlsgauge": far["some"], "nmap": far["nmap"], "sslscan": far["sslscan"]}))

    with JavaServer() as server:
        compare(server, {"some": tools.tlsgauge(*tools.SUITES)}, 2)  # until the machine has compiled what it runs often
        near = compare(server, {"some": tools.tlsgauge(*tools.SUITES), **peers}, runs)
        far = compare(server, {"some": tools.tlsgauge(*tools.SUITES), "nmap": tools.nmap}, runs, FAR)
    table.row(f"connections, Java with {near['some']['pairs']} pairs: suites, order", 250, "connections", near["some"], near)
    table.row("seconds at 50 ms, Java: a quarter of nmap's", far["nmap"]["seconds"] / 4, "seconds", far["some"], far, "{:.2f}")
    rows.append(("Java with every suite", {"tlsgauge": near["some"], "nmap": near["nmap"], "sslscan": near["sslscan"]}))
    rows.append(("Java with every suite, 50 ms", {"tlsgauge": far["some"], "nmap": far["nmap"]}))

    found = rate.rates(runs)
    what = f"probes a second on one core: at least 70 % of bare epoll's {found['epoll']:.0f}"
    table.row(what, 0.7, "share", found, {}, "{:.2f}", at_least=True)

    print(f"\n{'endpoint':<30} {'tool':<24} {'connections':>11} {'at a time':>9} {'seconds':>8} {'CPU s':>6} {'MB':>6} {'pairs':>6}")
    for title, found in rows:
        for name, each in found.items():
            print(f"{title:<30} {name:<24} {each['connections']:>11.0f} {each['most']:>9.0f} {each['seconds']:>8.2f} {each['cpu']:>6.3f} "
                  f"{each['peak_kb'] / 1024:>6.1f} {each['pairs']:>6}")
    print(f"medians of {runs} runs; tlsgauge asks for suites, order and groups where nothing else is said")

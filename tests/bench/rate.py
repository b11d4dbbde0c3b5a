"""Hello-to-ServerHello probes a second on one core, by the engine and by a bare epoll loop, against the same canned server."""
import os
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))

from program import TLSGAUGE  # noqa: E402
from servers import die_with_parent  # noqa: E402

PROBES = 10_000
AT_ONCE = 64


def per_cpu_second(program, port, core):
    """Probes in a second of its own CPU time: what a core does that nobody else uses."""
    words = subprocess.run([program, str(port), str(PROBES), str(AT_ONCE), str(core)], check=True, capture_output=True, text=True).stdout.split()
    if int(words[0]) != PROBES:
        raise RuntimeError(f"{program.name}: {words[0]} of {PROBES} probes answered")
    return 1e6 / float(words[1])


def rates(runs):
    """Medians {"engine": ..., "epoll": ...}, and "share", the median of the quotients of runs that followed on each other; the server has a
    core of its own where there are two."""
    folder = pathlib.Path(TLSGAUGE).resolve().parent
    cores = sorted(os.sched_getaffinity(0))
    found = []
    with subprocess.Popen([folder / "bench_canned", str(cores[-1])], stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent) as server:
        port = int(server.stdout.readline())
        try:
            for _ in range(max(3, runs)):
                epoll = per_cpu_second(folder / "bench_epoll_loop", port, cores[0])
                engine = per_cpu_second(folder / "bench_engine_loop", port, cores[0])
                found.append({"engine": engine, "epoll": epoll, "share": engine / epoll})
        finally:
            server.kill()
    return {key: statistics.median(each[key] for each in found) for key in found[0]}


if __name__ == "__main__":
    print("{engine:.0f} by the engine, {epoll:.0f} by the bare loop: {share:.2f}".format(**rates(int(sys.argv[1]) if len(sys.argv) > 1 else 3)))

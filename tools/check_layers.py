#!/usr/bin/env python3
"""Holds every #include of src/ and include/ against the table of layers. Prints each breach; exits 1 if there is one."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# folder: (own folders it may include, outside headers that are allowed beside the standard library and fmt)
LAYERS = {
    "base": ([], []),
    "wire": (["base"], []),
    "crypto": (["wire", "base"], ["openssl/", "idn2.h", "libpsl.h"]),
    "net": (["base"], ["asio", "curl/", "idn2.h", "unbound.h"]),
    "solve": (["wire", "base"], []),
    "audit": (["wire", "base"], ["asio/awaitable.hpp"]),
    "peer": (["net", "crypto", "audit", "wire", "base", "solve"], ["asio"]),
    "probes": (["audit", "solve", "crypto", "wire", "base"], ["asio/awaitable.hpp"]),
    "scan": (["probes", "peer", "audit", "net", "crypto", "wire", "base"], ["asio"]),
    "policy": (["audit", "wire", "base"], ["yaml-cpp/"]),
    "report": (["audit", "crypto", "wire", "base"], ["nlohmann/", "kainjow/", "pugixml.hpp"]),
    "cli": (["scan", "policy", "report", "peer", "audit", "net", "crypto", "wire", "base"], ["CLI/", "nlohmann/", "pugixml.hpp"]),
}
OWN = set(LAYERS)
SYSTEM = ("sys/", "netinet/", "arpa/", "linux/", "unistd.h", "poll.h", "signal.h", "fcntl.h", "netdb.h", "dlfcn.h", "ifaddrs.h", "termios.h")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
# POSIX headers, and who may use them: sockets in net alone.
POSIX = {"net": SYSTEM, "cli": ("unistd.h", "langinfo.h", "locale.h", "poll.h", "sys/ioctl.h", "sys/stat.h", "fcntl.h", "signal.h"), "peer": ("netinet/", "linux/", "sys/socket.h"),
         "wire": ("sys/random.h",), "scan": ("sys/resource.h",), "policy": ("glob.h",)}


def main():
    breaches = []
    for path in sorted([*ROOT.glob("src/**/*.[ch]pp"), *ROOT.glob("include/**/*.hpp")]):
        where = path.relative_to(ROOT)
        layer = where.parts[1] if where.parts[0] == "src" and len(where.parts) > 2 else None
        for kind, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
            first = header.split("/")[0]
            if where.parts[0] == "include":
                allowed = header.startswith("tlsgauge/") or ("." not in header)
            elif layer is None:
                allowed = True  # main.cpp
            elif header.startswith("tlsgauge/") or (kind == "<" and "." not in header) or header.startswith("fmt/"):
                allowed = True
            elif first in OWN:
                allowed = first == layer or first in LAYERS[layer][0]
            elif header.endswith(".inc") or header.startswith("embedded_"):
                allowed = True
            else:
                allowed = any(header == a or header.startswith(a if a.endswith(("/", ".hpp", ".h")) else (a + "/"))
                              or header == a + ".hpp" for a in LAYERS[layer][1]) \
                    or any(header == p or (p.endswith("/") and header.startswith(p)) for p in POSIX.get(layer, ()))
            if not allowed:
                breaches.append(f"{where}: {header} is not for {layer or 'the public headers'}")
    print("\n".join(breaches) if breaches else "every include follows the table of layers")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())

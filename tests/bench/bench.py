#!/usr/bin/python3
"""Where the scanner is beside its limits and beside nmap and sslscan, on the same servers in the same run.

    bench.py [limits | adversity] [RUNS]
"""
import pathlib
import shutil
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import adversity  # noqa: E402
import limits  # noqa: E402


def main(arguments):
    for tool in ("nmap", "sslscan"):
        if not shutil.which(tool):
            print(f"{tool} is not installed: ./dev setup bench")
            return 1
    wanted = [each for each in arguments if each in ("limits", "adversity")] or ["limits", "adversity"]
    runs = next((int(each) for each in arguments if each.isdigit()), 3)
    if "limits" in wanted:
        limits.show(runs)
    if "adversity" in wanted:
        print()
        adversity.show()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except unittest.SkipTest as missing:
        print(missing)
        sys.exit(1)

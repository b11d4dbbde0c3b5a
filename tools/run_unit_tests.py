#!/usr/bin/env python3
"""run_unit_tests.py NAME BUILD_FOLDER: runs the GoogleTest programs there, in shards, then what else ctest knows.

A process for each of some thousand tests would spend more time in starting under AddressSanitizer than in testing. The last line is
"NAME: N passed, N failed, N skipped". A shard that ends without a report (a crash, a time-out) is a failure of its own.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

SHARDS = 4  # a program
LIMIT = 900  # seconds a shard


def run_shard(program, shard, report):
    """(failed to report, output) of one shard."""
    # What is freed is overwritten: libraries that AddressSanitizer does not watch then fail where they read it.
    sanitizer = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "max_free_fill_size=4096:free_fill_byte=165"]))
    environment = {**os.environ, "GTEST_TOTAL_SHARDS": str(SHARDS), "GTEST_SHARD_INDEX": str(shard), "ASAN_OPTIONS": sanitizer}
    try:
        done = subprocess.run([str(program), f"--gtest_output=xml:{report}", "--gtest_brief=1"], cwd=program.parent, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT, check=False)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as overdue:
        return -1, (overdue.stdout or b"").decode(errors="replace") + f"\nnot done after {LIMIT} s"


def count(report, gtest):
    """(passed, failed, skipped) of a report by GoogleTest or ctest."""
    passed = failed = skipped = 0
    for case in ET.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None or case.get("status") == "fail":
            failed += 1
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled") or (gtest and case.get("result") == "suppressed"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main():
    name, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    programs = sorted(folder.glob("*_test"))
    totals = [0, 0, 0]

    def add(numbers):
        for i, number in enumerate(numbers):
            totals[i] += number

    with tempfile.TemporaryDirectory() as reports, concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        runs = [(program, shard, f"{reports}/{program.name}.{shard}.xml") for program in programs for shard in range(SHARDS)]
        for (program, shard, report), (status, output) in zip(runs, pool.map(lambda run: run_shard(*run), runs)):
            numbers = count(report, True) if os.path.exists(report) else (0, 1, 0)
            if status != 0 and numbers[1] == 0:
                numbers = (numbers[0], 1, numbers[2])  # after its last test, as a leak is
            if numbers[1]:
                print(f"failed: {program.name}, shard {shard} of {SHARDS}, ended with {status}\n{output[-8000:]}")
            add(numbers)
        layers = "|".join(program.name.removesuffix("_test") for program in programs)
        others = f"{reports}/ctest.xml"
        status = subprocess.run(["ctest", "--test-dir", str(folder), "-E", f"^({layers})\\.", "-j", str(os.cpu_count() or 2), "--output-on-failure",
                                 "--quiet", "--output-junit", others, "--no-tests=error"], check=False).returncode
        numbers = count(others, False) if os.path.exists(others) else (0, 1, 0)
        add(numbers if status == 0 or numbers[1] else (numbers[0], 1, numbers[2]))
    if not programs:
        totals[1] += 1
        print(f"no test program in {folder}")
    print(f"{name}: {totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())

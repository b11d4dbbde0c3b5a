#!/usr/bin/python3
"""Runs the tests with real servers, two modules at a time; `run.py [MODULE...]` only those.

The last line is "servers: N passed, N failed, N skipped". Exit 1 when a test failed, or one was skipped that allowed_skips.txt does not list.
"""
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
AT_ONCE = 2
MODULE_LIMIT = 900
FIRST = ["adversity_test", "suites_test", "hostile_test"]  # the longest first


def run_module(name, result_path):
    """In a process of its own: runs one module, writes what came of it as JSON."""
    sys.path.insert(0, str(HERE))
    started = time.monotonic()
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(unittest.defaultTestLoader.loadTestsFromName(name))
    outcome = {
        "run": result.testsRun,
        "failed": sorted({test.id() for test, _ in [*result.failures, *result.errors]} | {test.id() for test in result.unexpectedSuccesses}),
        "skipped": [(test.id(), reason) for test, reason in result.skipped],
        "seconds": time.monotonic() - started,
    }
    pathlib.Path(result_path).write_text(json.dumps(outcome), encoding="utf-8")


def start_module(name, folder):
    """(name, outcome, output) of the module, run in a process of its own."""
    result_path = pathlib.Path(folder) / f"{name}.json"
    command = [sys.executable, str(HERE / "run.py"), "--module", name, str(result_path)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=MODULE_LIMIT, check=False)
        output = done.stdout
    except subprocess.TimeoutExpired as overdue:
        output = f"{overdue.stdout or ''}\nnot done after {MODULE_LIMIT} s"
    if result_path.exists():
        return name, json.loads(result_path.read_text(encoding="utf-8")), output
    return name, {"run": 1, "failed": [f"{name} as a whole"], "skipped": [], "seconds": 0}, output


def allowed_skips():
    for line in (HERE / "allowed_skips.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, _, reason = line.partition(":")
            yield pattern.strip(), reason.strip()


def is_allowed(test, reason, allowed):
    # A class that is skipped as a whole is named "setUpClass (module.Class)".
    test = test.removeprefix("setUpClass (").removesuffix(")")
    return any(fnmatch.fnmatchcase(test, pattern) and words in reason for pattern, words in allowed)


def main(arguments):
    if arguments[:1] == ["--module"]:
        run_module(*arguments[1:3])
        return 0
    program = os.path.abspath(os.environ.get("TLSGAUGE", HERE.parents[1] / "build/release/tlsgauge"))
    if not os.access(program, os.X_OK):
        print(f"{program} is not there; ./dev build makes it\nservers: 0 passed, 1 failed, 0 skipped")
        return 1
    os.environ["TLSGAUGE"] = program
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    modules = [name.removesuffix(".py") for name in arguments] or sorted(path.stem for path in HERE.glob("*_test.py"))
    modules.sort(key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))

    passed, failed, skipped, not_allowed = 0, [], [], []
    allowed = list(allowed_skips())
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tlsgauge-servers-") as folder, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        sys.path.insert(0, str(HERE))
        import certificates
        os.environ[certificates.FOLDER_VARIABLE] = folder
        certificates.certificates()
        for task in concurrent.futures.as_completed([pool.submit(start_module, name, folder) for name in modules]):
            name, outcome, output = task.result()
            print(f"-- {name}: {outcome['run']} tests, {len(outcome['failed'])} failed, {outcome['seconds']:.0f} s")
            if outcome["failed"]:
                print(output)
            else:
                print("".join(f"   {line}\n" for line in re.findall(r"table: .*", output)), end="")
            failed += outcome["failed"]
            skipped += outcome["skipped"]
            passed += max(0, outcome["run"] - len(outcome["failed"]) - len([test for test, _ in outcome["skipped"] if not test.startswith("setUpClass")]))
            sys.stdout.flush()
    for test, reason in skipped:
        permitted = is_allowed(test, reason, allowed)
        print(f"skipped{'' if permitted else ' (not allowed)'}: {test}: {reason}")
        if not permitted:
            not_allowed.append(test)
    for test in failed:
        print(f"failed: {test}")
    print(f"{time.monotonic() - started:.0f} s")
    print(f"servers: {passed} passed, {len(failed) + len(not_allowed)} failed, {len(skipped) - len(not_allowed)} skipped")
    return 1 if failed or not_allowed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

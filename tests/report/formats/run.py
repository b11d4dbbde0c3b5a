#!/usr/bin/python3
"""Every report format, read back by tools that are not ours; `run.py [MODULE...]` only those of tests/report/formats/*_test.py.

TLSGAUGE names the program (default build/release/tlsgauge). The last line is "formats: N passed, N failed, N skipped".
"""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def main(arguments):
    sys.path.insert(0, str(HERE))
    names = [pathlib.Path(a).stem for a in arguments] or [path.stem for path in sorted(HERE.glob("*_test.py"))]
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2 if arguments else 1).run(suite)
    # A test with subtests fails once, whatever their number; a class that could not be set up is no test that ran.
    failed = len({getattr(test, "test_case", test).id() for test, _ in [*result.failures, *result.errors]})
    for test, reason in result.skipped:
        print(f"skipped: {test.id()}: {reason}")
    print(f"formats: {max(result.testsRun - failed - len(result.skipped), 0)} passed, {failed} failed, {len(result.skipped)} skipped")
    return 1 if failed or result.skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

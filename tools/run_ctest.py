#!/usr/bin/env python3
"""run_ctest.py NAME BUILD_FOLDER: runs ctest there and ends with "NAME: N passed, N failed, N skipped"."""
import os
import subprocess
import sys
import xml.etree.ElementTree as ET


def main():
    name, folder = sys.argv[1:3]
    report = os.path.join(os.path.abspath(folder), "ctest.xml")
    if os.path.exists(report):
        os.remove(report)
    status = subprocess.run(["ctest", "--test-dir", folder, "-j", str(os.cpu_count() or 2), "--output-on-failure", "--quiet",
                             "--output-junit", report, "--no-tests=error"], check=False).returncode
    if not os.path.exists(report):
        print(f"{name}: 0 passed, 1 failed, 0 skipped")
        return 1
    passed, failed, skipped = 0, 0, 0
    for case in ET.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None or case.get("status") == "fail":
            failed += 1
            print(f"failed: {case.get('name')}\n{(case.findtext('system-out') or '')[-4000:]}")
        elif case.get("status") in ("notrun", "disabled") or case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    if status != 0 and failed == 0:
        failed = 1
    print(f"{name}: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

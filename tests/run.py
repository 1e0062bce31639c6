#!/usr/bin/python3
"""Runs every test of a build and ends in one line: N passed, N failed.

Every test prints TAP; a test that dies without a "not ok" counts as one failure. Arguments after the build folder are
names of tests or suites (as `meson test` takes them)."""
import glob
import json
import os
import re
import subprocess
import sys


def main():
    build, names = sys.argv[1], sys.argv[2:]
    logs = os.path.join(build, "meson-logs", "testlog*.json")  # with --wrap, meson puts the wrapper's name into it
    for old in glob.glob(logs):
        os.remove(old)
    command = ["meson", "test", "-C", build, "--no-rebuild", "--timeout-multiplier", "4", *names]
    subprocess.run(command, check=False)
    passed = failed = skipped = 0
    for line in open(glob.glob(logs)[0], encoding="utf-8"):
        test = json.loads(line)
        lines = (test.get("stdout") or "").splitlines()
        ok = sum(1 for l in lines if re.match(r"ok\b", l) and "# SKIP" not in l)
        bad = [l for l in lines if re.match(r"not ok\b(?!.*# SKIP)", l)]
        # cmocka prints "not ok 4 # SKIP name" for a case that is left out, and meson then says FAIL.
        skip = sum(1 for l in lines if re.match(r"(not )?ok\b.*# SKIP", l)) + (test["result"] == "SKIP" and not lines)
        left_out = test["result"] == "FAIL" and test.get("returncode") == 0 and skip > 0
        if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not left_out and not bad:
            bad = [f"{test['result']}, exit {test.get('returncode')}"]
        if test["result"] == "OK" and ok + skip == 0:
            bad = ["ran no case"]
        passed, failed, skipped = passed + ok, failed + len(bad), skipped + skip
        if bad:
            print(f"\n{test['name']}:")
            print("\n".join("  " + l for l in bad))
            tail = (test.get("stderr") or "").splitlines()[-30:]
            print("\n".join("    " + l for l in tail))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

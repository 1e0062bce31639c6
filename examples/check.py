#!/usr/bin/python3
"""check.py EXPECTED PROGRAM ARGUMENTS..: the program prints what the file holds."""
import difflib
import subprocess
import sys

want = open(sys.argv[1], encoding="utf-8").read()
done = subprocess.run(sys.argv[2:], capture_output=True, text=True)
good = done.returncode == 0 and done.stdout == want
if not good:
    sys.stderr.writelines(difflib.unified_diff(want.splitlines(True), done.stdout.splitlines(True), "expected", "printed"))
    sys.stderr.write(done.stderr)
print("ok 1 - it prints what it should" if good else "not ok 1 - it prints what it should")
print("1..1")
sys.exit(0 if good else 1)

#!/usr/bin/env python3
"""The tables in src/core are what their generators make."""
import os
import subprocess
import sys
import unicodedata

source = os.environ["ENTENTE_SOURCE"]
good = True
print("1..2")
for number, name in enumerate(("elementary_tables", "number_tables"), 1):
    with open(os.path.join(source, "src", "core", name + ".h"), encoding="utf-8") as text:
        there = text.read()
    made = subprocess.run([sys.executable, os.path.join(source, "tools", name + ".py")], capture_output=True, text=True,
                          check=True).stdout
    widths = there.find("/* Unicode")
    if widths >= 0 and f"/* Unicode {unicodedata.unidata_version}:" not in there:
        print("# another version of Unicode here: widths not compared")
        there, made = there[:widths], made[:made.find("/* Unicode")]
    same = there == made
    good = good and same
    print(f"{'ok' if same else 'not ok'} {number} - src/core/{name}.h is what tools/{name}.py makes")
sys.exit(0 if good else 1)

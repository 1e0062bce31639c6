#!/usr/bin/python3
"""Makes the source package of R in a folder: stage.py ENTENTE FOLDER. What is made from the table of models, and what ships."""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def main():
    program, folder = sys.argv[1:3]
    target = os.path.join(folder, "entente")
    shutil.rmtree(target, ignore_errors=True)
    skip = shutil.ignore_patterns("*.o", "*.so", "Makevars")
    shutil.copytree(os.path.join(HERE, "entente"), target, ignore=skip)
    shutil.copytree(os.path.join(ROOT, "examples/door"), os.path.join(target, "inst/example"))
    shutil.copytree(os.path.join(ROOT, "scenarios/european-security-2025"), os.path.join(target, "inst/scenarios/european-security-2025"),
                    ignore=shutil.ignore_patterns("out"))
    subprocess.run([sys.executable, os.path.join(ROOT, "bindings/describe.py"), "r", program, target], check=True)
    print(target)


if __name__ == "__main__":
    main()

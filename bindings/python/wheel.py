#!/usr/bin/python3
"""Makes a wheel of a built package: wheel.py BUILD FOLDER. By the wheel format's own rules (PEP 427), without a network
or any other tool; the same package gives the same bytes."""
import base64
import hashlib
import os
import platform
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILES = ["__init__.py", "__init__.pyi", "_errors.py", "_outcome.py", "_progress.py", "_records.py", "_results.py", "_text.py",
         "_entente.abi3.so", "py.typed"]


def version():
    with open(os.path.join(ROOT, "include/entente/core.h"), encoding="utf-8") as file:
        return re.search(r'ENT_VERSION "(.*)"', file.read()).group(1)


def stripped(path):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "stripped")
        subprocess.run(["strip", "--strip-unneeded", "-o", out, path], check=True)
        with open(out, "rb") as file:
            return file.read()


def contents(package):
    for name in sorted(FILES):
        path = os.path.join(package, name)
        if name.endswith(".so"):
            yield "entente/" + name, stripped(path)
        else:
            with open(path, "rb") as file:
                yield "entente/" + name, file.read()


def metadata():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        about = file.read()
    return (f"Metadata-Version: 2.1\nName: entente\nVersion: {version()}\nSummary: Put arguments about states to the test\n"
            "License: MIT\nRequires-Python: >=3.11\nClassifier: License :: OSI Approved :: MIT License\n"
            "Classifier: Operating System :: POSIX :: Linux\nClassifier: Topic :: Scientific/Engineering\n"
            "Provides-Extra: frames\nRequires-Dist: numpy; extra == 'frames'\nRequires-Dist: pandas; extra == 'frames'\n"
            f"Description-Content-Type: text/markdown\n\n{about}").encode()


def main():
    build, target = sys.argv[1:3]
    tag = f"cp311-abi3-linux_{platform.machine()}"
    info = f"entente-{version()}.dist-info"
    files = list(contents(os.path.join(build, "bindings/python/entente")))
    with open(os.path.join(ROOT, "LICENSE"), "rb") as file:
        files.append((f"{info}/LICENSE", file.read()))
    files.append((f"{info}/METADATA", metadata()))
    files.append((f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: entente\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()))
    record = "".join(f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
                     for name, data in files)
    files.append((f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode()))
    os.makedirs(target, exist_ok=True)
    path = os.path.join(target, f"entente-{version()}-{tag}.whl")
    with zipfile.ZipFile(path + ".new", "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files:
            one = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            one.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
            one.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(one, data)
    os.replace(path + ".new", path)
    print(path)


if __name__ == "__main__":
    main()

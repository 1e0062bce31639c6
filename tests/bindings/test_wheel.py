#!/usr/bin/python3
"""The wheel: made twice the same, laid out as its own record says, and importable where it was put, without the build."""
import base64
import glob
import hashlib
import os
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
from tap import case, check, run, same  # noqa: E402

BUILD = sys.argv.pop(1)


def make(folder):
    script = os.path.join(os.environ["ENTENTE_SOURCE"], "bindings/python/wheel.py")
    done = subprocess.run([sys.executable, script, BUILD, folder], capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)
    return done.stdout.strip()


@case
def made_twice_it_is_the_same(folder):
    same(open(make("a"), "rb").read(), open(make("b"), "rb").read())


@case
def its_record_tells_what_is_in_it(folder):
    with zipfile.ZipFile(make("a")) as wheel:
        names = wheel.namelist()
        info = next(n for n in names if n.endswith("/RECORD"))
        rows = [line.rsplit(",", 2) for line in wheel.read(info).decode().splitlines()]
        same(sorted(r[0] for r in rows), sorted(names))
        for name, digest, size in rows:
            if name == info:
                continue
            data = wheel.read(name)
            same(int(size), len(data), name)
            same(digest, "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode(), name)
        check(os.path.basename(wheel.filename).startswith(info.split(".dist-info")[0] + "-cp311-abi3-"))


@case
def installed_it_works_without_the_build(folder):
    wheel = make("a")
    pip = glob.glob("/usr/share/python-wheels/pip-*.whl")
    target = os.path.join(folder, "site")
    if pip:
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", target, wheel],
                              env={**os.environ, "PYTHONPATH": pip[0]}, capture_output=True, text=True)
        check(done.returncode == 0, done.stderr)
    else:
        zipfile.ZipFile(wheel).extractall(target)
    code = ("import entente, os\nassert entente.__file__.startswith(%r), entente.__file__\nentente.new('case')\n"
            "r = entente.run('case', draws=300)\nassert len(r.claims) == 3\nprint(entente.__version__)" % target)
    done = subprocess.run([sys.executable, "-c", code], env={"PATH": os.environ["PATH"], "PYTHONPATH": target}, capture_output=True, text=True)
    check(done.returncode == 0 and done.stdout.strip() in os.path.basename(wheel), done.stderr)


run()

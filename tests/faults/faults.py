"""A command under one fault after another (shim.c), and what its folder holds afterwards.

FAULTS_EVERY in the environment: every place is tried; else as many as a test has time for, evenly spread."""
import hashlib
import json
import os
import subprocess

from tap import skip

ENTENTE, SOURCE, SHIM = (os.environ[name] for name in ("ENTENTE", "ENTENTE_SOURCE", "FAULT_SHIM"))
EVERY = bool(os.environ.get("FAULTS_EVERY"))
with open(ENTENTE, "rb") as _program:
    SANITIZED = b"__asan_init" in (_code := _program.read()) or b"__tsan_init" in _code  # they have an allocator of their own
BASES = os.path.join(SOURCE, "fuzz", "corpus", "scenario")


def base(name, folder):
    """The files of one of the scenarios that fuzzing starts from."""
    os.makedirs(folder, exist_ok=True)
    where = "scenario.yaml"
    files = {where: []}
    with open(os.path.join(BASES, name), encoding="utf-8") as f:
        for line in f:
            if line.startswith("%% "):
                where = line[3:].strip()
                files[where] = []
            else:
                files[where].append(line)
    for where, lines in files.items():
        with open(os.path.join(folder, where), "w", encoding="utf-8") as f:
            f.writelines(lines)
    return folder


def run(words, of, at, number=0, stays=False):
    """One run with the k-th call failing; (exit code, standard output, standard error, calls made)."""
    if SANITIZED:
        skip("a sanitizer wants to be loaded before all else")
    environment = {**os.environ, "LD_PRELOAD": SHIM, "FAULT_OF": of, "FAULT_AT": str(at), "FAULT_ERRNO": str(number),
                   "FAULT_STAYS": "1" if stays else "0", "FAULT_TOLD": "told.calls"}
    done = subprocess.run([ENTENTE, *map(str, words)], env=environment, capture_output=True, timeout=120, check=False)
    calls = 0
    if os.path.exists("told.calls"):
        with open("told.calls", encoding="ascii") as f:
            calls = int(f.read())
        os.remove("told.calls")
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), calls


def places(calls, most):
    """Which of the calls fail: all, or `most` of them, the first and the last among them."""
    if EVERY or calls <= most:
        return list(range(1, calls + 1))
    return sorted({1 + round(i * (calls - 1) / (most - 1)) for i in range(most)})


def told(folder):
    """Each file below a folder, by the hash of its bytes; of SQLite and the report, which hold the moment, nothing but that."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


def add_up(what, **figures):
    """Figures of this run, for docs/testing/faults.json: only where ./do faults asks for them."""
    path = os.environ.get("FAULTS_TOLD")
    if not path:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    all_told = {"what": "faults put in the way of the program, one after another"}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            all_told = json.load(f)
    all_told[what] = figures
    with open(path, "w", encoding="utf-8") as f:
        json.dump(all_told, f, indent=1)
        f.write("\n")

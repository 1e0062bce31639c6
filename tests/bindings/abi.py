#!/usr/bin/python3
"""The library's binary interface against what is committed in abi.xml.gz, by libabigail.

    abi.py BUILD            a test: what programs rely on that were built before is still there
    abi.py BUILD --write    writes abi.xml.gz anew, after a change that is meant (say it in CHANGELOG.md)

A function that is gone or changed fails. A struct that grew is told and passes: until 1.0 the library's name changes with the
minor version, and programs are built anew (SONAME libentente.so.0, and Debian's package depends on the exact version).

The sources are compiled once more with what tells of types (-g), without the optimiser."""
import concurrent.futures
import gzip
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BASELINE = os.path.join(HERE, "abi.xml.gz")


def compile_one(entry, target):
    words = [w for w in shlex.split(entry["command"]) if not w.startswith(("-O", "-g", "-W", "-fsanitize"))]
    out = words.index("-o")
    words[out + 1] = target
    words += ["-g", "-O0", "-w", "-fno-eliminate-unused-debug-types"] if "clang" not in words[0] else ["-g", "-O0", "-w"]
    drop = {"-MD", "-MQ", "-MF"}
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in drop:
            skip = word != "-MD"
        else:
            kept.append(word)
    subprocess.run(kept, cwd=entry["directory"], check=True, capture_output=True)
    return target


def compile_all(build, folder):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = [e for e in json.load(file) if "src/" in e["file"] and "/lib" not in e["file"] and ".a.p/" in e["output"] and "cli/" not in e["file"]
                   and e["output"].startswith("src/")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(lambda e: compile_one(e[1], os.path.join(folder, f"{e[0]}.o")), enumerate(entries)))
    return objects


def link(library, objects, *flags):
    subprocess.run(["cc", "-shared", "-Wl,-soname,libentente.so.0", *flags, "-o", library, *objects], check=True)
    return library


def describe(library, name):
    out = library + "." + name
    subprocess.run(["abidw", "--no-show-locs", "--no-corpus-path", "--no-comp-dir-path", "--no-elf-needed", "--drop-private-types", "--headers-dir",
                    os.path.join(ROOT, "include"), "--out-file", out, library], check=True)
    return out


def differs(before, now):
    """Whether programs built before may break (removed or changed in place), and what abidiff says. New is no break."""
    done = subprocess.run(["abidiff", "--no-added-syms", before, now], capture_output=True, text=True)
    return done.returncode & (1 | 2 | 8) != 0, done.stdout + done.stderr


def tell(number, good, name):
    print(("ok" if good else "not ok") + f" {number} - {name}")
    return 0 if good else 1


def main():
    if shutil.which("abidw") is None:
        print("1..0 # SKIP abigail-tools is not installed")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        objects = compile_all(sys.argv[1], folder)
        now = describe(link(os.path.join(folder, "libentente.so.0"), objects), "now")
        if "--write" in sys.argv:
            with open(now, "rb") as file, open(BASELINE, "wb") as to:
                to.write(gzip.compress(file.read(), 9, mtime=0))
            print(BASELINE)
            return 0
        before = os.path.join(folder, "before")
        with gzip.open(BASELINE) as file, open(before, "wb") as to:
            to.write(file.read())
        broken, said = differs(before, now)
        if said.strip():
            sys.stderr.write(said[:6000] + "\nIs it meant? Then `tests/bindings/abi.py BUILD --write`, and CHANGELOG.md says so.\n")
        failed = tell(1, not broken, "programs that were built before still run")
        # A check that cannot fail is none: a library without one of its functions must be told apart.
        script = os.path.join(folder, "script")
        with open(script, "w", encoding="utf-8") as file:
            file.write("{ local: ent_stop_text; };\n")
        fewer = describe(link(os.path.join(folder, "fewer.so"), objects, "-Wl,--version-script," + script), "now")
        failed += tell(2, differs(before, fewer)[0], "a function that is gone is noticed")
    print("1..2")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

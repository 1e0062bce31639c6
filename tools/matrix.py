#!/usr/bin/python3
"""Runs the tests as other compilers and checkers build them: tools/matrix.py [ROW..], docs/testing/matrix.json holds what came out.

    gcc-asan, clang-asan   every test with AddressSanitizer and UndefinedBehaviorSanitizer, the first fault of a program its last
    tsan                   threads: ensemble, cluster, server
    msan                   parsers and mathematics, the corpora of the fuzz targets whose libraries clang has not to build as well
    valgrind-parsers       the corpora that MSan cannot see into, and one run of the program
    valgrind               the C tests, and one run of the program
    bytes                  compilers, options, 32 bits, a decimal comma: the same bytes; a big scenario with little memory
    reproducible           two builds of one commit, in folders of other names, are the same files

Builds stay in build-matrix/ROW. The rows that are not named keep the figures of their last run."""
import filecmp
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOLD = os.path.join(ROOT, "docs", "testing", "matrix.json")
BUILDS = os.environ.get("MATRIX_BUILDS", os.path.join(ROOT, "build-matrix"))

# A test of the sanitized rows is left out where it tells nothing about the build, or cannot work in it.
SANITIZED_WITHOUT = {
    "same_bits": "builds the sources itself, without the sanitizer",
    "same_bits_32": "builds the sources itself, without the sanitizer",
    "core_bits": "builds the sources itself, without the sanitizer",
    "core_tables": "tests a script, not the library",
    "bench_check": "counts the instructions of the release build",
    "web_build": "tests the page, not the library",
    "web_rules": "tests the page, not the library",
    "web_page": "tests the page, not the library",
    "web_engine": "tests WebAssembly, which clang builds without a sanitizer",
    "web_live": "tests WebAssembly, which clang builds without a sanitizer",
    "engine_heap": "is an allocator of its own, which a sanitizer's takes the place of",
    "site": "tests the pages, not the library",
    "pages": "tests the pages, not the library",
    "bindings_abi": "builds the sources itself, without the sanitizer",
    "bindings_deb": "builds the sources itself, without the sanitizer",
    "bindings_install": "links programs of its own, without the sanitizer",
    "bindings_python": "Python is not built with the sanitizer",
    "bindings_same": "Python is not built with the sanitizer",
    "bindings_wheel": "Python is not built with the sanitizer",
    "bindings_r": "R is not built with the sanitizer",
    "faults_memory": "replaces the allocator, as the sanitizer does",
    "faults_leaks": "replaces the allocator, as the sanitizer does",
    "faults_serve_memory": "replaces the allocator, as the sanitizer does",
    "faults_files": "is preloaded before the sanitizer, which must come first",
    "cluster_mpi": "Open MPI and MPICH lose memory of their own when they end",
    "cluster_slurm": "Slurm's daemons, not the library",
}
SANITIZER = "-Dc_args=-fno-sanitize-recover=all -fno-omit-frame-pointer"
# Targets whose every byte our own code writes, and those that a library writes into which clang has not built.
UNINITIALISED = ["csv", "expression", "settle", "power", "burden", "war"]
BY_LIBRARY = {"scenario": "libfyaml", "rule": "libfyaml", "plan": "libfyaml", "part": "libfyaml", "checkpoint": "libfyaml", "arithmetic": "libfyaml", "seal": "libfyaml",
              "table": "expat and libfyaml", "http": "libmicrohttpd"}
VALGRIND_WITHOUT = {
    "core_elementary": "millions of arguments against MPFR, and no memory of its own",
    "core_distribution": "millions of arguments against MPFR, and no memory of its own",
    "engine_heap": "is an allocator of its own, which valgrind's takes the place of",
    "faults_leaks": "fails each allocation in turn: hours",
    "faults_serve_memory": "fails each allocation in turn: hours",
    "plan_rerun": "runs the shipped scenario many times: hours",
    "plan_memo": "runs the shipped scenario many times: hours",
    "plan_set": "runs the shipped scenario many times: hours",
}
BYTES = ["core_bits", "core_german", "same_bits", "same_bits_32", "cli_locale", "cli_memory"]


def environment(**more):
    return {k: v for k, v in {**os.environ, **more}.items() if v is not None}


def configure(row, *options, compiler="gcc", targets=()):
    """A build folder, made where it is not there; the targets in it built, or everything."""
    build = os.path.join(BUILDS, row)
    if not os.path.exists(os.path.join(build, "build.ninja")):
        subprocess.run(["meson", "setup", build, ROOT, "-Dtests=enabled", "-Dpython=disabled", *options], check=True, stdout=subprocess.DEVNULL, env=environment(CC=compiler))
    subprocess.run(["ninja", "-j2", "-C", build, "--quiet", *targets], check=True)
    return build


def listed(build):
    """The names of the build's tests and the program that each runs."""
    told = json.loads(subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True, check=True).stdout)
    return {t["name"]: t["cmd"][0] for t in told}


def play(build, names, *options, **env):
    """Runs tests; what came out, as tests/run.py tells it, and what checkers wrote of processes whose end nobody looked at."""
    with tempfile.TemporaryDirectory() as reports:
        log = os.path.join(reports, "report")
        for name in [n for n in env if n.endswith("SAN_OPTIONS")]:
            env[name] += f":log_path={log}"
        done = subprocess.run([os.path.join(ROOT, "tests", "run.py"), build, *options, "--timeout-multiplier", "20", "--num-processes", "2", *names],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment(**env))
        found = {f: open(f, encoding="utf-8", errors="replace").read() for f in sorted(glob.glob(log + "*"))}
    counts = re.search(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", done.stdout, re.M)
    if counts is None:
        sys.exit(f"matrix: no test was run\n{done.stdout[-2000:]}")
    out = {"tests": len(names), "passed": int(counts[1]), "failed": int(counts[2]), "skipped": int(counts[3] or 0), "reports": len(found)}
    if out["failed"] or found:
        print(done.stdout[done.stdout.rfind("Full log written"):][-8000:], *(t[:3000] for t in list(found.values())[:3]), sep="\n")
    return out


def sanitized(row, compiler, without, names=None, sanitizer="address,undefined", targets=(), more=()):
    build = configure(row, "-Doptimization=1", "-Ddebug=true", f"-Db_sanitize={sanitizer}", "-Db_lundef=false", SANITIZER, *more, compiler=compiler, targets=targets)
    tests = listed(build)
    left = {n: why for n, why in without.items() if n in tests}
    with tempfile.NamedTemporaryFile("w", suffix=".supp") as known:
        known.write("leak:libfyaml.so\n")  # 0.7.12 loses a block where it finds a mistake in a text
        known.flush()
        out = play(build, sorted(n for n in tests if n not in left and (names is None or n in names)), ASAN_OPTIONS="detect_leaks=1", UBSAN_OPTIONS="print_stacktrace=1",
                   LSAN_OPTIONS=f"suppressions={known.name}:print_suppressions=0", TSAN_OPTIONS="halt_on_error=0", MSAN_OPTIONS="halt_on_error=1")
    return {**out, **({"left_out": left} if names is None else {})}


def gcc_asan():
    return {"what": "every test, by gcc with AddressSanitizer and UndefinedBehaviorSanitizer", **sanitized("gcc-asan", "gcc", SANITIZED_WITHOUT)}


def clang_asan():
    return {"what": "every test, by clang with AddressSanitizer and UndefinedBehaviorSanitizer", **sanitized("clang-asan", "clang", SANITIZED_WITHOUT)}


def tsan():
    names = ["ensemble", "counts", "part", "cluster_checkpoint", "cluster_shards", "cluster_resume", "serve", "serve_hostile"]
    targets = ["cli/entente", "tests/ensemble/test_ensemble", "tests/ensemble/test_counts", "tests/ensemble/test_part", "tests/cluster/test_checkpoint"]
    return {"what": "threads of ensemble, cluster and server, by clang with ThreadSanitizer", **sanitized("tsan", "clang", {}, names, "thread", targets),
            "left_out": {"cluster_mpi": "Open MPI and MPICH are not built with the sanitizer"}}


def msan():
    os.makedirs(BUILDS, exist_ok=True)
    boundary = os.path.join(BUILDS, "msan.o")
    subprocess.run(["clang", "-std=c17", "-D_POSIX_C_SOURCE=200809L", "-fPIC", "-c", os.path.join(ROOT, "tests", "msan.c"), "-o", boundary], check=True)
    return {"what": "corpora of " + ", ".join(UNINITIALISED) + ", by clang with MemorySanitizer",
            **sanitized("msan", "clang", {}, ["fuzz_" + n for n in UNINITIALISED], "memory", ["fuzz/replay_" + n for n in UNINITIALISED],
                        [f"-Dc_link_args={boundary} -Wl,--wrap=stat64,--wrap=fstat64,--wrap=fstatat64"]),
            "left_out": {"fuzz_" + n: f"reads through {library}, not built with the sanitizer: see valgrind-parsers" for n, library in BY_LIBRARY.items()}}


def under_valgrind(choose):
    """Tests that are programs of ours, and one run of the program, under memcheck."""
    build = configure("plain")
    with tempfile.NamedTemporaryFile("w", suffix=".supp") as known:
        known.write("{\n  libfyaml 0.7.12 loses a block where it finds a mistake in a text\n  Memcheck:Leak\n  ...\n  obj:*libfyaml.so*\n}\n")
        known.flush()
        wrap = f"valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --suppressions={known.name} --log-file=/dev/null"
        own = [n for n, program in listed(build).items() if os.path.realpath(program).startswith(os.path.realpath(build) + os.sep)]
        out = play(build, sorted(n for n in own if choose(n)), "--wrap", wrap)
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run([*wrap.split(), os.path.join(build, "cli", "entente"), "run", os.path.join(ROOT, "scenarios", "ec-emissions-1989"), "--draws", "128", "--jobs", "2",
                                  "--quiet", "--out", folder], capture_output=True)
    out["tests"] += 1
    out["passed" if run.returncode == 0 else "failed"] += 1
    return out


def valgrind_parsers():
    return {"what": "corpora of " + ", ".join(sorted(BY_LIBRARY)) + " and one run of the program under valgrind's memcheck",
            **under_valgrind(lambda n: n.removeprefix("fuzz_") in BY_LIBRARY and n.startswith("fuzz_"))}


def valgrind():
    return {"what": "the C tests and one run of the program under valgrind's memcheck",
            **under_valgrind(lambda n: n not in VALGRIND_WITHOUT and not n.startswith("fuzz_")), "left_out": VALGRIND_WITHOUT}


def same_bytes():
    return {"what": "the same bytes by gcc and clang, -O0 and -O3, 32 and 64 bits, point and comma; a big scenario within a limit of memory",
            **play(configure("plain"), BYTES)}


def reproducible():
    """Program and library of the commit, built in two folders of other names and depths, without a cache of objects."""
    env = environment(CCACHE_DISABLE="1")
    made = []
    with tempfile.TemporaryDirectory() as folder:
        sources = [os.path.join(folder, name) for name in ("first", "another/and-longer")]
        for source in sources:  # both before either is built: the commit may change meanwhile
            subprocess.run(["git", "clone", "--quiet", ROOT, source], check=True)
        for source, build in zip(sources, ("b", "build-of-another-name")):
            subprocess.run(["meson", "setup", os.path.join(source, build), source, "-Dtests=disabled", "-Dpython=disabled"], check=True, stdout=subprocess.DEVNULL, env=env)
            subprocess.run(["ninja", "-C", os.path.join(source, build), "--quiet"], check=True, env=env)
            made.append(os.path.join(source, build))
        same = {name: filecmp.cmp(os.path.join(made[0], name), os.path.join(made[1], name), shallow=False) for name in ("cli/entente", "libentente.so.0")}
    for name, equal in same.items():
        if not equal:
            print(f"{name} differs")
    return {"what": "two builds of the commit in folders of other names: " + ", ".join(same) + " byte by byte", "tests": len(same), "passed": sum(same.values()),
            "failed": len(same) - sum(same.values())}


ROWS = {"gcc-asan": gcc_asan, "clang-asan": clang_asan, "tsan": tsan, "msan": msan, "valgrind-parsers": valgrind_parsers, "valgrind": valgrind, "bytes": same_bytes, "reproducible": reproducible}


def version(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].strip()


def main():
    names = sys.argv[1:] or list(ROWS)
    for name in names:
        if name not in ROWS:
            sys.exit(f"matrix: there is no row '{name}'; there are {', '.join(ROWS)}")
    bad = 0
    for name in names:
        row = {"row": name, **ROWS[name]()}
        bad += row["failed"] + row.get("reports", 0)
        rows = {}
        if os.path.exists(TOLD):
            with open(TOLD, encoding="utf-8") as f:
                rows = {r["row"]: r for r in json.load(f)["rows"]}
        rows[name] = row
        print(f"{name}: {row['passed']} passed, {row['failed']} failed, {row.get('reports', 0)} reports", flush=True)
        told = {"compilers": {c: version(c, "--version") for c in ("gcc", "clang", "valgrind") if shutil.which(c)}, "rows": [rows[n] for n in ROWS if n in rows]}
        with open(TOLD, "w", encoding="utf-8") as f:
            json.dump(told, f, indent=1, ensure_ascii=False)
            f.write("\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

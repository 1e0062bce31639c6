#!/usr/bin/python3
"""Builds web/engine.wasm, the engine in the browser: core, models, plan, ensemble, findings and the JSON of results, as
one WebAssembly module without threads. `build.py OUTPUT`; exits with 3 and says so where the compiler is missing.

The same sources give the same bytes with the same compiler; the committed file is made by clang 14 of Debian 12, with
its packages clang, lld, wasi-libc and libclang-rt-14-dev-wasm32."""
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Where a draw's time goes is made fast, all else small: a source has the level of the first pattern that it fits.
LEVELS = [
    ("-O2", ["core/elementary", "core/random", "settle/challenge", "settle/challenge_round", "settle/settle", "settle/spatial_contest",
             "settle/spatial_election", "plan/machine"]),
    ("-Os", ["core/distribution", "settle/compromise", "settle/nash", "settle/spatial_run", "war/war", "ensemble/worker", "ensemble/moments"]),
    ("-Oz", ["core/*", "settle/*", "vote/*", "alliance/*", "war/*", "plan/*", "ensemble/*", "findings/*", "results/json",
             "results/story", "results/rooms", "results/why", "compile/set", "scenario/value", "scenario/text", "scenario/expression"]),
]
OWN = ["web/engine/engine.c", "web/engine/memory.c", "web/engine/text.c"]
HEADERS = "/usr/include/wasm32-wasi"
# -nostdlibinc: with a sysroot of /usr the headers of the host's C library would be found first.
FLAGS = ["--target=wasm32-wasi", "-nostdlibinc", "-isystem", "web/engine/without", "-isystem", HEADERS, "-Iinclude", "-Isrc",
         "-std=c17", "-D_POSIX_C_SOURCE=200809L", "-DNDEBUG", "-flto", "-msimd128", "-mbulk-memory", "-msign-ext", "-mnontrapping-fptoint", "-fno-unroll-loops", "-ffp-contract=off", "-fno-math-errno",
         "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror"]
STACK = 1 << 20


def missing():
    """What is missing to build, in words, or an empty string."""
    for program in ("clang-14", "wasm-ld-14"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    for path in (HEADERS, "/usr/lib/clang/14/lib/wasi/libclang_rt.builtins-wasm32.a"):
        if not os.path.exists(path):
            return f"{path} is missing"
    return ""


def run(command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(" ".join(command) + "\n" + done.stderr)


def build(output):
    level = {source: "-Oz" for source in OWN}
    for flag, patterns in LEVELS:
        for pattern in patterns:
            for source in sorted(glob.glob(f"src/{pattern}.c", root_dir=ROOT)):
                level.setdefault(source, flag)
    compiler = ["ccache", "clang-14"] if shutil.which("ccache") else ["clang-14"]
    with tempfile.TemporaryDirectory() as folder:
        objects = {s: os.path.join(folder, s.replace("/", "_") + ".o") for s in level}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda s: run([*compiler, *FLAGS, level[s], "-c", s, "-o", objects[s]]), level))
        run(["clang-14", "--target=wasm32-wasi", "--sysroot=/usr", "-mexec-model=reactor", "-flto", "-Wl,--lto-O2,-mllvm,-inline-threshold=10", "-Wl,--strip-all",
             f"-Wl,-z,stack-size={STACK},--stack-first", "-o", os.path.abspath(output), *objects.values()])


def main():
    why_not = missing()
    if why_not:
        print(f"{sys.argv[0]}: {why_not}", file=sys.stderr)
        return 3
    build(sys.argv[1])
    os.chmod(sys.argv[1], 0o644)
    print(f"{sys.argv[1]}: {os.path.getsize(sys.argv[1]) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

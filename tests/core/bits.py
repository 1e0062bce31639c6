#!/usr/bin/env python3
"""The same bits from every compiler and option: builds bits.c with each and compares what it prints."""
import os
import shutil
import subprocess
import sys
import tempfile

source = os.environ["ENTENTE_SOURCE"]
core = [os.path.join(source, "src", "core", name + ".c")
        for name in ("elementary", "distribution", "random", "number", "error", "arena")]
always = ["-std=c17", "-D_POSIX_C_SOURCE=200809L", "-ffp-contract=off", "-fno-math-errno", "-DNDEBUG",
          "-I", os.path.join(source, "src"), "-I", os.path.join(source, "include")]
FMA = ["-mfma", "-mavx2"]


def cpu_has_fma():
    try:
        with open("/proc/cpuinfo") as text:
            flags = next((line.split() for line in text if line.startswith("flags")), [])
        return "fma" in flags and "avx2" in flags
    except OSError:
        return False


def takes(compiler, options, folder):
    """Whether the compiler knows the options (another architecture has no -mfma)."""
    probe = os.path.join(folder, "probe.c")
    with open(probe, "w") as out:
        out.write("int main(void) { return 0; }\n")
    return subprocess.run([compiler, *options, probe, "-o", probe + ".out"], capture_output=True).returncode == 0


def main():
    compilers = [c for c in ("gcc", "clang") if shutil.which(c)]
    runs = [(c, [level, *extra]) for c in compilers for level in ("-O0", "-O3") for extra in ([], FMA)]
    print(f"1..{len(runs) + 1}", flush=True)
    first, good = None, True
    with tempfile.TemporaryDirectory() as folder:
        for number, (compiler, options) in enumerate(runs, 1):
            name = " ".join([compiler, *options])
            program = os.path.join(folder, f"bits{number}")
            if not takes(compiler, options, folder):
                print(f"ok {number} - {name} # SKIP the compiler does not know these options", flush=True)
                continue
            built = subprocess.run([compiler, *always, *options, os.path.join(source, "tests", "core", "bits.c"), *core,
                                    "-lm", "-o", program], capture_output=True, text=True)
            if built.returncode != 0:
                print(f"# {built.stderr}\nnot ok {number} - {name} builds", flush=True)
                good = False
                continue
            if FMA[0] in options and not cpu_has_fma():
                print(f"ok {number} - {name} # SKIP it builds; this processor cannot run it", flush=True)
                continue
            text = subprocess.run([program], capture_output=True, text=True, check=True).stdout
            first = first or text
            same = text == first
            good = good and same
            if not same:
                for ours, theirs in zip(first.splitlines(), text.splitlines()):
                    if ours != theirs:
                        print(f"# first: {ours}; here: {theirs}")
            print(f"{'ok' if same else 'not ok'} {number} - {name} gives the same bits", flush=True)
    enough = first is not None and len(first.splitlines()) == 32 and "prepared" not in first
    print(f"{'ok' if enough else 'not ok'} {len(runs) + 1} - all 32 hashes were printed", flush=True)
    sys.exit(0 if good and enough else 1)


if __name__ == "__main__":
    main()

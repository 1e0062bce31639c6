#!/usr/bin/python3
"""The engine built by gcc and clang, at -O0 and -O3, with and without FMA, prints the same bytes for one scenario."""
# promise: same-bits
import glob
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SOURCE = os.environ["ENTENTE_SOURCE"]
ROOMS = sorted(os.listdir(os.path.join(os.environ["ENTENTE_SOURCE"], "src")))
BASE = ["-std=c17", "-D_POSIX_C_SOURCE=200809L", "-ffp-contract=off", "-fexcess-precision=standard", "-w",
        "-I" + os.path.join(SOURCE, "include"), "-I" + os.path.join(SOURCE, "src")]
LIBS = ["-lfyaml", "-lsqlite3", "-lmd4c-html", "-lmd4c", "-lexpat", "-lz", "-lpthread", "-lm"]
BUILDS = {"gcc -O0": ["gcc", "-O0"], "clang -O3": ["clang", "-O3"]}
if " fma " in open("/proc/cpuinfo").read():
    BUILDS["clang -O3 with FMA"] = ["clang", "-O3", "-mavx2", "-mfma"]
    BUILDS["gcc -O3 with FMA"] = ["gcc", "-O3", "-mavx2", "-mfma"]
# What is built in for other commands; the JSON of a run needs neither rules nor page nor engine.
RULES = [os.path.basename(f)[:-5].replace("-", "_") for f in glob.glob(os.path.join(SOURCE, "scenarios", "rules", "*.yaml"))]
PAGE = "".join(f'const unsigned char ent__rule_{r}[]=""; const unsigned long ent__rule_{r}_length=0;' for r in RULES)
PAGE += "const unsigned char ent__report_page[]=\"@ENTENTE_DATA@\"; const unsigned long ent__report_page_length=14;"
PAGE += 'const unsigned char ent__engine_wasm[]=""; const unsigned long ent__engine_wasm_length=0;'


def build(folder, compiler):
    os.makedirs(folder)
    page = os.path.join(folder, "page.c")
    with open(page, "w") as file:
        file.write(PAGE)
    files = [f for room in ROOMS for f in sorted(glob.glob(os.path.join(SOURCE, "src", room, "*.c")))]
    files = [f for f in files if not f.endswith(("page.c", "embed.c"))] + [page, os.path.join(SOURCE, "tests/ensemble/driver.c")]

    def one(numbered):
        n, file = numbered
        out = os.path.join(folder, f"{n}.o")
        subprocess.run([*compiler, *BASE, "-c", file, "-o", out], check=True)
        return out

    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(one, enumerate(files)))
    program = os.path.join(folder, "driver")
    subprocess.run([compiler[0], *objects, "-o", program, *LIBS], check=True)
    return program


def main():
    scenario = os.path.join(SOURCE, "scenarios", "european-security-2025")
    print(f"1..{len(BUILDS)}")
    want = None
    failed = 0
    with tempfile.TemporaryDirectory() as temp:
        for n, (name, compiler) in enumerate(BUILDS.items(), 1):
            program = build(os.path.join(temp, str(n)), compiler)
            got = subprocess.run([program, scenario, "1500"], check=True, capture_output=True).stdout
            want = want or got
            ok = got == want and len(got) > 10000
            failed += not ok
            print(f"{'ok' if ok else 'not ok'} {n} - {name}: {len(got)} bytes, as the first build's")
    return failed


if __name__ == "__main__":
    sys.exit(main())

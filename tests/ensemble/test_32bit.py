#!/usr/bin/python3
"""The engine built for 32-bit x86 gives the bits of the 64-bit build: every model at made-up inputs, and every shipped scenario,
whose plan the 64-bit build compiled and saved (reading YAML takes a library that is not here for 32 bits)."""
import glob
import importlib.util
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SOURCE = os.environ["ENTENTE_SOURCE"]
DRIVER, CARRIED = map(os.path.abspath, sys.argv[1:3])
del sys.argv[1:3]
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from tap import case, check, run, same, skip  # noqa: E402

BASE = ["gcc", "-m32", "-msse2", "-mfpmath=sse", "-std=c17", "-O1", "-D_POSIX_C_SOURCE=200809L", "-ffp-contract=off", "-fno-math-errno",
        "-ffunction-sections", "-Wall", "-Wextra", "-Wno-psabi", "-Werror", "-I" + os.path.join(SOURCE, "include"), "-I" + os.path.join(SOURCE, "src")]
SCENARIOS = sorted(os.path.dirname(f) for f in glob.glob(os.path.join(SOURCE, "scenarios", "*", "scenario.yaml")))
DRAWS = "100"
made = tempfile.TemporaryDirectory()
program = os.path.join(made.name, "carried32")


def sources():
    """What the page's engine is made of: the same rooms, without threads there and with them here."""
    spec = importlib.util.spec_from_file_location("engine", os.path.join(SOURCE, "web", "engine", "build.py"))
    engine = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(engine)
    found = {f for _, patterns in engine.LEVELS for p in patterns for f in glob.glob(os.path.join(SOURCE, "src", p + ".c"))}
    return sorted(found) + [os.path.join(SOURCE, "tests", "ensemble", "carried.c")]


def output(*command):
    done = subprocess.run(command, capture_output=True)
    check(done.returncode == 0, command, done.stderr.decode(errors="replace"))
    return done.stdout


def needs_program():
    if not os.path.exists(program):
        skip("there is no 32-bit program")


@case
def the_engine_builds_for_32_bits(folder):
    with open("probe.c", "w") as file:
        file.write("#include <stdio.h>\nint main(void) { return sizeof(void *) != 4; }\n")
    if subprocess.run([*BASE, "probe.c", "-o", "probe"], capture_output=True).returncode != 0 or subprocess.run("./probe").returncode != 0:
        skip("gcc-multilib and libc6-dev-i386 are not installed, or this machine runs no 32-bit programs")

    def one(numbered):
        return subprocess.run([*BASE, "-c", numbered[1], "-o", f"{numbered[0]}.o"], capture_output=True, text=True, cwd=folder)

    with ThreadPoolExecutor(2) as pool:
        for done in pool.map(one, enumerate(sources())):
            check(done.returncode == 0, done.stderr)
    # Functions of a room that need another which the engine has not are thrown away here as they are there.
    output("gcc", "-m32", "-Wl,--gc-sections", *glob.glob("*.o"), "-o", program, "-lpthread", "-lm")


@case
def every_model_gives_the_same_bits(folder):
    needs_program()
    want = output(CARRIED, "models").decode().splitlines()
    got = output(program, "models").decode().splitlines()
    check(len(want) >= 16, want)
    for line in want:
        check(int(line.split()[1]) > 0, "never called with success:", line)
    same(got, want)


def compare(folder, scenario):
    needs_program()
    want = output(DRIVER, scenario, DRAWS, "plan")
    check(len(want) > 5000)
    same(len(output(CARRIED, "plan", DRAWS)), len(want), "the saved plan by 64 bits")
    check(output(program, "plan", DRAWS) == want, "other bytes")


for scenario in SCENARIOS:
    def this(folder, scenario=scenario):
        compare(folder, scenario)
    this.__name__ = "a run of " + os.path.basename(scenario)
    case(this)

run()

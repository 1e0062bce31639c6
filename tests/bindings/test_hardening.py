#!/usr/bin/python3
"""What the built program and library carry against a mistake in memory being of use to somebody: read from the files themselves."""
import os
import re
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
PROGRAM = os.environ["ENTENTE"]
LIBRARY = os.path.abspath(sys.argv.pop(1))
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from tap import case, check, run  # noqa: E402


def readelf(*options):
    return subprocess.run(["readelf", "-W", *options], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout


def needed(file):
    """Names of functions that it takes from elsewhere."""
    return {line.split()[7].split("@")[0] for line in readelf("--dyn-syms", file).splitlines() if " UND " in line and len(line.split()) > 7}


@case
def tables_of_addresses_are_read_only_when_it_runs(folder):
    for file in (PROGRAM, LIBRARY):
        check("GNU_RELRO" in readelf("-l", file), file, "no RELRO")
        check(re.search(r"\bBIND_NOW\b|FLAGS_1\b.*\bNOW\b", readelf("-d", file)), file, "addresses are looked up later")


@case
def the_program_lies_anywhere_in_memory(folder):
    check(re.search(r"Type:\s+DYN", readelf("-h", PROGRAM)), "not position independent")
    check(re.search(r"FLAGS_1\b.*\bPIE\b", readelf("-d", PROGRAM)), "not marked as a program that may lie anywhere")


@case
def no_memory_can_be_written_and_run(folder):
    for file in (PROGRAM, LIBRARY):
        segments = readelf("-l", file).splitlines()
        stack = [line for line in segments if "GNU_STACK" in line]
        check(len(stack) == 1 and " RWE " not in stack[0], file, "the stack can be run")
        check(not any(line.split()[:1] == ["LOAD"] and " RWE " in line for line in segments), file, "memory that is written can be run")


@case
def stacks_are_guarded_and_copies_are_checked(folder):
    for file in (PROGRAM, LIBRARY):
        names = needed(file)
        check("__stack_chk_fail" in names, file, "no stack protector")
        check(any(re.fullmatch(r"__\w+_chk", name) and name != "__stack_chk_fail" for name in names), file, "no checked copy of the C library")


@case
def jumps_land_where_they_may(folder):
    if "X86-64" not in readelf("-h", PROGRAM):
        print("# no such marks on this machine's processor")
        return
    code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", LIBRARY], capture_output=True, text=True, check=True).stdout
    check(code.count("endbr64") > 100, "functions do not begin with a mark", code.count("endbr64"))


run()

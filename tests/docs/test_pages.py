#!/usr/bin/python3
"""Pages that are made from something else are what it makes them, and promises have tests."""
import os
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from tap import case, check, run, same  # noqa: E402


def tool(name, *args):
    return subprocess.run([sys.executable, os.path.join(SOURCE, "tools", name), *args], capture_output=True, text=True)


@case
def every_promise_has_a_test_and_every_test_a_promise(_):
    done = tool("promises.py")
    check(done.returncode == 0, done.stdout)
    check(int(done.stdout.splitlines()[-1].split()[0]) >= 50, done.stdout.splitlines()[-1])


@case
def the_page_on_testing_is_what_its_figures_make_it(_):
    done = tool("testing_page.py", "--check")
    same((done.returncode, done.stderr), (0, ""))


run()

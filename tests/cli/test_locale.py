#!/usr/bin/python3
"""A locale with a decimal comma changes no byte: the program's answers, and a run in a program that took the locale over before it
called the library, as R, Python and desktop programs do."""
import os
import shutil
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
ENTENTE = os.environ["ENTENTE"]
DRIVER = os.path.abspath(sys.argv.pop(1))
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from tap import case, check, run, same, skip  # noqa: E402

SCENARIO = os.path.join(SOURCE, "scenarios", "european-security-2025")
SMALL = os.path.join(SOURCE, "scenarios", "ec-emissions-1989")
PLAIN = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


def german(folder):
    """The environment of somebody in Germany; the locale is made in a folder, so that none needs to be installed."""
    if not shutil.which("localedef") or not os.path.exists("/usr/share/i18n/locales/de_DE"):
        skip("localedef or its sources are not installed")
    subprocess.run(["localedef", "-c", "-i", "de_DE", "-f", "UTF-8", "--no-archive", os.path.join(folder, "de_DE.UTF-8")], capture_output=True, check=False)
    return dict(PLAIN, LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8", LOCPATH=folder)


def both(folder, *command, code=0, least=1000):
    """What a command prints in both; the same, or the case fails."""
    here = german(folder)
    done = [subprocess.run(command, env=env, capture_output=True) for env in (PLAIN, here)]
    for d in done:
        check(d.returncode == code, command, d.stderr.decode(errors="replace"))
    check(len(done[0].stdout) > least, done[0].stdout)
    check(done[0].stdout == done[1].stdout, command, "other bytes")
    return done


@case
def check_run_and_levers_print_the_same_bytes(folder):
    both(folder, ENTENTE, "check", SCENARIO, "--json", least=1)
    shutil.copytree(SMALL, "wrong")
    with open(os.path.join("wrong", "delay.csv"), "a", encoding="utf-8") as file:
        file.write("de,12.5,1.25,0.08,judgement: off the scale\n")
    both(folder, ENTENTE, "check", "wrong", "--json", code=1, least=100)
    both(folder, ENTENTE, "run", SCENARIO, "--draws", "100", "--json", "--quiet", "--out", os.path.join(folder, "out"))
    both(folder, ENTENTE, "levers", SCENARIO, "--draws", "16", "--goal", "leverage", "--json")
    both(folder, ENTENTE, "settle", os.path.join(SOURCE, "tests", "golden", "challenge", "ExampleActors.csv"), "--model", "challenge", "--json", least=100)


@case
def a_program_that_took_the_locale_over_gets_the_same_bytes(folder):
    done = both(folder, DRIVER, SMALL, "300")
    same([d.stderr.decode().strip() for d in done], ["decimal point .", "decimal point ,"])


run()

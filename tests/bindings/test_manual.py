#!/usr/bin/python3
"""Manual pages and completions, made from the program's own tables: test_manual.py BUILD."""
import glob
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
from tap import case, check, run, same, skip  # noqa: E402

BUILD, PROGRAM = sys.argv.pop(1), os.environ["ENTENTE"]


def ask(*words):
    return json.loads(subprocess.run([PROGRAM, *words, "--describe"], check=True, capture_output=True).stdout)


COMMANDS = {c["name"]: ask(c["name"]) for c in ask()}


@case
def each_command_describes_itself(folder):
    listed = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True).stdout
    for name, c in COMMANDS.items():
        same(c["name"], name)
        check(f"  {name} " in listed and c["about"] and c["example"].startswith("entente"), name)
        told = subprocess.run([PROGRAM, name, "--help"], capture_output=True, text=True).stdout
        for o in c["options"]:
            check(f"--{o['name']}" in told and o["help"], name, o)
            same(o["kind"] == "flag", o["argument"] == "", name, o)


@case
def each_command_has_its_page(folder):
    pages = {os.path.basename(p)[:-2] for p in glob.glob(os.path.join(BUILD, "cli/*.1"))}
    if not pages:
        skip("scdoc is not installed")
    same(pages, {"entente"} | {f"entente-{name}" for name in COMMANDS})
    for name, c in COMMANDS.items():
        path = os.path.join(BUILD, f"cli/entente-{name}.1")
        text = open(path, encoding="utf-8").read()
        for o in c["options"]:
            check(f"--{o['name']}".replace("-", "\\-") in text or f"--{o['name']}" in text, name, o)
        if subprocess.run(["sh", "-c", "command -v groff"], capture_output=True).returncode == 0:
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-k", "-b", path], capture_output=True, text=True)
            serious = [l for l in done.stderr.splitlines() if "can't" not in l and "adjust" not in l and "break" not in l]
            same(serious, [], name)
            for line in c["example"].split("\n"):
                check(line.strip().split("\\")[0].strip()[:40] in done.stdout.replace("\u2010", "-").replace("\u2019", "'"), name, line)


@case
def bash_completes_commands_options_and_names(folder):
    def completed(*words):
        code = f"source {BUILD}/cli/entente.bash; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _entente; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        return subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True).stdout.split()

    same(completed("entente", "pow"), ["power"])
    check("challenge" in completed("entente", "settle", "--model", "ch"))
    check("un-security-council" in completed("entente", "power", "--rule", "un"))
    for name, c in COMMANDS.items():
        same(set(completed("entente", name, "--")), {f"--{o['name']}" for o in c["options"]} | {"--json", "--quiet", "--help"}, name)


@case
def zsh_and_fish_have_all_of_it(folder):
    zsh, fish = (open(os.path.join(BUILD, f"cli/{f}"), encoding="utf-8").read() for f in ("_entente", "entente.fish"))
    for name, c in COMMANDS.items():
        for o in c["options"]:
            check(f"__entente_command {name}' -l {o['name']} " in fish, name, o)
            check(f"--{o['name']}[" in zsh, name, o)
    for shell, flag, path in (("zsh", "-n", "_entente"), ("fish", "-n", "entente.fish")):
        if subprocess.run(["sh", "-c", f"command -v {shell}"], capture_output=True).returncode == 0:
            same(subprocess.run([shell, flag, os.path.join(BUILD, "cli", path)], capture_output=True).returncode, 0, shell)


run()

#!/usr/bin/python3
"""The JSON Schema of scenarios: it is what the reader's tables make it, takes every shipped scenario, and refuses what the
program refuses for its keys."""
import glob
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
from tap import case, check, run, same, skip  # noqa: E402

try:
    import jsonschema
    import yaml
except ImportError:
    print("1..0 # SKIP python3-jsonschema and python3-yaml are not installed")
    sys.exit(0)

PROGRAM, SOURCE = os.environ["ENTENTE"], os.environ["ENTENTE_SOURCE"]
SCHEMA = json.load(open(os.path.join(SOURCE, "schemas/scenario.schema.json"), encoding="utf-8"))


class Loader(yaml.BaseLoader):
    """YAML 1.2 as editors read it: numbers, true and false; yes, no and dates are words."""


def plain(x):
    if isinstance(x, dict):
        return {str(k): plain(v) for k, v in x.items()}
    if isinstance(x, list):
        return [plain(v) for v in x]
    if re.fullmatch(r"[-+]?\d+", x):
        return int(x)
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", x):
        return float(x)
    return {"true": True, "false": False}.get(x, x)


def problems(text):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return sorted(f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in validator.iter_errors(plain(yaml.load(text, Loader))))


def shipped():
    return sorted(glob.glob(os.path.join(SOURCE, "scenarios/*/scenario.yaml")) + glob.glob(os.path.join(SOURCE, "examples/*/scenario.yaml")) +
                  glob.glob(os.path.join(SOURCE, "tests/scenarios/data/*/scenario.yaml")))


@case
def it_is_what_the_tables_make_it(folder):
    subprocess.run([sys.executable, os.path.join(SOURCE, "schemas/make.py"), PROGRAM, "made.json"], check=True)
    same(json.load(open("made.json", encoding="utf-8")), SCHEMA, "schemas/make.py PROGRAM makes it anew")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@case
def it_takes_every_shipped_scenario(folder):
    check(len(shipped()) >= 3, shipped())
    for path in shipped():
        if subprocess.run([PROGRAM, "check", path], capture_output=True).returncode == 0:
            same(problems(open(path, encoding="utf-8").read()), [], path)


@case
def it_takes_the_scenario_to_start_from_and_the_one_in_the_docs(folder):
    subprocess.run([PROGRAM, "new", "case"], check=True, capture_output=True)
    same(problems(open("case/scenario.yaml", encoding="utf-8").read()), [])
    block = re.search(r"```yaml\n(entente: 1\n.*?)```", open(os.path.join(SOURCE, "docs/scenario.md"), encoding="utf-8").read(), re.S)
    same(problems(block.group(1)), [])


@case
def it_refuses_what_the_program_refuses(folder):
    subprocess.run([PROGRAM, "new", "case"], check=True, capture_output=True)
    path = "case/scenario.yaml"
    good = open(path, encoding="utf-8").read()
    refused = 0
    for before, after in ((r"^title:", "titel:"), (r"^entente: 1", "entente: 2"), (r"\bquestion:", "qestion:"), (r"\bholds:", "hold:"), (r"\bcompromise:", "compromize:"),
                          (r"\btakes_hold:", "takes_holds:"), (r"^issues:", "issue:"), (r"\bsays:", "say:")):
        text, n = re.subn(before, after, good, count=1, flags=re.M)
        if n == 0:
            continue
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        check(subprocess.run([PROGRAM, "check", "case"], capture_output=True).returncode == 1, after)
        check(problems(text), after)
        refused += 1
    check(refused >= 6, refused)


run()

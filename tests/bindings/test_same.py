#!/usr/bin/python3
"""The program, Python and R say the same numbers, to the last bit, over random inputs of every model."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tap import case, check, run, same, skip  # noqa: E402
import cases  # noqa: E402

MODELS = cases.table()
CASES = cases.all_cases(20260, MODELS)


def plain(x):
    """Numbers as a list; NaN as None, as JSON has it."""
    values = x.tolist() if hasattr(x, "tolist") else x if isinstance(x, list) else [x]
    return [None if v != v else v for v in values]


def compare(got, want, given):
    for key, value in want.items():
        if key == "stop":
            same(got[key], value, given)
        elif given.get("model") == "spatial":
            # The command takes the mean of positions on the scale, the model that of shares of it: the last bit differs.
            check(abs(plain(got[key])[0] - value[0]) <= 1e-12 * 300, got[key], value, given)
        elif key in got:
            same(plain(got[key]), [None if v is None else float(v) for v in value], key, given)
    check(set(got) & set(want) - {"stop"}, "nothing to compare", given)


# --- Python ----------------------------------------------------------------------------------------------------

def by_python(given):
    import entente

    kind = given["kind"]
    if kind == "settle":
        alone = given["issues"] == 1
        table = [[row[0] for row in given[k]] if alone else given[k] for k in ("position", "salience", "capability")]
        got = getattr(entente, given["model"])(*table, **given["options"], **{k: given[k] for k in ("low", "high", "status_quo") if k in given})
    elif kind in ("model", "war"):
        got = getattr(entente, given["model"])(**given["columns"], **given["numbers"], **given["options"])
    elif kind == "power":
        got = entente.power(weights=given["weights"], quota=given["quota"])
    else:
        got = {"cinc": entente.cinc(given["columns"])}
    return dict(got)


def of(kind):
    return [c for c in CASES if c["kind"] == kind]


def python_says_the_same(kind):
    if "PYTHONPATH" not in os.environ:
        skip("the Python package was not built")
    check(len(of(kind)) > 2)
    for given in of(kind):
        compare(by_python(given), cases.by_program(given), given)


# promise: bindings-same-bits
@case
def settling_in_python(folder):
    python_says_the_same("settle")
    check({c["model"] for c in of("settle")} == {m["name"] for m in MODELS.values() if m["room"] == "settle"})


@case
def alliances_in_python(folder):
    python_says_the_same("model")


@case
def wars_in_python(folder):
    python_says_the_same("war")


@case
def power_in_python(folder):
    python_says_the_same("power")


@case
def capability_shares_in_python(folder):
    python_says_the_same("cinc")


run()

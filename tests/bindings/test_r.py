#!/usr/bin/python3
"""The R package: built and checked as CRAN does, its numbers against the program's and Python's to the last bit, interrupts.

    test_r.py BUILD"""
import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tap import case, check, run, same, skip  # noqa: E402
import cases  # noqa: E402

BUILD, SOURCE = sys.argv.pop(1), os.environ["ENTENTE_SOURCE"]
if subprocess.run(["sh", "-c", "command -v R && command -v make && test -e \"$(R RHOME)/../../share/R/include/R.h\""], capture_output=True).returncode:
    print("1..0 # SKIP R and its headers are not installed")
    sys.exit(0)
if "__asan" in subprocess.run(["nm", "-D", os.path.join(BUILD, "libentente.so.0")], capture_output=True, text=True).stdout:
    print("1..0 # SKIP a build with sanitizers")
    sys.exit(0)

FOLDER = tempfile.TemporaryDirectory(prefix="entente-r-")
LIBRARY = os.path.join(FOLDER.name, "library")
ENV = {**os.environ, "ENTENTE_CFLAGS": f"-I{SOURCE}/include", "ENTENTE_LIBS": f"-L{BUILD} -lentente -Wl,-rpath,{BUILD}",
       "R_LIBS": LIBRARY, "_R_CHECK_FORCE_SUGGESTS_": "false", "LC_ALL": "C.UTF-8"}
for name in ("PYTHONPATH", "LD_PRELOAD"):
    ENV.pop(name, None)


def shell(*command, cwd=None):
    done = subprocess.run(command, capture_output=True, text=True, env=ENV, cwd=cwd)
    check(done.returncode == 0, " ".join(command), done.stdout[-3000:], done.stderr[-3000:])
    return done.stdout + done.stderr


def has(package):
    return subprocess.run(["Rscript", "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"], capture_output=True).returncode == 0


def in_r(code):
    return shell("Rscript", "-e", "library(entente)\n" + code)


@case
def it_is_built_and_installed(folder):
    os.mkdir(LIBRARY)
    shell(sys.executable, os.path.join(SOURCE, "bindings/r/stage.py"), os.environ["ENTENTE"], FOLDER.name)
    options = [] if has("knitr") else ["--no-build-vignettes"]
    shell("R", "CMD", "build", *options, os.path.join(FOLDER.name, "entente"), cwd=FOLDER.name)
    shell("R", "CMD", "INSTALL", "--library=" + LIBRARY, glob.glob(os.path.join(FOLDER.name, "entente_*.tar.gz"))[0])


@case
def cran_s_check_has_no_warning(folder):
    options = ["--no-manual"] + ([] if has("knitr") else ["--ignore-vignettes"]) + ([] if has("testthat") else ["--no-tests"])
    said = subprocess.run(["R", "CMD", "check", *options, glob.glob(os.path.join(FOLDER.name, "entente_*.tar.gz"))[0]], capture_output=True,
                          text=True, env=ENV, cwd=FOLDER.name).stdout
    status = re.search(r"Status: (.*)", said)
    check(status and not re.search("WARNING|ERROR", status.group(1)), said[-4000:])


# --- the same numbers -------------------------------------------------------------------------------------------

def r_number(x):
    return "NA" if x is None else f'"{x}"' if isinstance(x, str) else float(x).hex()


def r_vector(xs):
    return "c(" + ", ".join(map(r_number, xs)) + ")"


def r_table(rows):
    return f"matrix({r_vector([x for row in rows for x in row])}, nrow = {len(rows)}, byrow = TRUE)"


def r_call(given):
    kind, names = given["kind"], dict(given.get("options", {}))
    if kind == "settle":
        for key in ("low", "high", "status_quo"):
            if key in given:
                names[key] = given[key]
        parts = [r_vector([r[0] for r in given[k]]) if given["issues"] == 1 else r_table(given[k]) for k in ("position", "salience", "capability")]
    elif kind in ("model", "war"):
        names.update(given["numbers"])
        if "withdraws" in names:
            names["withdraws"] += 1
        parts = [f"{k} = {r_vector(v)}" for k, v in given["columns"].items()]
    elif kind == "power":
        return f"as.list(with(list(p = ent_power(weights = {r_vector(given['weights'])}, quota = {given['quota']})), c(list(act = attr(p, 'act')), p[-1])))"
    else:
        return "list(cinc = ent_cinc(data.frame(" + ", ".join(f"{k} = {r_vector(v)}" for k, v in given["columns"].items()) + ")))"
    return f"ent_{given['model']}(" + ", ".join(parts + [f"{k} = {r_number(v)}" for k, v in names.items()]) + ")"


def by_r(all_of):
    script = os.path.join(FOLDER.name, "cases.R")
    with open(script, "w", encoding="utf-8") as file:
        file.write("library(entente)\ntell <- function(i, x) for (n in names(x)) cat(i, n, if (is.character(x[[n]])) x[[n]] else sprintf('%a', as.numeric(x[[n]])), '\\n')\n")
        for i, given in enumerate(all_of):
            file.write(f"tell({i}, {r_call(given)})\n")
    out = [{} for _ in all_of]
    for line in shell("Rscript", script).splitlines():
        i, name, *values = line.split()
        out[int(i)][name] = values
    return out


def read(value):
    return None if value in ("NA", "NaN") else float.fromhex(value)


# promise: bindings-same-bits
@case
def its_numbers_are_the_program_s(folder):
    models = cases.table()
    all_of = cases.all_cases(777, models)
    check(len(all_of) > 60)
    compared = 0
    for given, got in zip(all_of, by_r(all_of)):
        for key, value in cases.by_program(given).items():
            if key not in got:
                continue
            compared += 1
            if key == "stop":
                same(got[key], [value], given)
            elif given.get("model") == "spatial":  # tests/bindings/test_same.py says why
                check(abs(read(got[key][0]) - value[0]) <= 1e-12 * 300, got[key], value, given)
            else:
                same([read(v) for v in got[key]], [None if v is None else float(v) for v in value], key, given)
    check(compared > 200, compared)


@case
def its_numbers_are_python_s(folder):
    if "PYTHONPATH" not in os.environ:
        skip("the Python package was not built")
    import entente
    models = cases.table()
    all_of = [g for g in cases.all_cases(778, models) if g["kind"] == "settle"]
    for given, got in zip(all_of, by_r(all_of)):
        table = [[r[0] for r in given[k]] if given["issues"] == 1 else given[k] for k in ("position", "salience", "capability")]
        want = getattr(entente, given["model"])(*table, **given["options"], **{k: given[k] for k in ("low", "high", "status_quo") if k in given})
        for key in set(got) - {"stop"}:
            value = want[key] if not isinstance(want[key], (int, float)) else [want[key]]
            same([read(v) for v in got[key]], [None if v != v else float(v) for v in value], key, given)


@case
def a_run_is_that_of_the_program(folder):
    place = os.path.join(SOURCE, "examples/door")
    want = cases.program("run", place, "--draws", "700", "--seed", "3", "--json", "--out", "out").decode()
    with open("got.R", "w") as file:
        file.write(f"library(entente)\nr <- ent_run('{place}', draws = 700, seed = 3, progress = FALSE)\ncat(ent_json(r))\n")
    done = subprocess.run(["Rscript", "got.R"], capture_output=True, env=ENV)
    same(done.stdout.decode(), want)


# --- while it runs ------------------------------------------------------------------------------------------------

@case
def an_interrupt_stops_a_run_and_r_goes_on(folder):
    code = (f"library(entente)\ncat('ready\\n')\nx <- tryCatch(ent_run('{SOURCE}/examples/door', draws = 2e7, progress = FALSE), "
            "interrupt = function(e) 'stopped')\ncat(x, ent_compromise(c(1, 3), 1, 1)$outcome, '\\n')\n")
    with open("long.R", "w") as file:
        file.write(code)
    process = subprocess.Popen(["Rscript", "long.R"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, text=True)
    check(process.stdout.readline().strip() == "ready")
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, err = process.communicate(timeout=60)
    check("stopped 2" in out, out, err)
    check(time.monotonic() - begun < 20)


@case
def a_call_costs_little(folder):
    said = in_r("p <- runif(100) * 100; s <- runif(100); k <- runif(100)\nbest <- Inf\nfor (i in 1:20) {\n"
                "  t <- system.time(for (j in 1:500) ent_compromise(p, s, k))[[3]] / 500\n  best <- min(best, t)\n}\ncat(best * 1e6)\n")
    print(f"# compromise of 100 actors from R {float(said.split()[-1]):.1f} us")
    check(float(said.split()[-1]) < 60, said)  # below 20 where nothing else runs


run()

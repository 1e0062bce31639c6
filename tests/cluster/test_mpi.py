#!/usr/bin/python3
"""entente run --mpi under mpirun: the bytes of one process; processes that fail, die or fall silent are named."""
import json
import os
import shutil
import signal
import subprocess
import time

from small import entente, results, scenario
from tap import case, check, run, same, skip

# Of each MPI that is here: the command linked with it, and how processes are started.
FLAVOURS = {"openmpi": ["mpirun.openmpi", "--oversubscribe", "--allow-run-as-root", "-n"], "mpich": ["mpirun.mpich", "-n"]}
os.environ.update(OMPI_MCA_btl_base_warn_component_unused="0", OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


def here(flavour):
    program = os.environ.get("ENTENTE_" + flavour.upper())
    if program is None or shutil.which(FLAVOURS[flavour][0]) is None:
        skip(f"{flavour} is not installed (Debian: {'libopenmpi-dev openmpi-bin' if flavour == 'openmpi' else 'libmpich-dev mpich'})")
    return program


def start(flavour, n, *args):
    return subprocess.Popen([*FLAVOURS[flavour], str(n), here(flavour), "run", *map(str, args), "--mpi"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(process):
    try:
        return process.communicate(timeout=100)
    except subprocess.TimeoutExpired:
        process.terminate()
        raise


def mpi(flavour, n, *args, code=0):
    process = start(flavour, n, *args)
    out, told = end(process)
    if code is not None and process.returncode != code:
        raise AssertionError(f"{n} {args}: exit {process.returncode}: {out[-500:]} {told[-1500:]}")
    return out, told


def members(process, n):
    """The processes below mpirun that run the command, by rank."""
    for _ in range(200):
        children, found = {}, []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    parent = file.read().rsplit(")", 1)[1].split()[1]
                children.setdefault(int(parent), []).append(int(pid))
            except OSError:
                pass
        below = [process.pid]
        for pid in below:
            below += children.get(pid, [])
        for pid in below:
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    words = dict(w.split(b"=", 1) for w in file.read().split(b"\0") if b"=" in w)
                rank = words.get(b"OMPI_COMM_WORLD_RANK", words.get(b"PMI_RANK"))
                if rank is not None and os.readlink(f"/proc/{pid}/exe").startswith(os.environ["ENTENTE_OPENMPI"].rsplit("-", 1)[0]):
                    found.append((int(rank), pid))
            except OSError:
                pass
        if len(found) == n:
            return dict(found)
        time.sleep(0.05)
    raise AssertionError(f"{n} processes did not start")


def the_bytes_are_those_of_one_process(flavour):
    here(flavour)
    scenario(more="given:\n  - {quantity: x, is: 14, error: 2}\n")
    want = entente("run", "channel", "--draws", 3000, "--json", "--csv", "--out", "one").stdout
    for n, jobs in ((1, 2), (2, 1), (3, 2), (4, 1), (8, 3)):
        out = f"with{n}"
        same(mpi(flavour, n, "channel", "--draws", 3000, "--json", "--csv", "--out", out, "--jobs", jobs)[0], want, n)
        same(results(out), results("one"), n)
        same(sorted(os.listdir(out)), ["draws.csv", "report.html", "results.sqlite"])


# promise: splits-change-nothing
@case
def open_mpi_gives_the_bytes_of_one_process(folder):
    the_bytes_are_those_of_one_process("openmpi")


@case
def mpich_gives_the_bytes_of_one_process(folder):
    the_bytes_are_those_of_one_process("mpich")


@case
def without_mpirun_it_is_one_process(folder):
    scenario()
    program = here("openmpi")
    want = entente("run", "channel", "--draws", 600, "--json", "--out", "one").stdout
    got = subprocess.run([program, "run", "channel", "--draws", "600", "--json", "--mpi", "--out", "two"], capture_output=True, text=True)
    same(got.stdout, want)


@case
def an_entente_without_mpi_says_so(folder):
    scenario()
    done = entente("run", "channel", "--mpi", "--json", code=None)
    if done.returncode == 0:
        skip("this entente is built with MPI")
    same(done.returncode, 2)
    check("built without MPI" in json.loads(done.stdout)[0]["message"], done.stdout)
    check("one of the two" in entente("run", "channel", "--mpi", "--shard", "1/2", code=2).stderr)
    check("a run in one piece" in entente("run", "channel", "--why", "--shard", "1/2", code=2).stderr)


@case
def a_wrong_scenario_is_told_once(folder):
    scenario(more="  d: {who: w, says: s, holds: \"nothing > 15\"}\n")
    out, told = mpi("openmpi", 3, "channel", "--json", "--out", "out", code=1)
    same(len(json.loads(out)), 1)
    same(told.count("channel/scenario.yaml:"), 1, told)
    check(not os.path.exists("out"))


@case
def a_process_that_dies_is_named(folder):
    scenario()
    process = start("openmpi", 3, "channel", "--draws", 9000000, "--out", "out", "--quiet")
    dies = members(process, 3)[2]
    time.sleep(1)
    os.kill(dies, signal.SIGKILL)
    told = end(process)[1]
    check(process.returncode != 0 and "process rank 2" in told and "signal 9" in told, process.returncode, told)


@case
def a_process_that_falls_silent_is_named_and_what_came_before_it_is_kept(folder):
    scenario()
    process = start("openmpi", 3, "channel", "--draws", 1500000, "--jobs", 1, "--out", "out", "--json", "--patience", 2)
    silent = members(process, 3)[1]
    time.sleep(1)
    os.kill(silent, signal.SIGSTOP)
    out, told = end(process)
    check(process.returncode != 0 and "nothing was heard of process 1 for 2 seconds: it is taken for lost" in told, told)
    got = json.loads(out)
    check(got["draws"] == 500224 and got["draws_asked"] == 1500000, got["draws"])
    check(got["counted"])  # more than a million were asked for
    want = json.loads(entente("run", "channel", "--draws", got["draws"], "--counts", "--json", "--out", "short").stdout)
    same(got["quantities"], want["quantities"])


@case
def stopped_it_keeps_a_prefix(folder):
    scenario()
    process = start("openmpi", 2, "channel", "--draws", 9000000, "--out", "out", "--json", "--jobs", 1)
    first = members(process, 2)[0]
    time.sleep(2)
    os.kill(first, signal.SIGINT)
    out, told = end(process)
    got = json.loads(out)
    check("stopped after" in told and 0 < got["draws"] < 9000000 and got["draws"] % 256 == 0, told)


run()

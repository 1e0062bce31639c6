#!/usr/bin/python3
"""The scripts of docs/cluster.md under Slurm: an array of parts with a merge behind it, and srun with MPI. Slurm is started for the
test on this machine alone: munged, slurmctld and slurmd with a folder, ports and a key of their own. Where it is not installed, or
its daemons cannot run here (they need root), the tests are skipped."""
# promise: slurm-tried
import os
import re
import shutil
import socket
import subprocess
import time

from small import ENTENTE, entente, results, scenario
from tap import Skip, case, check, run, same

DOCS = os.path.join(os.environ["ENTENTE_SOURCE"], "docs", "cluster.md")


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Slurm:
    def __init__(self, folder):
        needed = ["munged", "slurmctld", "slurmd", "sbatch", "srun", "sinfo", "scontrol"]
        path = os.environ["PATH"] + ":/usr/sbin"
        where = {name: shutil.which(name, path=path) for name in needed}
        if None in where.values():
            raise Skip("Slurm is not installed: " + ", ".join(n for n in needed if where[n] is None))
        if os.geteuid() != 0:
            raise Skip("Slurm's daemons need root")
        self.folder, self.started, self.where = folder, [], where
        self.host = socket.gethostname().split(".")[0]
        for name in ("state", "spool", "munge"):
            os.makedirs(os.path.join(folder, name), mode=0o700)
        self.env = {**os.environ, "SLURM_CONF": os.path.join(folder, "slurm.conf")}
        self.configure()
        self.start()

    def configure(self):
        f = self.folder
        with open(os.path.join(f, "munge", "key"), "wb") as key:
            key.write(os.urandom(1024))
        os.chmod(os.path.join(f, "munge", "key"), 0o400)
        with open(self.env["SLURM_CONF"], "w") as conf:
            conf.write(f"""ClusterName=test
SlurmctldHost={self.host}(127.0.0.1)
SlurmctldPort={port()}
SlurmdPort={port()}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={f}/munge/socket
CredType=cred/munge
StateSaveLocation={f}/state
SlurmdSpoolDir={f}/spool
SlurmctldPidFile={f}/slurmctld.pid
SlurmdPidFile={f}/slurmd.pid
SlurmctldLogFile={f}/slurmctld.log
SlurmdLogFile={f}/slurmd.log
ProctrackType=proctrack/pgid
SlurmdParameters=config_overrides
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,defer
ReturnToService=2
MpiDefault=none
NodeName={self.host} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes={self.host} Default=YES MaxTime=10 State=UP OverSubscribe=NO
""")

    def daemon(self, name, *args):
        with open(os.path.join(self.folder, name + ".out"), "wb") as out:
            self.started.append(subprocess.Popen([self.where[name], *args], stdout=out, stderr=out, env=self.env, start_new_session=True))

    def start(self):
        f = self.folder
        self.daemon("munged", "--foreground", "--force", f"--socket={f}/munge/socket", f"--key-file={f}/munge/key", f"--pid-file={f}/munge/pid",
                    f"--log-file={f}/munge/log", f"--seed-file={f}/munge/seed")
        self.wait(lambda: os.path.exists(f"{f}/munge/socket"), "munged")
        self.daemon("slurmctld", "-D", "-f", self.env["SLURM_CONF"])
        self.daemon("slurmd", "-D", "-f", self.env["SLURM_CONF"], "-N", self.host)
        self.wait(lambda: "idle" in self.run("sinfo", "-h", "-o", "%T", check=False).stdout, "a node that is idle")

    def wait(self, ready, what):
        for _ in range(300):
            if ready():
                return
            if any(p.poll() is not None for p in self.started):
                break
            time.sleep(0.1)
        told = " ".join(open(os.path.join(self.folder, n)).read()[-300:] for n in os.listdir(self.folder) if n.endswith((".out", ".log")))
        self.stop()
        raise Skip(f"{what} does not come: {' '.join(told.split())[-500:]}")

    def run(self, name, *args, check=True):
        done = subprocess.run([self.where[name], *args], capture_output=True, text=True, env=self.env, timeout=300)
        if check and done.returncode != 0:
            logs = open(os.path.join(self.folder, "slurmd.log")).read()[-1500:]
            raise AssertionError(f"{name} {args}: exit {done.returncode}: {done.stdout[-800:]} {done.stderr[-800:]} {logs}")
        return done

    def stop(self):
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def with_slurm(act):
    """The case with Slurm started; skipped where it cannot be."""
    def tried(folder):
        home = os.path.join(folder, "slurm")
        os.makedirs(home)
        slurm = Slurm(home)
        try:
            act(slurm)
        finally:
            slurm.stop()
    tried.__name__ = act.__name__
    return tried


def script(title):
    """The script of docs/cluster.md that begins with `#SBATCH --job-name=TITLE`, with this program for `entente`."""
    for block in re.findall(r"```sh\n(#!/bin/sh\n.*?)```", open(DOCS).read(), re.S):
        if f"--job-name={title}\n" in block:
            return block
    raise AssertionError(f"docs/cluster.md has no script {title}")


def written(title, program, draws):
    text = script(title).replace("SCENARIO", "channel").replace("entente ", f"{program} ")
    text = re.sub(r"--draws \d+", f"--draws {draws}", text)
    with open(f"{title}.sh", "w") as file:
        file.write(text)
    return f"{title}.sh"


@case
@with_slurm
def an_array_of_parts_and_a_merge_behind_it(slurm):
    scenario()
    want = entente("run", "channel", "--draws", 3000, "--out", "one", "--json").stdout
    job = slurm.run("sbatch", "--parsable", written("parts", ENTENTE, 3000)).stdout.strip()
    slurm.run("sbatch", "--wait", f"--dependency=afterok:{job}", written("merge", ENTENTE, 3000))
    same(results("results"), results("one"))
    check(len(want) > 1000)


@case
@with_slurm
def srun_with_mpi(slurm):
    scenario()
    entente("run", "channel", "--draws", 3000, "--out", "one", "--quiet")
    program = os.environ.get("ENTENTE_OPENMPI")
    if program is None or "pmix" not in slurm.run("srun", "--mpi=list", check=False).stderr + slurm.run("srun", "--mpi=list", check=False).stdout:
        raise Skip("Open MPI or Slurm's PMIx is not here")
    os.environ["OMPI_ALLOW_RUN_AS_ROOT"] = os.environ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    slurm.run("sbatch", "--wait", "--export=ALL", written("mpi", program, 3000))
    log = "".join(open(n).read() for n in os.listdir(".") if n.startswith("slurm-"))
    check(os.path.exists("results/report.html"), log)
    same(results("results"), results("one"))


run()

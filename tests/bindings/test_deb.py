#!/usr/bin/python3
"""The Debian packages: built as `./do deb` builds them, without an error of lintian, and what is in them works where it is put."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
from tap import case, check, run, same, skip  # noqa: E402

SOURCE = os.environ["ENTENTE_SOURCE"]
for tool in ("dh", "dpkg-buildpackage", "lintian", "scdoc"):
    if shutil.which(tool) is None:
        print(f"1..0 # SKIP {tool} is not installed")
        sys.exit(0)

FOLDER = tempfile.TemporaryDirectory(prefix="entente-deb-")
COPY = os.path.join(FOLDER.name, "copy")
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("MESON", "CFLAGS", "LDFLAGS", "ENTENTE"))}


def shell(*command, cwd=None, env=None):
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env or CLEAN)
    check(done.returncode == 0, " ".join(command), done.stdout[-3000:], done.stderr[-3000:])
    return done.stdout


def package(name):
    return glob.glob(os.path.join(COPY, f"build/dist/{name}_*.deb"))[0]


@case
def they_are_built(folder):
    listed = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], capture_output=True)
    if listed.returncode != 0:
        skip("not in a checkout")
    os.mkdir(COPY)
    tar = subprocess.run(["tar", "-C", SOURCE, "--null", "--files-from=-", "--ignore-failed-read", "-cf", "-"], input=listed.stdout, capture_output=True)
    subprocess.run(["tar", "-C", COPY, "-xf", "-"], input=tar.stdout, check=True)
    env = {**CLEAN, "DEB_BUILD_OPTIONS": "noopt nostrip parallel=2"}  # quick; what is tested is how they are made
    if shutil.which("ccache"):
        env["CC"] = "ccache cc"
    shell("sh", "./do", "deb", cwd=COPY, env=env)
    same(sorted(os.path.basename(p).split("_")[0] for p in glob.glob(os.path.join(COPY, "build/dist/*.deb")) if "dbgsym" not in p),
         ["entente", "libentente-dev", "libentente0"])


@case
def lintian_finds_no_error(folder):
    changes = glob.glob(os.path.join(COPY, "build/dist/*.changes"))[0]
    # unstripped, since it was built in a hurry
    said = subprocess.run(["lintian", "--allow-root", "--suppress-tags", "unstripped-binary-or-object,unstripped-static-library", changes], capture_output=True, text=True).stdout
    same([line for line in said.splitlines() if line.startswith(("E:", "W:"))], [])


@case
def what_is_in_them_works(folder):
    for name in ("entente", "libentente0", "libentente-dev"):
        shell("dpkg", "-x", package(name), "root")
    library = os.path.dirname(glob.glob("root/usr/lib/*/libentente.so.0")[0])
    env = {**CLEAN, "LD_LIBRARY_PATH": os.path.abspath(library)}
    shell("root/usr/bin/entente", "check", "root/usr/share/doc/entente/examples/european-security-2025", env=env)
    same(shell("readelf", "-d", "root/usr/bin/entente").count("PATH"), 0)
    pages = {os.path.basename(p) for p in glob.glob("root/usr/share/man/man1/*.1.gz")}
    check({"entente.1.gz", "entente-run.1.gz"} <= pages, pages)
    for path in ("bash-completion/completions/entente.bash", "zsh/vendor-completions/_entente", "fish/vendor_completions.d/entente.fish", "entente/scenario.schema.json"):
        check(os.path.exists("root/usr/share/" + path), path)
    shell("cc", "-Iroot/usr/include", "-o", "settle", os.path.join(SOURCE, "examples/settle.c"), "-L" + library, "-lentente")
    same(shell("./settle", env=env), open(os.path.join(SOURCE, "examples/settle.out"), encoding="utf-8").read())


run()

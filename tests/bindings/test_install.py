#!/usr/bin/python3
"""The library as somebody meets it who installed it: symbols, headers, pkg-config, shared and static."""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
from tap import case, check, run, same, skip  # noqa: E402

BUILD, SOURCE = sys.argv.pop(1), os.environ["ENTENTE_SOURCE"]


def shell(*command, env=None, code=0):
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(env or {})})
    check(done.returncode == code, " ".join(command), done.stdout[-1500:], done.stderr[-1500:])
    return done.stdout


def symbols(path, *options):
    return [line.split()[-1] for line in shell("nm", "--defined-only", "--extern-only", *options, path).splitlines() if len(line.split()) == 3]


def sanitized():
    return "__asan" in shell("nm", "-D", os.path.join(BUILD, "libentente.so.0"))


@case
def it_shows_ent_and_nothing_else(folder):
    shown = symbols(os.path.join(BUILD, "libentente.so.0"), "-D")
    same([s for s in shown if not s.startswith("ent_") or s.startswith("ent__")], [])
    check(len(shown) > 100)
    same([s for s in symbols(os.path.join(BUILD, "libentente.a")) if not s.lower().startswith("ent_") and "asan" not in s], [])
    headers = "".join(open(h, encoding="utf-8").read() for h in glob.glob(os.path.join(SOURCE, "include/entente/*.h")))
    declared = set(re.findall(r"\b(ent_[a-z0-9_]+)\s*\(", re.sub(r"/\*.*?\*/", "", headers, flags=re.S)))
    same(sorted(set(shown) - declared), [])


@case
def every_header_stands_alone_in_c_and_in_cpp(folder):
    for header in sorted(glob.glob(os.path.join(SOURCE, "include/entente/*.h"))):
        with open("one.c", "w") as file:
            file.write(f'#include "{header}"\nint main(void) {{ return 0; }}\n')
        for compiler in (["cc", "-std=c17", "-Wstrict-prototypes"], ["c++", "-x", "c++", "-std=c++17"]):
            if compiler[0] == "c++" and subprocess.run(["sh", "-c", "command -v c++"], capture_output=True).returncode:
                continue
            shell(*compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I" + os.path.join(SOURCE, "include"), "-fsyntax-only", "one.c")


@case
def installed_it_is_found_by_pkg_config(folder):
    if sanitized():
        skip("a build with sanitizers")
    shell("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", os.path.join(folder, "root"))
    config = subprocess.run(["find", "root", "-name", "entente.pc"], capture_output=True, text=True).stdout.strip()
    env = {"PKG_CONFIG_PATH": os.path.dirname(os.path.abspath(config)), "PKG_CONFIG_SYSROOT_DIR": os.path.join(folder, "root")}
    flags = shell("pkg-config", "--cflags", "--libs", "entente", env=env).split()
    version = shell("pkg-config", "--modversion", "entente", env=env).strip()
    check(f'"{version}"' in open(os.path.join(SOURCE, "include/entente/core.h"), encoding="utf-8").read())
    example = os.path.join(SOURCE, "examples/settle.c")
    want = open(os.path.join(SOURCE, "examples/settle.out"), encoding="utf-8").read()
    library = os.path.dirname(os.path.dirname(os.path.abspath(config)))
    shell("cc", "-o", "shared", example, *flags)
    same(shell("./shared", env={"LD_LIBRARY_PATH": library}), want)
    check("libentente.so.0" in shell("ldd", "shared", env={"LD_LIBRARY_PATH": library}))
    static = shell("pkg-config", "--cflags", "--libs", "--static", "entente", env={**env, "PKG_CONFIG_SYSROOT_DIR": ""}).split()
    static = [f for f in static if not f.startswith(("-L", "-I")) and f != "-lentente"]
    shell("cc", "-o", "static", "-I" + os.path.join(SOURCE, "include"), example, os.path.join(library, "libentente.a"), *static)
    same(shell("./static"), want)
    check("libentente" not in shell("ldd", "static"))
    program = subprocess.run(["find", "root", "-path", "*/bin/entente"], capture_output=True, text=True).stdout.strip()
    same(shell(program, "--version").strip(), f"entente {version}")  # finds its library wherever both were put


run()

#!/usr/bin/python3
"""Manual pages (as scdoc reads them) and completions of shells, from the tables of commands and options that the program
itself tells (`entente --describe`, `entente COMMAND --describe`).

    manual.py pages|roff PROGRAM FOLDER       FOLDER/entente.1.scd, entente-run.1.scd, ...; roff: entente.1, ... by scdoc
    manual.py bash|zsh|fish PROGRAM FILE      one completion file"""
import json
import os
import re
import subprocess
import sys

COMMON = [{"name": "json", "kind": "flag", "argument": "", "help": "print JSON and nothing else on standard output"},
          {"name": "quiet", "kind": "flag", "argument": "", "help": "no progress, no summary"},
          {"name": "help", "kind": "flag", "argument": "", "help": "what the command does, with an example"}]
EXIT = [("0", "done"), ("1", "the scenario is wrong"), ("2", "usage"), ("3", "input or output"), ("4", "*entente verify* found a difference"),
        ("130", "interrupted")]


def ask(program, *words):
    return json.loads(subprocess.run([program, *words, "--describe"], check=True, capture_output=True).stdout)


def read(program):
    commands = ask(program)
    for c in commands:
        c.update(ask(program, c["name"]))
        c["options"] += COMMON
    return commands


def version(program):
    return subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]


# --- pages ----------------------------------------------------------------------------------------------

def scd(text):
    """Text in which nothing is markup: scdoc knows \\, _, * and #, . at the start of a line."""
    text = re.sub(r"([\\*_`<>~\[\]])", r"\\\1", text)
    return re.sub(r"^([#.\-|])", r"\\\1", text, flags=re.M)


def paragraphs(text):
    """`words` of the text in bold."""
    return "".join(f"*{scd(part)}*" if i % 2 else scd(part) for i, part in enumerate(text.split("`")))


def flag(o):
    return f"*--{o['name']}*" + (f" _{scd(o['argument'])}_" if o["argument"] else "")


def page(command, commands):
    name = f"entente-{command['name']}"
    lines = [f"{name}(1)", "", "# NAME", "", f"{name} - {scd(command['help'])}", "", "# SYNOPSIS", "",
             f"*entente {command['name']}*" + (f" {scd(command['arguments'])}" if command["arguments"] else "") + " [OPTIONS]", "",
             "# DESCRIPTION", "", paragraphs(command["about"]), "", "# OPTIONS", ""]
    for o in command["options"]:
        lines += [flag(o), "\t" + paragraphs(o["help"]), ""]
    lines += ["# EXAMPLES", ""]
    for line in command["example"].split("\n"):
        lines += ["```", line, "```", ""] if not line.startswith(" ") and not lines[-2].endswith("\\") else ["```", line, "```", ""]
    return "\n".join(merge_literal(lines) + tail(command["name"], commands)) + "\n"


def merge_literal(lines):
    """One literal block of neighbouring ones."""
    out = []
    for line in lines:
        if line == "```" and out[-2:] == ["```", ""]:
            del out[-2:]
        else:
            out.append(line)
    return out


def tail(name, commands):
    out = ["# EXIT STATUS", ""]
    for code, meaning in EXIT:
        out += [f"*{code}*", "\t" + meaning, ""]
    others = ["*entente*(1)"] if name else [f"*entente-{c['name']}*(1)" for c in commands]
    return out + ["# SEE ALSO", "", ", ".join(others)]


def first_page(commands):
    lines = ["entente(1)", "", "# NAME", "", "entente - put arguments about states to the test", "", "# SYNOPSIS", "",
             "*entente* COMMAND [ARGUMENTS]", "", "# DESCRIPTION", "",
             "A scenario is a folder of plain files that says who wants what, who can do what, which rules bind them, and what somebody "
             "claims to follow. *entente* computes what follows for many draws of everything that is uncertain, and tells, claim by claim, "
             "how often it holds, how sure that is, and which assumptions decide it. It takes no side: a verdict is about what follows from "
             "stated assumptions, never about what will happen.", "", "# COMMANDS", ""]
    for c in commands:
        lines += [f"*entente {c['name']}*" + (f" {scd(c['arguments'])}" if c["arguments"] else ""), "\t" + scd(c["help"]) + f"; see *entente-{c['name']}*(1)", ""]
    lines += ["# ENVIRONMENT", "", "*NO_COLOR*", "\tno colours in a terminal", ""]
    return "\n".join(lines + tail("", commands)) + "\n"


def pages(program, folder):
    commands = read(program)
    os.makedirs(folder, exist_ok=True)
    for name, text in [("entente", first_page(commands))] + [(f"entente-{c['name']}", page(c, commands)) for c in commands]:
        with open(os.path.join(folder, name + ".1.scd"), "w", encoding="utf-8") as file:
            file.write(text)


def roff(program, folder):
    """Through scdoc, at once. The pages lie in the folder, where nothing else of theirs stays."""
    pages(program, folder)
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".scd"):
            continue
        with open(os.path.join(folder, name), "rb") as file:
            done = subprocess.run(["scdoc"], stdin=file, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "0"})
        if done.returncode != 0:
            raise SystemExit(f"{name}: {done.stderr.decode()}")
        with open(os.path.join(folder, name[:-4]), "wb") as file:
            file.write(done.stdout)
        os.remove(os.path.join(folder, name))


# --- completions ----------------------------------------------------------------------------------------

MODELS = {("settle", "model"), ("models", "")}


def values(program, command, option):
    """What an option's value may be, where the program knows."""
    if command == "settle" and option == "model":
        return [m["name"] for m in json.loads(subprocess.run([program, "models", "--json"], check=True, capture_output=True).stdout)["models"]
                if m["room"] == "settle"]
    if command == "power" and option == "rule":
        told = subprocess.run([program, "power", "--help"], check=True, capture_output=True, text=True).stdout
        return re.sub(r"\s+", " ", re.search(r"Shipped\s+rules:(.*?)\.", told, re.S).group(1)).strip().split(", ")
    return []


def takes_file(argument):
    return any(word in argument for word in ("FILE", "DIR", "PATH", ".csv", ".db"))


def bash(program, commands):
    out = ["# Made by cli/manual.py.", "_entente() {", "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}",
           "    COMPREPLY=()", "    if [ \"$COMP_CWORD\" = 1 ]; then",
           f"        COMPREPLY=($(compgen -W \"{' '.join(c['name'] for c in commands)} help version\" -- \"$word\"))", "        return", "    fi",
           "    case \"$command $before\" in"]
    for c in commands:
        for o in c["options"]:
            known = values(program, c["name"], o["name"])
            if known:
                out.append(f"    \"{c['name']} --{o['name']}\") COMPREPLY=($(compgen -W \"{' '.join(known)}\" -f -- \"$word\")); return ;;")
    out += ["    esac", "    case \"$word\" in", "    -*)", "        case \"$command\" in"]
    for c in commands:
        out.append(f"        {c['name']}) COMPREPLY=($(compgen -W \"{' '.join('--' + o['name'] for o in c['options'])}\" -- \"$word\")) ;;")
    out += ["        esac ;;", "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;", "    esac", "}", "complete -o filenames -F _entente entente"]
    return "\n".join(out) + "\n"


def one_line(text):
    return text.replace("'", "’").replace("\n", " ")


def zsh(program, commands):
    quoted = lambda t: one_line(t).replace("[", "(").replace("]", ")").replace(":", "\\:")
    out = ["#compdef entente", "# Made by cli/manual.py.", "_entente() {", "    local -a commands", "    commands=("]
    out += [f"        '{c['name']}:{one_line(c['help'])}'" for c in commands]
    out += ["    )", "    if (( CURRENT == 2 )); then", "        _describe 'command' commands", "        return", "    fi", "    case $words[2] in"]
    for c in commands:
        specs = []
        for o in c["options"]:
            known = values(program, c["name"], o["name"])
            action = f"({' '.join(known)})" if known else "_files" if takes_file(o["argument"]) else ""
            many = "*" if o["kind"] == "list" else ""
            specs.append(f"'{many}--{o['name']}[{quoted(o['help'])}]" + (f":{quoted(o['argument'])}:{action}" if o["argument"] else "") + "'")
        out.append(f"    {c['name']}) _arguments -S " + " ".join(specs) + " '*:file:_files' ;;")
    return "\n".join(out + ["    esac", "}", '_entente "$@"']) + "\n"


def fish(program, commands):
    out = ["# Made by cli/manual.py.", "function __entente_no_command; test (count (commandline -opc)) -eq 1; end",
           "function __entente_command; set -l words (commandline -opc); test (count $words) -gt 1; and test $words[2] = $argv[1]; end"]
    out += [f"complete -c entente -f -n __entente_no_command -a {c['name']} -d '{one_line(c['help'])}'" for c in commands]
    for c in commands:
        for o in c["options"]:
            known = values(program, c["name"], o["name"])
            needs = (" -r" if o["argument"] else "") + (f" -a '{' '.join(known)}'" if known else "")
            out.append(f"complete -c entente -n '__entente_command {c['name']}' -l {o['name']}{needs} -d '{one_line(o['help'])}'")
    return "\n".join(out) + "\n"


def main():
    what, program, target = sys.argv[1:4]
    if what in ("pages", "roff"):
        (pages if what == "pages" else roff)(program, target)
        return
    text = {"bash": bash, "zsh": zsh, "fish": fish}[what](program, read(program))
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()

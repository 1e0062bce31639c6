#!/usr/bin/python3
"""Builds the documentation: tools/docs.py PROGRAM OUTPUT. The pages of docs/ as they are, and references made from what the
program, the headers and the bindings say of themselves, so that they cannot drift: models and commands from the program, C from the
headers' comments, Python from its docstrings, R from its Rd pages. OUTPUT/html is the site; its search works offline."""
import ast
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOMS = {"settle": "How a group settles an issue", "vote": "Votes and decisions", "alliance": "Alliances", "war": "War and its end"}


def told(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


# --- from the program ----------------------------------------------------------------------------------------

def models(program):
    every = json.loads(told(program, "models", "--json"))["models"]
    out = ["# Models", "", "What each model takes and gives, its equation, its paper and what is known of its accuracy: as `entente models` tells it.", ""]
    for room in dict.fromkeys(m["room"] for m in every):
        out += [f"## {ROOMS.get(room, room)}", ""]
        for m in (m for m in every if m["room"] == room):
            out += [f"### {m['title']}", "", f"`{m['name']}`. {m['summary']}", "", "```text", m["equation"], "```", "", m["citation"], ""]
            if m.get("accuracy"):
                out += [f"Known accuracy: {m['accuracy']}", ""]
            for key in ("inputs", "outputs", "options"):
                if m.get(key):
                    out += [f"| {key} | unit | meaning | range | default |", "|---|---|---|---|---|"]
                    for x in m[key]:
                        low, high = x.get("low"), x.get("high")
                        span = "" if low is None and high is None else f"{'' if low is None else f'{low:g}'} .. {'' if high is None else f'{high:g}'}"
                        default = x.get("default")
                        out.append(f"| `{x['name']}` | {cell(x.get('unit') or '')} | {cell(x.get('meaning') or '')} | {span} | {'' if default is None else cell(default)} |")
                    out.append("")
    return "\n".join(out)


def commands(program):
    names = re.findall(r"^  ([a-z]+) ", told(program, "--help"), re.M)
    out = ["# Commands", "", "As `entente COMMAND --help` tells them. Exit codes: 0 done, 1 the scenario is wrong, 2 usage, 3 input or output, 4 `verify` "
           "differs, 130 interrupted.", ""]
    for name in names:
        done = subprocess.run([program, name, "--describe"], capture_output=True, text=True)
        if done.returncode != 0:
            continue
        c = json.loads(done.stdout)
        out += [f"## entente {name}", "", f"`entente {name} {c['arguments']}`", "", c["about"], "", "```text", c["example"], "```", ""]
        if c["options"]:
            out += ["| option | |", "|---|---|"]
            out += [f"| `--{o['name']}{' ' + o['argument'] if o.get('argument') else ''}` | {cell(o['help'])} |" for o in c["options"]] + [""]
    return "\n".join(out)


# --- from sources --------------------------------------------------------------------------------------------

def headers():
    """The comments /** ... */ of the public headers, each with the declaration that follows it."""
    out = ["# C", "", "`#include <entente.h>`; `pkg-config --cflags --libs entente`. The pages below are the headers' own comments; `examples/` in the "
           "source has programs that are compiled and run as tests.", ""]
    folder = os.path.join(ROOT, "include", "entente")
    for name in sorted(os.listdir(folder)):
        text = open(os.path.join(folder, name), encoding="utf-8").read()
        first = re.match(r"/\*\*?\s*(.*?)\*/", text, re.S)
        out += [f"## entente/{name}", ""]
        if first:
            out += [words(first.group(1)), ""]
        for comment, code in re.findall(r"^/\*\*(.*?)\*/\n((?:(?!/\*\*|/\* ---)[^\n]+\n)+)", text[first.end() if first else 0:], re.S | re.M):
            code = code.split("\n\n")[0].rstrip()
            out += ["```c", code.replace("ENT_API ", "").replace("ENT_MUST_CHECK ", ""), "```", "", words(comment), ""]
    return "\n".join(out)


def words(comment):
    """A comment's text: its stars gone, its tags in words, its angle brackets and stars as text."""
    lines = [re.sub(r"^\s*\* ?", "", line) for line in comment.strip().splitlines()]
    text = "\n".join(lines)
    text = re.sub(r"@file \S+\s*", "", text).replace("@brief ", "")
    text = re.sub(r"@param(?:\[\w+\])? ([\w, .]+?)  *(?=\S)", r"\n\n`\1`: ", text).replace("@return", "\nReturns")
    return text.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_") if "`" not in text else text.replace("<", "&lt;")


def python():
    out = ["# Python", "", "`import entente`. Every model is a function, too: `help(entente.challenge)` tells its arguments, made from the table of models.", ""]
    folder = os.path.join(ROOT, "bindings", "python", "entente")
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".py"):
            continue
        tree = ast.parse(open(os.path.join(folder, name), encoding="utf-8").read())
        if name == "__init__.py" and ast.get_docstring(tree):
            out += ["```text", ast.get_docstring(tree), "```", ""]
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") and ast.get_docstring(node):
                out += documented(node)
    return "\n".join(out)


def documented(node, owner=""):
    signature = f"{owner}{node.name}" + (f"({ast.unparse(node.args)})" if isinstance(node, ast.FunctionDef) else "")
    out = [f"### `{signature}`" if owner == "" else f"#### `{signature}`", "", "```text", ast.get_docstring(node), "```", ""]
    for part in getattr(node, "body", []) if isinstance(node, ast.ClassDef) else []:
        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_") and ast.get_docstring(part):
            out += documented(part, f"{node.name}.")
    return out


def r():
    out = ["# R", "", "`library(entente)`; the package's vignette runs the shipped scenario: `vignette(\"entente\")`.", ""]
    folder = os.path.join(ROOT, "bindings", "r", "entente", "man")
    for name in sorted(os.listdir(folder)):
        text = "".join(rendered(os.path.join(folder, name)))
        out += [f"## {name[:-3]}", "", "```text", text.strip(), "```", ""]
    return "\n".join(out)


def rendered(path):
    """An Rd page as text: by R where it is there, else as it is written."""
    if shutil.which("R"):
        done = subprocess.run(["R", "CMD", "Rdconv", "-t", "txt", path], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.replace("_\b", "")
    return open(path, encoding="utf-8").read()


# --- the site ------------------------------------------------------------------------------------------------

INDEX = """# entente

Put arguments about states to the test: write down who wants what, who can do what and which rules bind them; see what follows, how
sure that is, why, and which sentence makes the difference.

```{toctree}
:caption: Begin
tutorial
tour
read-a-verdict
limits
```

```{toctree}
:caption: How to
elicit
choose-models
backtest
cluster
serve
import
rules
seal
```

```{toctree}
:caption: What is known
argument
findings
models
testing
```

```{toctree}
:caption: Reference
scenario
commands
results
report-data
c
python
r
same-bytes
performance
```
"""

CONF = """project = "entente"
author = copyright = "the founders of entente"
extensions = ["myst_parser"]
html_theme = "sphinx_rtd_theme"
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["entente.css"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["testing/*", "argument.md.in"]
suppress_warnings = ["myst.header"]


def setup(app):
    from pygments.lexers import TextLexer
    app.add_lexer("csv", TextLexer)
    app.add_lexer("jsonc", TextLexer)
"""

# The theme keeps cells on one line, so that most of a table would have to be pulled into sight.
STYLE = """.wy-table-responsive table td, .wy-table-responsive table th { white-space: normal; vertical-align: top; }
.wy-table-responsive { overflow: auto; }
.wy-nav-content { max-width: 60rem; }
.rst-content code.literal { white-space: normal; color: inherit; }
"""


def main():
    program, output = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    source = os.path.join(output, "source")
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(os.path.join(ROOT, "docs"), source, ignore=shutil.ignore_patterns("*.in"))
    for name in os.listdir(source):  # what is not of the site is named and not linked
        if name.endswith(".md"):
            text = open(os.path.join(source, name), encoding="utf-8").read()
            with open(os.path.join(source, name), "w", encoding="utf-8") as file:
                file.write(re.sub(r"\[([^\]]*)\]\(\.\./([^)]*)\)", r"\1 (`\2`)", text))
    made = {"models": models(program), "commands": commands(program), "c": headers(), "python": python(), "r": r(), "index": INDEX}
    index = "\n".join(line for line in INDEX.splitlines()
                      if not re.fullmatch(r"[a-z-]+", line) or line in made or os.path.exists(os.path.join(source, line + ".md")))
    made["index"] = index
    for name, text in made.items():
        with open(os.path.join(source, name + ".md"), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    with open(os.path.join(source, "conf.py"), "w") as file:
        file.write(CONF)
    os.makedirs(os.path.join(source, "_static"), exist_ok=True)
    with open(os.path.join(source, "_static", "entente.css"), "w") as file:
        file.write(STYLE)
    done = subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", source, os.path.join(output, "html")])
    if done.returncode == 0:
        print(os.path.join(output, "html", "index.html"))
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()

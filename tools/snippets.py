#!/usr/bin/python3
"""Runs what the pages show: tools/snippets.py PROGRAM [--write] PAGE...

    <!-- file: PATH -->     the block that follows is the file PATH, in a folder that the page has for itself
    ```console              lines after "$ " are run there in turn; what follows each is what it prints; a line "..." stands for any
                            lines. --write puts in what was printed.
    ```sh                   each line that begins with `entente` is run, its end after "  #" left out; `<!-- with: A=B ... -->` before
                            the block says what stands for the words A

Tells each page as a test (TAP)."""
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FENCE = re.compile(r"(?:<!-- (file|with):(.*?)-->\n)?^```(\w+)\n(.*?)^```$", re.S | re.M)


class Differs(Exception):
    pass


def shell(command, folder, program):
    env = {**os.environ, "PATH": os.path.dirname(program) + os.pathsep + os.environ["PATH"], "COLUMNS": "80", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    return subprocess.run(["sh", "-c", command], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)


def fits(want, got):
    pattern = re.escape(want).replace(re.escape("...\n"), "(?:.*\n)*")
    return re.fullmatch(pattern, got) is not None


def console(text, folder, program, write):
    """The block as it is now; Differs where it does not show what is printed."""
    out, at = [], 0
    parts = re.split(r"^(?=\$ )", text, flags=re.M)
    for part in parts:
        command, _, want = part.partition("\n")
        if not command.startswith("$ "):
            continue
        done = shell(command[2:], folder, program)
        at += 1
        if not fits(want, done.stdout):
            if not write:
                raise Differs(f"{command}\nshown:\n{want}\nprinted:\n{done.stdout}")
            want = done.stdout
        out.append(command + "\n" + want)
    return "".join(out)


def commands(text, words, folder, program):
    for line in text.splitlines():
        command = re.sub(r"\s+#.*$", "", line).replace("build/cli/entente", "entente")
        if not command.startswith("entente ") or command.startswith("entente serve"):
            continue
        for word, value in words.items():
            command = re.sub(rf"(?<![\w./-]){re.escape(word)}(?![\w/.-])", value, command)
        done = shell(command, folder, program)
        if done.returncode != 0:
            raise Differs(f"{command}: exit {done.returncode}: {done.stdout[-800:]}")


def page(path, program, write):
    text = open(path, encoding="utf-8").read()
    with tempfile.TemporaryDirectory(prefix="entente-test-") as folder:
        for name in ("scenarios", "data", "tests"):
            os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))

        def block(found):
            kind, what, language, body = found.groups()
            if kind == "file":
                target = os.path.join(folder, what.strip())
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "w", encoding="utf-8") as file:
                    file.write(body)
            elif language == "console":
                return found.group(0).replace(body, console(body, folder, program, write))
            elif language == "sh" and kind == "with":
                commands(body, dict(w.split("=", 1) for w in shlex.split(what)), folder, program)
            return found.group(0)

        now = FENCE.sub(block, text)
    if write and now != text:
        with open(path, "w", encoding="utf-8") as file:
            file.write(now)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    program, pages, failed = os.path.abspath(arguments[0]), arguments[1:], 0
    for number, path in enumerate(pages, 1):
        try:
            page(os.path.join(ROOT, path), program, "--write" in sys.argv)
            print(f"ok {number} - {path} shows what is printed")
        except (Differs, subprocess.TimeoutExpired) as why:
            failed += 1
            print(f"not ok {number} - {path} shows what is printed")
            print(why, file=sys.stderr)
    print(f"1..{len(pages)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""Turns a file into a C array: embed.py IN OUT.c NAME defines `const unsigned char NAME[]` and `const size_t NAME_length`."""
import sys


def main():
    source, target, name = sys.argv[1:]
    with open(source, "rb") as f:
        data = f.read()
    lines = [",".join(map(str, data[i:i + 32])) for i in range(0, len(data), 32)]
    with open(target, "w", encoding="ascii") as f:
        f.write("#include <stddef.h>\n"
                f"extern const unsigned char {name}[];\nextern const size_t {name}_length;\n"
                f"const unsigned char {name}[] = {{\n" + ",\n".join(lines + ["0"]) + "};\n"
                f"const size_t {name}_length = {len(data)};\n")


if __name__ == "__main__":
    main()

"""The exceptions, each with what was found wrong and where."""

from ._records import Record


class Error(Exception):
    """What the library says is wrong.

    message: one line: what was found, what is allowed, the nearest known name
    file, line, column: where in the user's files ("" and 0 where it is not about one)
    findings: of a scenario, everything that is wrong, each with its own place
    """

    def __init__(self, status, message, file, line, column, findings):
        super().__init__(status, message, file, line, column, findings)
        self.status, self.message = status, message
        self.file, self.line, self.column = file, line, column
        self.findings = [Record(f) for f in findings]

    def __str__(self):
        if self.findings:
            return "\n".join(place(f.file, f.line, f.column) + f"{f.severity}: {f.message}" for f in self.findings)
        return place(self.file, self.line, self.column) + self.message


class ArgumentError(Error, ValueError):
    """A call got an argument it cannot take."""


class DomainError(Error, ValueError):
    """A number lies outside its range."""


class ScenarioError(Error):
    """The scenario or its data are wrong; `findings` has everything that is."""


class LimitError(Error):
    """A stated limit is exceeded."""


class FormatError(Error):
    """A file is not of the format it should have."""


class FileError(Error, OSError):
    """A file cannot be read or written."""


class Warning(UserWarning):  # noqa: A001 - entente.Warning, as Python's own modules name theirs
    """What a scenario's check warns of."""


def place(file, line, column):
    """"actors.csv:3:7: ", as far as it is known."""
    parts = [file] + [str(n) for n in (line, column) if n > 0] if file else []
    return ":".join(parts) + ": " if parts else ""


_CLASSES = {
    -1: ("argument", ArgumentError),
    -2: ("domain", DomainError),
    -4: ("io", FileError),
    -5: ("scenario", ScenarioError),
    -6: ("limit", LimitError),
    -7: ("format", FormatError),
    -8: ("interrupted", Error),
}


def make(status, message, file, line, column, findings):
    """The exception of a status (include/entente/core.h)."""
    if status == -3:
        return MemoryError(message)
    word, cls = _CLASSES.get(status, ("unknown", Error))
    first = next((f for f in findings if f["severity"] == "error"), None)
    if first and not file:  # "the rule is wrong": the first finding says what is
        message, file, line, column = first["message"], first["file"], first["line"], first["column"]
    return cls(word, message, file, line, column, findings)

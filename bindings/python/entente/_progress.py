"""A line that says how far a run is, in a terminal or a notebook."""

import sys
import time


class _Line:
    def __init__(self, stream):
        self.stream, self.start, self.width = stream, time.monotonic(), 0

    def __call__(self, done, total):
        spent = time.monotonic() - self.start
        left = f", {spent / done * (total - done):.0f} s left" if done and spent > 2 else ""
        text = f"{100 * done // total:3d} %  {done} of {total} draws{left}"
        self.stream.write("\r" + text.ljust(self.width))
        self.stream.flush()
        self.width = len(text)

    def end(self):
        if self.width:
            self.stream.write("\r" + " " * self.width + "\r")
            self.stream.flush()


def watcher(progress):
    """What run() calls: a line for true, nothing for false, or the caller's function."""
    if progress is None or progress is False:
        return None
    return _Line(sys.stderr) if progress is True else progress

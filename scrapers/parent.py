"""A process that ends with the one that started it, whatever that one dies of.

Run as a script, `parent.py PARENT COMMAND…`, it becomes the command, which then ends with the process PARENT.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process with `parent`, the id of its parent; only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the line above
            os.kill(os.getpid(), signal.SIGKILL)


def dying_with_us(command: list[str]) -> list[str]:
    """Return what to start instead of the command, so that it ends with this process.

    Not as Popen's preexec_fn, which runs between fork and exec and may hang there where this process has threads
    (docs.python.org/3/library/subprocess.html); what a process asks the kernel for here outlives its exec.
    """
    return [sys.executable, "-IS", __file__, str(os.getpid()), *command]


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - that it is no shell is the point

"""What tests ask of processes that may end while they are asked."""

import psutil


def words_of(process: psutil.Process) -> list[str]:
    """Return the words of the process's command line, none where it has ended or is being reaped."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # a zombie is one, too
        return []

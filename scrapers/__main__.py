"""`warta`, and `python -m scrapers`."""

import signal
import sys

HEEDED = signal.getsignal(signal.SIGINT)  # a job in the background ignores it, and goes on to
if HEEDED is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before all is imported ends it without a traceback


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["dedup"] and _finds_nothing_to_do():
        return
    from scrapers.cli.commands import main as run

    signal.signal(signal.SIGINT, HEEDED)
    run()


def _finds_nothing_to_do() -> bool:
    """Do what `warta dedup` does if no article waits, without loading the command line, which costs as much again."""
    from scrapers.commands.unforeseen import tell
    from scrapers.dedup.incremental import is_idle, summary

    try:
        if not is_idle():
            return False
    except Exception as error:  # noqa: BLE001 - the last resort, as that of the command line
        sys.exit(tell("warta", error))
    sys.stdout.write(summary({}))
    return True


if __name__ == "__main__":
    main()

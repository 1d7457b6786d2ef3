"""`warta`, and `python -m scrapers`."""

import signal

HEEDED = signal.getsignal(signal.SIGINT)  # a job in the background ignores it, and goes on to
if HEEDED is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before all is imported ends it without a traceback


def main() -> None:
    """Run the command line."""
    from scrapers.cli.commands import main as run

    signal.signal(signal.SIGINT, HEEDED)
    run()


if __name__ == "__main__":
    main()
